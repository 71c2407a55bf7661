/** What a result measures; the base units are USD, tokens, requests, bytes, joules, seconds, 1, things, kilograms. */
export type Kind = 'usd' | 'tokens' | 'requests' | 'bytes' | 'joules' | 'seconds' | 'share' | 'count' | 'kilograms';
export type Period = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** The unit column of a row, read. */
export type Unit = {
  text: string;
  kind: Kind;
  /** How much of the base unit one of these is. */
  size: number;
  /** Units that start with "GPUs" or "servers" are whole. */
  whole: boolean;
  /** Per that many tokens; null: not per token. */
  tokens: number | null;
  period: Period | null;
  request: boolean;
  card: boolean;
};

/** What a formula gives: a value in base units, and per what. */
export type Quantity = {
  value: number;
  kind: Kind;
  period?: Period | null;
  /** Per token. */
  token?: boolean;
  /** Hours a month has in this row; 730 unless it says otherwise. */
  hoursPerMonth?: number;
};

/** 8,760 / 12. */
export const hoursPerMonth = 730;
const kilo = 1e3;
const kibi = 1024;

const sizes: Record<string, readonly [Kind, number]> = {};
const define = (kind: Kind, units: Record<string, number>): void => {
  for (const [names, size] of Object.entries(units)) for (const name of names.split(' ')) sizes[name] = [kind, size];
};
define('usd', { 'usd $ us$ dollar dollars': 1, 'kusd k$': kilo, 'cent cents': 0.01 });
define('tokens', { 'token tokens tok': 1, 'mtok mtokens': 1e6, ktok: kilo });
define('requests', { 'request requests req reqs call calls query queries conversation conversations': 1 });
define('bytes', { 'b byte bytes': 1, kb: kilo, mb: 1e6, gb: 1e9, tb: 1e12 });
define('bytes', { kib: kibi, mib: kibi ** 2, gib: kibi ** 3, tib: kibi ** 4 });
define('joules', { 'j joule joules': 1, millijoule: 1e-3, kj: kilo, mj: 1e6, mwh: 3.6e9, kwh: 3.6e6, wh: 3600 });
define('seconds', { 's sec secs second seconds': 1, 'ms millisecond milliseconds': 1e-3, 'us µs': 1e-6 });
define('seconds', { 'min mins minute minutes': 60, 'h hr hrs hour hours': 3600, 'd day days': 86_400 });
define('seconds', { 'week weeks': 604_800, 'month months mo': Number.NaN, 'year years yr': Number.NaN });
define('share', { 'fraction probability share ratio': 1, 'percent % pct percentage': 0.01, 'x times factor fold': 1 });
define('kilograms', { 'kg kgco2e kgco2': 1, 'g gco2e gco2': 1e-3, 't tco2e': 1e3 });

const multiples: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
};

const periods: readonly (readonly [Period, RegExp])[] = [
  ['second', /^(s|secs?|seconds?)$/],
  ['minute', /^(min|mins|minutes?)$/],
  ['hour', /^(h|hrs?|hours?)$/],
  ['day', /^(d|days?)$/],
  ['week', /^weeks?$/],
  ['month', /^(mo|months?)$/],
  ['year', /^(y|yr|years?|annum)$/],
];
const cards = /^(gpus?|chips?|cards?|servers?|replicas?|instances?|nodes?|devices?)$/;

/** Seconds of a period; months and years by the row's month. */
export function secondsOf(period: Period, monthHours = hoursPerMonth): number {
  const hours = {
    second: 1 / 3600,
    minute: 1 / 60,
    hour: 1,
    day: 24,
    week: 168,
    month: monthHours,
    year: 12 * monthHours,
  };
  return hours[period] * 3600;
}

