import { isMap } from '../units/reading.js';
import type { Range, Uncertain } from '../units/uncertain.js';
import type { Scenario } from './schema.js';
import { taskNames } from './set.js';

/** A range in a scenario: its path, and the place that holds it. */
export type Ranged = { path: string; value: Uncertain & { range: Range } };

/** What a transformed key is called where it is written. */
const written: Readonly<Record<string, string>> = {
  freeFte: 'free',
  yearlyCostUsd: 'yearlyCost',
  billUsdPerMonth: 'bill',
  costUsd: 'cost',
  ttftP95Ms: 'ttftP95',
  totalP95Ms: 'totalP95',
};
/** Whether a key only holds what stands under the key above it. */
const isInner = (key: string, path: readonly string[]): boolean =>
  key === 'amount' || (key === 'share' && /^(cacheable|session)Prefix$/.test(path.at(-1) ?? ''));

/**
 * Every range of a scenario in order, without own prices, which belong to the tables. The values are the scenario's
 * own: writing into them changes it.
 */
export function rangesOf(scenario: Scenario): Ranged[] {
  const names = taskNames(scenario.tasks);
  const found: Ranged[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (isUncertain(value)) {
      if (isRanged(value)) found.push({ path: path.join('.'), value });
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => {
        walk(item, [...path, path.length === 1 && path[0] === 'tasks' ? (names[i] ?? String(i)) : String(i)]);
      });
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (path.length === 0 && key === 'prices') continue;
        walk(item, isInner(key, path) ? path : [...path, written[key] ?? key]);
      }
    }
  };
  walk(scenario, []);
  return found;
}

const isUncertain = (value: unknown): value is Uncertain =>
  isMap(value) && typeof value.likely === 'number' && 'range' in value;

const isRanged = (value: Uncertain): value is Ranged['value'] =>
  value.range !== null && value.range.low < value.range.high;
