/** Characters of texts and answers that are kept: a hundred lines and more, and little of the memory of a decision. */
const most = 8_000_000;

/**
 * Answers texts, each but once as long as it is among those asked for last: what stands there again is answered as before.
 *
 * @param sizeOf characters of an answer; null: it is not kept
 */
export function keptAnswers<Answer>(
  answer: (text: string) => Answer,
  sizeOf: (answer: Answer) => number | null,
): (text: string) => Answer {
  const kept = new Map<string, { answer: Answer; size: number }>();
  let held = 0;
  const drop = (text: string): void => {
    held -= kept.get(text)?.size ?? 0;
    kept.delete(text);
  };
  return (text) => {
    const known = kept.get(text);
    const one = known?.answer ?? answer(text);
    const size = (sizeOf(one) ?? Number.POSITIVE_INFINITY) + text.length;
    if (size > most) return one;
    // Behind the others, as it was asked for last.
    drop(text);
    kept.set(text, { answer: one, size });
    held += size;
    for (const [oldest] of kept) {
      if (held <= most) break;
      drop(oldest);
    }
    return one;
  };
}
