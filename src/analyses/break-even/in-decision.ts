import { advisedPlan, unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import type { BreakEven, LadderRow, Recommendation } from '../../decide/decision.js';
import { type Plan, planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded } from '../../decide/round.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { type Rung, volumeFrom } from '../changes/by-volume.js';
import { ladderRow, volumeRange, volumesLooked } from './answer.js';
import { pairsOf, volumeBreakEvens } from './crossings.js';

/** Break-even points and ladder among the plans of one decision; no others are searched. */
export type Crossed = {
  breakEven: BreakEven[];
  ladder: LadderRow[];
};

export const noCrossings: Crossed = { breakEven: [], ladder: [] };

/**
 * Pairs of a decision's plans, and the volume range in which each plan is cheapest, with decisions at other volumes.
 *
 * @param rungs the advice by volume
 */
export function crossingsAmong(
  { advised, cheapest, runnerUp, kinds }: Choice,
  rungs: readonly Rung[],
  context: Context,
): Crossed {
  const { workload } = context;
  if (workload.requestsPerDay === 0) return noCrossings;
  const range = volumeRange(workload);
  // As in the advice, more requests on unsure models exclude a plan.
  const competes = (plan: Plan): boolean =>
    workload.rules.objective === 'cost' ||
    advised === null ||
    unsureRequests(plan, context) <= unsureRequests(advised, context);
  const met = [cheapest, advised, runnerUp, ...kinds.map(({ plan }) => plan)]
    .filter((plan) => plan !== null)
    .filter(competes);
  const plans = [...new Map(met.map((plan) => [plan.id, plan])).values()];
  const pairs = volumeBreakEvens(pairsOf(plans), range, context);
  return {
    breakEven: pairs,
    ladder: rungs.flatMap((rung) => (rung.plan === null ? [] : [ladderRow(rung, context)])),
  };
}

/**
 * The advice if people cost nothing, and the volume from which own or rented machines would then be cheapest, among the
 * plans of a decision and its decisions at other volumes.
 */
export function withoutPeople({ tables, workload }: Context): Recommendation['withoutPeople'] {
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
  return answer(
    volumeFrom(free, volumesLooked(workload), ({ places }) => isDedicated(places.map(({ option }) => option))),
  );
}
