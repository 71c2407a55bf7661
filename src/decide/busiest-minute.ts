import type { Demand, Slice } from '../workload/demand.js';
import { highestOf } from '../workload/load.js';
import { optionsOf, type Plan } from './plan.js';

const minutesPerDay = 1440;

/**
 * Requests of the busiest minute of the horizon by the provider whose machines take them. A second place may have to take
 * all of them: while the first is down.
 */
export function busiestMinute({ deployments }: Pick<Plan, 'deployments'>, demand: Demand): Map<string, number> {
  const most = new Map<string, number>();
  for (const deployment of deployments) {
    for (const { api, kind, provider } of optionsOf(deployment)) {
      if (api === null && kind !== 'serverless-gpu') continue;
      const perMinute = deployment.slices.reduce((sum, slice) => sum + peakPerMinute(slice, demand), 0);
      most.set(provider, (most.get(provider) ?? 0) + perMinute);
    }
  }
  return most;
}

const peakPerMinute = ({ requestsPerDay, hours }: Slice, demand: Demand): number =>
  (requestsPerDay * highestOf(hours) * demand.peakGrowth * demand.assume('inHourFactor')) / minutesPerDay;
