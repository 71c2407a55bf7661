import type { Context } from '../../places/placement.js';

/** The same case with one task's volume as the axis: all others stay where they are. */
export function caseOfTask(task: string, context: Context): Context | null {
  const own = context.workload.taskParts.filter((taskPart) => taskPart.task === task);
  const requestsPerDay = own.reduce((sum, taskPart) => sum + taskPart.requestsPerDay, 0);
  if (requestsPerDay === 0) return null;
  const taskParts = context.workload.taskParts.map((taskPart) => ({ ...taskPart, scales: taskPart.task === task }));
  return { ...context, workload: { ...context.workload, requestsPerDay, taskParts } };
}
