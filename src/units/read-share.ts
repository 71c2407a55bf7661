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

/** Reads a share between 0 and 1: `12%`, `0.12`, `10%..15%`. */
export const readShare = uncertainReader({
  what: 'a share',
  forms: '12%, 0.12 or 10%..15%',
  toUnit: shareOf,
  unit: '%|percent',
  least: 0,
  most: 1,
});
