import { isUnpriced } from '../../cost/curve.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planOf } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import type { Context } from '../../places/placement.js';
import { mayRun, type Verdict } from '../../rules/rule.js';
import { partsUnder } from './costs.js';
import { type CaseAt, costsOfPlan, likelyOf, type Sample, valuesOfInput } from './draws.js';
import type { UncertainInput } from './inputs.js';

/** A rule that excludes a plan in a part of an input's range: beyond `value`, towards one end. */
export type Straddle = {
  plan: number;
  input: number;
  value: number;
  side: 'below' | 'above';
  /** It is allowed beyond the likely value and not at it, instead of the reverse. */
  stands: boolean;
  gate: string;
  task: string | null;
  reason: string;
};

/** Precision of the value at which a rule changes, in halvings. */
const halvings = 20;

/** Rules on a plan: whether it may run at likely values, and where ranges cross one. */
type Rules = { base: boolean; straddles: Straddle[] };

/**
 * Rules on a plan: some inputs at both ends of their range, the others at likely values. A rule that only two inputs
 * together break is missed.
 */
function rulesOn(plan: Plan, p: number, inputs: readonly UncertainInput[], caseAt: CaseAt): Rules {
  const likely = likelyOf(inputs);
  const now = brokenBy(plan, caseAt(likely));
  const brokenAt = (input: number, value: number): Broken | null => {
    const values = likely.slice();
    values[input] = value;
    return brokenBy(plan, caseAt(values));
  };
  const straddles = inputs.flatMap(({ origin, low, likely: middle, high }, input): Straddle[] => {
    const ends = origin === 'user' ? [low, high].filter((end) => end !== middle) : [];
    return ends.flatMap((end): Straddle[] => {
      const there = brokenAt(input, end);
      const broken = now ?? there;
      if (broken === null || (there === null) === (now === null)) return [];
      let near = middle;
      let far = end;
      for (let step = 0; step < halvings; step++) {
        const between = (near + far) / 2;
        if ((brokenAt(input, between) === null) === (now === null)) near = between;
        else far = between;
      }
      const side = end < middle ? 'below' : 'above';
      return [{ plan: p, input, value: far, side, stands: now !== null, ...broken }];
    });
  });
  return { base: now === null, straddles };
}

type Broken = { gate: string; task: string | null; reason: string };

/** The first rule that turns a plan down under a case; null where none does. */
function brokenBy(plan: Plan, context: Context): Broken | null {
  const parts = partsUnder(plan, context);
  if (parts === null) return { gate: 'slicing', task: null, reason: 'a part of a task is empty' };
  const again = planOf(parts, context);
  if (isUnpriced(again)) return { gate: 'capacity', task: null, reason: again.unpriced };
  const failing = ({ verdict }: { verdict: Verdict }): boolean => !mayRun(verdict);
  const ofTask = review(again, context).verdicts.find(failing);
  if (ofTask !== undefined) {
    const { task, gate, verdict } = ofTask;
    return { gate, task, reason: verdict.why().reason };
  }
  const ofPlan = planVerdicts(again, context).find(failing);
  return ofPlan === undefined ? null : { gate: ofPlan.gate, task: null, reason: ofPlan.verdict.why().reason };
}

/** Whether the draw of the input of a straddle is on the far side of it. */
export const isBeyond = ({ value, side }: Straddle, drawn: number): boolean =>
  side === 'below' ? drawn <= value : drawn >= value;

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
  const known = new Map<number, Rules>();
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
    for (const p of news) known.set(p, rulesOn(plans[p] as Plan, p, inputs, caseAt));
  }
  const standsAt: StandsAt = (p, input, value) => {
    const rule = known.get(p);
    const turned = rule?.straddles.some((one) => one.input === input && isBeyond(one, value)) ?? false;
    return rule === undefined || turned !== rule.base;
  };
  return { stands, standsAt, straddles: [...known.values()].flatMap(({ straddles }) => straddles) };
}
