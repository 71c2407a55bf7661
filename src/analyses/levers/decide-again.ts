import { isUnpriced } from '../../cost/curve.js';
import { advisedPlan, cheapestPlan } from '../../decide/choose.js';
import { planVerdicts } from '../../decide/option-report.js';
import type { Part } from '../../decide/part.js';
import { type Plan, planOf } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import { findTaskPartIn, waysToCut } from '../../decide/splits/cuts.js';
import type { Context } from '../../places/placement.js';
import { mayRun } from '../../rules/rule.js';
import { isDevelopment, type TaskPart, type Workload } from '../../workload/workload.js';
import type { Setting } from './lever.js';

/** Whether a plan breaks no rule, of its parts or as a whole. */
export const mayStand = (plan: Plan, context: Context): boolean =>
  [...review(plan, context).verdicts, ...planVerdicts(plan, context)].every(({ verdict }) => mayRun(verdict));

/** The same options for the same tasks under another workload; null where that leaves a task unserved or has no price then. */
export function samePlan({ deployments }: Plan, context: Context): Plan | null {
  const parts = movedTo(deployments, context);
  if (!servesAll(parts, context)) return null;
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? null : plan;
}

/** Who serves what of another workload; what that does not have any more is left out. */
export function movedTo(deployments: readonly Part[], context: Context): Part[] {
  const find = findTaskPartIn(context);
  return deployments.map(({ option, taskParts, second }) => ({
    option,
    ...(second && { second }),
    taskParts: taskParts.flatMap((served) =>
      served.cut === undefined
        ? context.workload.taskParts.filter(
            (taskPart) =>
              taskPart.task === served.task &&
              (taskPart.part === served.part || (served.part === 'all' && !isDevelopment(taskPart))),
          )
        : (find(served) ?? []),
    ),
  }));
}

/** Whether every task is served once: as a whole, or in all parts of one way to cut it up. */
export function servesAll(parts: readonly Pick<Part, 'taskParts'>[], context: Context): boolean {
  const served = parts.flatMap(({ taskParts }) => taskParts);
  const key = ({ id, cut }: TaskPart) => `${id} ${cut?.key ?? ''}`;
  const listed = (taskParts: readonly TaskPart[]) => taskParts.map(key).sort().join('\n');
  return context.workload.taskParts.every((taskPart) => {
    const here = listed(served.filter(({ id, cut }) => id === taskPart.id || cut?.whole === taskPart.id));
    return waysToCut(taskPart, context).some((way) => listed(way) === here);
  });
}

/** The plan to run under a changed workload: the same one unless another is advised then that costs less. */
export function decideAgain(
  { plan, cheapest: isCheapest, context: { tables } }: Pick<Setting, 'plan' | 'cheapest' | 'context'>,
  workload: Workload,
): { plan: Plan; switched: boolean } | null {
  const context = { workload, tables };
  const same = samePlan(plan, context);
  const stands = same !== null && mayStand(same, context);
  // Few changes bring something cheaper than the cheapest plan, which is quicker to tell than what is as good as that.
  if (stands && isCheapest) {
    const cheapest = cheapestPlan(context, { below: same.monthlyUsd });
    if (cheapest === null || same.monthlyUsd <= cheapest.monthlyUsd) return { plan: same, switched: false };
  }
  const advised = advisedPlan(context, stands ? same.monthlyUsd * (1 + workload.assume('tieBand')) : undefined);
  if (stands && (advised === null || same.monthlyUsd <= advised.monthlyUsd)) return { plan: same, switched: false };
  return advised === null ? null : { plan: advised, switched: true };
}
