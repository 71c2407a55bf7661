import { type Amount, accept, type Reader, type Reading, refuse, shiftDecimal } from './amount.js';
import { secondsPerDay } from './month.js';
import { countReader, type NumberKind, type Uncertain, uncertainReader } from './uncertain.js';

type TimeUnit = 'ms' | 's' | 'min' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** Names of units, with seconds up to the week and months in the two above; a month is a twelfth of 365 days. */
const units: Record<TimeUnit, { names: string; seconds?: number; months?: number }> = {
  ms: { names: 'ms, millisecond, milliseconds', seconds: 0.001 },
  s: { names: 's, sec, secs, second, seconds', seconds: 1 },
  min: { names: 'min, mins, minute, minutes', seconds: 60 },
  hours: { names: 'h, hr, hrs, hour, hours', seconds: 3600 },
  days: { names: 'd, day, days', seconds: secondsPerDay },
  weeks: { names: 'w, wk, week, weeks', seconds: 7 * secondsPerDay },
  months: { names: 'mo, month, months', months: 1 },
  years: { names: 'y, yr, yrs, year, years', months: 12 },
};
const secondsPerMonth = (365 / 12) * secondsPerDay;
const unitOf = new Map(
  Object.entries(units).flatMap(([unit, { names }]) => names.split(', ').map((name) => [name, unit as TimeUnit])),
);

/** Words for units of time, as a regular expression's source. */
const timeWords = [...unitOf.keys()].join('|');

/** The unit of time a word stands for, or null: `min` and `minutes` are the same. */
export const timeUnit = (word: string): TimeUnit | null => unitOf.get(word) ?? null;

/** A time in another unit; exact within the clock (ms to weeks) and within the calendar (months, years). */
export function convertTime(value: number, from: TimeUnit, to: TimeUnit): number {
  if (from === to) return value;
  const [a, b] = [units[from].months, units[to].months];
  if (a !== undefined && b !== undefined) return (value * a) / b;
  const seconds = (unit: TimeUnit) => units[unit].seconds ?? (units[unit].months ?? 1) * secondsPerMonth;
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
  const isShort = unit === 'ms' || unit === 's' || unit === 'min' || unit === 'hours';
  return uncertainReader({
    what: 'a duration',
    forms: `${forms}; a bare number is in ${unit}`,
    toUnit: ({ value, unit: word }) => {
      if (word === '') return value;
      // A field in hours or less takes no months.
      if (word === 'm') return isShort ? convertTime(value, 'min', unit) : 'm is ambiguous: write min or months';
      const from = timeUnit(word);
      return from && convertTime(value, from, unit);
    },
    unit: isShort ? `${timeWords}|m` : timeWords,
    least: 0,
    ...limits,
  });
}

type MoneyPeriod = 'months' | 'years' | null;

/** Names of US dollars after a number. */
const dollarWords = 'USD|usd|US dollars|dollars';
const moneyForm = new RegExp(`^(?:${dollarWords})? ?(?:(?:/|per|a) ?(?<period>[a-z]+))?$`);
const foreign = /[€£¥]|\b(?:EUR|GBP|JPY|CHF|INR|CNY|eur|gbp|euros?)\b/;

/** USD in `period` (null: a plain sum), also the period of a bare number; null: not money. */
export function usdOf({ value, unit }: Amount, period: MoneyPeriod): number | string | null {
  if (foreign.test(unit)) return 'amounts are in US dollars: convert to USD first';
  const found = moneyForm.exec(unit);
  if (!found) return null;
  const word = found.groups?.period;
  if (word === undefined) return value;
  const from = timeUnit(word);
  if (!from) return null;
  if (period === null) return 'this is a sum paid once: write it without a period';
  return perPeriod(value, from, period);
}

const perPeriod = (value: number, from: TimeUnit, to: TimeUnit) =>
  from === to ? value : value / convertTime(1, from, to);

