import type { Uncertain } from './range.js';
import type { Reader } from './reading.js';
import { uncertainReader } from './uncertain.js';

export type TimeUnit = 'ms' | 's' | 'min' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

const secondsPerDay = 86_400;

/** Seconds in each unit up to the week, months in the two above; a month is a twelfth of 365 days. */
const clock: Partial<Record<TimeUnit, number>> = {
  ms: 0.001,
  s: 1,
  min: 60,
  hours: 3600,
  days: secondsPerDay,
  weeks: 7 * secondsPerDay,
};
const calendar: Partial<Record<TimeUnit, number>> = { months: 1, years: 12 };
const secondsPerMonth = (365 / 12) * secondsPerDay;

const names: Record<TimeUnit, string[]> = {
  ms: ['ms', 'millisecond', 'milliseconds'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  min: ['min', 'mins', 'minute', 'minutes'],
  hours: ['h', 'hr', 'hrs', 'hour', 'hours'],
  days: ['d', 'day', 'days'],
  weeks: ['w', 'wk', 'week', 'weeks'],
  months: ['mo', 'month', 'months'],
  years: ['y', 'yr', 'yrs', 'year', 'years'],
};
const unitOf = new Map(
  (Object.entries(names) as [TimeUnit, string[]][]).flatMap(([unit, all]) => all.map((name) => [name, unit])),
);

/** Words for units of time, as a regular expression's source. */
export const timeWords = [...unitOf.keys()].join('|');

/** The unit of time a word stands for, or null: `min` and `minutes` are the same. */
export const timeUnit = (word: string): TimeUnit | null => unitOf.get(word) ?? null;

/** A time in another unit. Exact within the clock (ms to weeks) and within the calendar (months, years). */
export function convertTime(value: number, from: TimeUnit, to: TimeUnit): number {
  if (from === to) return value;
  const [a, b] = [calendar[from], calendar[to]];
  if (a !== undefined && b !== undefined) return (value * a) / b;
  const seconds = (unit: TimeUnit) => clock[unit] ?? (calendar[unit] ?? 1) * secondsPerMonth;
  // 1/0.001 is exact where 0.001 is not.
  if (to === 'ms') return value * seconds(from) * 1000;
  return from === 'ms' ? value / 1000 / seconds(to) : (value * seconds(from)) / seconds(to);
}

const usualForms = '800ms, 2s, 30 min, 24h, 8 weeks, 24 months, 1..2 years';

/**
 * Reads a duration (`800ms`, `2s`, `30 min`, `24h`, `8 weeks`, `2 years`) in `unit`; a bare number is in that unit.
 *
 * @param limits.forms what a message offers, where only some of them can be taken
 */
export function durationReader(
  unit: TimeUnit,
  { forms = usualForms, ...limits }: { most?: number; aboveZero?: boolean; forms?: string } = {},
): Reader<Uncertain> {
  return uncertainReader({
    what: 'a duration',
    forms: `${forms}; a bare number is in ${unit}`,
    toUnit: ({ value, unit: word, dollars }) => {
      if (dollars) return null;
      if (word === '') return value;
      if (word === 'm') return 'm is ambiguous: write min or months';
      const from = timeUnit(word);
      return from && convertTime(value, from, unit);
    },
    unit: timeWords,
    least: 0,
    ...limits,
  });
}
