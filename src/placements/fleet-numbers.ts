import { withSpare } from '../cost/curve.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { FleetNumbers } from './candidate.js';

const secondsPerDay = 86_400;

/**
 * Units' worth of work a slice brings at multiple 1: its mean rate over what a unit serves at its highest permitted
 * load, raised by how much the busiest minutes exceed their hour.
 */
export const unitsNeeded = (slice: Slice, unitRequestsPerS: number, demand: Demand): number =>
  (slice.requestsPerDay * demand.assume('inHourFactor')) /
  (secondsPerDay * unitRequestsPerS * demand.assume('highestLoad'));

/** How a fleet is sized; `copies`: a unit is one such machine at each of so many places. */
export type Sizing = Pick<FleetNumbers, 'min' | 'spare' | 'spareShare'> & { copies: number };

/** The usual sizing rules, from the assumptions. */
export const sizing = (demand: Demand): Sizing => ({
  min: demand.assume('minReplicas'),
  spare: demand.assume('spareReplicas'),
  spareShare: demand.assume('spareShare'),
  copies: 1,
});

/** The least a fleet ever costs a month: its minimum and the spare of it, all hours. */
export const floorUsd = (
  fleet: Pick<FleetNumbers, 'usdPerHour' | 'min' | 'spare' | 'spareShare'>,
  hoursPerMonth: number,
): number => fleet.usdPerHour * hoursPerMonth * withSpare(fleet.min, fleet);
