import type { Engine } from '../capacity/replica.js';
import type { FleetCosts } from '../cost/fleet-bill.js';
import type { Staff } from '../cost/people.js';
import type { Traced } from '../cost/traced.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import type { Sizing } from './fleet-numbers.js';
import type { Offer, UnitType } from './fleet-units.js';
import type { Case } from './placement.js';

/** A unit as it is bought, with the disk its weights take. */
export type Bought = { offer: Offer; unit: Pick<UnitType, 'accelerator' | 'gpus'>; diskGb: number };

/** Where whole machines come from, and all that tells one kind of fleet from another. */
export type Market = {
  kind: Kind;
  title: string;
  /** See `Placement`. */
  effort: number;
  /** Every machine on sale there; `everything`: those too that a scenario has to ask for. */
  units(of: Case, everything: boolean): UnitType[];
  /** The engine that serves on such a machine. */
  engine(unit: Pick<UnitType, 'accelerator'>, of: Case): Engine;
  costs(bought: Bought, of: Case): FleetCosts;
  /** What the price of an offer per hour is made of; without it the row of the offer says it all. */
  tracedRent?(offer: Offer, unit: Pick<UnitType, 'accelerator' | 'gpus'>, of: Case): Traced | null;
  staff(unit: Pick<UnitType, 'accelerator' | 'gpus'>, of: Case): Staff;
  /** Whether such a machine is a place for a slice at all; absent: every one is. May depend on the volume. */
  suits?(unit: Pick<UnitType, 'accelerator' | 'gpus'>, slice: Slice, of: Case): boolean;
  sizing(unit: Pick<UnitType, 'accelerator' | 'gpus'>, of: Case): Sizing;
  /** Whether schemes for one user at a time are worth a look: machines of one person are among the units. */
  personal: boolean;
};

/** What an offer costs whatever runs on it: worked out once for each length of the horizon under the same assumptions. */
export function perOffer(make: (offer: Offer, of: Case) => FleetCosts): (offer: Offer, of: Case) => FleetCosts {
  type Known = { assume: Demand['assume']; byMonths: Map<number, FleetCosts> };
  const known = new WeakMap<Offer, Known>();
  return (offer, of) => {
    const { months, assume } = of.demand;
    let last = known.get(offer);
    if (last === undefined || last.assume !== assume) {
      last = { assume, byMonths: new Map() };
      known.set(offer, last);
    }
    const costs = last.byMonths.get(months) ?? make(offer, of);
    last.byMonths.set(months, costs);
    return costs;
  };
}
