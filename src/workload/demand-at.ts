import type { Demand } from './demand.js';

/**
 * The same demand at another volume (mean requests a day of month 1, above 0): slices that follow the volume axis grow
 * with it, tasks with a volume of their own stay. What resolving the scenario at that volume gives, its list of inputs
 * apart, which still tells what was written.
 */
export function demandAt(demand: Demand, requestsPerDay: number): Demand {
  const factor = requestsPerDay / demand.requestsPerDay;
  const daily = demand.slices.map((slice) => (slice.scales ? slice.requestsPerDay * factor : slice.requestsPerDay));
  const total = daily.reduce((sum, x) => sum + x, 0);
  const slices = demand.slices.map((slice, s) => ({
    ...slice,
    share: total === 0 ? 0 : (daily[s] as number) / total,
    requestsPerDay: daily[s] as number,
  }));
  return { ...demand, requestsPerDay, slices };
}
