import { firstAtLeast } from '../units/bisection.js';
import { hoursPerDay } from '../units/clock.js';
import { overMonths } from '../workload/load.js';
import type { AboveTerm } from './curve.js';
import { evenStep, type FollowingFleet, type PeakFleet, slack } from './fleet.js';

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

/** Entries of a ramp, side by side. */
type Entries = { slope: Float64Array; start: Float64Array; weight: Float64Array };

function rampOf({ slope, start, weight }: Entries, level: number): Ramp {
  const entries = slope.length;
  const leave = slope.map((rise, i) => {
    const from = start[i] as number;
    if (from > level) return Number.NEGATIVE_INFINITY;
    return rise > 0 ? (level - from) / rise : Number.POSITIVE_INFINITY;
  });
  const order = orderOf(leave);
  const sums = () => new Float64Array(entries + 1);
  const [weightUpTo, slopeUpTo, startUpTo] = [sums(), sums(), sums()];
  const leaves = new Float64Array(entries);
  let [steepest, highestStart] = [0, 0];
  for (let i = 0; i < entries; i++) {
    const entry = order[i] as number;
    const [hours, rise, from] = [weight[entry] as number, slope[entry] as number, start[entry] as number];
    leaves[i] = leave[entry] as number;
    weightUpTo[i + 1] = (weightUpTo[i] as number) + hours;
    slopeUpTo[i + 1] = (slopeUpTo[i] as number) + hours * rise;
    startUpTo[i + 1] = (startUpTo[i] as number) + hours * from;
    steepest = Math.max(steepest, rise);
    highestStart = Math.max(highestStart, from);
  }
  return { leaves, weightUpTo, slopeUpTo, startUpTo, level, steepest, highestStart };
}

/** Indexes in ascending order of the values; a sorted load's are in order already. */
function orderOf(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values.keys());
  if (values.every((x, i) => i === 0 || x >= (values[i - 1] as number))) return order;
  // Two at infinity differ by NaN.
  return order.sort((i, j) => {
    const [x, y] = [values[i] as number, values[j] as number];
    return x === y ? 0 : x - y;
  });
}

function heightAt({ weightUpTo, slopeUpTo, startUpTo, level, leaves }: Ramp, volume: number, entries: number): number {
  const resting = (weightUpTo[leaves.length] as number) - (weightUpTo[entries] as number);
  return level * resting + (slopeUpTo[entries] as number) * volume + (startUpTo[entries] as number);
}

/** Above a convex function runs its chord, below it any tangent: here that of the middle. */
function encloseRamp(ramp: Ramp, from: number, to: number): Enclosure {
  const middle = (from + to) / 2;
  const entries = firstAtLeast(ramp.leaves, middle);
  const height = heightAt(ramp, middle, entries);
  const rise = (ramp.slopeUpTo[entries] as number) * ((to - from) / 2);
  return {
    lowFrom: height - rise,
    lowTo: height + rise,
    highFrom: heightAt(ramp, from, firstAtLeast(ramp.leaves, from)),
    highTo: heightAt(ramp, to, firstAtLeast(ramp.leaves, to)),
  };
}

/** The highest of several: above their chords runs that of the highest ends, and each is above its own tangent. */
function encloseHighest(ramps: readonly Ramp[], from: number, to: number): Enclosure {
  return ramps
    .map((ramp) => encloseRamp(ramp, from, to))
    .reduce((a, b) => ({
      ...(a.lowFrom + a.lowTo < b.lowFrom + b.lowTo ? b : a),
      highFrom: Math.max(a.highFrom, b.highFrom),
      highTo: Math.max(a.highTo, b.highTo),
    }));
}

export type Enclose = (from: number, to: number) => Enclosure;

/** Encloses the requests above a capacity. */
export function enclosesAbove({ load, growth, base }: AboveTerm): Enclose {
  const { multiple, weight } = overMonths(load, growth);
  const start = new Float64Array(multiple.length).fill(-base);
  const ramp = rampOf({ slope: multiple, start, weight: weight.map((hours) => hours / hoursPerDay) }, 0);
  return (from, to) => encloseRamp(ramp, from, to);
}

/**
 * Encloses the unit-hours of a fleet: units before rounding up are a ramp, rounding adds less than one unit in the hours
 * that need more than the least, and spares are between a share of the units and that plus one. Null where the steps of the
 * capacity differ, where units are there already, and where machines come up before a higher hour: those are no ramp. Where one
 * of several times decides, each is a ramp.
 */
export function enclosesFleet(fleet: FollowingFleet | PeakFleet): Enclose | null {
  const step = evenStep(fleet.capacity);
  const isRamp = fleet.is === 'peak' ? fleet.free === undefined : fleet.base === null || fleet.load.lag === 0;
  if (step === null || !isRamp) return null;
  const { min, spare, spareShare } = fleet;
  const ramps = (fleet.is === 'peak' ? entriesByTime(fleet, step) : [entriesOf(fleet, step)]).map((one) =>
    rampOf(one, min),
  );
  const most = (of: (ramp: Ramp) => number): number => Math.max(...ramps.map(of));
  const all = most(({ weightUpTo, leaves }) => weightUpTo[leaves.length] as number);
  const steepest = most((ramp) => ramp.steepest);
  const highestStart = most((ramp) => ramp.highestStart);
  const under = 1 - 2 * slack;
  return (from, to) => {
    const units = encloseHighest(ramps, from, to);
    const rounding = most((ramp) => ramp.weightUpTo[firstAtLeast(ramp.leaves, to)] as number);
    const atMost = 1 + Math.max(min, steepest * to + highestStart);
    // Few units: the fixed spares suffice, so what is bought follows what works exactly.
    const fixed = spareShare * atMost <= spare;
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

/** What a fleet that is sized once needs at each time that may decide, in units before rounding: a line over volume each. */
const entriesByTime = ({ multiple, plus, base, peakGrowth, hours }: PeakFleet, step: number): Entries[] =>
  Array.from(multiple, (times, i) => {
    const slope = (peakGrowth * times) / step;
    const start = slope * plus + (peakGrowth * (base?.[i] ?? 0)) / step;
    return { slope: Float64Array.of(slope), start: Float64Array.of(start), weight: Float64Array.of(hours) };
  });

/** What every hour of the horizon needs in units, before rounding, as a line over volume. */
function entriesOf(fleet: FollowingFleet, step: number): Entries {
  const { plus, base, growth, load } = fleet;
  if (base === null) {
    const { multiple, weight } = overMonths(load, growth);
    const slope = multiple.map((x) => x / step);
    return { slope, start: slope.map((x) => x * plus), weight };
  }
  const hours = base.length;
  const over = (perHour: (hour: number, factor: number) => number) =>
    Float64Array.from({ length: hours * growth.length }, (_, i) =>
      perHour(i % hours, growth[Math.floor(i / hours)] as number),
    );
  return {
    slope: over((hour, factor) => (factor * (load.multiple[hour] as number)) / step),
    start: over((hour, factor) => (factor * ((load.multiple[hour] as number) * plus + (base[hour] as number))) / step),
    weight: over((hour) => (load.weight[hour] as number) / growth.length),
  };
}
