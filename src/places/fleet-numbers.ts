import type { FleetWords } from '../cost/fleet-trace.js';
import { given, parameter, product, quotient, type Traced } from '../formula/traced.js';
import type { Demand, Slice } from '../workload/demand.js';
import type { FleetNumbers } from './candidate.js';
import type { Case } from './placement.js';

/**
 * Where the size of a fleet comes from: `unitsNeeded` and the sizing rules, told part by part. `capacityOf` says what the
 * requests a second of a unit are for a slice.
 */
export function sizingWords(
  rule: Omit<Sizing, 'copies'>,
  capacityOf: (slice: Slice) => Traced,
  told: readonly Traced[],
  of: Case,
): FleetWords {
  // A market may have rules of its own: then the figure stands without the name of an assumption.
  const named = (label: string, value: number, name: string, unit: string): Traced =>
    value === of.demand.assume(name) ? parameter(label, name, of) : given(label, value, unit);
  return {
    told,
    min: named('units at the least', rule.min, 'minReplicas', 'units'),
    spare: parameter('spares at the least', rule.spareNamed, of),
    spareShare: named('share of spares', rule.spareShare, 'spareShare', 'fraction'),
    work: (slice, ratePerS) =>
      quotient(
        `work of ${slice.task}`,
        'units',
        product(
          'rate of its busiest minutes',
          'requests/s',
          ratePerS,
          parameter('busiest minutes over their hour', 'inHourFactor', of),
        ),
        product(
          'rate a unit is sized for',
          'requests/s per unit',
          capacityOf(slice),
          parameter('highest load', 'highestLoad', of),
        ),
      ),
  };
}

/** How a fleet is sized; `copies`: a unit is one such machine at each of so many places. */
export type Sizing = Pick<FleetNumbers, 'min' | 'spare' | 'spareShare'> & {
  copies: number;
  /** The parameter that `spare` is. */
  spareNamed: string;
};

const usualSpare = 'spareReplicas';
const deskSpare = 'workstationSpareReplicas';

/** The usual sizing rules, from the assumptions. */
export const sizing = (demand: Demand): Sizing => ({
  min: demand.assume('minReplicas'),
  spare: demand.assume(usualSpare),
  spareNamed: usualSpare,
  spareShare: demand.assume('spareShare'),
  copies: 1,
});

/** The same, or that at a desk, whose spares are asked for apart. */
export const sizingAt = (demand: Demand, desk: boolean): Sizing => ({
  ...sizing(demand),
  ...(desk && { spare: demand.assume(deskSpare), spareNamed: deskSpare, spareShare: 0 }),
});

/** The parameters that say how much of the time machines answer: a spare stands in for one that fails. */
export const machineAvailability = {
  withSpare: 'availabilitySelfHostedTwoReplicas',
  withoutSpare: 'availabilitySelfHostedSingleNode',
} as const;

/** The one of them that holds, at a desk or elsewhere. */
export function machineAvailabilityOf(demand: Demand, desk: boolean): string {
  const { spare, spareShare } = sizingAt(demand, desk);
  return spare >= 1 || spareShare > 0 ? machineAvailability.withSpare : machineAvailability.withoutSpare;
}
