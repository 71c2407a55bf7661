import type { RentalRow } from './rows.js';

/** What an instance costs for each of its cards, USD an hour; null is unknown. */
export type PerCard = {
  onDemand: number | null;
  spot: number | null;
  reserved1y: number | null;
  reserved3y: number | null;
};

/** Prices of a rental row divided by its cards. */
export function perCard(row: RentalRow): PerCard {
  const each = (usd: number | null): number | null => (usd === null ? null : usd / row.gpuCount);
  return {
    onDemand: each(row.onDemandUsdPerHour),
    spot: each(row.spotUsdPerHour),
    reserved1y: each(row.reserved1yUsdPerHour),
    reserved3y: each(row.reserved3yUsdPerHour),
  };
}

/** The row with the least price on demand for each card; null where no row has one. The first of equal ones. */
export function cheapestOnDemand(rows: readonly RentalRow[]): RentalRow | null {
  const usd = (row: RentalRow): number => perCard(row).onDemand ?? Number.POSITIVE_INFINITY;
  const best = [...rows].sort((a, b) => usd(a) - usd(b))[0];
  return best === undefined || best.onDemandUsdPerHour === null ? null : best;
}
