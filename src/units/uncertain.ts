import {
  type Amount,
  type Amounts,
  accept,
  type Reader,
  type Reading,
  readAmounts,
  refuse,
  show,
  type Written,
} from './amount.js';

/**
 * An uncertain number: at least `low`, at most `high`, most likely `likely`; `low <= likely <= high`. `of:
 * 'logarithm'`: wide ends alone, judged by the logarithm, whose middle `likely` is. With `of: 'lognormal'` the ends are
 * the 10th and 90th percentiles of that distribution, and values beyond `within` count as the nearest possible one.
 */
export type Range = {
  low: number;
  likely: number;
  high: number;
  of?: 'lognormal' | 'logarithm';
  within?: { least: number; most: number };
};

/** A number a user wrote, in one fixed unit, with its range where one was given. */
export type Uncertain = { likely: number; range: Range | null };

/** So many times as much. */
export const times = ({ likely, range }: Uncertain, factor: number): Uncertain => ({
  likely: likely * factor,
  range: range && {
    ...range,
    low: range.low * factor,
    likely: range.likely * factor,
    high: range.high * factor,
    ...(range.within && { within: { ...range.within, least: range.within.least * factor } }),
  },
});

/** How one kind of number is read: name, suggested forms, unit, bounds. */
export type NumberKind = Omit<Written, 'title' | 'whole' | 'zeroOrFromOne'> & {
  /** With article, for messages: `a duration`. */
  what: string;
  /** Examples, for messages: `800ms, 2s or 1s..3s`. */
  forms: string;
  /** The amount in the field's unit; null: unknown unit; a text: a message. Absent: as it is. */
  toUnit?(amount: Amount): number | string | null;
  /** No range can stand there, so that none is offered. */
  single?: boolean;
};

/** Standard score of the normal 90th percentile: an 80 % band is +- this. */
const z90 = 1.2815515655446004;

/** Ratio of two ends above which their middle is the geometric mean. */
const wideRatio = 3;

/** A reader of numbers of one kind, in one unit, with or without a band. */
export function uncertainReader(kind: NumberKind): Reader<Uncertain> & { readonly written: Written } {
  return Object.assign(readerOf(kind), { alone: readerOf({ ...kind, single: true }) });
}

function readerOf(kind: NumberKind): Reader<Uncertain> & { readonly written: Written } {
  const read = (value: unknown): Reading<Uncertain> => {
    const amounts = readAmounts(value);
    return amounts.ok ? toUncertain(amounts.value, kind, value) : refuse(`${amounts.message} (${hint(kind)})`);
  };
  const [, note] = kind.forms.split('; ');
  return Object.assign(read, { written: { ...kind, title: note === undefined ? kind.what : `${kind.what}; ${note}` } });
}

/** The amount in the unit of its kind; null where it is in another. */
function inUnit(amount: Amount, { toUnit, unit, dollars }: NumberKind): number | string | null {
  if (amount.dollars && !dollars) return null;
  if (toUnit !== undefined) return toUnit(amount);
  return amount.unit === '' || new RegExp(`^(?:${unit})$`).test(amount.unit) ? amount.value : null;
}

/**
 * Converts amounts to one unit and checks order and bounds.
 *
 * - two ends: likely = sqrt(low x high) where both are positive and high / low > 3, else (low + high) / 2
 * - `{mean, cv}`: likely = the mean; the band is the 10th to 90th percentile of the lognormal distribution with
 *   sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2. With cv <= 3 the mean lies inside.
 */
export function toUncertain({ form, all, cv }: Amounts, kind: NumberKind, written: unknown): Reading<Uncertain> {
  const convert = (amount: Amount): Reading<number> => {
    const value = inUnit(amount, kind);
    if (typeof value === 'string') return refuse(value);
    return value === null
      ? refuse(`${show(written)} is not ${kind.what} (${hint(kind)})`)
      : inBounds(value, kind, written);
  };
  const found = (likely: number, ends: Omit<Range, 'likely'> | null): Reading<Uncertain> =>
    kind.aboveZero && likely <= 0
      ? refuse(`${show(written)} must be more than 0 (${hint(kind)})`)
      : accept({ likely, range: ends && { ...ends, likely } });

  const [first, second, third] = all;
  const start = convert(first);
  if (!start.ok) return start;
  if (form === 'one') return found(start.value, null);
  if (form === 'spread') return spread(start.value, cv, kind, found);
  const end = convert(third ?? second ?? first);
  if (!end.ok) return end;
  const [low, high] = [start.value, end.value];
  if (low > high) return refuse(`${show(written)}: low (${low}) is above high (${high})`);
  if (third === undefined)
    return found(middle(low, high), { low, high, ...(isWide(low, high) && { of: 'logarithm' as const }) });
  const likely = convert(second ?? first);
  if (!likely.ok) return likely;
  return likely.value < low || likely.value > high
    ? refuse(`likely (${likely.value}) is outside low..high (${low}..${high})`)
    : found(likely.value, { low, high });
}

