import type { AcceleratorRow, RentalRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Purchase } from './option.js';

/** One way to buy a unit: a row, a group size, a form of purchase. */
export type Offer = { rental: RentalRow; purchase: Purchase; instance: string; usdPerHour: number; termMonths: number };

/** Machines that are alike for capacity: so many GPUs of one kind under one roof. Offers are sorted by price. */
export type UnitType = { accelerator: AcceleratorRow; gpus: number; offers: Offer[] };

const purchases = [
  { purchase: 'on-demand', termMonths: 0, price: (row: RentalRow) => row.onDemandUsdPerHour },
  { purchase: 'reserved-1y', termMonths: 12, price: (row: RentalRow) => row.reserved1yUsdPerHour },
  { purchase: 'reserved-3y', termMonths: 36, price: (row: RentalRow) => row.reserved3yUsdPerHour },
] as const;

/**
 * Every rentable machine, grouped by what it can do. A row is one instance as sold; a row priced per GPU is sold in
 * groups. Cheapest machines first.
 */
export function rentedUnits(tables: Tables, includeMarketplace: boolean): UnitType[] {
  const units = new Map<string, UnitType>();
  for (const row of tables.rental) {
    const accelerator = tables.acceleratorOf.get(row.accelerator);
    if (accelerator === undefined || (row.tenancy === 'marketplace' && !includeMarketplace)) continue;
    const perGpu = row.soldIn.length > 0;
    for (const group of perGpu ? row.soldIn : [1]) {
      const gpus = group * row.gpuCount;
      const key = `${row.accelerator} ${gpus}`;
      const unit = units.get(key) ?? { accelerator, gpus, offers: [] };
      units.set(key, unit);
      for (const { purchase, termMonths, price } of purchases) {
        const usd = price(row);
        if (usd === null) continue;
        unit.offers.push({
          rental: row,
          purchase,
          termMonths,
          usdPerHour: usd * group,
          instance: perGpu
            ? `${gpus}x${row.accelerator}${row.tenancy === 'marketplace' ? '-marketplace' : ''}`
            : row.instanceType,
        });
      }
    }
  }
  const sorted = [...units.values()].filter(({ offers }) => offers.length > 0);
  for (const { offers } of sorted) offers.sort((a, b) => a.usdPerHour - b.usdPerHour);
  return sorted.sort((a, b) => cheapest(a) - cheapest(b));
}

export const cheapest = ({ offers }: UnitType): number => offers[0]?.usdPerHour ?? Number.POSITIVE_INFINITY;

/** Tensor-parallel groups a unit can be cut into: powers of two that divide it. */
export function splitsOf(gpus: number): number[] {
  const splits: number[] = [];
  for (let t = 1; t <= gpus; t *= 2) if (gpus % t === 0) splits.push(t);
  return splits;
}
