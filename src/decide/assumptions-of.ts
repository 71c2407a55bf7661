import type { Case } from '../places/placement.js';
import { type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';

/** Names of the assumptions that pricing some plans, and reviewing them, asks for; sorted. */
export function assumptionsOf(plans: readonly Plan[], of: Case, reviewed: boolean): string[] {
  const used = new Set<string>();
  const assume = (name: string) => {
    used.add(name);
    return of.demand.assume(name);
  };
  // What is remembered asks for nothing.
  const recording: Case = { tables: of.tables, demand: { ...of.demand, assume, assumptions: {} } };
  for (const plan of plans) {
    planOf(
      partsOf(plan, (slice) => slice),
      recording,
    );
    if (reviewed) review(plan, recording);
  }
  return [...used].sort();
}
