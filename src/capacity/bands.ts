import type { BandRow } from '../tables/rows.js';

/** What a prediction rests on that the tables do not know; each widens its band. */
export const doubts = ['engine', 'scheme', 'limit', 'port', 'memory', 'prefixes', 'unmeasured'] as const;
export type Doubt = (typeof doubts)[number];

/** Each doubt in words. */
export const doubtTexts: { readonly [Name in Doubt]: string } = {
  engine: 'the engine is unknown: the mean of all is taken',
  scheme: 'the quantization is not in the tables: its bits are guessed from its name',
  limit: "the engine's limit of sequences is not known: its usual one is taken",
  port: 'a port younger than its hardware may be several times slower than any physics says',
  memory: 'weights fill most of the memory: the exact room for the cache decides',
  prefixes: 'prefix caching is on, and its hit rate is not known',
  unmeasured: 'nobody has published a measurement of this kind of engine on this card',
};

/** A band that is narrower than others, and why. */
export const agreedText = 'published measurements of other publishers near by agree';

/** Share of the memory above which the exact size of the cache decides. */
const nearlyFull = 0.8;

/** Doubts of a run with that about its memory, which only a prediction shows. */
export const doubtsWith = (known: readonly Doubt[], memoryShare: number): Doubt[] =>
  memoryShare > nearlyFull ? [...known, 'memory'] : [...known];

/** What a measurement can be compared in. */
export const metrics = ['system', 'single', 'tpot', 'tpotOpen', 'ttft', 'prefill'] as const;
export type Metric = (typeof metrics)[number];

/** Factors on a prediction between which 80 % of measurements lie. */
export type BandFactors = { low: number; high: number };

/**
 * A metric's band from the table, its logarithm widened by each doubt about the inputs, and narrowed where published
 * measurements near it agree. Null: none in the table.
 */
export function bandOf(
  metric: Metric,
  doubts: readonly (Doubt | 'agreed')[],
  table: readonly BandRow[],
): BandFactors | null {
  const base = table.find((row) => row.metric === metric && row.doubt === null);
  if (base === undefined || base.low === null || base.high === null) return null;
  const widening = doubts.reduce(
    (product, doubt) => product * (table.find((row) => row.doubt === doubt)?.widening ?? 1),
    1,
  );
  return { low: power(base.low, widening), high: power(base.high, widening) };
}

/** A band with its logarithms so many times as long. */
export const widened = ({ low, high }: BandFactors, times: number): BandFactors => ({
  low: power(low, times),
  high: power(high, times),
});

/** Growth of bands of the first token beyond the longest measured prompt, for each doubling. */
export type LongPrompts = { measuredUpTo: number; widening: number };

/** How many times as long as within what was measured. */
export const lengthWidening = (promptTokens: number, { measuredUpTo, widening }: LongPrompts): number =>
  1 + widening * Math.max(0, Math.log2(promptTokens / measuredUpTo));

/** Whether a doubt makes bands wider. */
export const widens = (doubt: Doubt, table: readonly BandRow[]): boolean =>
  (table.find((row) => row.doubt === doubt)?.widening ?? 1) > 1;

/** By logarithms, which give the same digits on every Node. */
const power = (base: number, exponent: number): number => Math.exp(exponent * Math.log(base));
