import type { Engine } from '../capacity/replica.js';
import type { FleetCosts } from '../cost/fleet-bill.js';
import type { Staff } from '../cost/people.js';
import type { Figures } from '../formula/figures.js';
import type { Traced } from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import type { Assumed } from '../workload/workload.js';
import type { Sizing } from './fleet-numbers.js';
import type { Offer, UnitType } from './fleet-units.js';
import type { Option } from './option.js';
import type { Context } from './placement.js';

/** A unit as it is bought, with the disk its weights take. */
export type Bought = { offer: Offer; unit: Pick<UnitType, 'accelerator' | 'gpus'>; diskGb: number };

/** The source of whole machines, and all that differs by kind of fleet. */
export type Market = {
  kind: Kind;
  title: string;
  /** Every machine on sale; `everything`: also those that a scenario must name. */
  units(context: Context, everything: boolean): UnitType[];
  /** The option of an id on a product that is no machine, so that its rate is unknown. */
  unsizable?(id: string, context: Context): Option | null;
  /** The engine that serves on such a machine. */
  engine(unit: Pick<UnitType, 'accelerator'>, context: Context): Engine;
  /** What a machine costs, as figures with their sources or as plain numbers. */
  costs<Figure>(bought: Bought, context: Context, figures: Figures<Figure>): FleetCosts<Figure>;
  /** The derivation of an hourly price; without it the offer's row is the price. */
  tracedRent?(offer: Offer, unit: Pick<UnitType, 'accelerator' | 'gpus'>, context: Context): Traced | null;
  staff(
    unit: Pick<UnitType, 'accelerator' | 'gpus'>,
    offer: Pick<Offer, 'provider' | 'purchase'>,
    context: Context,
  ): Staff;
  sizing(unit: Pick<UnitType, 'accelerator' | 'gpus'>, context: Context): Sizing;
  /** Whether to try schemes for one user at a time: units include personal machines. */
  personal: boolean;
};

export type AssumedOf = { workload: Assumed; tables: Tables };

/** Remembers what was made of tables under the same assumptions. */
export function onceForTables<Value>(make: (context: AssumedOf) => Value): (context: AssumedOf) => Value {
  const known = perObject((_: object) => new WeakMap<Tables, { value: Value }>());
  return (context) => {
    const byTables = known(context.workload.assumptions);
    const { value } = byTables.get(context.tables) ?? { value: make(context) };
    byTables.set(context.tables, { value });
    return value;
  };
}
