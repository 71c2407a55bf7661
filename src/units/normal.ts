/** Standard deviations between the middle and an end of an 80 % band of a normal distribution. */
const endOfBand = 1.2815515655446004;

/** Probability that a standard normal is below x (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export function normalBelow(x: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(x) / Math.SQRT2));
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (polynomial * Math.exp(-(x * x) / 2)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** An uncertain figure with its 80 % band. */
export type Band = { middle: number; low: number; high: number };

/** Standard deviation of a normal distribution with a band. */
export const deviationOf = ({ low, high }: Pick<Band, 'low' | 'high'>): number => (high - low) / (2 * endOfBand);

/** Probability that `a` is at least `b`, both normal about their middles and independent. */
export function probabilityAtLeast(a: Band, b: Band): number {
  const deviation = Math.hypot(deviationOf(a), deviationOf(b));
  if (deviation === 0) return a.middle >= b.middle ? 1 : 0;
  return normalBelow((a.middle - b.middle) / deviation);
}
