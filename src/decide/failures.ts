import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { capabilityOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { failedShare } from '../rules/failures.js';
import { certainlyAbove } from '../units/float.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { planIn } from './at-volume.js';
import { limitedByTask } from './filter.js';
import type { Deployment, Plan } from './plan.js';
import { cheapestPlan } from './ways.js';

/** Answers a month that fail on a plan, of some tasks or of all. */
export const failedAnswers = (
  { deployments }: Pick<Plan, 'deployments'>,
  { workload }: Pick<Context, 'workload'>,
  tasks?: readonly string[],
): number =>
  deployments.reduce(
    (all, deployment) =>
      deployment.taskParts.reduce(
        (sum, taskPart) =>
          tasks === undefined || tasks.includes(taskPart.task)
            ? sum +
              taskPart.requestsPerDay *
                requestsPerMonthPerDaily(taskPart, workload) *
                failedOn(deployment, taskPart, workload)
            : sum,
        all,
      ),
    0,
  );

/** What a second place takes fails as it does there. */
function failedOn({ option, second }: Deployment, taskPart: TaskPart, workload: Workload): number {
  const here = failedShare(option, taskPart, workload);
  if (second === undefined) return here;
  const share = second.share(workload.requestsPerDay);
  return here * (1 - share) + share * failedShare(second.option, taskPart, workload);
}

/** USD a month of a plan: its bill, and what its failed answers cost where that is told. */
export const usdWithFailures = (plan: Plan, context: Context): number =>
  plan.monthlyUsd + failedAnswers(plan, context) * (context.workload.rules.failedAnswerUsd ?? 0);

/**
 * The plan of the least bill and failed answers together; null: what a failed answer costs is not told. Of the plans that the first
 * one found beats in quality for every task, none costs less: what is left are those that are better for some task, and so on, as
 * long as the cheapest of them may still win.
 *
 * @param first the cheapest plan
 * @param within the case in which to look for others
 */
export function leastWithFailures(first: Plan, within: Context, context: Context): Plan | null {
  if (context.workload.rules.failedAnswerUsd === null) return null;
  let best = first;
  let bestUsd = usdWithFailures(first, context);
  let decisions = context.workload.assume('objectiveDecisions');
  const seen = new Set<string>();
  const open: { above: ReadonlyMap<string, number>; plan: Plan }[] = [{ above: new Map(), plan: first }];
  while (open.length > 0) {
    open.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd);
    const { above, plan } = open.shift() as (typeof open)[number];
    if (plan.monthlyUsd >= bestUsd) break;
    for (const [task, index] of leastIndices(plan)) {
      const stricter = new Map([...above, [task, index]]);
      const key = [...stricter].sort().join();
      if (seen.has(key) || decisions === 0) continue;
      seen.add(key);
      decisions--;
      const better = planAbove(stricter, within, context, { below: bestUsd * certainlyAbove });
      if (better === null) continue;
      open.push({ above: stricter, plan: better });
      const usd = usdWithFailures(better, context);
      if (usd < bestUsd) [best, bestUsd] = [better, usd];
    }
  }
  return best;
}

/**
 * The cheapest plan on models above an index for each of some tasks; null: none costs less than so many USD a month.
 *
 * @param patience of those tasks: times the preset's wait for the first token that is borne
 */
export function planAbove(
  above: ReadonlyMap<string, number>,
  within: Context,
  context: Context,
  { below = Number.POSITIVE_INFINITY, patience }: { below?: number; patience?: number | undefined } = {},
): Plan | null {
  const limited = limitedByTask(within, ({ task }) => {
    const indexAbove = above.get(task);
    return indexAbove === undefined ? {} : { indexAbove, ...(patience !== undefined && { patience }) };
  });
  const plan = cheapestPlan(limited, { below });
  return plan && planIn(plan, context);
}

/** By task the lowest capability index among the models that serve it. */
export function leastIndices({ deployments }: Pick<Plan, 'deployments'>): Map<string, number> {
  const least = new Map<string, number>();
  for (const { option, second, taskParts } of deployments)
    for (const one of second === undefined ? [option] : [option, second.option])
      for (const { task } of taskParts) {
        const index = capabilityOf(one)?.have ?? 0;
        least.set(task, Math.min(least.get(task) ?? Number.POSITIVE_INFINITY, index));
      }
  return least;
}
