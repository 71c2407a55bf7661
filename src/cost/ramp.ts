import { overMonths } from '../scenario/load.js';
import type { AboveTerm } from './curve.js';
import { evenStep, type FollowingFleet, type PeakFleet, slack } from './fleet-units.js';

/** Two straight lines between which a function stays on an interval, by their values at its ends. */
export type Enclosure = { lowFrom: number; lowTo: number; highFrom: number; highTo: number };

/** Sum of weight x max(level, slope x volume + start) over entries with slope >= 0: it never falls and is convex. */
type Ramp = {
  /** Volumes at which an entry leaves the level, ascending; one that never does is at infinity. */
  leaves: Float64Array;
  /** Sums over the first i entries. */
  weightUpTo: Float64Array;
  slopeUpTo: Float64Array;
  startUpTo: Float64Array;
  level: number;
  /** The highest of every entry, as a line that none exceeds. */
  steepest: number;
  highestStart: number;
};

type Entry = { slope: number; start: number; weight: number };

function rampOf(entries: readonly Entry[], level: number): Ramp {
  const leave = ({ slope, start }: Entry) => {
    if (start > level) return Number.NEGATIVE_INFINITY;
    return slope > 0 ? (level - start) / slope : Number.POSITIVE_INFINITY;
  };
  const sorted = entries.map((entry) => ({ ...entry, leaves: leave(entry) }));
  // Those at infinity differ by NaN.
  sorted.sort((a, b) => (a.leaves === b.leaves ? 0 : a.leaves - b.leaves));
  const sums = () => new Float64Array(sorted.length + 1);
  const [weightUpTo, slopeUpTo, startUpTo] = [sums(), sums(), sums()];
  let [steepest, highestStart] = [0, 0];
  for (const [i, { slope, start, weight }] of sorted.entries()) {
    weightUpTo[i + 1] = (weightUpTo[i] as number) + weight;
    slopeUpTo[i + 1] = (slopeUpTo[i] as number) + weight * slope;
    startUpTo[i + 1] = (startUpTo[i] as number) + weight * start;
    steepest = Math.max(steepest, slope);
    highestStart = Math.max(highestStart, start);
  }
  const leaves = Float64Array.from(sorted, (entry) => entry.leaves);
  return { leaves, weightUpTo, slopeUpTo, startUpTo, level, steepest, highestStart };
}

/** Entries that have left the level at a volume. */
function risen({ leaves }: Ramp, volume: number): number {
  let low = 0;
  let high = leaves.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((leaves[middle] as number) < volume) low = middle + 1;
    else high = middle;
  }
  return low;
}

function heightAt({ weightUpTo, slopeUpTo, startUpTo, level, leaves }: Ramp, volume: number, entries: number): number {
  const resting = (weightUpTo[leaves.length] as number) - (weightUpTo[entries] as number);
  return level * resting + (slopeUpTo[entries] as number) * volume + (startUpTo[entries] as number);
}

/** Above a convex function runs its chord, below it any tangent: here that of the middle. */
function encloseRamp(ramp: Ramp, from: number, to: number): Enclosure {
  const middle = (from + to) / 2;
  const entries = risen(ramp, middle);
  const height = heightAt(ramp, middle, entries);
  const rise = (ramp.slopeUpTo[entries] as number) * ((to - from) / 2);
  return {
    lowFrom: height - rise,
    lowTo: height + rise,
    highFrom: heightAt(ramp, from, risen(ramp, from)),
    highTo: heightAt(ramp, to, risen(ramp, to)),
  };
}

export type Enclose = (from: number, to: number) => Enclosure;

/** Encloses the requests above a capacity. */
export function enclosesAbove({ load, growth, base }: AboveTerm): Enclose {
  const { multiple, weight } = overMonths(load, growth);
  const hoursPerDay = 24;
  const entries = Array.from(multiple, (slope, i) => ({
    slope,
    start: -base,
    weight: (weight[i] as number) / hoursPerDay,
  }));
  const ramp = rampOf(entries, 0);
  return (from, to) => encloseRamp(ramp, from, to);
}

/**
 * Encloses the unit-hours of a fleet: units before rounding up are a ramp, rounding adds less than one unit in the hours
 * that need more than the least, and spares are between a share of the units and that plus one. Null where the steps of the
 * capacity differ: their units are no ramp.
 */
export function enclosesFleet(fleet: FollowingFleet | PeakFleet): Enclose | null {
  const step = evenStep(fleet.capacity);
  if (step === null) return null;
  const { min, spare, spareShare } = fleet;
  const ramp = rampOf(entriesOf(fleet, step), min);
  const all = ramp.weightUpTo[ramp.leaves.length] as number;
  const under = 1 - 2 * slack;
  return (from, to) => {
    const units = encloseRamp(ramp, from, to);
    const rounding = ramp.weightUpTo[risen(ramp, to)] as number;
    const most = 1 + Math.max(min, ramp.steepest * to + ramp.highestStart);
    // Few units: the fixed spares suffice, so what is bought follows what works exactly.
    const fixed = spareShare * most <= spare;
    const share = fixed ? 0 : spareShare;
    const lowShare = spareShare * units.lowFrom < spare * all ? 0 : share;
    const lowSpare = lowShare === 0 ? spare * all : -slack * all;
    const highSpare = (fixed ? spare : Math.max(spare, 1)) * all;
    return {
      lowFrom: under * (units.lowFrom * (1 + lowShare) + lowSpare),
      lowTo: under * (units.lowTo * (1 + lowShare) + lowSpare),
      highFrom: (units.highFrom + rounding) * (1 + share) + highSpare,
      highTo: (units.highTo + rounding) * (1 + share) + highSpare,
    };
  };
}

/** What every hour of the horizon needs in units, before rounding, as a line over volume. */
function entriesOf(fleet: FollowingFleet | PeakFleet, step: number): Entry[] {
  const { plus, base, growth, peakGrowth } = fleet;
  const entry = (factor: number, multiple: number, stays: number, weight: number): Entry => ({
    slope: (factor * multiple) / step,
    start: (factor * (multiple * plus + stays)) / step,
    weight,
  });
  if (fleet.is === 'peak') return [entry(peakGrowth, fleet.multiple, base?.[0] ?? 0, fleet.hours)];
  if (base === null) {
    const { multiple, weight } = overMonths(fleet.load, growth);
    return Array.from(multiple, (x, i) => entry(1, x, 0, weight[i] as number));
  }
  const { multiple, weight } = fleet.load;
  return Array.from(growth).flatMap((factor) =>
    Array.from(multiple, (x, i) => entry(factor, x, base[i] as number, (weight[i] as number) / growth.length)),
  );
}
