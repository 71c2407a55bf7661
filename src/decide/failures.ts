import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { capabilityOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { failedShare } from '../rules/model.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Deployment, Plan } from './plan.js';

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

/** Requests at a second place fail as they do there. */
function failedOn({ option, second }: Deployment, taskPart: TaskPart, workload: Workload): number {
  const here = failedShare(option, taskPart, workload);
  if (second === undefined) return here;
  const share = second.share(workload.requestsPerDay);
  return here * (1 - share) + share * failedShare(second.option, taskPart, workload);
}

/** USD a month of a plan: its bill, and its failed answers where they have a price. */
export const usdWithFailures = (plan: Plan, context: Context): number =>
  plan.monthlyUsd + failedAnswers(plan, context) * (context.workload.rules.failedAnswerUsd ?? 0);

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
