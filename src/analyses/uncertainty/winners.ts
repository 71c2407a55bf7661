import type { Plan } from '../../decide/plan.js';
import { type CaseAt, costsOfPlan, type Sample, valuesOfInput } from './draws.js';
import type { UncertainInput } from './input.js';
import { isBeyond, type Straddle, straddlesOf } from './rules.js';

/** Whether a plan may run in a draw, as far as rules depend on what is drawn. */
export type Standing = (plan: number, draw: number) => boolean;

/** Costs of plans in draws. */
export type Costs = Pick<Sample, 'usd' | 'draws' | 'seen'>;

/** By simulation the cheapest plan that may run, of equals the first (-1: none), and its cost (infinite: none). */
export function winnersOf(sample: Costs, stands: Standing): { winners: Int32Array; least: Float64Array } {
  const { draws, seen } = sample;
  const winners = new Int32Array(draws).fill(-1);
  const least = new Float64Array(draws).fill(Number.POSITIVE_INFINITY);
  for (let p = 0; p < seen.length; p++) {
    const costs = costsOfPlan(sample, p);
    for (let k = 0; k < costs.length; k++) {
      const usd = costs[k] as number;
      if (usd < (least[k] as number) && stands(p, k)) {
        least[k] = usd;
        winners[k] = p;
      }
    }
  }
  return { winners, least };
}

/** Share of simulations in which a plan is the cheapest that may run; equals share one. */
export function cheapestShares(sample: Costs, stands: Standing): Float64Array {
  const { draws, seen } = sample;
  const { least } = winnersOf(sample, stands);
  const shares = new Float64Array(seen.length);
  for (let k = 0; k < draws; k++) {
    const best: number[] = [];
    for (let p = 0; p < seen.length; p++)
      if (sample.usd[p * draws + k] === least[k] && Number.isFinite(least[k]) && stands(p, k)) best.push(p);
    for (const p of best) shares[p] = (shares[p] as number) + 1 / best.length / draws;
  }
  return shares;
}

/** Mean cost above the cheapest plan that may run, where it can run itself; null: never. */
export function regretOf(costs: Float64Array, least: Float64Array): number | null {
  let sum = 0;
  let count = 0;
  for (const [k, usd] of costs.entries()) {
    if (!Number.isFinite(usd) || !Number.isFinite(least[k])) continue;
    // What no rule lets run may be cheaper than all that one does.
    sum += Math.max(0, usd - (least[k] as number));
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/** Whether a plan may run with one input at a value, others at likely ones. */
export type StandsAt = (plan: number, input: number, value: number) => boolean;

/** Most repeated checks of rules after one excluded the best plan. */
const rounds = 4;

/**
 * Rules that depend on the ranges, for plans that are best in some draw; draw -1 has the likely values.
 *
 * @param isGood whether a plan's models are good enough in a draw, which counts before costs
 */
export function rulesIn(
  sample: Sample,
  plans: readonly Plan[],
  isGood: Standing,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
): { stands: Standing; standsAt: StandsAt; straddles: Straddle[] } {
  const known = new Map<number, { base: boolean; straddles: Straddle[] }>();
  const stands: Standing = (p, k) => {
    const rule = known.get(p);
    if (rule === undefined) return true;
    if (k < 0) return rule.base;
    const turned = rule.straddles.some((one) => isBeyond(one, valuesOfInput(sample, one.input)[k] as number));
    return turned !== rule.base;
  };
  for (let round = 0; round < rounds; round++) {
    const both: Standing = (p, k) => stands(p, k) && isGood(p, k);
    const winners = new Set([both, stands].flatMap((may) => [...winnersOf(sample, may).winners]));
    const news = [0, ...winners].filter((p, i, all) => p >= 0 && !known.has(p) && all.indexOf(p) === i);
    if (news.length === 0) break;
    const found = straddlesOf(plans, news, inputs, caseAt);
    for (const p of news)
      known.set(p, {
        base: found.base[p] as boolean,
        straddles: found.straddles.filter(({ plan }) => plan === p),
      });
  }
  const standsAt: StandsAt = (p, input, value) => {
    const rule = known.get(p);
    const turned = rule?.straddles.some((one) => one.input === input && isBeyond(one, value)) ?? false;
    return rule === undefined || turned !== rule.base;
  };
  return { stands, standsAt, straddles: [...known.values()].flatMap(({ straddles }) => straddles) };
}
