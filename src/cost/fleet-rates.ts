import type { TaskPart, Workload } from '../workload/workload.js';
import { requestsPerMonthPerDaily } from './axis.js';
import { termAt, unitsAtPeak, withSpare } from './curve.js';
import {
  beyond,
  type FleetCosts,
  type FleetWork,
  onceUsd,
  sumUsd,
  type UnitComponent,
  upfrontUsd,
} from './fleet-bill.js';
import { type FleetRule, fleetTerm } from './fleet-term.js';

/** What is paid for a unit: every hour, of that what is counted once, and before it works. */
type UnitRates = { usdPerHour: number; onceUsdPerHour: number; upfrontUsdPerUnit: number };

/**
 * What `FleetCosts` come to, and no more: a machine takes a hundred traced figures to explain, and thousands of machines
 * are weighed for each one that is.
 */
export type FleetRates = UnitRates & {
  beyondOwned: (UnitRates & { owned: number }) | null;
  /** USD a month whatever the size. */
  fixed: number;
  /** USD per request of a task part; see `FleetCosts`. */
  requestUsd(taskPart: TaskPart, unitSeconds: number): number;
};

export const ratesOf = ({ unitHour, beyondOwned, fleet, request }: FleetCosts): FleetRates => ({
  ...unitRates(unitHour),
  beyondOwned: beyondOwned && { owned: beyondOwned.owned, ...unitRates(beyondOwned.unitHour) },
  fixed: sumUsd(fleet),
  requestUsd: (taskPart, unitSeconds) => sumUsd(request(taskPart, unitSeconds)),
});

const unitRates = (components: readonly UnitComponent[]): UnitRates => ({
  usdPerHour: sumUsd(components),
  onceUsdPerHour: onceUsd(components),
  upfrontUsdPerUnit: upfrontUsd(components),
});

/** What a bill comes to at the volume of the workload, and the units at the busiest hour, spares included. */
export function fleetBilled(
  rates: FleetRates,
  work: readonly FleetWork[],
  rule: FleetRule,
  workload: Workload,
): { usd: number; units: number } {
  const volume = workload.requestsPerDay;
  const term = fleetTerm(1, work, rule, workload);
  const { beyondOwned } = rates;
  let usd = termAt(term, volume) * rates.usdPerHour + rates.fixed;
  if (beyondOwned !== null) usd += termAt(beyond(term, beyondOwned.owned), volume) * beyondOwned.usdPerHour;
  for (const { taskPart, unitSeconds } of work)
    usd +=
      rates.requestUsd(taskPart, unitSeconds) * requestsPerMonthPerDaily(taskPart, workload) * taskPart.requestsPerDay;
  return { usd, units: withSpare(unitsAtPeak(term, volume), term) };
}
