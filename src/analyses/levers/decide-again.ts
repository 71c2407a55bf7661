import { isUnpriced } from '../../cost/line.js';
import { advisedPlan, cheapestPlan } from '../../decide/choose.js';
import { planVerdicts } from '../../decide/option-report.js';
import type { Part } from '../../decide/part.js';
import { type Plan, planOf } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import { findSliceIn, waysToCut } from '../../decide/slicings/cuts.js';
import type { Case } from '../../places/placement.js';
import { mayRun } from '../../rules/gate.js';
import { type Demand, isDevelopment, type Slice } from '../../workload/demand.js';
import type { Setting } from './lever.js';

/** Whether a plan breaks no rule, of its parts or as a whole. */
export const mayStand = (plan: Plan, of: Case): boolean =>
  [...review(plan, of).verdicts, ...planVerdicts(plan, of)].every(({ verdict }) => mayRun(verdict));

/** The same options for the same tasks under another demand; null where that leaves a task unserved or has no price then. */
export function samePlan({ deployments }: Plan, of: Case): Plan | null {
  const parts = movedTo(deployments, of);
  if (!servesAll(parts, of)) return null;
  const plan = planOf(parts, of);
  return isUnpriced(plan) ? null : plan;
}

/** Who serves what of another demand; what that does not have any more is left out. */
export function movedTo(deployments: readonly Part[], of: Case): Part[] {
  const find = findSliceIn(of);
  return deployments.map(({ option, slices, second }) => ({
    option,
    ...(second && { second }),
    slices: slices.flatMap((served) =>
      served.cut === undefined
        ? of.demand.slices.filter(
            (slice) =>
              slice.task === served.task &&
              (slice.part === served.part || (served.part === 'all' && !isDevelopment(slice))),
          )
        : (find(served) ?? []),
    ),
  }));
}

/** Whether every task is served once: as a whole, or in all parts of one way to cut it up. */
export function servesAll(parts: readonly Pick<Part, 'slices'>[], of: Case): boolean {
  const served = parts.flatMap(({ slices }) => slices);
  const key = ({ id, cut }: Slice) => `${id} ${cut?.key ?? ''}`;
  const listed = (slices: readonly Slice[]) => slices.map(key).sort().join('\n');
  return of.demand.slices.every((slice) => {
    const here = listed(served.filter(({ id, cut }) => id === slice.id || cut?.whole === slice.id));
    return waysToCut(slice, of).some((way) => listed(way) === here);
  });
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
