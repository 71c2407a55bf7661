import type { Plan } from '../../decide/plan.js';
import { repricer } from './costs.js';
import type { CaseAt } from './draws.js';
import { likelyOf } from './draws.js';
import type { UncertainInput } from './inputs.js';

/** Draws of the inputs, and what every plan costs in each of them. */
export type Sample = {
  inputs: readonly UncertainInput[];
  draws: number;
  /** Value of input i in draw k at i x draws + k; NaN in draws for which nothing depends on it. */
  values: Float64Array;
  /** USD a month of plan p in draw k at p x draws + k; infinite where it cannot run, or was not priced any more. */
  usd: Float64Array;
  /** How many of the draws each plan was priced in: all, or the first ones where it proved too dear to be best. */
  seen: Int32Array;
};

/**
 * Plans that cost more than so many times the cheapest in each of the first draws are priced in those alone; of the inputs,
 * those that the others' costs depend on are drawn from then on.
 */
export type Survival = { first: number; upTo: number; matters(plans: readonly Plan[]): ReadonlySet<string> };

/** Prices plans in each draw; all see the same one. The first plan is priced in all of them. */
export function sampleOf(
  plans: readonly Plan[],
  inputs: readonly UncertainInput[],
  draws: number,
  caseAt: CaseAt,
  { first, upTo, matters }: Survival,
): Sample {
  const values = new Float64Array(inputs.length * draws).fill(Number.NaN);
  const usd = new Float64Array(plans.length * draws).fill(Number.POSITIVE_INFINITY);
  const seen = new Int32Array(plans.length).fill(draws);
  const one = new Float64Array(inputs.length);
  const { tables } = caseAt(likelyOf(inputs));
  const price = (among: readonly number[], from: number, to: number, which: readonly number[]): void => {
    const repriced = repricer(
      among.map((p) => plans[p] as Plan),
      tables,
    );
    const costs = new Float64Array(among.length);
    for (let k = from; k < to; k++) {
      for (const i of which) {
        const { quantile, share } = inputs[i] as UncertainInput;
        one[i] = quantile(share(k));
        values[i * draws + k] = one[i];
      }
      repriced(caseAt(one), costs);
      for (const [i, p] of among.entries()) usd[p * draws + k] = costs[i] as number;
    }
  };
  const all = plans.map((_, p) => p);
  const tried = Math.min(first, draws);
  price(
    all,
    0,
    tried,
    inputs.map((_, i) => i),
  );
  if (tried === draws) return { inputs, draws, values, usd, seen };
  const near = new Uint8Array(plans.length);
  for (let k = 0; k < tried; k++) {
    const least = all.reduce((most, p) => Math.min(most, usd[p * draws + k] as number), Number.POSITIVE_INFINITY);
    for (const p of all) if ((usd[p * draws + k] as number) <= least * upTo) near[p] = 1;
  }
  const survivors = all.filter((p) => p === 0 || near[p] === 1);
  for (const p of all) if (!survivors.includes(p)) seen[p] = tried;
  const needed = matters(survivors.map((p) => plans[p] as Plan));
  const which = inputs.flatMap(({ path, origin }, i) => (origin === 'user' || needed.has(path) ? [i] : []));
  price(survivors, tried, draws, which);
  return { inputs, draws, values, usd, seen };
}

/** Costs of one plan in the draws in which it was priced. */
export const costsOfPlan = ({ usd, draws, seen }: Pick<Sample, 'usd' | 'draws' | 'seen'>, p: number): Float64Array =>
  usd.subarray(p * draws, p * draws + (seen[p] ?? draws));

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
