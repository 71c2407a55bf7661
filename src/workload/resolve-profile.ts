import type { Tables } from '../tables/tables.js';
import { hoursPerDay, hoursPerWeek, secondsPerHour } from '../units/clock.js';
import { recent } from '../units/memo.js';
import { readShare } from '../units/readers.js';
import type { Reading } from '../units/reading.js';
import { isMap } from '../units/reading.js';
import type { Uncertain } from '../units/uncertain.js';
import type { Scenario } from './schema.js';
import { getIn, setIn } from './source.js';
import type { Bursts } from './workload.js';

const steadyDigits = 12;
const usualProfile = 'business-hours';

const made = recent<Float64Array>(64);

/**
 * 168 hourly multipliers with mean 1, from a name, from hours, or from a ratio of peak to mean. The same profile gives
 * the same object, which caches use.
 */
export function profileOf({ workload }: Scenario, tables: Tables): { name: string; multipliers: Float64Array } {
  const { profile = usualProfile } = workload;
  if (typeof profile === 'string') {
    const row = tables.profileOf.get(profile);
    if (row === undefined)
      throw new Error(`no profile ${profile}: readScenario checks names when it is given the tables`);
    return { name: profile, multipliers: row.multipliers };
  }
  if (Array.isArray(profile)) return { name: 'own hours', multipliers: made(profile.join(), () => weekOf(profile)) };
  const { likely } = profile.peakToMean;
  return { name: `peak ${likely} x mean`, multipliers: made(`peak ${likely}`, () => waveWithPeak(likely)) };
}

/** The hours of bursts, evenly through the day; longer ones continue in later hours. */
export function hoursOfBursts({ perDay, withinS }: Bursts): Float64Array {
  return made(`bursts ${perDay} ${withinS}`, () => {
    const bursts = Math.min(hoursPerDay, Math.ceil(perDay));
    const length = Math.ceil(withinS / secondsPerHour);
    const starts = Array.from({ length: bursts }, (_, i) => Math.floor((i * hoursPerDay) / bursts));
    const hours = new Array<number>(hoursPerDay).fill(0);
    for (const start of starts) for (let hour = start; hour < start + length; hour++) hours[hour % hoursPerDay] = 1;
    return weekOf(hours);
  });
}

/** Busiest minute of an hour in which a burst comes over the mean one. */
export const inHourOf = ({ perDay, withinS }: Bursts): number =>
  Math.max(1, secondsPerHour / withinS / Math.max(1, perDay / hoursPerDay));

/** Hours over and over through a week, over their mean. */
function weekOf(hours: readonly number[]): Float64Array {
  // First relative to the highest hour: a sum of the largest numbers would overflow.
  const highest = hours.reduce((most, x) => Math.max(most, x), 0);
  const week = Float64Array.from({ length: hoursPerWeek }, (_, hour) => (hours[hour % hours.length] ?? 0) / highest);
  const mean = week.reduce((sum, x) => sum + x, 0) / hoursPerWeek;
  return week.map((x) => x / mean);
}

/**
 * A wave whose highest hour is `ratio` times the mean of 1: a raised cosine to a power found by bisection. It repeats
 * every day if a day is long enough for the ratio, else every week.
 */
function waveWithPeak(ratio: number): Float64Array {
  if (ratio <= 1) return new Float64Array(hoursPerWeek).fill(1);
  const period = ratio < hoursPerDay / 2 ? hoursPerDay : hoursPerWeek;
  const top = period / 2;
  const wave = (power: number) => {
    const cycle = Float64Array.from(
      { length: period },
      (_, hour) => ((1 + Math.cos((2 * Math.PI * (hour - top)) / period)) / 2) ** power,
    );
    const mean = cycle.reduce((sum, x) => sum + x, 0) / period;
    return cycle.map((x) => x / mean);
  };
  const peak = (power: number) => wave(power)[top] as number;
  let low = 0;
  let high = 1;
  while (peak(high) < ratio && high < 1e6) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (peak(middle) < ratio) low = middle;
    else high = middle;
  }
  // The last digits of a power depend on Node's version; differences of large figures would show them.
  const cycle = wave((low + high) / 2).map((x) => Number(x.toPrecision(steadyDigits)));
  return Float64Array.from({ length: hoursPerWeek }, (_, hour) => cycle[hour % period] as number);
}

/** Shares of tasks sum to 1 within this, to forgive rounding. */
export const shareTolerance = 0.005;

/**
 * The shares of all tasks without their own volume, completed: equal where none has one, the rest where one lacks it.
 * Null for a task with its own volume; the whole is null if unclear.
 */
export function effectiveShares(
  tasks: readonly { share: Uncertain | null; ownVolume: boolean }[],
): (Uncertain | null)[] | null {
  const sharers = tasks.filter(({ ownVolume }) => !ownVolume);
  const given = sharers.flatMap(({ share }) => (share ? [share.likely] : []));
  const missing = sharers.length - given.length;
  const sum = given.reduce((total, share) => total + share, 0);
  const left = missing === sharers.length ? 1 / sharers.length : 1 - sum;
  if (missing > 1 && missing < sharers.length) return null;
  if (missing === 0 && sharers.length > 0 && Math.abs(sum - 1) > shareTolerance) return null;
  if (missing === 1 && left <= 0) return null;
  return tasks.map(({ share, ownVolume }) => (ownVolume ? null : (share ?? { likely: left, range: null })));
}

/** The shares of the tasks of an unchecked scenario, or null if unclear. */
export function readShares(root: unknown): (Uncertain | null)[] | null {
  const tasks = getIn(root, ['tasks']);
  if (!Array.isArray(tasks) || !tasks.every(isMap)) return null;
  const read = tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: (volume ?? null) !== null }));
  const known = read.map(({ share, ownVolume }) => ({ ownVolume, reading: share === null ? null : readShare(share) }));
  if (known.some(({ reading }) => reading !== null && !reading.ok)) return null;
  return effectiveShares(
    known.map(({ ownVolume, reading }) => ({ ownVolume, share: reading?.ok ? reading.value : null })),
  );
}

/**
 * Scales the shares of all tasks but the `held` ones, in proportion to their shares `before`, so that the sum is 1
 * again. Unchanged where impossible; checking the scenario then says why. Changes `root`.
 */
export function rescaleShares(root: unknown, before: readonly (Uncertain | null)[], held: readonly number[]): void {
  const heldShares = held.map((index) => readShare(getIn(root, ['tasks', index, 'share'])));
  const taken = sumOf([...new Set(held)].map((index) => shareAt(heldShares[held.indexOf(index)])));
  const rest = sumOf(before.map((share, index) => (share && !held.includes(index) ? share.likely : 0)));
  if (!(taken <= 1) || rest <= 0) return;
  for (const [index, share] of before.entries()) {
    if (share && !held.includes(index)) setIn(root, ['tasks', index, 'share'], scaledShare(share, (1 - taken) / rest));
  }
}

const shareAt = (reading: Reading<Uncertain> | undefined) => (reading?.ok ? reading.value.likely : Number.NaN);

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function scaledShare({ likely, range }: Uncertain, factor: number): unknown {
  const scaled = (share: number) => Math.min(1, share * factor);
  return range ? { low: scaled(range.low), likely: scaled(likely), high: scaled(range.high) } : scaled(likely);
}