function spread(
  mean: number,
  cv: number,
  { least = 0, most = Number.MAX_VALUE }: NumberKind,
  found: (likely: number, ends: Omit<Range, 'likely'>) => Reading<Uncertain>,
): Reading<Uncertain> {
  if (mean <= 0) return refuse(`the mean of {mean, cv} is ${mean}; expected more than 0`);
  if (cv === 0) return found(mean, { low: mean, high: mean });
  const sigma = Math.sqrt(Math.log1p(cv ** 2));
  const median = mean * Math.exp(-(sigma ** 2) / 2);
  // Rounding of the smallest numbers there are must not put the mean outside.
  const low = Math.min(median * Math.exp(-z90 * sigma), mean);
  const high = Math.min(Math.max(median * Math.exp(z90 * sigma), mean), most);
  return found(mean, { low, high, of: 'lognormal', within: { least, most } });
}

const isWide = (low: number, high: number): boolean => low > 0 && high / low > wideRatio;

function middle(low: number, high: number): number {
  const raw = isWide(low, high) ? Math.sqrt(low) * Math.sqrt(high) : low / 2 + high / 2;
  return Math.min(high, Math.max(low, raw));
}

function inBounds(value: number, kind: NumberKind, written: unknown): Reading<number> {
  if (!Number.isFinite(value)) return refuse(`${show(written)} is too large for ${kind.what}`);
  if (kind.least === 0 && value < 0) return refuse(`${show(written)} is negative (${hint(kind)})`);
  if (kind.least !== undefined && value < kind.least)
    return refuse(`${show(written)} is below ${kind.least} (${hint(kind)})`);
  if (kind.most !== undefined && value > kind.most)
    return refuse(`${show(written)} is above ${kind.most} (${hint(kind)})`);
  return accept(value);
}

const hint = (kind: NumberKind): string => `write ${formsOf(kind)}`;

/** Examples that can be written there. */
function formsOf(kind: NumberKind): string {
  const { forms, most, single = false } = kind;
  if (!single && most === undefined) return forms;
  const [examples = '', ...notes] = forms.split('; ');
  const all = examples.split(/, | or /);
  // Words about what can be written are no examples.
  if (!all.every((example) => readAmounts(example).ok)) return forms;
  const taken = all.filter((example) => isTaken(example, kind));
  return taken.length === 0 ? forms : [orList(taken), ...notes].join('; ');
}

function isTaken(example: string, kind: NumberKind): boolean {
  const amounts = readAmounts(example);
  if (!amounts.ok) return false;
  const { form, all } = amounts.value;
  const largest = inUnit(all.at(-1) as Amount, kind);
  return !(form !== 'one' && kind.single) && (typeof largest !== 'number' || largest <= (kind.most ?? largest));
}

const orList = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;

/**
 * A reader of the same kind for one number, no range.
 *
 * @param options.wholeOf what is counted, in the plural: only whole numbers of it are taken
 */
export function exact(reader: Reader<Uncertain>, { wholeOf }: { wholeOf?: string } = {}): Reader<number> {
  const read = (value: unknown): Reading<number> => {
    const reading = (reader.alone ?? reader)(value);
    if (!reading.ok) return reading;
    if (reading.value.range) return refuse('a range cannot stand here: write one number');
    const { likely } = reading.value;
    if (wholeOf === undefined || Number.isInteger(likely)) return accept(likely);
    return refuse(notWhole(value, likely, wholeOf, true));
  };
  const { written } = reader;
  return Object.assign(read, written && { written: { ...written, ...(wholeOf !== undefined && { whole: true }) } });
}

/**
 * A message with the number as written, not in the field's unit, which may have sixteen digits.
 *
 * @param takesNoun whether the field takes the number with what it counts behind it
 */
export function notWhole(written: unknown, value: number, counted: string, takesNoun: boolean): string {
  const nearest = Math.max(1, Math.round(value));
  const noun = takesNoun && nearest > 1 ? ` ${counted}` : '';
  return `${show(written)} is no whole number of ${counted}: write ${nearest}${noun}`;
}

type Limits = Pick<NumberKind, 'least' | 'most' | 'aboveZero'>;

/** Reads a number: `5`, `1_000`, `50k`, `2.5M`, with an optional noun (`400 tokens`). */
export const numberReader = (noun: string | null, limits: Limits = {}): Reader<Uncertain> =>
  uncertainReader({
    what: noun === null ? 'a number' : `a number of ${noun}`,
    forms: noun === null ? '12, 1_000, 50k, 2.5M or 40k..60k' : `800, 1_000, 50k, 400 ${noun} or 40k..60k`,
    unit: noun === null ? '' : `${noun}|${noun.replace(/s$/, '')}`,
    ...limits,
  });

/** Reads a count, which is never negative. */
export const countReader = (noun: string | null, limits: Limits = {}): Reader<Uncertain> =>
  numberReader(noun, { least: 0, ...limits });
