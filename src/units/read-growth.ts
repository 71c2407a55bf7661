import type { Uncertain } from './range.js';
import { shareOf } from './read-share.js';
import type { Reader } from './reading.js';
import { uncertainReader } from './uncertain.js';

const monthsIn: Record<string, number> = { month: 1, mo: 1, quarter: 3, year: 12, yr: 12 };
const pattern = /^(?<percent>%|percent)? ?(?:(?:\/|per|a) ?(?<period>[a-z]+))?$/;

const read = uncertainReader({
  what: 'a growth rate',
  forms: '5% per month, 80% per year, 0.05 (per month) or 2%..6% per month',
  toUnit: ({ value, unit, dollars, suffixPlaces }) => {
    const found = pattern.exec(unit)?.groups;
    const months = monthsIn[found?.period ?? 'month'];
    if (!found || dollars || months === undefined) return null;
    const rate = shareOf({ value, unit: found.percent ?? '', dollars, suffixPlaces });
    if (typeof rate !== 'number') return rate;
    if (rate <= -1) return `${value} is a loss of everything: growth is above -100%`;
    return months === 1 ? rate : Math.expm1(Math.log1p(rate) / months);
  },
  unit: `(?:%|percent)? ?(?:(?:/|per|a) ?(?:${Object.keys(monthsIn).join('|')}))?`,
});

/**
 * Reads growth as a compound fraction per month: `5% per month` is 0.05, `80% per year` is 1.8^(1/12) - 1.
 * May be negative, but more than -100 %. Without a period it is per month.
 */
export const readGrowth: Reader<Uncertain> = Object.assign((value: unknown) => read(value), {
  // A bare number is a fraction.
  written: { ...read.written, least: -1, most: 1 },
});
