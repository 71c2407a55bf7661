import { difference, given, parameter, type Traced } from '../formula/traced.js';
import { machineAvailability, machineAvailabilityOf } from '../places/fleet-numbers.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import type { Kind } from '../tables/rows.js';
import { shiftDecimal } from '../units/decimal.js';

/** Share of time in which an option answers, and where that is from; null where nobody says. */
export type Availability = { share: number; from: 'observed' | 'promised' | 'assumed' };

const wholeMachines: ReadonlySet<Kind> = new Set(['managed-hosting', 'self-hosted-cloud', 'on-prem']);

/** The parameter that says how available machines of a kind are; others are as their provider says, or as the user is. */
function ofMachines({ kind, desk }: Pick<Option, 'kind' | 'desk'>, { workload }: Context): string | null {
  if (kind === 'serverless-gpu') return 'availabilityGpuCloudSla';
  return wholeMachines.has(kind) ? machineAvailabilityOf(workload, desk) : null;
}

/** Share of time that machines without a spare would answer with one; null: they have one, or are no machines. */
export const shareWithSpare = (option: Option, context: Context): number | null =>
  ofMachines(option, context) === machineAvailability.withoutSpare
    ? context.workload.assume(machineAvailability.withSpare)
    : null;

/** Whether some machines of a kind may answer less of the time than so much. */
export const mayLack = (kind: Kind, share: number, context: Context): boolean =>
  [false, kind === 'on-prem'].some((desk) => {
    const name = ofMachines({ kind, desk }, context);
    return name !== null && context.workload.assume(name) < share;
  });

/** What is observed of a provider's API, else what it promises; of other places what their kind usually reaches. */
export function availabilityOf(option: Option, context: Context): Availability | null {
  const found = tracedAvailability(option, context);
  return found && { share: found.share.value, from: found.from };
}

function tracedAvailability(option: Option, context: Context): { share: Traced; from: Availability['from'] } | null {
  const { provider, api } = option;
  const { parameterOf, serviceOf } = context.tables;
  const label = `share of time in which ${provider} answers`;
  const named = (name: string, from: Availability['from']) =>
    parameterOf.has(name) ? { share: parameter(label, name, context), from } : null;
  if (api === null) {
    const name = ofMachines(option, context);
    if (name !== null) return named(name, 'assumed');
  }
  const observed = named(`availabilityApi${capitalized(provider)}`, 'observed');
  if (observed !== null) return observed;
  const service = serviceOf.get(provider);
  if (service === undefined || service.slaUptimePct === null) return null;
  const share = given(label, shiftDecimal(service.slaUptimePct, -2), 'fraction', {
    table: 'services',
    row: service.row,
  });
  return { share, from: 'promised' };
}

/** Share of time in which it does not answer; null: unknown. */
export function unavailableShare(option: Option, context: Context): Traced | null {
  const found = tracedAvailability(option, context);
  return (
    found &&
    difference(
      `share of time in which ${option.provider} does not answer`,
      'fraction',
      given('all of the time', 1, 'fraction'),
      found.share,
    )
  );
}

/**
 * Two that stand in for each other: both down at a time by chance alone, but no better than what two vendors reach, since
 * what switches between them fails too.
 */
export function twoTogether(a: Availability, b: Availability, { workload }: Context): number {
  return Math.min(1 - (1 - a.share) * (1 - b.share), workload.assume('availabilityApiTwoVendorFailover'));
}

/** A share of time as people write it, nines and all. */
export const percentWords = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
