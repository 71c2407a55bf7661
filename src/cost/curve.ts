import { countAbove, type Load, overMonths } from '../workload/load.js';
import {
  type Fleet,
  type FollowingFleet,
  type PeakFleet,
  unitHours,
  unitsFor,
  unitsInPeakHour,
  withSpareOf,
} from './fleet-units.js';
import { type Rising, times } from './rising.js';

export { ceilUnits, type Fleet, unitsFor } from './fleet-units.js';

/**
 * Monthly cost over volume (mean requests a day of month 1): a line plus terms, each a difference of two functions that
 * never fall with volume. So a curve can bound itself on any interval by looking at its ends only.
 */
export type CostCurve = { fixed: number; perUnit: number; terms: Term[] };

export type Term =
  /** A fleet that follows the hours: `usd` per unit-hour, units as each hour needs, never below `min`, plus spares. */
  | FollowingFleet
  /** A fleet sized once, for the highest hour: `usd` per unit-hour over `hours` of a month, `free` units unpaid. */
  | PeakFleet
  /** What exceeds a fixed capacity. */
  | AboveTerm
  /** Anything else that is up(v) - down(v), neither of which falls with v. */
  | { is: 'smooth'; up: Rising; down: Rising };

/**
 * `usd` per request that arrives above a rate of `base` requests a day (at multiple 1), hour by hour: the energy of the
 * load-duration curve above a fixed capacity.
 */
export type AboveTerm = {
  is: 'above';
  usd: number;
  base: number;
  /** Sorted. */
  load: Load;
  /** As in a fleet: the term is the mean over the months of the horizon. */
  growth: Float64Array;
};

/** Units bought for `units` at work, spares included; what is above a capacity has none. */
export const withSpare = (units: number, of: Pick<Fleet, 'spare' | 'spareShare'> | AboveTerm): number =>
  'spare' in of ? withSpareOf(units, of) : units;

/** Units at work in the highest hour of the horizon; what is above a capacity has none. */
export const unitsAtPeak = (term: FollowingFleet | PeakFleet | AboveTerm, volume: number): number =>
  term.is === 'above' ? 0 : unitsInPeakHour(term, volume);

const hoursPerDay = 24;

/** Requests of an average month that arrive above a rate of `base` requests a day, of a sorted load. */
export function requestsAbove(load: Load, growth: Float64Array, base: number, volume: number): number {
  const whole = overMonths(load, growth);
  if (volume <= 0) return 0;
  const entries = countAbove(whole, base / volume);
  const over = volume * (whole.energyUpTo[entries] as number) - base * (whole.weightUpTo[entries] as number);
  return Math.max(0, over) / hoursPerDay;
}

/** For how many hours of a month each number of units is kept, spares included; most hours' worth of units last. */
export function unitsInHours(term: FollowingFleet, volume: number, growth: number): { units: number; hours: number }[] {
  const { load, base, capacity, min, plus } = term;
  const entries = load.multiple.length;
  const unitsIn = (i: number): number => {
    const need = growth * ((volume + plus) * (load.multiple[i] as number) + (base?.[i] ?? 0));
    return withSpare(Math.max(min, unitsFor(capacity, need)), term);
  };
  const hoursOf = new Map<number, number>();
  const put = (units: number, hours: number) => hoursOf.set(units, (hoursOf.get(units) ?? 0) + hours);
  for (let i = 0; i < entries; i++) {
    const units = unitsIn(i);
    const next = unitsIn((i + 1) % entries);
    const hours = load.weight[i] as number;
    const ahead = next > units ? load.lag * hours : 0;
    put(units, hours - ahead);
    put(next, ahead);
  }
  return [...hoursOf].map(([units, hours]) => ({ units, hours })).sort((a, b) => a.units - b.units);
}

/** USD a month of one term at a volume. */
export function termAt(term: Term, volume: number): number {
  switch (term.is) {
    case 'replicas':
      return term.usd * unitHours(term, volume);
    case 'peak':
      return term.usd * term.hours * Math.max(0, withSpare(unitsAtPeak(term, volume), term) - (term.free ?? 0));
    case 'above':
      return term.usd * requestsAbove(term.load, term.growth, term.base, volume);
    case 'smooth':
      return term.up(volume) - term.down(volume);
  }
}

/** USD a month at a volume. */
export function at(curve: CostCurve, volume: number): number {
  let usd = curve.fixed + curve.perUnit * volume;
  for (const term of curve.terms) usd += termAt(term, volume);
  return usd;
}

export type Bounds = { low: number; high: number };

/** Sound bounds of the curve on [from, to]: each term by the ends of its two rising halves. */
export function bounds(curve: CostCurve, from: number, to: number): Bounds {
  const ends = [curve.perUnit * from, curve.perUnit * to];
  let low = curve.fixed + Math.min(...ends);
  let high = curve.fixed + Math.max(...ends);
  for (const term of curve.terms) {
    if (term.is === 'smooth') {
      low += term.up(from) - term.down(to);
      high += term.up(to) - term.down(from);
    } else {
      low += termAt(term, from);
      high += termAt(term, to);
    }
  }
  return { low, high };
}

export const fixedCost = (usdPerMonth: number): CostCurve => ({ fixed: usdPerMonth, perUnit: 0, terms: [] });

/** The sum of curves is a curve. */
export function add(curves: readonly CostCurve[]): CostCurve {
  return {
    fixed: curves.reduce((sum, { fixed }) => sum + fixed, 0),
    perUnit: curves.reduce((sum, { perUnit }) => sum + perUnit, 0),
    terms: curves.flatMap(({ terms }) => terms),
  };
}

/** The curve times a factor >= 0. */
export function scale(curve: CostCurve, factor: number): CostCurve {
  const terms = curve.terms.map((term): Term => {
    if (term.is !== 'smooth') return { ...term, usd: term.usd * factor };
    return { is: 'smooth', up: times(term.up, factor), down: times(term.down, factor) };
  });
  return { fixed: curve.fixed * factor, perUnit: curve.perUnit * factor, terms };
}
