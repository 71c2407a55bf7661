import type { Plan } from '../../decide/plan.js';
import { type CaseAt, costsOfPlan, type Sample, valuesOfInput } from './draws.js';
import type { UncertainInput } from './input.js';
import { isBeyond, type Straddle, straddlesOf } from './rules.js';

/** Whether a plan may run in a draw, as far as rules depend on what is drawn. */
export type Standing = (plan: number, draw: number) => boolean;

/** Places of the plans in groups that only their cost tells apart, the simplest group first. */
export type Simplicity = readonly (readonly number[])[];

/**
 * The plan that would be advised in every draw if there were no others: of those within the tie band of the cheapest, the
 * simplest (fewest people, then fewest deployments, then highest capability), and of these the cheapest in that draw; -1
 * where none may run.
 */
export function winnersOf(
  sample: Pick<Sample, 'usd' | 'draws' | 'seen'>,
  simplest: Simplicity,
  near: (usd: number) => number,
  stands: Standing,
): Int32Array {
  const { draws } = sample;
  const winners = new Int32Array(draws).fill(-1);
  const least = leastOf(sample, simplest.flat().length, stands);
  const lowest = new Float64Array(draws);
  for (const group of [...simplest].reverse()) {
    lowest.fill(Number.POSITIVE_INFINITY);
    for (const p of group) {
      const costs = costsOfPlan(sample, p);
      for (let k = 0; k < costs.length; k++) {
        const usd = costs[k] as number;
        if (usd <= near(least[k] as number) && usd < (lowest[k] as number) && stands(p, k)) {
          lowest[k] = usd;
          winners[k] = p;
        }
      }
    }
  }
  return winners;
}

/** The least that any plan costs that may run, draw by draw. */
export function leastOf(sample: Pick<Sample, 'usd' | 'draws' | 'seen'>, plans: number, stands: Standing): Float64Array {
  const least = new Float64Array(sample.draws).fill(Number.POSITIVE_INFINITY);
  for (let p = 0; p < plans; p++) {
    const costs = costsOfPlan(sample, p);
    for (let k = 0; k < costs.length; k++)
      if ((costs[k] as number) < (least[k] as number) && stands(p, k)) least[k] = costs[k] as number;
  }
  return least;
}

/** Share of the draws in which a plan is the cheapest that may run; equals share a draw. */
export function cheapestShares(
  sample: Pick<Sample, 'usd' | 'draws' | 'seen'>,
  plans: number,
  stands: Standing,
): Float64Array {
  const { draws } = sample;
  const least = leastOf(sample, plans, stands);
  const shares = new Float64Array(plans);
  for (let k = 0; k < draws; k++) {
    const best: number[] = [];
    for (let p = 0; p < plans; p++)
      if (sample.usd[p * draws + k] === least[k] && Number.isFinite(least[k]) && stands(p, k)) best.push(p);
    for (const p of best) shares[p] = (shares[p] as number) + 1 / best.length / draws;
  }
  return shares;
}

/** Mean of what a plan costs above the cheapest that may run, over the draws in which it can run; null where in none. */
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

/** Whether a plan may run with one input at a value and all others at their likely ones. */
export type StandsAt = (plan: number, input: number, value: number) => boolean;

/** How often rules are looked at again, where they turned down what was best. */
const rounds = 4;

/**
 * Rules that depend on the ranges, for the plans that are best in some draw; draw -1 is that of the likely values.
 *
 * @param isGood whether a plan's models are good enough in a draw, which counts before costs
 */
export function rulesIn(
  sample: Sample,
  plans: readonly Plan[],
  simplest: Simplicity,
  near: (usd: number) => number,
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
    const winners = new Set([both, stands].flatMap((may) => [...winnersOf(sample, simplest, near, may)]));
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
