import type { AcceleratorRow } from './rows.js';
import type { Snapshot } from './tables.js';

/** Whether a list price is of a later month than the snapshot: on that date nobody could have known it. */
export const pricedLater = (
  { listPriceUsd, priceAsOf }: Pick<AcceleratorRow, 'listPriceUsd' | 'priceAsOf'>,
  { date }: Pick<Snapshot, 'date'>,
): boolean => listPriceUsd !== null && priceAsOf !== null && priceAsOf.slice(0, 7) > date.slice(0, 7);
