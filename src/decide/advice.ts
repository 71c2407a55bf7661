import type { Context } from '../places/placement.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { certainlyAbove, isAtLeast } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import { advisedIn } from './decide-case.js';
import { isWaitedFor } from './limits.js';
import { optionsOf, type Plan } from './plan.js';
import { review } from './review.js';

/** What is advised; with `below` (USD a month), null where that costs as much. */
export function advisedPlan(context: Context, below = Number.POSITIVE_INFINITY): Plan | null {
  const plan = advisedIn(context);
  return plan !== null && plan.monthlyUsd < below ? plan : null;
}

/** Whether models are sure enough to be good enough for a task whose need is assumed. */
function isSureEnough(
  { deployments }: Pick<Plan, 'deployments'>,
  { workload }: Context,
): (taskPart: TaskPart) => boolean {
  const asked = fullScore * workload.assume('capabilityConfidence');
  return (taskPart) =>
    !taskPart.needs.capability.assumed ||
    deployments
      .filter(({ taskParts }) => taskParts.some(({ id }) => id === taskPart.id))
      .flatMap(optionsOf)
      .every((option) => isAtLeast(capabilityScore(option, taskPart) ?? 0, asked));
}

/** Requests a day on models that are not sure enough to be good enough, of needs that are assumed. */
export const unsureRequests = (plan: Plan, context: Context): number => requestsOf(unsureTasks(plan, context), context);

/** Tasks with requests on a model that is not sure enough for a need that is assumed. */
export const unsureTasks = (plan: Plan, context: Context): string[] => {
  const isSure = isSureEnough(plan, context);
  return tasksWhere(plan, (taskPart) => !isSure(taskPart));
};

const tasksWhere = ({ deployments }: Plan, is: (taskPart: TaskPart) => boolean): string[] => [
  ...new Set(deployments.flatMap(({ taskParts }) => taskParts.filter(is).map(({ task }) => task))),
];

/** Tasks without a written target that wait longer than people bear, by their preset. */
export function lateTasks(plan: Plan, context: Context): string[] {
  const times = context.workload.assume('softLatencyTimes');
  const { services } = review(plan, context);
  return tasksWhere(plan, (taskPart) => {
    const target = taskPart.needs.ttftP95Ms;
    const seen = services.get(taskPart)?.ttftP95Ms ?? null;
    return isWaitedFor(taskPart) && target?.by === 'preset' && seen !== null && seen > times * target.value;
  });
}

/** Tasks whose predicted first token is so near the target that the prediction may be off by more. */
export function tightTasks(plan: Plan, context: Context): string[] {
  const least = 1 - context.workload.assume('latencyHeadroom');
  const { services } = review(plan, context);
  return tasksWhere(plan, (taskPart) => {
    const target = taskPart.needs.ttftP95Ms;
    const seen = services.get(taskPart)?.ttftP95Ms ?? null;
    return (
      isWaitedFor(taskPart) && target?.by === 'user' && seen !== null && seen > least * target.value * certainlyAbove
    );
  });
}

const requestsOf = (tasks: readonly string[], { workload }: Context): number =>
  workload.taskParts.reduce((sum, { task, requestsPerDay }) => sum + (tasks.includes(task) ? requestsPerDay : 0), 0);
