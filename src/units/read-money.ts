import type { Amount } from './amount.js';
import type { Uncertain } from './range.js';
import { convertTime, type TimeUnit, timeUnit, timeWords } from './read-duration.js';
import type { Reader } from './reading.js';
import { uncertainReader } from './uncertain.js';

export type MoneyPeriod = 'months' | 'years' | null;

/** Names of US dollars after a number. */
export const dollarWords = 'USD|usd|US dollars|dollars';
const pattern = new RegExp(`^(?:${dollarWords})? ?(?:(?:/|per|a) ?(?<period>[a-z]+))?$`);
const foreign = /[€£¥]|\b(?:EUR|GBP|JPY|CHF|INR|CNY|eur|gbp|euros?)\b/;

/** USD in `period` (null: a plain sum); null when the unit is not money. A bare number is in that period. */
export function usdOf({ value, unit }: Amount, period: MoneyPeriod): number | string | null {
  if (foreign.test(unit)) return 'amounts are in US dollars: convert to USD first';
  const found = pattern.exec(unit);
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
