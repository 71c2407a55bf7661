import { unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choose.js';
import type { BreakEven, LadderRow } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { ladderRow, volumeRange } from './answer.js';
import { budgetFor, joined, knownFrom, pairsOf, rungsOf, volumeBreakEven } from './by-volume.js';

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
  const feasible = new Set([cheapest, advised, runnerUp, ...kinds.flatMap((best) => (best.feasible ? best.plan : []))]);
  const here = plans
    .filter((plan) => feasible.has(plan))
    .map((plan) => ({ plan, requestsPerDay: workload.requestsPerDay }));
  const all = [...here, ...atVolumes.filter(({ plan }) => competes(plan))];
  // One may be decided at several volumes.
  const allowed = all.filter(({ plan }, i) => all.findIndex((one) => one.plan.id === plan.id) === i);
  const around = (volume: number): number => Math.min(range.to, Math.max(range.from, Math.round(volume)));
  const pool = allowed.map(({ plan, requestsPerDay }) => knownFrom(plan, around(requestsPerDay), range, context));
  const budget = budgetFor(
    pool.map(({ plan }) => plan),
    context,
  );
  const { rungs, alternates } = rungsOf(pool, range, budget);
  return {
    breakEven: pairsOf(plans).map((pair) => volumeBreakEven(pair, range, context)),
    // Where none of these plans is allowed another may be: that is left to `breakeven`.
    ladder: joined(rungs).flatMap((rung) => (rung.plan === null ? [] : [ladderRow(rung, context)])),
    ladderAlternates: alternates,
  };
}
