import { isUnpriced } from '../../cost/line.js';
import type { Case } from '../../placements/placement.js';
import type { Demand } from '../../scenario/demand.js';
import { advisedPlan, cheapestPlan } from '../choose.js';
import { mayRun } from '../gates/gate.js';
import { planVerdicts } from '../option-report.js';
import { optionsOf, type Plan, planOf } from '../plan.js';
import { review } from '../review.js';
import { findSliceIn } from '../slicings/cuts.js';
import type { Setting } from './lever.js';

/** Whether a plan breaks no rule, of its parts or as a whole, and is in no more places than may be run. */
export const mayStand = (plan: Plan, of: Case): boolean =>
  plan.deployments.flatMap(optionsOf).length <= of.demand.rules.maxDeployments &&
  [...review(plan, of).verdicts, ...planVerdicts(plan, of)].every(({ verdict }) => mayRun(verdict));

/** The same options for the same tasks under another demand; null where something has no price then. */
export function samePlan({ deployments }: Plan, { demand, tables }: Case): Plan | null {
  const find = findSliceIn({ demand, tables });
  const parts = deployments.map(({ option, slices, second }) => ({
    option,
    ...(second && { second }),
    slices: [
      ...demand.slices.filter(({ task, part }) =>
        slices.some((served) => served.task === task && (served.part === part || served.part === 'all')),
      ),
      ...slices.flatMap((served) => (served.cut === undefined ? [] : (find(served) ?? []))),
    ],
  }));
  const plan = planOf(parts, { demand, tables });
  return isUnpriced(plan) ? null : plan;
}

/** The plan to run under a changed demand: the same one unless another is advised then that costs less. */
export function decideAgain(
  { plan, cheapest: isCheapest, of: { tables } }: Pick<Setting, 'plan' | 'cheapest' | 'of'>,
  demand: Demand,
): { plan: Plan; switched: boolean } | null {
  const of = { demand, tables };
  const same = samePlan(plan, of);
  const stands = same !== null && mayStand(same, of);
  // Few changes bring something cheaper than the cheapest plan, which is quicker to tell than what is as good as that.
  if (stands && isCheapest) {
    const cheapest = cheapestPlan(of, { below: same.monthlyUsd });
    if (cheapest === null || same.monthlyUsd <= cheapest.monthlyUsd) return { plan: same, switched: false };
  }
  const advised = advisedPlan(of, stands ? same.monthlyUsd * (1 + demand.assume('tieBand')) : undefined);
  if (stands && (advised === null || same.monthlyUsd <= advised.monthlyUsd)) return { plan: same, switched: false };
  return advised === null ? null : { plan: advised, switched: true };
}
