/** Why something of a source is not in the snapshot, how often, and what it was about. */
export type Count = { reason: string; rows: number; examples: string[] };
export type Tally = { add: (reason: string, example: string) => void; counts: () => Count[] };

const maxExamples = 5;

/** Counts by reason, most frequent first; the first few different examples of each are kept. */
export function tally(): Tally {
  const counts = new Map<string, Count>();
  return {
    add: (reason, example) => {
      const count = counts.get(reason) ?? { reason, rows: 0, examples: [] };
      counts.set(reason, count);
      count.rows++;
      if (example !== '' && count.examples.length < maxExamples && !count.examples.includes(example))
        count.examples.push(example);
    },
    counts: () => [...counts.values()].sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)),
  };
}

/** `12 rows: not a text model (embedding, rerank, …)` */
export function countText({ reason, rows, examples }: Count): string {
  const more = examples.length < rows && examples.length === maxExamples ? ', …' : '';
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${reason}${examples.length > 0 ? ` (${examples.join(', ')}${more})` : ''}`;
}
