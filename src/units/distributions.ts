/** A band of judgment: least, likely and most. */
type Band = { low: number; likely: number; high: number };

/** The value of a triangular distribution that a share does not exceed. */
export function triangularQuantile({ low, likely, high }: Band, share: number): number {
  const whole = high - low;
  if (whole === 0) return low;
  return share < (likely - low) / whole
    ? low + Math.sqrt(share * whole * (likely - low))
    : high - Math.sqrt((1 - share) * whole * (high - likely));
}

/** Mean of a PERT distribution, Beta(1 + 4(m - a)/(b - a), 1 + 4(b - m)/(b - a)) on [a, b]: (a + 4m + b)/6. */
export const pertMean = ({ low, likely, high }: Band): number => (low + 4 * likely + high) / 6;

/** Distance of the 10th from the 90th percentile of a standard normal. */
const p10ToP90 = 2.5631031310892007;

/** Lognormal through two percentiles: mean and standard deviation of the logarithm. */
export const lognormalFrom = (p10: number, p90: number): { mu: number; sigma: number } => ({
  mu: (Math.log(p10) + Math.log(p90)) / 2,
  sigma: (Math.log(p90) - Math.log(p10)) / p10ToP90,
});