/** Reads US dollars: `$1.2k`, `1200 USD`, `9000/month`, `$96k/year`. */
export function moneyReader(period: MoneyPeriod, limits: { aboveZero?: boolean } = {}): Reader<Uncertain> {
  const shape = period === null ? '$1.2k, 1200 USD or 40k..60k' : '$1.2k, 1200 USD, 9000/month, $96k/year or 40k..60k';
  return uncertainReader({
    what: 'an amount of money',
    forms: period === null ? shape : `${shape}; without a period it is per ${period.slice(0, -1)}`,
    toUnit: (amount) => usdOf(amount, period),
    unit: `(?:${dollarWords})?${period === null ? '' : ` ?(?:(?:/|per|a) ?(?:${timeWords}))?`}`,
    dollars: true,
    least: 0,
    ...limits,
  });
}

const isPercent = ({ unit, dollars }: Amount): boolean => !dollars && (unit === '%' || unit === 'percent');
const isBare = ({ unit, dollars }: Amount): boolean => !dollars && unit === '';

/** A share from `12%` or `0.12`; null for another unit. Not bounded. */
export function shareOf(amount: Amount): number | string | null {
  const { value } = amount;
  if (isPercent(amount)) return shiftDecimal(value, -2);
  if (!isBare(amount)) return null;
  return value > 1 ? `\`${value}\` is above 1: for ${value} percent write ${value}%` : value;
}

/** Nothing is so many times what it was said to be. */
const mostTimes = 10;

