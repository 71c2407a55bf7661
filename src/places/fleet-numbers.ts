import { tracedHighestLoad, tracedInHourFactor } from '../cost/deadline-sizing.js';
import { parameterOf } from '../cost/extras.js';
import type { FleetRule } from '../cost/fleet.js';
import type { FleetWords } from '../cost/fleet-trace.js';
import { given, parameter, product, quotient, type Traced } from '../formula/traced.js';
import { isAtMost } from '../units/float.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { isCommitted } from './fleet-units.js';
import { type Option, ruledKind } from './option.js';
import type { Context } from './placement.js';

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
