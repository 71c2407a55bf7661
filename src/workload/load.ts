import { memoized, perObject, recent } from '../units/memo.js';

/** Work that need not be done in the hour it arrives in. */
export type Waiting = {
  arrivals: Hours;
  deadlineHours: number;
};

/** Rounding: a ceiling this close to the mean is the mean. */
const slack = 1e-12;

const served = perObject((arrivals: Hours) =>
  memoized((deadline: number) =>
    deadline === 0 ? arrivals : underCeiling(arrivals, lowestCeiling(arrivals, deadline)),
  ),
);

/**
 * The hours in which deferrable work is done, up to `deadlineHours` after it arrives: as it comes, but never faster
 * than the lowest constant ceiling that keeps the deadline, first come, first served, in a cyclic week. Same work,
 * lower peak; a deadline of a week gives a flat line. Whole hours only. The same arguments give the same object, and
 * never that of arrivals that may not wait: it distinguishes the two.
 */
export const servedInTime = (arrivals: Hours, deadlineHours: number): Hours =>
  served(arrivals)(wholeHours(deadlineHours, arrivals));

/** The hours of work that may wait, and what they came from. */
export function doneInTime(arrivals: Hours, deadlineHours: number): { hours: Hours; waits: Waiting | null } {
  const hours = servedInTime(arrivals, deadlineHours);
  return { hours, waits: hours === arrivals ? null : { arrivals, deadlineHours } };
}

/**
 * When work arrives and how many whole hours it may wait. Hours changed after they were spread over their deadline are
 * those in which the work must be done.
 */
export function waitingOf({ hours, waits }: { hours: Hours; waits: Waiting | null }): Waiting {
  return waits !== null && servedInTime(waits.arrivals, waits.deadlineHours) === hours
    ? { arrivals: waits.arrivals, deadlineHours: wholeHours(waits.deadlineHours, hours) }
    : { arrivals: hours, deadlineHours: 0 };
}

/** A week's wait makes everything flat; more changes nothing. */
const wholeHours = (deadlineHours: number, { length }: Hours): number => Math.min(length, Math.floor(deadlineHours));

/**
 * The lowest ceiling: the most that arrives within any w hours must be done within w + deadline hours (network
 * calculus: the horizontal distance of arrival and service curve). Windows beyond one cycle tend to the mean.
 */
function lowestCeiling(arrivals: Hours, deadline: number): number {
  let ceiling = meanOf(arrivals);
  for (let from = 0; from < arrivals.length; from++) {
    let arrived = 0;
    for (let hours = 1; hours <= arrivals.length; hours++) {
      arrived += arrivals[(from + hours - 1) % arrivals.length] as number;
      ceiling = Math.max(ceiling, arrived / (hours + deadline));
    }
  }
  return ceiling;
}

/** Work done in each hour with at most `ceiling` an hour, in the steady state of a repeating week. */
function underCeiling(arrivals: Hours, ceiling: number): Hours {
  if (ceiling >= highestOf(arrivals)) return arrivals.slice();
  const mean = meanOf(arrivals);
  if (ceiling <= mean * (1 + slack)) return new Float64Array(arrivals.length).fill(mean);
  let backlog = 0;
  const done = new Float64Array(arrivals.length);
  // One week from empty gives the steady backlog, as no week brings more than it can do.
  for (let week = 0; week < 2; week++) {
    for (let hour = 0; hour < arrivals.length; hour++) {
      const waiting = backlog + (arrivals[hour] as number);
      done[hour] = Math.min(ceiling, waiting);
      backlog = Math.max(0, waiting - ceiling);
    }
  }
  return done;
}

/**
 * Load: how often the workload is how busy. The hours of a week as multiples of the base volume (mean requests a day of
 * month 1), in descending order for binary search. The months of the horizon are the same week times their growth: a
 * curve over the horizon is the mean of the week's curve at each month's volume.
 */
