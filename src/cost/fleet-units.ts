import { countAbove, type Load, overMonths } from '../workload/load.js';

/** capacity[c]: the volume (at multiple 1) that c units hold; it goes on in steps of its last step. */
export type Fleet = {
  usd: number;
  capacity: Float64Array;
  min: number;
  spare: number;
  spareShare: number;
  /** Volume of every month of the horizon over that of month 1: the term is the mean over them. */
  growth: Float64Array;
  /** The same of the busiest month: what is sized once is sized for it. */
  peakGrowth: number;
  /** Volume that is always there, whatever the volume axis says, with the same load. */
  plus: number;
  /** Need that does not follow the volume axis, by entry of the load; null: none, and the load is sorted. */
  base: Float64Array | null;
};

/** A fleet that follows the hours. */
export type FollowingFleet = { is: 'replicas'; load: Load } & Fleet;
/**
 * A fleet sized once, paid for `hours` of a month; `free` units are there already. It holds what is needed at the times that may
 * ask most, each a multiple of the volume with its entry of the base.
 */
export type PeakFleet = { is: 'peak'; multiple: Float64Array; hours: number; free?: number } & Fleet;

/** One tolerance for every rounding up: 10.000000001 units of work fit 10 units. */
export const slack = 1e-9;
export const ceilUnits = (x: number): number => Math.ceil(x - slack);

/** Volume that one unit holds where every unit holds the same; null where steps differ. */
export const evenStep = (capacity: Float64Array): number | null =>
  capacity.length === 2 && capacity[0] === 0 ? (capacity[1] as number) : null;

/** Need that `units` hold. */
function capacityOf(capacity: Float64Array, units: number): number {
  const last = capacity.length - 1;
  const top = capacity[last] as number;
  return units <= last ? (capacity[units] as number) : top + (units - last) * (top - (capacity[last - 1] as number));
}

/** Fewest units that hold `need`, within the tolerance. */
export function unitsFor(capacity: Float64Array, need: number): number {
  const last = capacity.length - 1;
  const top = capacity[last] as number;
  const needed = need * (1 - slack);
  if (needed > top) return last + Math.ceil((needed - top) / (top - (capacity[last - 1] as number)));
  let units = 0;
  while (units < last && (capacity[units] as number) < needed) units++;
  return units;
}

/** Units bought for `units` at work: at least `spare` more, and at least `spareShare` of them (N+1, then one in ten). */
export const withSpareOf = (units: number, { spare, spareShare }: Pick<Fleet, 'spare' | 'spareShare'>): number =>
  units + Math.max(spare, ceilUnits(spareShare * units));

/** Units at work in the highest hour of the busiest month. */
export function unitsInPeakHour(term: FollowingFleet | PeakFleet, volume: number): number {
  const { min, capacity, base, plus, peakGrowth } = term;
  const served = volume + plus;
  const times = term.is === 'peak' ? term.multiple : term.load.multiple;
  if (base === null) return Math.max(min, unitsFor(capacity, peakGrowth * served * (times[0] ?? 0)));
  let most = 0;
  for (let i = 0; i < base.length; i++) most = Math.max(most, served * (times[i] as number) + (base[i] as number));
  return Math.max(min, unitsFor(capacity, peakGrowth * most));
}

/** Unit-hours of an average month of the horizon, spares included. */
export function unitHours(term: FollowingFleet, volume: number): number {
  const { base, growth, load } = term;
  if (base === null) return unitHoursOfSorted(term, overMonths(load, growth), volume + term.plus);
  let sum = 0;
  for (const factor of growth) sum += unitHoursOfMonth(term, base, volume, factor);
  return sum / growth.length;
}

function unitHoursOfSorted(fleet: Fleet, load: Load, served: number): number {
  const { capacity, min, spare, spareShare } = fleet;
  const { multiple, weight, weightUpTo } = load;
  const entries = multiple.length;
  const all = weightUpTo[entries] as number;
  const peak = Math.max(min, unitsFor(capacity, served * (multiple[0] ?? 0)));
  // A sorted load tells by binary search for how long a number of units does not suffice.
  if ((peak - min) * Math.log2(entries + 1) < entries) {
    let sum = withSpareOf(min, fleet) * all;
    for (let units = min; units < peak; units++) {
      const hours = weightUpTo[countAbove(load, capacityOf(capacity, units) / (served * (1 - slack)))] as number;
      sum += (withSpareOf(units + 1, fleet) - withSpareOf(units, fleet)) * hours;
    }
    return sum;
  }
  const step = evenStep(capacity);
  const unitsPerMultiple = step === null ? 0 : (served * (1 - slack)) / step;
  let sum = 0;
  let i = 0;
  for (; i < entries; i++) {
    const at = multiple[i] as number;
    const units = step === null ? unitsFor(capacity, served * at) : Math.ceil(unitsPerMultiple * at);
    if (units <= min) break;
    const more = spareShare === 0 ? spare : Math.max(spare, ceilUnits(spareShare * units));
    sum += (units + more) * (weight[i] as number);
  }
  return i === entries ? sum : sum + withSpareOf(min, fleet) * (all - (weightUpTo[i] as number));
}

/** Hour by hour in their order, as which of two is the higher depends on the volume: see `hourlyLoad`. */
function unitHoursOfMonth(term: FollowingFleet, base: Float64Array, volume: number, growth: number): number {
  const { capacity, min, load, spare, spareShare } = term;
  const served = growth * (volume + term.plus);
  const entries = load.multiple.length;
  const step = evenStep(capacity);
  const perStep = step === null ? 0 : (1 - slack) / step;
  const unitsIn = (i: number): number => {
    const need = served * (load.multiple[i] as number) + growth * (base[i] as number);
    return Math.max(min, step === null ? unitsFor(capacity, need) : Math.ceil(need * perStep));
  };
  const boughtFor = (units: number): number =>
    units + (spareShare === 0 ? spare : Math.max(spare, ceilUnits(spareShare * units)));
  let sum = 0;
  let units = unitsIn(0);
  for (let i = 0; i < entries; i++) {
    const next = unitsIn((i + 1) % entries);
    const bought = boughtFor(units);
    const ahead = load.lag > 0 && next > units ? load.lag * (boughtFor(next) - bought) : 0;
    sum += (bought + ahead) * (load.weight[i] as number);
    units = next;
  }
  return sum;
}
