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

/** Where the answer flips, as far as the plans of one decision tell: no further plan is looked for. */
export type Crossed = {
  breakEven: BreakEven[];
  ladder: LadderRow[];
};

export const noCrossings: Crossed = { breakEven: [], ladder: [] };

/**
 * The pairs among a decision's plans, and which of them is the cheapest from where to where; there with what was decided at
 * other volumes, so that the ladder tells of every flip.
 *
 * @param rungs what is advised by volume
 */
export function crossingsAmong(
  { advised, cheapest, runnerUp, kinds }: Choice,
  rungs: readonly Rung[],
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
  const pairs = volumeBreakEvens(pairsOf(plans), range, context);
  return {
    breakEven: pairs,
    ladder: rungs.flatMap((rung) => (rung.plan === null ? [] : [ladderRow(rung, context)])),
  };
}

/**
 * What would be advised if people cost nothing, and from which volume on machines of one's own or rented ones would then be the
 * cheapest, among the plans that a decision and its decisions at other volumes met.
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