export type Load = {
  /** Multiples of the base volume, descending. */
  multiple: Float64Array;
  /** Hours a month spends at each multiple; they sum to the hours of a month. */
  weight: Float64Array;
  /** weightUpTo[i] = weight of the first i entries. */
  weightUpTo: Float64Array;
  /** energyUpTo[i] = sum of multiple x weight over the first i entries. */
  energyUpTo: Float64Array;
  /** Share of an entry's time that already holds the next entry's need; 0 where entries include it. */
  lag: number;
};

/** Hour by hour through a week, all of equal weight: what can be added across tasks. */
export type Hours = Float64Array;

// Beyond any workload there is; keeps powers of absurd growth finite and above 0.
const mostFactor = 1e15;

const grown = recent<Float64Array>(64);

/**
 * Volume of every distinct month of the horizon over that of month 1; without growth just 1. The same arguments give
 * the same object, which caches use.
 */
export const growthOf = (growthPerMonth: number, months: number): Float64Array =>
  grown(`${growthPerMonth} ${months}`, () => madeGrowth(growthPerMonth, months));

function madeGrowth(growthPerMonth: number, months: number): Float64Array {
  const factors = new Float64Array(growthPerMonth === 0 ? 1 : months).fill(1);
  // By repeated multiplication, as the last digits of a power depend on Node's version.
  for (let month = 1; month < factors.length; month++) {
    const next = (factors[month - 1] as number) * (1 + growthPerMonth);
    factors[month] = Math.min(mostFactor, Math.max(1 / mostFactor, next));
  }
  return factors;
}

export const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
export const highestOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, x), 0);

/** Distinct multiples of hours, and hours of each; few in profiles of tables. */
type Distinct = { multiple: Float64Array; count: Float64Array };

export const distinctOf = perObject((hours: Hours): Distinct => {
  const counts = new Map<number, number>();
  for (const hour of hours) counts.set(hour, (counts.get(hour) ?? 0) + 1);
  return { multiple: Float64Array.from(counts.keys()), count: Float64Array.from(counts.values()) };
});

/** Adds hours of several tasks, each times its own factor. */
export function addHours(parts: readonly { hours: Hours; factor: number }[]): Hours {
  const length = parts.reduce((most, { hours }) => Math.max(most, hours.length), 0);
  const sum = new Float64Array(length);
  for (const { hours, factor } of parts) {
    for (let hour = 0; hour < length; hour++) sum[hour] = (sum[hour] as number) + factor * (hours[hour] as number);
  }
  return sum;
}

/** Hours of a table's profile have many demands, with other months and lags. */
const curvesOf = perObject((_: Hours) => recent<Load>(4));

/**
 * Sorts hours into a load-duration curve. With a lag (a fraction of an hour) a fleet already holds what the next hour
 * needs for that long (the week is cyclic): an hour before a higher one is two entries. The same arguments give the
 * same object.
 */
export const durationCurve = (hours: Hours, hoursPerMonth: number, lag = 0): Load =>
  curvesOf(hours)(`${hoursPerMonth} ${lag}`, () => madeCurve(hours, hoursPerMonth, lag));

function madeCurve(hours: Hours, hoursPerMonth: number, lag: number): Load {
  const perHour = hoursPerMonth / hours.length;
  if (lag === 0) return withSums(Float64Array.from(hours).sort().reverse(), () => perHour, 0);
  const { multiple, is } = stepsOf(hours);
  const weights = { whole: perHour, before: perHour * (1 - lag), ahead: perHour * lag };
  return withSums(multiple, (i) => weights[is[i] as Entry], 0);
}

/** An entry for a whole hour, or for its time before or after it holds a higher next one. */
type Entry = 'whole' | 'before' | 'ahead';

/** The entries of a curve with a lag in descending order, whatever the lag is. */
function stepsOf(hours: Hours): { multiple: Float64Array; is: Entry[] } {
  const entries: { multiple: number; is: Entry }[] = [];
  hours.forEach((multiple, hour) => {
    const next = hours[(hour + 1) % hours.length] as number;
    if (next > multiple) entries.push({ multiple, is: 'before' }, { multiple: next, is: 'ahead' });
    else entries.push({ multiple, is: 'whole' });
  });
  entries.sort((a, b) => b.multiple - a.multiple);
  return { multiple: Float64Array.from(entries, ({ multiple }) => multiple), is: entries.map(({ is }) => is) };
}

