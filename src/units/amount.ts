/** The form of a reader's numbers, for schemas. At most looser than the reader, never stricter. */
export type Written = {
  /** What it is, with the unit of a bare number: `a duration; a bare number is in ms`. */
  title: string;
  /** Regular expression of what may follow the number, if anything. One space stands for any. */
  unit: string;
  /** `$` or `USD` may stand before the number. */
  dollars?: boolean;
  /** A text has the unit, here or at the other end of its range; a bare number is 0. */
  unitNeeded?: boolean;
  /** Limits of a bare number. */
  least?: number;
  most?: number;
  aboveZero?: boolean;
  whole?: boolean;
  /** A bare number is 0 or from 1 up. */
  zeroOrFromOne?: boolean;
};

const digits = '(?:\\d+(?:_\\d+)*(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const suffix = '(?:[kKMB]|thousand|million|billion)?';
const anySpace = '\\s*';
const amount = (dollars: boolean, unit: string): string =>
  [`[+-]?${anySpace}`, dollars ? `(?:\\$|USD\\s)?${anySpace}` : '', digits, anySpace, suffix, anySpace, unit].join('');

const unitOf = ({ unit, unitNeeded }: Written): string =>
  `(?:${unit.replaceAll(' ?', anySpace).replaceAll(' ', '\\s+')})${unitNeeded ? '' : '?'}${anySpace}`;

/** A unit at one end of a range holds for the other, which may have its beginning: any of its characters. */
function beginningOf({ unit }: Written): string {
  if (unit.includes('[A-Za-z]')) return '[A-Za-z/\\s-]*';
  const characters = [...new Set(unit.match(/[A-Za-z%/]/g))].sort().join('');
  return characters === '' ? anySpace : `[${characters}\\s]*`;
}

/** Pattern of one number as text: `5`, `50k requests/day`. */
export const onePattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, unitOf(written))}$`;

/** Pattern of an end of a range in a map, where the other may have the unit. */
export const endPattern = (written: Written): string =>
  `^${anySpace}${amount(written.dollars === true, beginningOf(written))}$`;

/** Pattern of a range as text: `40k..60k requests/day`. */
export function rangePattern(written: Written): string {
  const [whole, part] = [unitOf(written), beginningOf(written)].map((unit) => amount(written.dollars === true, unit));
  return `^${anySpace}(?:${part}\\.\\.${anySpace}${whole}|${whole}\\.\\.${anySpace}${part})$`;
}

/** The result of reading a value: the value, or a message with the accepted forms. */
export type Reading<T> = { ok: true; value: T } | { ok: false; message: string };

/** Reads a value of unknown shape, as it comes out of YAML or JSON. Never throws. */
export type Reader<T> = {
  (value: unknown): Reading<T>;
  /** How it wants numbers written; absent: as text or number of any kind. */
  readonly written?: Written;
  /** The same where no range can stand: its messages offer none. */
  readonly alone?: Reader<T>;
};

export const accept = <T>(value: T): Reading<T> => ({ ok: true, value });

export const refuse = (message: string): Reading<never> => ({ ok: false, message });

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longest = 40;

/** A user's value for a message: quoted, short, without control characters. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') {
    const entries = Object.entries(value).slice(0, 4);
    const isFlat =
      entries.length > 0 && entries.every(([, inner]) => typeof inner !== 'object' && typeof inner !== 'symbol');
    return isFlat ? quoted(`{${entries.map(([key, inner]) => `${key}: ${inner}`).join(', ')}}`) : 'fields';
  }
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : quoted(String(value));
}

function quoted(text: string): string {
  const line = text.slice(0, longest + 1).replace(/\p{Cc}/gu, '?');
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line}\``;
}

const longestMessage = 200;

/** The first line of a message of a library, which may quote a text of any length. */
export function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}

/**
 * A number times a power of ten, rounded once: what `12e-2` would be in source code.
 *
 * @example
 * shiftDecimal(0.07, 2) // 7, where 0.07 * 100 is 7.000000000000001
 */
