import { highestOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { optionsOf, type Plan } from './plan.js';

const minutesPerDay = 1440;

/**
 * Requests of the busiest minute of the horizon by the provider whose machines take them. A second place may have to take
 * all of them: while the first is down.
 */
export function busiestMinute({ deployments }: Pick<Plan, 'deployments'>, workload: Workload): Map<string, number> {
  const most = new Map<string, number>();
  for (const deployment of deployments) {
    for (const { api, kind, provider } of optionsOf(deployment)) {
      if (api === null && kind !== 'serverless-gpu') continue;
      const perMinute = deployment.taskParts.reduce((sum, taskPart) => sum + peakPerMinute(taskPart, workload), 0);
      most.set(provider, (most.get(provider) ?? 0) + perMinute);
    }
  }
  return most;
}

const peakPerMinute = ({ requestsPerDay, hours }: TaskPart, workload: Workload): number =>
  (requestsPerDay * highestOf(hours) * workload.peakGrowth * workload.assume('inHourFactor')) / minutesPerDay;
