import type { Demand } from '../scenario/demand.js';
import { highestOf } from '../scenario/load.js';
import type { Plan } from './plan.js';

const minutesPerDay = 1440;

/** Requests of the busiest minute of the horizon that go to somebody else's machines. */
export function peakRequestsPerMinute(plan: Plan | null, demand: Demand): number {
  const daily = (plan?.deployments ?? [])
    .filter(({ option }) => option.api !== null || option.kind === 'serverless-gpu')
    .flatMap(({ slices }) => slices)
    .reduce((sum, { requestsPerDay, hours }) => sum + requestsPerDay * highestOf(hours), 0);
  return (daily * demand.peakGrowth * demand.assume('inHourFactor')) / minutesPerDay;
}
