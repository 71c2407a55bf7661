import type { Workload } from './workload.js';

/**
 * The same workload at another volume (mean requests a day of month 1, above 0): task parts that follow the volume axis grow
 * with it, tasks with a volume of their own stay. What resolving the scenario at that volume gives, its list of inputs
 * apart, which still tells what was written.
 */
export function workloadAt(workload: Workload, requestsPerDay: number): Workload {
  const factor = requestsPerDay / workload.requestsPerDay;
  const daily = workload.taskParts.map((taskPart) =>
    taskPart.scales ? taskPart.requestsPerDay * factor : taskPart.requestsPerDay,
  );
  const total = daily.reduce((sum, x) => sum + x, 0);
  const taskParts = workload.taskParts.map((taskPart, s) => ({
    ...taskPart,
    share: total === 0 ? 0 : (daily[s] as number) / total,
    requestsPerDay: daily[s] as number,
  }));
  return { ...workload, requestsPerDay, taskParts };
}