/** Reads a ratio, which may exceed 1: `80%`, `0.8`, `120%`, `0.7..0.9`. */
export const readRatio = uncertainReader({
  what: 'a ratio',
  forms: '80%, 0.8, 1.2 or 70%..90%',
  toUnit: (amount) => (isPercent(amount) ? shiftDecimal(amount.value, -2) : isBare(amount) ? amount.value : null),
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

export type Bounds = Pick<NumberKind, 'least' | 'most' | 'aboveZero'>;

/**
 * Reads a value for a named parameter, in that parameter's own unit: a number, `1%`, `$12`, a duration, or a number
 * followed by the unit itself (`0.12 usd/kwh`).
 *
 * @param unit the parameter's unit (`fraction`, `hours`, `usd/gb`); null when unknown, then a duration is in seconds.
 * The form in schemas is that of an unknown unit.
 *
 * @param bounds smallest and largest legal value, in that unit
 */
export function parameterReader(unit: string | null, bounds: Bounds = {}): Reader<Uncertain> {
  const head = unit?.split(/[ /]/)[0] ?? '';
  const time = unit === null ? 's' : timeUnit(unit);
  return uncertainReader({
    ...bounds,
    unit: `%|percent|${timeWords}|${dollarWords}`,
    dollars: true,
    what: unit === null ? 'a value' : `a value in ${unit}`,
    forms: unit === null ? '12, 1%, $12, 30 min or 10..15' : `a number or a range low..high, in ${unit}`,
    toUnit: (amount) => {
      if (amount.unit === '' && !amount.dollars) return amount.value;
      if (amount.unit.toLowerCase() === unit?.toLowerCase()) return amount.value;
      const isShare = unit === null || head === 'fraction' || head === 'ratio';
      if (/^(?:%|percent)$/.test(amount.unit) && !amount.dollars) return isShare ? shareOf(amount) : null;
      const from = timeUnit(amount.unit);
      if (from && !amount.dollars) return time && convertTime(amount.value, from, time as TimeUnit);
      return unit === null || head.toLowerCase() === 'usd'
        ? usdOf({ ...amount, unit: currencyOnly(amount.unit, unit) }, null)
        : null;
    },
  });
}

/** `$12/kwh` for a parameter in usd/kwh: the rest of the unit. */
function currencyOnly(written: string, unit: string | null): string {
  const rest = unit?.slice(unit.search(/[ /]|$/)) ?? '';
  return rest !== '' && written.toLowerCase().endsWith(rest.toLowerCase())
    ? written.slice(0, -rest.length).trim()
    : written;
}

const people = 'FTEs?|ftes?|people|person';

/** Reads full-time people: `0.5 FTE`, `2 people`, `0.5`. */
export const readFte = uncertainReader({
  what: 'a number of people',
  forms: '0.5 FTE, 2 people, 0.5 or 1..2 FTE',
  unit: people,
  least: 0,
});

const noPeriod = 'growth needs its period: write 5% per month or 80% per year';
const monthsIn: Record<string, number> = { month: 1, mo: 1, quarter: 3, year: 12, yr: 12 };
const pattern = /^(?<percent>%|percent)? ?(?:(?:\/|per|a) ?(?<period>[a-z]+))?$/;

/**
 * Reads growth as a compound fraction per month: `5% per month` is 0.05, `80% per year` is 1.8^(1/12) - 1.
 * May be negative, but more than -100 %. Without a period only 0 is understood.
 */
export const readGrowth = uncertainReader({
  what: 'a growth rate',
  forms: '5% per month, 80% per year or 2%..6% per month',
  toUnit: (amount) => {
    const { value } = amount;
    const found = pattern.exec(amount.unit)?.groups;
    if (found && found.period === undefined) return value === 0 ? 0 : noPeriod;
    const months = monthsIn[found?.period ?? ''];
    if (!found || months === undefined) return null;
    const rate = shareOf({ ...amount, unit: found.percent ?? '' });
    if (typeof rate !== 'number') return rate;
    if (rate <= -1) return `${value} is a loss of everything: growth is above -100%`;
    return months === 1 ? rate : Math.expm1(Math.log1p(rate) / months);
  },
  unit: `(?:%|percent)? ?(?:(?:/|per|a) ?(?:${Object.keys(monthsIn).join('|')}))?`,
});
const speed = '(?:tokens?|tok|t) ?(?:/|per) ?(?:s|sec|second)';

/** Reads a speed in tokens per second: `20 tokens/s`, `20 tokens per second`, `20`. */
export const readSpeed = uncertainReader({
  what: 'a speed',
  forms: '20 tokens/s, 20 or 15..25 tokens/s',
  unit: speed,
  aboveZero: true,
  least: 0,
});

const readTokens = countReader('tokens');

/** Reads tokens that must be called so, as documents are counted too: `200M tokens`. */
export const readNamedTokens = uncertainReader({
  what: 'a number of tokens',
  forms: '200M tokens or 100M..300M tokens',
  toUnit: ({ value, unit }) => {
    if (unit === '')
      return `${value} of what? For documents write {documents: 20k, tokensPerDocument: 1500}, for tokens 200M tokens`;
    return /^tokens?$/.test(unit) ? value : null;
  },
  unit: 'tokens?',
  unitNeeded: true,
  least: 0,
  aboveZero: true,
});

const readEither = (value: unknown): Reading<Uncertain | { share: Uncertain }> => {
  const share = readShare(value);
  if (share.ok && mentionsPercent(value)) return accept({ share: share.value });
  if (mentionsPercent(value)) return share;
  const tokens = readTokens(value);
  if (!tokens.ok) return refuse(`${tokens.message}, or a share as 60%`);
  const { likely } = tokens.value;
  return likely > 0 && likely < 1 ? refuse(`${likely} tokens is less than one: for a share write 60%`) : tokens;
};

/** Reads part of the input: tokens (`2000`, `2k tokens`), or a share with its percent sign (`60%`). */
export const readTokensOrShare: Reader<Uncertain | { share: Uncertain }> = Object.assign(readEither, {
  written: {
    title: 'a number of tokens, or a share of them',
    unit: 'tokens?|%|percent',
    least: 0,
    zeroOrFromOne: true,
  },
});

function mentionsPercent(value: unknown): boolean {
  if (typeof value === 'string') return /%|percent/.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((part) => typeof part === 'string' && mentionsPercent(part))
  );
}