export function shiftDecimal(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

/** A number with its prefix and unit: `$1.2k/month` is 1200, in dollars, with the unit `/month`. */
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
/** Smaller numbers may vanish in computations, and their shares be NaN. */
const smallest = 1e-100;

/** Splits one number, bare or as text, from its suffix and unit, which is not checked. */
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

/** A number as written: alone, as a band, or as a mean with a coefficient of variation. */
export type Amounts = {
  form: 'one' | 'band' | 'spread';
  /** The number or mean; of a band low and high, with the likely value between if given. */
  all: readonly [Amount, ...Amount[]];
  cv: number;
};

const largestCv = 3;
const shapes = '{low, likely, high}, {low, high} or {mean, cv}';
/** Keys of a map in reading order, by their alphabetical order. */
const keysRead = new Map([
  ['high low', ['low', 'high']],
  ['high likely low', ['low', 'high', 'likely']],
  ['cv mean', ['mean', 'cv']],
]);

/** Reads `5`, `5 x`, `4..6 x`, `{low, likely, high}`, `{low, high}` or `{mean, cv}`. One unit holds for all. */
export function readAmounts(value: unknown): Reading<Amounts> {
  if (typeof value === 'string' && value.includes('..')) return readBandText(value);
  if (isMap(value)) return readMap(value);
  const only = readAmount(value);
  return only.ok ? accept({ form: 'one', all: [only.value], cv: 0 }) : only;
}

function readBandText(text: string): Reading<Amounts> {
  const [first, second, ...more] = text.split('..');
  if (more.length > 0) return refuse(`${show(text)} is not a range: write low..high, with two dots, once`);
  const low = readAmount(first);
  if (!low.ok) return low;
  const high = readAmount(second);
  if (!high.ok) return high;
  const { value, suffixPlaces } = low.value;
  const places = high.value.suffixPlaces;
  // `40..60k`: 40 or 40,000? `800..1.2k` can only mean 800.
  if (suffixPlaces === 0 && places > 0 && value > 0 && value * 10 ** places <= high.value.value)
    return refuse(`${show(text)} is ambiguous: write the suffix at both ends, as in 40k..60k`);
  return band([low.value, high.value]);
}

function readMap(map: Readonly<Record<string, unknown>>): Reading<Amounts> {
  const keys = Object.keys(map);
  const names = keysRead.get(keys.toSorted().join(' '));
  const given = keys.slice(0, 5).map((key) => key.slice(0, 20));
  if (names === undefined) return refuse(`a range is ${shapes}, not {${given.join(', ')}}`);
  const found: Amount[] = [];
  for (const name of names) {
    const read = readAmount(map[name]);
    if (!read.ok) return refuse(`${name}: ${read.message}`);
    found.push(read.value);
  }
  const [first, second, likely] = found as [Amount, Amount, Amount?];
  if (names[0] === 'low') return band([first, ...(likely ? [likely] : []), second]);
  const { value: cv, unit, dollars } = second;
  if (unit !== '' || dollars) return refuse('cv is a plain number, standard deviation / mean');
  if (cv < 0 || cv > largestCv) return refuse(`cv is ${cv}; expected 0 to ${largestCv}`);
  return accept({ form: 'spread', all: [first], cv });
}

/** A unit at one end holds for the other: `4..6 x`, `$4..6`, `-5%..5% per month`. */
function band(all: readonly [Amount, ...Amount[]]): Reading<Amounts> {
  const unit = all.reduce((longest, { unit }) => (unit.length > longest.length ? unit : longest), '');
  const dollars = all.some((amount) => amount.dollars);
  const shared = (amount: Amount): Amount => ({
    ...amount,
    dollars,
    unit: unit.startsWith(amount.unit) ? unit : amount.unit,
  });
  const [low, ...others] = all;
  return accept({ form: 'band', all: [shared(low), ...others.map(shared)], cv: 0 });
}

/** What two lists have under one key; null: that one lacks it. */
type Joined<Item> = { key: string; before: Item | null; after: Item | null };

/**
 * Two lists by key, where every comparison begins; for equal keys in a list the last one. What both have leads, in the
 * order of the later list; then what that one has alone, then the other one.
 */
export function joined<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
): Joined<Item>[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Map(after.map((item) => [keyOf(item), item]));
  const later = [...now].map(([key, item]) => ({ key, before: known.get(key) ?? null, after: item }));
  return [
    ...later.filter((one) => one.before !== null),
    ...later.filter((one) => one.before === null),
    ...[...known].flatMap(([key, item]) => (now.has(key) ? [] : [{ key, before: item, after: null }])),
  ];
}

/** What became of something from one state to the next; null: it is not there. */
export const changeOf = (before: unknown, after: unknown): 'added' | 'removed' | 'changed' => {
  if (before === null) return 'added';
  return after === null ? 'removed' : 'changed';
};

/** Decimal places of a percentage between two costs of 12 significant digits. */
const percentPlaces = 9;

/** How far a figure moved, in percent; null from 0 to anything else. */
export function percentChange(from: number, to: number): number | null {
  if (from === 0) return to === 0 ? 0 : null;
  return Number((((to - from) / from) * 100).toFixed(percentPlaces));
}
