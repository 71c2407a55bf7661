import { advisedPlan, unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import { isOfCore } from '../../decide/core-choice.js';
import type { BreakEven, LadderRow, Recommendation } from '../../decide/decision.js';
import { type Plan, planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded } from '../../decide/round.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { volumeFrom } from '../changes/by-volume.js';
import { ladderFor, ladderRow, volumeRange, volumesLooked } from './answer.js';
import { asAdvised } from './as-advised.js';
import { budgetFor, knownFrom, pairsOf, rungsOf, volumeBreakEven } from './by-volume.js';

/** Where the answer flips, as far as the plans of one decision tell: no further plan is looked for. */
export type Crossed = {
  breakEven: BreakEven[];
  ladder: LadderRow[];
  /** Volumes at which it is not told which of the plans is the cheapest. */
  ladderAlternates: { from: number; to: number }[];
};

/** What was decided at another volume. */
export type AtVolume = { plan: Plan; requestsPerDay: number };

export const noCrossings: Crossed = { breakEven: [], ladder: [], ladderAlternates: [] };

/**
 * The pairs among a decision's plans, and which of them is the cheapest from where to where; there with what was decided at
 * other volumes, so that the ladder tells of every flip.
 */
export function crossingsAmong(
  { advised, cheapest, runnerUp, kinds }: Choice,
  atVolumes: readonly AtVolume[],
  context: Context,
): Crossed {
  const { workload } = context;
  if (workload.requestsPerDay === 0) return noCrossings;
  const range = volumeRange(workload);
  // What leaves more requests on models that are not sure enough does not compete, here as in the advice.
  const competes = (plan: Plan): boolean =>
    workload.rules.objective === 'cost' ||
    advised === null ||
    unsureRequests(plan, context) <= unsureRequests(advised, context);
  const met = [cheapest, advised, runnerUp, ...kinds.map(({ plan }) => plan)]
    .filter((plan) => plan !== null)
    .filter(competes);
  const plans = [...new Map(met.map((plan) => [plan.id, plan])).values()];
  const pairs = pairsOf(plans).map((pair) => volumeBreakEven(pair, range, context));
  if (isOfCore(context)) {
    const { rungs } = ladderFor(context);
    return {
      breakEven: pairs,
      ladder: rungs.flatMap((rung) => (rung.plan === null ? [] : [ladderRow(rung, context)])),
      ladderAlternates: [],
    };
  }
  const feasible = new Set([cheapest, advised, runnerUp, ...kinds.flatMap((best) => (best.feasible ? best.plan : []))]);
  const here = plans
    .filter((plan) => feasible.has(plan))
    .map((plan) => ({ plan, requestsPerDay: workload.requestsPerDay }));
  const all = [...here, ...atVolumes.filter(({ plan }) => competes(plan))];
  // One may be decided at several volumes.
  const allowed = all.filter(({ plan }, i) => all.findIndex((one) => one.plan.id === plan.id) === i);
  const pool = allowed.map(({ plan, requestsPerDay }) =>
    knownFrom(plan, around(requestsPerDay, range), range, context),
  );
  const budget = budgetFor(
    pool.map(({ plan }) => plan),
    context,
  );
  const { rungs, alternates } = rungsOf(pool, range, budget);
  return {
    breakEven: pairs,
    // Where none of these plans is allowed another may be: that is left to `breakeven`.
    ladder: asAdvised(rungs, pool, context).flatMap((rung) => (rung.plan === null ? [] : [ladderRow(rung, context)])),
    ladderAlternates: alternates,
  };
}

/**
 * What would be advised if people cost nothing, and from which volume on machines of one's own or rented ones would then be the
 * cheapest, among the plans that a decision and its decisions at other volumes met.
 */
export function withoutPeople(
  { advised, cheapest, runnerUp, kinds }: Choice,
  atVolumes: readonly AtVolume[],
  { tables, workload }: Context,
): Recommendation['withoutPeople'] {
  const free: Context = { tables, workload: { ...workload, team: { ...workload.team, yearlyCostUsd: 0 } } };
  const plan = advisedPlan(free);
  if (plan === null) return null;
  const isDedicated = (some: readonly Option[]): boolean =>
    some.some((option) => {
      const { share, site } = placementOf(option.kind).staff(option, free);
      return share === 1 || site !== null;
    });
  const answer = (dedicatedFrom: number | null): Recommendation['withoutPeople'] => ({
    plan: plan.id,
    label: planWords(plan, tables),
    kinds: kindsOf(plan, workload),
    monthlyCost: rounded(plan.monthlyUsd),
    dedicatedFrom,
  });
  if (isOfCore(free)) return answer(volumeFrom(free, volumesLooked(workload), ({ option }) => isDedicated([option])));
  const { requestsPerDay } = workload;
  const met = [plan, advised, cheapest, runnerUp, ...kinds.map((best) => (best.feasible ? best.plan : null))].flatMap(
    (one): AtVolume[] => (one === null ? [] : [{ plan: one, requestsPerDay }]),
  );
  const all = [...met, ...atVolumes].filter(
    (one, i, list) => list.findIndex(({ plan: { id } }) => id === one.plan.id) === i,
  );
  const range = volumeRange(workload);
  const pool = all
    .filter((one) => unsureRequests(one.plan, free) <= unsureRequests(plan, free))
    .map((one) => knownFrom(one.plan, around(one.requestsPerDay, range), range, free));
  const { rungs } = rungsOf(
    pool,
    range,
    budgetFor(
      pool.map((one) => one.plan),
      free,
    ),
  );
  const first = rungs.find((rung) => isDedicated(rung.plan?.deployments.map(({ option }) => option) ?? []));
  return answer(first?.from ?? null);
}

/** A whole volume within a range. */
const around = (volume: number, range: { from: number; to: number }): number =>
  Math.min(range.to, Math.max(range.from, Math.round(volume)));
