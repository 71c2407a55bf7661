import { pricedLater } from '../tables/hindsight.js';
import type { Tables } from '../tables/tables.js';
import type { Warning } from './decision.js';
import { linesOf, type Plan } from './plan.js';

/** Hardware that a plan buys at prices which nobody knew on the snapshot's date; what is owned already is not bought. */
export function hindsightWarnings(plan: Plan, { accelerators, snapshot }: Tables): Warning[] {
  const bought = linesOf(plan).filter(({ part, upfront }) => part.startsWith('capital.') && upfront > 0);
  const rows = new Set(
    bought.flatMap((line) => line.sources().flatMap(({ table, row }) => (table === 'accelerators' ? [row] : []))),
  );
  const later = accelerators.filter((one) => rows.has(one.row) && pricedLater(one, snapshot));
  if (later.length === 0) return [];
  const named = later.map(({ accelerator, priceAsOf }) => `${accelerator} (${priceAsOf})`).join(', ');
  const message = `the plan buys hardware at list prices of a later month than the snapshot of ${snapshot.date}: ${named}`;
  return [{ code: 'hindsight-price', message }];
}
