import type { Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import { linesOf, type Plan } from './plan.js';

/** Days since the oldest price that a plan is billed at was last seen; null: it has none of the tables. */
export function priceAgeDays(plan: Plan, tables: Tables, asOf: string): number | null {
  const dates = new Map<string, ReadonlyMap<number, string>>([
    ['api', new Map(tables.api.map(({ row, lastSeen }) => [row, lastSeen ?? tables.snapshot.date]))],
    ['rental', new Map(tables.rental.map((one) => [one.row, one.asOf]))],
    ['hosting', new Map(tables.hosting.map((one) => [one.row, one.asOf]))],
  ]);
  const seen = linesOf(plan)
    .flatMap((line) => line.sources())
    .flatMap(({ table, row }) => dates.get(table)?.get(row) ?? []);
  const [oldest] = seen.sort();
  return oldest === undefined ? null : daysBetween(oldest, asOf);
}
