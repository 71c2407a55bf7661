import type { Kind } from '../tables/rows.js';
import type { Workload } from '../workload/workload.js';
import type { Assignment } from './assignment.js';
import { optionsOf, type Plan } from './plan.js';

/** The kinds of place of every task, its parts together, as text to compare: the advice changes when those of one do. */
export const kindsByTask = ({ deployments }: Pick<Plan, 'deployments'>): string =>
  textOf(
    deployments.flatMap((deployment) =>
      deployment.taskParts.map(({ task }) => ({ task, kinds: optionsOf(deployment).map(({ kind }) => kind) })),
    ),
  );

/** The same of an assignment. */
export const kindsOfTasks = (assignment: Assignment, { taskParts }: Workload): string =>
  textOf(
    assignment.flatMap(({ candidate: { kind, second }, taskParts: served }) =>
      served.map((s) => ({
        task: taskParts[s]?.task ?? '',
        kinds: second === undefined ? [kind] : [kind, second.candidate.kind],
      })),
    ),
  );

function textOf(served: readonly { task: string; kinds: readonly Kind[] }[]): string {
  const byTask = new Map<string, Set<Kind>>();
  for (const { task, kinds } of served) byTask.set(task, new Set([...(byTask.get(task) ?? []), ...kinds]));
  return [...byTask]
    .map(([task, kinds]) => `${task}=${[...kinds].sort().join('+')}`)
    .sort()
    .join();
}
