import type { Demand, Slice } from '../workload/demand.js';

const secondsPerDay = 86_400;

/**
 * Units' worth of work a slice brings at multiple 1: its mean rate over what a unit serves at its highest permitted
 * load, raised by how much the busiest minutes exceed their hour.
 */
export const unitsNeeded = (slice: Slice, unitRequestsPerS: number, demand: Demand): number =>
  (slice.requestsPerDay * demand.assume('inHourFactor')) /
  (secondsPerDay * unitRequestsPerS * demand.assume('highestLoad'));
