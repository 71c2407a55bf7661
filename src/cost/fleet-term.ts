import type { Demand, Slice } from '../scenario/demand.js';
import { addHours, durationCurve, type Hours, highestOf, hourlyLoad, type Load } from '../scenario/load.js';
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
  const { hoursPerMonth, growth, peakGrowth } = demand;
  const sizing = { usd, min, spare, spareShare, growth, peakGrowth };
  const first = work[0];
  const scaling = work.reduce((sum, { slice, need }) => sum + (slice.scales ? need : 0), 0);
  if (first !== undefined && scaling > 0 && work.every(({ slice }) => slice.hours === first.slice.hours)) {
    const load = curveOf(first.slice.hours, hoursPerMonth);
    const own = work.reduce((sum, { slice, need }) => sum + (slice.scales ? 0 : need), 0);
    const perUnit = demand.requestsPerDay / scaling;
    const held = { capacity: Float64Array.of(0, perUnit), plus: own * perUnit, base: null, ...sizing };
    if (followsHours) return { is: 'replicas', load, ...held };
    return { is: 'peak', multiple: load.multiple[0] ?? 0, hours: hoursPerMonth, ...held };
  }
  const follows = needBy(work, (slice) => slice.scales, 1 / demand.requestsPerDay);
  const stays = needBy(work, (slice) => !slice.scales, 1);
  const held = { capacity: Float64Array.of(0, 1), plus: 0, ...sizing };
  if (followsHours) return { is: 'replicas', load: hourlyLoad(follows, hoursPerMonth), base: stays, ...held };
  return {
    is: 'peak',
    multiple: highestOf(follows),
    hours: hoursPerMonth,
    base: Float64Array.of(highestOf(stays)),
    ...held,
  };
}

/** Units needed hour by hour by the slices that `belongs` takes; the others count as nothing, so that lengths agree. */
function needBy(work: readonly Work[], belongs: (slice: Slice) => boolean, factor: number): Hours {
  const byHours = new Map<Hours, number>();
  for (const { slice, need } of work) {
    byHours.set(slice.hours, (byHours.get(slice.hours) ?? 0) + (belongs(slice) ? need * factor : 0));
  }
  return addHours([...byHours].map(([hours, sum]) => ({ hours, factor: sum })));
}
