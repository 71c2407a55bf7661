import type { FleetRates } from '../cost/fleet-bill.js';
import { type RentalPurchase, rentalForms } from '../tables/price-columns.js';
import type { AcceleratorRow, HostingRow, RentalRow } from '../tables/rows.js';
import type { Origin } from '../tables/tables.js';
import type { Boundary } from '../workload/workload.js';

/** How a machine is come by. */
export type Purchase = RentalPurchase | 'bought' | 'owned';

/** Whether a machine is rented for months at once. */
export const isCommitted = (purchase: Purchase | null): boolean =>
  rentalForms.some((form) => form.purchase === purchase && form.months > 0);

/** An offer of a unit: whose it is, where, how it is bought, and its part of an id. */
export type Offer = {
  provider: string;
  region: string | null;
  reach: Boundary;
  marketplace: boolean;
  instance: string;
  purchase: Purchase | null;
  /** Lowest USD an hour of a unit: the rent, or for own hardware the power of an idle machine. */
  usdPerHour: number;
  /** All its costs, if computed when it was made. */
  rates?: FleetRates;
  /** Months of a commitment; 0: none. */
  termMonths: number;
  /** Units follow the load hour by hour; else they are sized for the highest hour. */
  followsHours: boolean;
  /** Units of it that are owned already. */
  owned: number;
  row: Origin;
  /** Another row that a part of its price is of. */
  alsoOf?: Origin;
  /** The row of its price, and the price under the assumptions at the time; absent: none. */
  madeOf?: RentalRow | HostingRow;
  madeWith?: number;
  /** Its price is another region's of the provider, times a parameter of this value. */
  uplift?: { parameter: string; with: number };
};

/** Machines of equal capacity: so many GPUs of one kind. Offers are sorted by price. */
export type UnitType = { accelerator: AcceleratorRow; gpus: number; offers: Offer[] };

export const cheapest = ({ offers }: UnitType): number => offers[0]?.usdPerHour ?? Number.POSITIVE_INFINITY;

/** Groups offers by what their machines can do; cheapest machines first. */
export function unitTypes(found: Iterable<{ accelerator: AcceleratorRow; gpus: number; offer: Offer }>): UnitType[] {
  const units = new Map<string, UnitType>();
  for (const { accelerator, gpus, offer } of found) {
    const key = `${accelerator.accelerator} ${gpus}`;
    const unit = units.get(key) ?? { accelerator, gpus, offers: [] };
    units.set(key, unit);
    unit.offers.push(offer);
  }
  const sorted = [...units.values()];
  for (const { offers } of sorted) offers.sort((a, b) => a.usdPerHour - b.usdPerHour);
  return sorted.sort((a, b) => cheapest(a) - cheapest(b));
}

/** Tensor-parallel groups a unit can be cut into: powers of two that divide it. */
export function splitsOf(gpus: number): number[] {
  const splits: number[] = [];
  for (let t = 1; t <= gpus; t *= 2) if (gpus % t === 0) splits.push(t);
  return splits;
}
