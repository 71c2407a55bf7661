import type { Tables } from '../tables/tables.js';
import { recent } from '../units/recent.js';
import type { Scenario } from './schema.js';

const hoursPerWeek = 168;
const hoursPerDay = 24;
const steadyDigits = 12;
const usualProfile = 'business-hours';

const made = recent<Float64Array>(64);

/**
 * 168 hourly multipliers with mean 1, from a name, from hours, or from a ratio of peak to mean. The same profile gives the
 * same object, so that what is remembered of it serves other scenarios too.
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

/** Hours over and over through a week, over their mean. */
function weekOf(hours: readonly number[]): Float64Array {
  // Against the highest hour first: a sum of the largest numbers there are would overflow.
  const highest = hours.reduce((most, x) => Math.max(most, x), 0);
  const week = Float64Array.from({ length: hoursPerWeek }, (_, hour) => (hours[hour % hours.length] ?? 0) / highest);
  const mean = week.reduce((sum, x) => sum + x, 0) / hoursPerWeek;
  return week.map((x) => x / mean);
}

/**
 * A wave whose highest hour is `ratio` times the mean and whose mean is 1: a raised cosine to a power that is found by
 * bisection. It repeats every day while a day is long enough for the ratio, else every week.
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
  // The last digits of a power are another version of Node's own; a difference of large figures would show them.
  const cycle = wave((low + high) / 2).map((x) => Number(x.toPrecision(steadyDigits)));
  return Float64Array.from({ length: hoursPerWeek }, (_, hour) => cycle[hour % period] as number);
}
