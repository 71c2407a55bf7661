import { normalBelow, normalQuantile } from './normal.js';

/**
 * Lengths in tokens, lognormal, those above `max` cut to it. `mean` is the mean before that cut; `sigma` the standard
 * deviation of the logarithm; `max` null: no cut.
 */
export type Lengths = { mean: number; sigma: number; max: number | null };

/** ln(p95 / p50) = 1.645 sigma. */
const p95Deviations = 1.6448536269514722;

/** Lengths with a given median and 95th percentile, both before the cut. */
export function lengthsFromPercentiles(p50: number, p95: number, max: number | null): Lengths {
  const sigma = Math.max(0, Math.log(p95 / p50) / p95Deviations);
  return { mean: p50 * Math.exp(sigma ** 2 / 2), sigma, max };
}

const logMedian = ({ mean, sigma }: Lengths): number => Math.log(mean) - sigma ** 2 / 2;

/**
 * E[min(X, limit)^power]: exp(k mu + k^2 sigma^2 / 2) x Phi((ln limit - mu) / sigma - k sigma) for what lies below the
 * limit, limit^k for the rest (moments of the lognormal, limited).
 */
export function limitedMoment(of: Lengths, power: number, limit: number = Number.POSITIVE_INFINITY): number {
  const { mean, sigma, max } = of;
  const cut = max === null ? limit : Math.min(max, limit);
  if (cut <= 0 || mean <= 0) return 0;
  if (sigma === 0) return Math.min(mean, cut) ** power;
  const mu = logMedian(of);
  const whole = Math.exp(power * mu + (power * sigma) ** 2 / 2);
  if (cut === Number.POSITIVE_INFINITY) return whole;
  const z = (Math.log(cut) - mu) / sigma;
  const below = normalBelow(z - power * sigma);
  return (below === 0 ? 0 : whole * below) + cut ** power * normalBelow(-z);
}

/** Mean length after the cut. */
export const meanLength = (of: Lengths): number => limitedMoment(of, 1);

/** Squared coefficient of variation after the cut: variance / mean^2. */
export const squaredVariation = (of: Lengths): number => {
  const mean = meanLength(of);
  return mean === 0 ? 0 : Math.max(0, limitedMoment(of, 2) / mean ** 2 - 1);
};

/** Lengths that are `deviates` standard deviations (of the logarithm) from the median, cut. */
export function lengthsAt(of: Lengths, deviates: Float64Array): Float64Array {
  const mu = logMedian(of);
  const most = of.max ?? Number.POSITIVE_INFINITY;
  const lengths = new Float64Array(deviates.length);
  for (let each = 0; each < lengths.length; each++) {
    lengths[each] = Math.min(most, Math.exp(mu + of.sigma * (deviates[each] as number)));
  }
  return lengths;
}

/** The length that a share of all requests does not exceed. */
export const lengthQuantile = (of: Lengths, share: number): number =>
  lengthsAt(of, Float64Array.of(normalQuantile(share)))[0] as number;
