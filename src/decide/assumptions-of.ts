import type { Context } from '../places/placement.js';
import { type Plan, partsOf, planOf } from './plan.js';
import { review } from './review.js';

/** Names of the assumptions that pricing some plans, and reviewing them, asks for; sorted. */
export function assumptionsOf(plans: readonly Plan[], context: Context, reviewed: boolean): string[] {
  const used = new Set<string>();
  const assume = (name: string) => {
    used.add(name);
    return context.workload.assume(name);
  };
  // What is remembered asks for nothing.
  const recording: Context = { tables: context.tables, workload: { ...context.workload, assume, assumptions: {} } };
  for (const plan of plans) {
    planOf(
      partsOf(plan, (taskPart) => taskPart),
      recording,
    );
    if (reviewed) review(plan, recording);
  }
  return [...used].sort();
}
