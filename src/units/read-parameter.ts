import type { Uncertain } from './range.js';
import { convertTime, type TimeUnit, timeUnit, timeWords } from './read-duration.js';
import { dollarWords, usdOf } from './read-money.js';
import { shareOf } from './read-share.js';
import type { Reader } from './reading.js';
import { type NumberKind, uncertainReader } from './uncertain.js';

export type Bounds = Pick<NumberKind, 'least' | 'most' | 'aboveZero'>;

/**
 * Reads a value for a named parameter, in that parameter's own unit: a number, `1%`, `$12`, a duration, or a number
 * followed by the unit itself (`0.12 usd/kwh`).
 *
 * @param unit the parameter's unit (`fraction`, `hours`, `usd/gb`); null when unknown, then a duration is in seconds
 * The form it tells schemas is that of an unknown unit.
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

/** `$12/kwh` for a parameter in usd/kwh: the rest of the unit is the parameter's own. */
function currencyOnly(written: string, unit: string | null): string {
  const rest = unit?.slice(unit.search(/[ /]|$/)) ?? '';
  return rest !== '' && written.toLowerCase().endsWith(rest.toLowerCase())
    ? written.slice(0, -rest.length).trim()
    : written;
}
