import { parameterOf } from '../cost/people.js';
import type { Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';

/** A rating of a kind as the tables have it, in a word: `3 medium`; null where they have none. */
export function rating(prefix: string, kind: Kind, { parameterOf: known }: Tables): string | null {
  const row = known.get(parameterOf(prefix, kind));
  if (row === undefined) return null;
  return new RegExp(`\\b${row.likely} (\\w+)`).exec(row.unit)?.[1] ?? String(row.likely);
}
