import { shiftDecimal } from './decimal.js';
import { accept, type Reading, refuse } from './reading.js';
import { show } from './show.js';

/** One number with what stood around it: `$1.2k/month` is 1200, in dollars, with the unit `/month`. */
export type Amount = {
  /** With the suffix (k, M, B) applied, `_` removed. */
  value: number;
  /** Power of ten of the suffix. */
  suffixPlaces: number;
  /** A dollar sign stood before the number. */
  dollars: boolean;
  /** The text after number and suffix, single-spaced; empty for a bare number. */
  unit: string;
};

const pattern =
  /^(?<sign>[+-]?) ?(?<dollars>\$|USD )? ?(?<digits>\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?<exponent>[eE][+-]?\d+)? ?(?<suffix>(?:[kKMB]|thousand|million|billion)(?![A-Za-z]))? ?(?<unit>.*)$/;

const placesOf: Record<string, number> = { k: 3, K: 3, thousand: 3, M: 6, million: 6, B: 9, billion: 9 };

const longestText = 200;
/** Below it, what is computed of a number may vanish, and a share of that be no number at all. */
const smallest = 1e-100;

/** Splits one number, bare or as text, from its suffix and unit. The unit is not judged here. */
export function readAmount(value: unknown): Reading<Amount> {
  if (typeof value === 'number') return amountOf(value, 0, false, '', value);
  if (typeof value !== 'string') return refuse(`${show(value)} is not a number`);
  if (value.length > longestText) return refuse(`${show(value)} is too long for a number`);
  const found = pattern.exec(value.trim().replace(/\s+/g, ' '))?.groups;
  if (!found) return refuse(`${show(value)} is not a number`);
  const unit = (found.unit ?? '').trim();
  if (/^,\d/.test(unit)) return refuse(`${show(value)} has a comma: write 1000, 1_000 or 1k, and 1.5 for a fraction`);
  if (/^(-|–|—|to) ?\$?[.\d]/.test(unit)) return refuse(`${show(value)} looks like a range: write low..high`);
  const places = placesOf[found.suffix ?? ''] ?? 0;
  const digits = (found.digits ?? '').replaceAll('_', '');
  const bare = Number(`${found.sign}${digits}${found.exponent ?? ''}`);
  return amountOf(bare, places, found.dollars !== undefined, unit, value);
}

function amountOf(bare: number, places: number, dollars: boolean, unit: string, written: unknown): Reading<Amount> {
  const value = shiftDecimal(bare, places);
  if (Number.isNaN(value)) return refuse('not a number (NaN)');
  if (!Number.isFinite(value)) return refuse(`${show(written)} is too large for a number`);
  if (value !== 0 && Math.abs(value) < smallest) return refuse(`${show(written)} is too small for a number`);
  return accept({ value: value === 0 ? 0 : value, suffixPlaces: places, dollars, unit });
}