/**
 * A load in the order of hours, for sums of moving and fixed parts. Which of two hours is higher then depends on the
 * volume, so the lag stays a number.
 */
export const hourlyLoad = (hours: Hours, hoursPerMonth: number, lag = 0): Load =>
  withSums(hours, () => hoursPerMonth / hours.length, lag);

const withSums = (multiple: Float64Array, weightOf: (entry: number) => number, lag: number): Load =>
  withWeights(
    multiple,
    multiple.map((_, i) => weightOf(i)),
    lag,
  );

function withWeights(multiple: Float64Array, weight: Float64Array, lag: number): Load {
  const weightUpTo = new Float64Array(multiple.length + 1);
  const energyUpTo = new Float64Array(multiple.length + 1);
  for (let i = 0; i < multiple.length; i++) {
    weightUpTo[i + 1] = (weightUpTo[i] as number) + (weight[i] as number);
    energyUpTo[i + 1] = (energyUpTo[i] as number) + (weight[i] as number) * (multiple[i] as number);
  }
  return { multiple, weight, weightUpTo, energyUpTo, lag };
}

const merged = perObject((load: Load) => perObject((growth: Float64Array) => mergeMonths(load, growth)));

/**
 * The hours of all months as one load-duration curve of an average month: each entry of a sorted load times the growth
 * of each month, equal ones merged. Cached by load and growth.
 */
export const overMonths = (load: Load, growth: Float64Array): Load =>
  growth.length === 1 && growth[0] === 1 ? load : merged(load)(growth);

function mergeMonths(load: Load, growth: Float64Array): Load {
  const entries = load.multiple.length;
  const months = growth.length;
  const all: Entries = { multiple: new Float64Array(entries * months), weight: new Float64Array(entries * months) };
  for (let month = 0, i = 0; month < months; month++)
    for (let entry = 0; entry < entries; entry++, i++) {
      all.multiple[i] = (growth[month] as number) * (load.multiple[entry] as number);
      all.weight[i] = (load.weight[entry] as number) / months;
    }
  const { multiple, weight } = descending(all, entries);
  let distinct = 0;
  for (let i = 0; i < multiple.length; i++)
    if (distinct > 0 && multiple[i] === multiple[distinct - 1])
      weight[distinct - 1] = (weight[distinct - 1] as number) + (weight[i] as number);
    else {
      multiple[distinct] = multiple[i] as number;
      weight[distinct] = weight[i] as number;
      distinct++;
    }
  return withWeights(multiple.slice(0, distinct), weight.slice(0, distinct), 0);
}

type Entries = Pick<Load, 'multiple' | 'weight'>;

/**
 * Entries by descending multiple, stable; each `run` is sorted already. A merge sort between two arrays, as it reads
 * memory in order.
 */
function descending(given: Entries, run: number): Entries {
  const length = given.multiple.length;
  let from: Entries = given;
  let to: Entries = { multiple: new Float64Array(length), weight: new Float64Array(length) };
  for (let width = run; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width)
      mergeRuns(from, to, start, Math.min(start + width, length), Math.min(start + 2 * width, length));
    [from, to] = [to, from];
  }
  return from;
}

/** The runs `start` to `middle` and `middle` to `end` as one. */
function mergeRuns({ multiple, weight }: Entries, to: Entries, start: number, middle: number, end: number): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = right === end || (left < middle && (multiple[left] as number) >= (multiple[right] as number));
    const i = takesLeft ? left++ : right++;
    to.multiple[at] = multiple[i] as number;
    to.weight[at] = weight[i] as number;
  }
}

/** Number of entries above `threshold`, by binary search. */
export function countAbove({ multiple }: Load, threshold: number): number {
  let low = 0;
  let high = multiple.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((multiple[middle] as number) > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
