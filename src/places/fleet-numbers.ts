import type { Engine } from '../capacity/replica.js';
import { parameterOf } from '../cost/extras.js';
import { type FleetRule, tracedHighestLoad, tracedInHourFactor } from '../cost/fleet.js';
import type { FleetCosts, FleetWords } from '../cost/fleet-bill.js';
import type { Staff } from '../cost/people.js';
import { type Figures, given, parameter, product, quotient, type Traced } from '../formula/traced.js';
import type { Kind } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import { isAtMost } from '../units/numeric.js';
import type { Assumed, TaskPart, Workload } from '../workload/workload.js';
import { isCommitted, type Offer, type Option, ruledKind, type UnitType } from './option.js';
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

/**
 * The derivation of a fleet's size, by `unitsNeeded` and the sizing rules. `capacityOf`: requests a second of a unit
 * for a task part.
 */
export function sizingWords(
  rule: Omit<Sizing, 'copies'>,
  capacityOf: (taskPart: TaskPart) => Traced,
  told: readonly Traced[],
  context: Context,
): FleetWords {
  // A market with rules of its own: a figure without the name of an assumption.
  const named = (label: string, value: number, name: string, unit: string): Traced =>
    value === context.workload.assume(name) ? parameter(label, name, context) : given(label, value, unit);
  return {
    told,
    min: named('units at the least', rule.min, 'minReplicas', 'units'),
    spare: parameter('spares at the least', rule.spareNamed, context),
    spareShare: named('share of spares', rule.spareShare, 'spareShare', 'fraction'),
    work: (taskPart, ratePerS) =>
      quotient(
        `work of ${taskPart.task}`,
        'units',
        product('rate of its busiest minutes', 'requests/s', ratePerS, tracedInHourFactor(taskPart, context)),
        product(
          'rate a unit is sized for',
          'requests/s per unit',
          capacityOf(taskPart),
          tracedHighestLoad(taskPart, context),
        ),
      ),
  };
}

/** How a fleet is sized; `copies`: a unit is a machine at each of so many places. */
export type Sizing = Pick<FleetRule, 'min' | 'spare' | 'spareShare'> & {
  copies: number;
  /** The parameter that `spare` is. */
  spareNamed: string;
};

const usualSpare = 'spareReplicas';
const deskSpare = 'workstationSpareReplicas';

/** The usual sizing rules, from the assumptions. */
export const sizing = (workload: Workload): Sizing => ({
  // Machines of a job stop when it is done.
  min: workload.once ? 0 : workload.assume('minReplicas'),
  spare: workload.assume(usualSpare),
  spareNamed: usualSpare,
  spareShare: workload.assume('spareShare'),
  copies: 1,
});

/**
 * The same; a desk machine, or an owned one, has no spare unless the required availability exceeds that of one machine.
 */
export function sizingAt(workload: Workload, standsAlone: boolean): Sizing {
  const alone = standsAlone ? workload.assume(machineAvailability.withoutSpare) : 0;
  const standsIn = workload.taskParts.some(({ needs }) => !isAtMost(needs.availability ?? 0, alone));
  return !standsAlone || standsIn
    ? sizing(workload)
    : { ...sizing(workload), spare: workload.assume(deskSpare), spareNamed: deskSpare, spareShare: 0 };
}

/** Parameters with the availability of machines: a spare replaces a failed one. */
export const machineAvailability = {
  withSpare: 'availabilitySelfHostedTwoReplicas',
  withoutSpare: 'availabilitySelfHostedSingleNode',
} as const;

/** The one of them that holds, of machines without a stand-in or others. */
export function machineAvailabilityOf(workload: Workload, standsAlone: boolean): string {
  const { spare, spareShare } = sizingAt(workload, standsAlone);
  return spare >= 1 || spareShare > 0 ? machineAvailability.withSpare : machineAvailability.withoutSpare;
}

/**
 * The parameter of owning.csv with the weeks until an option can serve: by purchase where that decides (owned hardware,
 * a desk machine, a commitment), else by kind.
 */
export function leadTimeParameter(option: Pick<Option, 'kind' | 'purchase' | 'desk' | 'api'>): string {
  const { purchase, desk } = option;
  if (purchase === 'owned') return 'leadTimeOwned';
  if (purchase === 'bought' && desk) return 'leadTimeWorkstation';
  if (isCommitted(purchase)) return 'leadTimeReserved';
  return parameterOf('leadTime', ruledKind(option));
}

/**
 * Weeks from the order until an option can serve, likely or under `assumptions`, without agreements to be signed; null:
 * not in the tables.
 */
export function leadTimeWeeks(
  option: Pick<Option, 'kind' | 'purchase' | 'desk' | 'api'>,
  { workload, tables }: Context,
): number | null {
  const name = leadTimeParameter(option);
  return tables.parameterOf.has(name) ? workload.assume(name) : null;
}
