import { countAbove, type Load } from '../scenario/load.js';

/**
 * Monthly cost over volume (mean requests a day of month 1): a line plus terms, each a difference of two functions that
 * never fall with volume. So a curve can bound itself on any interval by looking at its ends only.
 */
export type CostCurve = { fixed: number; perUnit: number; terms: Term[] };

export type Term =
  /** A fleet that follows the hours: `usd` per unit-hour, units as each hour needs, never below `min`, plus spares. */
  | ({ is: 'replicas'; load: Load } & Fleet)
  /** A fleet sized once, for the highest hour: `usd` per unit-hour over `hours` of a month, `free` units unpaid. */
  | ({ is: 'peak'; multiple: number; hours: number; free?: number } & Fleet)
  /** Anything else that is up(v) - down(v), neither of which falls with v. */
  | { is: 'smooth'; up(volume: number): number; down(volume: number): number };

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

/** One tolerance for every rounding up: 10.000000001 units of work fit 10 units. */
const slack = 1e-9;
export const ceilUnits = (x: number): number => Math.ceil(x - slack);

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
export const withSpare = (units: number, { spare, spareShare }: Pick<Fleet, 'spare' | 'spareShare'>): number =>
  units + Math.max(spare, ceilUnits(spareShare * units));

/** Units at work in the highest hour of the horizon. */
export function unitsAtPeak(term: FleetTerm, volume: number): number {
  return unitsInPeakHour(term, volume, term.peakGrowth);
}

type FleetTerm = Extract<Term, { is: 'replicas' | 'peak' }>;

function unitsInPeakHour(term: FleetTerm, volume: number, growth: number): number {
  const { min, capacity, base, plus } = term;
  const served = volume + plus;
  const highest = term.is === 'peak' ? term.multiple : (term.load.multiple[0] ?? 0);
  if (base === null) return Math.max(min, unitsFor(capacity, growth * served * highest));
  if (term.is === 'peak') return Math.max(min, unitsFor(capacity, growth * (served * highest + (base[0] ?? 0))));
  let most = 0;
  for (let i = 0; i < base.length; i++)
    most = Math.max(most, served * (term.load.multiple[i] as number) + (base[i] as number));
  return Math.max(min, unitsFor(capacity, growth * most));
}

/** Unit-hours of an average month of the horizon, spares included. */
function unitHours(term: Extract<Term, { is: 'replicas' }>, volume: number): number {
  let sum = 0;
  for (const growth of term.growth) sum += unitHoursOfMonth(term, volume, growth);
  return sum / term.growth.length;
}

function unitHoursOfMonth(term: Extract<Term, { is: 'replicas' }>, volume: number, growth: number): number {
  const { load, base, capacity, min } = term;
  const served = growth * (volume + term.plus);
  const entries = load.multiple.length;
  if (base === null) {
    // A sorted load tells by binary search for how long a number of units does not suffice.
    const peak = unitsInPeakHour(term, volume, growth);
    if ((peak - min) * Math.log2(entries) < entries) {
      let sum = withSpare(min, term) * (load.weightUpTo[entries] as number);
      for (let units = min; units < peak; units++) {
        const hours = load.weightUpTo[countAbove(load, capacityOf(capacity, units) / (served * (1 - slack)))] as number;
        sum += (withSpare(units + 1, term) - withSpare(units, term)) * hours;
      }
      return sum;
    }
  }
  let sum = 0;
  for (let i = 0; i < entries; i++) {
    const need = served * (load.multiple[i] as number) + (base === null ? 0 : growth * (base[i] as number));
    sum += withSpare(Math.max(min, unitsFor(capacity, need)), term) * (load.weight[i] as number);
  }
  return sum;
}

/** For how many hours of a month each number of units is kept, spares included; most hours' worth of units last. */
export function unitsInHours(
  term: Extract<Term, { is: 'replicas' }>,
  volume: number,
  growth: number,
): { units: number; hours: number }[] {
  const { load, base, capacity, min, plus } = term;
  const hoursOf = new Map<number, number>();
  for (let i = 0; i < load.multiple.length; i++) {
    const need = growth * ((volume + plus) * (load.multiple[i] as number) + (base?.[i] ?? 0));
    const units = withSpare(Math.max(min, unitsFor(capacity, need)), term);
    hoursOf.set(units, (hoursOf.get(units) ?? 0) + (load.weight[i] as number));
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
    return { is: 'smooth', up: (volume) => factor * term.up(volume), down: (volume) => factor * term.down(volume) };
  });
  return { fixed: curve.fixed * factor, perUnit: curve.perUnit * factor, terms };
}
