import { normalQuantile } from '../../capacity/queue/percentiles.js';
import { type Band, lognormalFrom, pertQuantile, triangularQuantile } from '../../units/distributions.js';
import type { Range } from '../../units/uncertain.js';

/** Value of an uncertain number that a share (0 to 1) of its draws does not exceed. */
export type Quantile = (share: number) => number;

/**
 * A range as its writer means it: triangular between its ends with the peak at the likely value, of wide ends without one
 * by their logarithms; of a mean with a coefficient of variation lognormal.
 */
export function quantileOf(range: Range): Quantile {
  if (range.of === undefined) return (share) => triangularQuantile(range, share);
  if (range.of === 'logarithm') {
    const logs = { low: Math.log(range.low), likely: Math.log(range.likely), high: Math.log(range.high) };
    return (share) => Math.exp(triangularQuantile(logs, share));
  }
  const quantile = lognormalQuantile(range.low, range.high);
  const { least = 0, most = Number.MAX_VALUE } = range.within ?? {};
  return (share) => Math.max(least, Math.min(quantile(share), most));
}

/** An estimate of the tables: PERT, which keeps closer to its likely value than to its ends. */
export function estimateQuantile({ low, likely, high }: Band): Quantile {
  const whole = high - low;
  const shape = pertQuantile((likely - low) / whole);
  return (share) => low + whole * shape(share);
}

/** Lognormal through its 10th and 90th percentiles: what errors of predictions are like. */
export function lognormalQuantile(p10: number, p90: number): Quantile {
  const { mu, sigma } = lognormalFrom(p10, p90);
  return (share) => Math.exp(mu + sigma * normalQuantile(share));
}
