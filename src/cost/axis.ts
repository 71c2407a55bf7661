import type { Demand, Slice } from '../scenario/demand.js';
import { at, type CostCurve, fixedCost, type Term } from './curve.js';

/**
 * Turns a curve over a slice's own requests a day into one over the volume axis: the slice's part of the volume when it
 * scales, a constant when it has a volume of its own.
 */
export function onVolumeAxis(curve: CostCurve, slice: Slice, demand: Demand): CostCurve {
  if (!slice.scales) return fixedCost(at(curve, slice.requestsPerDay));
  const part = slice.requestsPerDay / demand.requestsPerDay;
  const terms = curve.terms.map((term): Term => {
    if (term.is !== 'smooth') throw new TypeError('a fleet is built on the volume axis from the start');
    return { is: 'smooth', up: (volume) => term.up(volume * part), down: (volume) => term.down(volume * part) };
  });
  return { fixed: curve.fixed, perUnit: curve.perUnit * part, terms };
}

/** Requests in an average month of the horizon per request a day of month 1. */
export function requestsPerMonthPerDaily(slice: Slice, demand: Demand): number {
  let sum = 0;
  for (const multiple of slice.hours) sum += multiple;
  return ((sum / slice.hours.length) * demand.hoursPerMonth) / 24;
}
