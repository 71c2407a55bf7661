import type { Demand, Slice } from '../scenario/demand.js';
import type { Hours } from '../scenario/load.js';
import { at, type CostCurve, fixedCost, type Term } from './curve.js';

const hoursPerDay = 24;

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

const means = new WeakMap<Hours, number>();

/** Mean multiple of a slice's hours over the horizon: 1 without growth. */
export function meanMultipleOf({ hours }: Pick<Slice, 'hours'>): number {
  let mean = means.get(hours);
  if (mean === undefined) {
    mean = hours.reduce((sum, multiple) => sum + multiple, 0) / hours.length;
    means.set(hours, mean);
  }
  return mean;
}

/** Requests in an average month of the horizon per request a day of month 1. */
export const requestsPerMonthPerDaily = (
  slice: Pick<Slice, 'hours'>,
  { hoursPerMonth }: Pick<Demand, 'hoursPerMonth'>,
): number => (meanMultipleOf(slice) * hoursPerMonth) / hoursPerDay;
