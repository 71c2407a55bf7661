import { madeOnce } from './memo.js';

/** A range of judgment: least, likely and most. */
export type ThreePointEstimate = { low: number; likely: number; high: number };

/** The value of a triangular distribution that a share does not exceed. */
export function triangularQuantile({ low, likely, high }: ThreePointEstimate, share: number): number {
  const whole = high - low;
  if (whole === 0) return low;
  return share < (likely - low) / whole
    ? low + Math.sqrt(share * whole * (likely - low))
    : high - Math.sqrt((1 - share) * whole * (high - likely));
}

/** Distance of the 10th from the 90th percentile of a standard normal. */
const p10ToP90 = 2.5631031310892007;

/** Lognormal through two percentiles: mean and standard deviation of the logarithm. */
export const lognormalFrom = (p10: number, p90: number): { mu: number; sigma: number } => ({
  mu: (Math.log(p10) + Math.log(p90)) / 2,
  sigma: (Math.log(p90) - Math.log(p10)) / p10ToP90,
});

/** Steps in which the area under a density is summed up. */
const pertSteps = 1024;

/**
 * Quantiles of a PERT distribution on [0, 1] with its peak at `peak`: Beta(1 + 4m, 5 - 4m). Its distribution function
 * is integrated on first use (Simpson's rule) and inverted between steps; good to 1e-4.
 */
export function pertQuantile(peak: number): (share: number) => number {
  const density = (x: number): number => x ** (4 * peak) * (1 - x) ** (4 * (1 - peak));
  const summed = madeOnce(() => {
    const below = new Float64Array(pertSteps + 1);
    let before = density(0);
    for (let i = 0; i < pertSteps; i++) {
      const [from, to] = [i / pertSteps, (i + 1) / pertSteps];
      const after = density(to);
      below[i + 1] = (below[i] as number) + before + 4 * density((from + to) / 2) + after;
      before = after;
    }
    return below;
  });
  return (share) => {
    const below = summed();
    const area = share * (below[pertSteps] as number);
    let low = 0;
    let high = pertSteps;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((below[middle] as number) <= area) low = middle;
      else high = middle;
    }
    const step = (below[high] as number) - (below[low] as number);
    return (low + (step === 0 ? 0 : (area - (below[low] as number)) / step)) / pertSteps;
  };
}
