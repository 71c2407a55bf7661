import type { Amount } from './amount.js';
import type { Uncertain } from './range.js';
import { type Amounts, readAmounts } from './read-amounts.js';
import { accept, type Reader, type Reading, refuse } from './reading.js';
import { show } from './show.js';
import { type NumberKind, toUncertain } from './uncertain.js';

/** How much work there is, as written: nothing is converted yet, since a month's length is an assumption. */
export type Volume = {
  amount: Uncertain;
  of: 'requests' | 'tokens' | 'conversations' | 'users';
  /** null for users. */
  per: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | null;
  /** The amount is that of the busiest hour, not the mean. */
  atPeak: boolean;
};

const things: Record<string, Volume['of']> = {
  '': 'requests',
  request: 'requests',
  requests: 'requests',
  req: 'requests',
  reqs: 'requests',
  call: 'requests',
  calls: 'requests',
  query: 'requests',
  queries: 'requests',
  token: 'tokens',
  tokens: 'tokens',
  conversation: 'conversations',
  conversations: 'conversations',
  chats: 'conversations',
  user: 'users',
  users: 'users',
};
const periods: Record<string, NonNullable<Volume['per']>> = {
  s: 'second',
  sec: 'second',
  second: 'second',
  min: 'minute',
  minute: 'minute',
  h: 'hour',
  hr: 'hour',
  hour: 'hour',
  d: 'day',
  day: 'day',
  wk: 'week',
  week: 'week',
  mo: 'month',
  month: 'month',
};

const pattern = /^(?<thing>[a-z]*) ?(?:(?:\/|per|a|each) ?(?<period>[a-z]+))?(?<peak> at peak)?$/;
const forms =
  '50k conversations/day, 1M requests per month, 2M tokens/day, 12 requests/s at peak, 300 users, 40k..60k requests/day; ' +
  'a bare number is requests/day';
const hint = `write ${forms}`;

const often = `(?:${Object.keys(things).join('|')}) ?(?:/|per|a|each) ?(?:${Object.keys(periods).join('|')})`;
const unit = `(?:${often}|(?:rps|qps))(?: at peak)?|users?`;
const amountKind: NumberKind = {
  ...{ what: 'a volume', forms, unit, toUnit: ({ value }) => value },
  ...{ least: 0, aboveZero: true },
};

/** Reads a volume: `50k conversations/day`, `12 requests/s at peak`, `300 users`; a bare number is requests a day. */
export const readVolume: Reader<Volume> = Object.assign(read, { written: { unit, least: 0, aboveZero: true } });

function read(value: unknown): Reading<Volume> {
  const amounts = readAmounts(value);
  if (!amounts.ok) return refuse(`${amounts.message} (${hint})`);
  const all = parts(amounts.value);
  const unit = all[0]?.unit ?? '';
  if (all.some((part) => part.unit !== unit))
    return refuse(`${show(value)} mixes units: give every number the same one`);
  if (all.some(({ dollars }) => dollars)) return refuse(`${show(value)} is money, not a volume (${hint})`);
  const meaning = readUnit(unit);
  if (!meaning.ok) return refuse(`${show(value)}: ${meaning.message} (${hint})`);
  const amount = toUncertain(amounts.value, amountKind, value);
  return amount.ok ? accept({ amount: amount.value, ...meaning.value }) : amount;
}

function parts(amounts: Amounts): Amount[] {
  if (amounts.form === 'one') return [amounts.only];
  if (amounts.form === 'spread') return [amounts.mean];
  return [amounts.low, ...(amounts.likely ? [amounts.likely] : []), amounts.high];
}

function readUnit(unit: string): Reading<Omit<Volume, 'amount'>> {
  if (unit === '') return accept({ of: 'requests', per: 'day', atPeak: false });
  const found = pattern.exec(unit.replace(/^(rps|qps)\b/, 'requests/s'))?.groups;
  const of = things[found?.thing ?? 'none'];
  if (!found || !of) return refuse(`${show(unit)} is not a unit of volume`);
  const atPeak = found.peak !== undefined;
  if (of === 'users') {
    if (found.period !== undefined || atPeak)
      return refuse('users have no period: say how much each does in requestsPerUser');
    return accept({ of, per: null, atPeak: false });
  }
  if (found.period === undefined) return refuse('say how often, as in /day or per month');
  const per = periods[found.period];
  if (!per) return refuse(`${show(found.period)} is not a period of volume`);
  if (atPeak && !['second', 'minute', 'hour'].includes(per)) {
    return refuse('at peak means the busiest hour: give it per second, minute or hour');
  }
  return accept({ of, per, atPeak });
}
