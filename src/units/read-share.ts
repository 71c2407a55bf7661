import type { Amount } from './amount.js';
import { shiftDecimal } from './decimal.js';
import { uncertainReader } from './uncertain.js';

/** A share from `12%` or `0.12`; null for another unit. Not bounded. */
export function shareOf({ value, unit, dollars }: Amount): number | string | null {
  if (dollars) return null;
  if (unit === '%' || unit === 'percent') return shiftDecimal(value, -2);
  if (unit !== '') return null;
  return value > 1 ? `\`${value}\` is above 1: for ${value} percent write ${value}%` : value;
}

/** Nothing is so many times what it was said to be. */
const mostTimes = 10;

/** Reads one thing over another, which may be more than 1: `80%`, `0.8`, `120%`, `0.7..0.9`. */
export const readRatio = uncertainReader({
  what: 'a ratio',
  forms: '80%, 0.8, 1.2 or 70%..90%',
  toUnit: ({ value, unit, dollars }) => {
    if (dollars) return null;
    return unit === '' ? value : shiftDecimal(value, -2);
  },
  unit: '%|percent',
  aboveZero: true,
  most: mostTimes,
});

/** Reads a share between 0 and 1: `12%`, `0.12`, `10%..15%`. */
export const readShare = uncertainReader({
  what: 'a share',
  forms: '12%, 0.12 or 10%..15%',
  toUnit: shareOf,
  unit: '%|percent',
  least: 0,
  most: 1,
});
