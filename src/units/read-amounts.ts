import { type Amount, readAmount } from './amount.js';
import { accept, type Reading, refuse } from './reading.js';
import { show } from './show.js';

/** A number as people write one: alone, as a band, or as a mean with a coefficient of variation. */
export type Amounts =
  | { form: 'one'; only: Amount }
  | { form: 'band'; low: Amount; likely: Amount | null; high: Amount }
  | { form: 'spread'; mean: Amount; cv: number };

const largestCv = 3;
const shapes = '{low, likely, high}, {low, high} or {mean, cv}';

/** Reads `5`, `5 x`, `4..6 x`, `{low, likely, high}`, `{low, high}` or `{mean, cv}`. A unit given once holds for all. */
export function readAmounts(value: unknown): Reading<Amounts> {
  if (typeof value === 'string' && value.includes('..')) return readBandText(value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return readMap(new Map(Object.entries(value)));
  const only = readAmount(value);
  return only.ok ? accept({ form: 'one', only: only.value }) : only;
}

function readBandText(text: string): Reading<Amounts> {
  const ends = text.split('..');
  if (ends.length !== 2) return refuse(`${show(text)} is not a range: write low..high, with two dots, once`);
  const low = readAmount(ends[0]);
  if (!low.ok) return low;
  const high = readAmount(ends[1]);
  if (!high.ok) return high;
  const places = high.value.suffixPlaces;
  // `40..60k`: 40 or 40,000? `800..1.2k` can only mean 800.
  if (
    low.value.suffixPlaces === 0 &&
    places > 0 &&
    low.value.value > 0 &&
    low.value.value * 10 ** places <= high.value.value
  ) {
    return refuse(`${show(text)} is ambiguous: write the suffix at both ends, as in 40k..60k`);
  }
  return band(low.value, null, high.value);
}

function readMap(map: ReadonlyMap<string, unknown>): Reading<Amounts> {
  const keys = [...map.keys()].sort().join(' ');
  if (keys === 'cv mean') return readSpread(map.get('mean'), map.get('cv'));
  if (keys !== 'high low' && keys !== 'high likely low') {
    return refuse(
      `a range is ${shapes}, not {${[...map.keys()]
        .slice(0, 5)
        .map((key) => key.slice(0, 20))
        .join(', ')}}`,
    );
  }
  const low = readAmount(map.get('low'));
  if (!low.ok) return refuse(`low: ${low.message}`);
  const high = readAmount(map.get('high'));
  if (!high.ok) return refuse(`high: ${high.message}`);
  if (!map.has('likely')) return band(low.value, null, high.value);
  const likely = readAmount(map.get('likely'));
  return likely.ok ? band(low.value, likely.value, high.value) : refuse(`likely: ${likely.message}`);
}

function readSpread(meanValue: unknown, cvValue: unknown): Reading<Amounts> {
  const mean = readAmount(meanValue);
  if (!mean.ok) return refuse(`mean: ${mean.message}`);
  const cv = readAmount(cvValue);
  if (!cv.ok) return refuse(`cv: ${cv.message}`);
  if (cv.value.unit !== '' || cv.value.dollars) return refuse('cv is a plain number, standard deviation / mean');
  if (cv.value.value < 0 || cv.value.value > largestCv)
    return refuse(`cv is ${cv.value.value}; expected 0 to ${largestCv}`);
  return accept({ form: 'spread', mean: mean.value, cv: cv.value.value });
}

/** A unit at one end holds for the other: `4..6 x`, `$4..6`, `-5%..5% per month`. */
function band(low: Amount, likely: Amount | null, high: Amount): Reading<Amounts> {
  const all = likely ? [low, likely, high] : [low, high];
  const unit = all.reduce((longest, { unit }) => (unit.length > longest.length ? unit : longest), '');
  const dollars = all.some((amount) => amount.dollars);
  const shared = (amount: Amount): Amount => ({
    ...amount,
    dollars,
    unit: unit.startsWith(amount.unit) ? unit : amount.unit,
  });
  return accept({ form: 'band', low: shared(low), likely: likely && shared(likely), high: shared(high) });
}
