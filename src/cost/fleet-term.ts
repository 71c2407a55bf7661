import type { Demand, Slice } from '../scenario/demand.js';
import { addHours, durationCurve, type Hours, hourlyLoad, type Load } from '../scenario/load.js';
import type { Term } from './curve.js';

/** Work a slice brings to a fleet: units needed at multiple 1 of its own volume. */
export type Work = { slice: Slice; need: number };

/** How a fleet is sized and paid, whatever runs on it. */
export type FleetRule = { min: number; spare: number; spareShare: number; followsHours: boolean };

const curves = new WeakMap<Hours, Load>();

function curveOf(hours: Hours, hoursPerMonth: number): Load {
  let curve = curves.get(hours);
  if (curve === undefined) {
    curve = durationCurve(hours, hoursPerMonth);
    curves.set(hours, curve);
  }
  return curve;
}

/**
 * One term for everything that shares a fleet, over the volume axis: slices enter as shares of a unit and are added
 * hour by hour. `usd` is what a unit costs per hour.
 */
export function fleetTerm(usd: number, work: readonly Work[], rule: FleetRule, demand: Demand): Term {
  const { min, spare, spareShare, followsHours } = rule;
  const sizing = { usd, min, spare, spareShare };
  const first = work[0];
  const alike = first !== undefined && work.every(({ slice }) => slice.scales && slice.hours === first.slice.hours);
  if (alike) {
    const load = curveOf(first.slice.hours, demand.hoursPerMonth);
    const units = work.reduce((sum, { need }) => sum + need, 0);
    const capacity = Float64Array.of(0, demand.requestsPerDay / units);
    if (followsHours) return { is: 'replicas', load, capacity, base: null, ...sizing };
    return {
      is: 'peak',
      multiple: load.multiple[0] ?? 0,
      hours: demand.hoursPerMonth,
      capacity,
      base: null,
      ...sizing,
    };
  }
  const hoursOf = (scales: boolean) =>
    addHours(
      work.map(({ slice, need }) => ({
        hours: slice.hours,
        factor: slice.scales === scales ? (scales ? need / demand.requestsPerDay : need) : 0,
      })),
    );
  const follows = hoursOf(true);
  const stays = hoursOf(false);
  const capacity = Float64Array.of(0, 1);
  if (followsHours)
    return { is: 'replicas', load: hourlyLoad(follows, demand.hoursPerMonth), capacity, base: stays, ...sizing };
  const highest = (hours: Hours) => hours.reduce((most, x) => Math.max(most, x), 0);
  return {
    is: 'peak',
    multiple: highest(follows),
    hours: demand.hoursPerMonth,
    capacity,
    base: Float64Array.of(highest(stays)),
    ...sizing,
  };
}
