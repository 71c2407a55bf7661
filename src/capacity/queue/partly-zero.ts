import { normalQuantile } from './normal.js';

/**
 * What a delay is at a rank, where it is nothing with probability `none` and else lognormal, with the mean and variance
 * of the whole: the sum of a random number of parts.
 *
 * @param z normal deviate of the rank
 */
export function partlyZero(rank: number, z: number, none: number, mean: number, variance: number): number {
  if (rank <= none || mean <= 0) return 0;
  const some = 1 - none;
  const conditional = mean / some;
  const logVariance = Math.max(0, Math.log((some * (variance + mean * mean)) / (mean * mean)));
  const deviate = none < 1e-6 ? z : normalQuantile((rank - none) / some);
  return conditional * Math.exp(Math.sqrt(logVariance) * deviate - logVariance / 2);
}