/** A number with an optional multiple before a noun: `1M tokens`, `million tokens`, `1,000 requests`. */
function counted(text: string): { times: number; noun: string } {
  const [, digits, rest = ''] = /^([\d.,]*)\s*(.*)$/.exec(text) ?? [];
  const times = digits ? Number(digits.replaceAll(',', '')) : 1;
  const [first = '', ...others] = rest.split(/\s+/);
  const multiple = others.length > 0 ? multiples[first] : undefined;
  return multiple === undefined ? { times, noun: rest } : { times: times * multiple, noun: others.join(' ') };
}

const mostWords = 3;

/**
 * Reads a unit as tables write one: `USD/month`, `KiB/token`, `USD per 1M tokens`, `GPUs (weights only)`. A first word that
 * is none of the known ones is taken for things counted.
 */
export function readUnit(text: string): Unit {
  const plain = text
    .replace(/\bmJ\b/g, 'millijoule')
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\bper\b/g, '/')
    .replace(/\s+/g, ' ')
    .trim();
  const [head = '', ...below] = plain.split('/').map((part) => part.trim());
  const { times, noun } = counted(head);
  const whole = /^(gpus?|servers?)\b/.test(plain);
  const words = noun.split(' ');
  // A short name may have its unit last: `KV GiB`, `mean wait s`.
  const word = (whole || words.length > mostWords ? words.slice(0, 1) : words).find((each) => each in sizes) ?? '';
  const [kind, size] = sizes[word] ?? (['count', 1] as const);
  const unit: Unit = { text, kind, size: size * times, whole, tokens: null, period: null, request: false, card: false };
  for (const part of below.flatMap((each) => each.split(/-|\*/))) {
    const { times: count, noun: of } = counted(part.trim());
    const [first = ''] = of.split(' ');
    const period = periods.find(([, names]) => names.test(first));
    // `USD/1M`: of tokens, what else.
    if (multiples[first] !== undefined && of === first) unit.tokens = count * multiples[first];
    else if (sizes[first]?.[0] === 'tokens') unit.tokens = count * (sizes[first]?.[1] ?? 1);
    else if (period !== undefined) unit.period = period[0];
    else if (cards.test(first)) unit.card = true;
    else unit.request = true;
  }
  return unit;
}

const titles: Record<Kind, string> = {
  usd: 'money',
  tokens: 'tokens',
  requests: 'requests',
  bytes: 'bytes',
  joules: 'energy',
  seconds: 'a time',
  share: 'a share',
  count: 'a number of things',
  kilograms: 'a mass',
};

/** A tolerance for rounding up: 10.000000001 cards of weights fit 10 cards. */
const slack = 1e-9;

/** The value of a result in a unit; a text where the unit is not one of such a result. */
export function inUnit(quantity: Quantity, unit: Unit): number | string {
  const { kind, token = false } = quantity;
  const monthHours = quantity.hoursPerMonth ?? hoursPerMonth;
  // A speed can be told as a time per token.
  if (kind === 'tokens' && quantity.period && unit.kind === 'seconds' && unit.tokens !== null)
    return (secondsOf(quantity.period, monthHours) / quantity.value / unit.size) * unit.tokens;
  const things = kind === 'count' && ['tokens', 'requests', 'count'].includes(unit.kind);
  if (kind !== unit.kind && !things) return `the formula gives ${titles[kind]}, which "${unit.text}" is not`;
  if (token !== (unit.tokens !== null))
    return `the formula gives ${titles[kind]} ${token ? 'per token' : 'in all'}, which "${unit.text}" is not`;
  let value = quantity.value * (unit.tokens ?? 1);
  if (quantity.period && unit.period)
    value = (value * secondsOf(unit.period, monthHours)) / secondsOf(quantity.period, monthHours);
  const named = Number.isNaN(unit.size) ? (/\b(year|yr)/.test(unit.text.toLowerCase()) ? 'year' : 'month') : null;
  value /= named === null ? unit.size : secondsOf(named, monthHours);
  return unit.whole ? Math.ceil(value * (1 - slack)) : value;
}
