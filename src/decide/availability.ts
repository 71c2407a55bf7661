import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import type { Kind } from '../tables/rows.js';
import { shiftDecimal } from '../units/decimal.js';

/** Share of time in which an option answers, and where that is from; null where nobody says. */
export type Availability = { share: number; from: 'observed' | 'promised' | 'assumed' };

/** The parameter that says how available a kind of place is where its provider says nothing; others are as the user is. */
const ofKind: Readonly<Partial<Record<Kind, string>>> = {
  'managed-hosting': 'availabilitySelfHostedTwoReplicas',
  'self-hosted-cloud': 'availabilitySelfHostedTwoReplicas',
  'on-prem': 'availabilitySelfHostedTwoReplicas',
  'serverless-gpu': 'availabilityGpuCloudSla',
};

/** What is observed of a provider's API, else what it promises; of other places what their kind usually reaches. */
export function availabilityOf({ kind, provider, api, desk }: Option, { demand, tables }: Case): Availability | null {
  const named = (name: string, from: Availability['from']): Availability | null =>
    tables.parameterOf.has(name) ? { share: demand.assume(name), from } : null;
  if (api === null) {
    const name = desk ? 'availabilitySelfHostedSingleNode' : ofKind[kind];
    if (name !== undefined) return named(name, 'assumed');
  }
  const observed = named(`availabilityApi${capitalized(provider)}`, 'observed');
  const promised = tables.serviceOf.get(provider)?.slaUptimePct ?? null;
  if (observed !== null) return observed;
  return promised === null ? null : { share: shiftDecimal(promised, -2), from: 'promised' };
}

/** Share of time in which it does not answer; null: unknown. */
export function unavailableShare(option: Option, of: Case): number | null {
  const found = availabilityOf(option, of);
  return found === null ? null : 1 - found.share;
}

/**
 * Two that stand in for each other: both down at a time by chance alone, but no better than what two vendors reach, since
 * what switches between them fails too.
 */
export function twoTogether(a: Availability, b: Availability, { demand }: Case): number {
  return Math.min(1 - (1 - a.share) * (1 - b.share), demand.assume('availabilityApiTwoVendorFailover'));
}

/** A share of time as people write it, nines and all. */
export const percentWords = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
