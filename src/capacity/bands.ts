import type { BandRow } from '../tables/rows.js';
import type { Doubt } from './doubts.js';

/** What a measurement can be compared in. */
export const metrics = ['system', 'single', 'tpot', 'tpotOpen', 'ttft', 'prefill'] as const;
export type Metric = (typeof metrics)[number];

/** Factors on a prediction between which 80 % of measurements lie. */
export type BandFactors = { low: number; high: number };

/**
 * The band of a prediction in a metric: the table's, its logarithm widened by each doubt about what the prediction rests
 * on. Null where the table has none.
 */
export function bandOf(metric: Metric, doubts: readonly Doubt[], table: readonly BandRow[]): BandFactors | null {
  const base = table.find((row) => row.metric === metric && row.doubt === null);
  if (base === undefined || base.low === null || base.high === null) return null;
  const widening = doubts.reduce(
    (product, doubt) => product * (table.find((row) => row.doubt === doubt)?.widening ?? 1),
    1,
  );
  return { low: power(base.low, widening), high: power(base.high, widening) };
}

/** Whether a doubt makes bands wider. */
export const widens = (doubt: Doubt, table: readonly BandRow[]): boolean =>
  (table.find((row) => row.doubt === doubt)?.widening ?? 1) > 1;

/** By logarithms, which give the same digits on every Node. */
const power = (base: number, exponent: number): number => Math.exp(exponent * Math.log(base));
