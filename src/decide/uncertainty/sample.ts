import type { Plan } from '../plan.js';
import type { CaseAt } from './draws.js';
import { drawn } from './draws.js';
import type { UncertainInput } from './inputs.js';

/** Draws of the inputs, and what every plan costs in each of them. */
export type Sample = {
  inputs: readonly UncertainInput[];
  draws: number;
  /** Value of input i in draw k at i x draws + k. */
  values: Float64Array;
  /** USD a month of plan p in draw k at p x draws + k; infinite where it cannot run. */
  usd: Float64Array;
};

/** Prices all plans in each draw; all see the same one. */
export function sampleOf(
  plans: readonly Plan[],
  inputs: readonly UncertainInput[],
  draws: number,
  caseAt: CaseAt,
  price: (of: ReturnType<CaseAt>, into: Float64Array) => void,
): Sample {
  const values = new Float64Array(inputs.length * draws);
  const usd = new Float64Array(plans.length * draws);
  const one = new Float64Array(inputs.length);
  const costs = new Float64Array(plans.length);
  for (let k = 0; k < draws; k++) {
    drawn(inputs, k, one);
    for (let i = 0; i < one.length; i++) values[i * draws + k] = one[i] as number;
    price(caseAt(one), costs);
    for (let p = 0; p < costs.length; p++) usd[p * draws + k] = costs[p] as number;
  }
  return { inputs, draws, values, usd };
}

/** Costs of one plan in all draws. */
export const costsOfPlan = ({ usd, draws }: Pick<Sample, 'usd' | 'draws'>, p: number): Float64Array =>
  usd.subarray(p * draws, (p + 1) * draws);

/** Values of one input in all draws. */
export const valuesOfInput = ({ values, draws }: Pick<Sample, 'values' | 'draws'>, i: number): Float64Array =>
  values.subarray(i * draws, (i + 1) * draws);

export type Percentiles = { p5: number; p50: number; p95: number };

/** Percentiles of what is finite, between neighbors in proportion; null where nothing is. */
export function percentilesOf(numbers: Float64Array): Percentiles | null {
  const sorted = numbers.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    return low + ((sorted[Math.ceil(place)] as number) - low) * (place - below);
  };
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}
