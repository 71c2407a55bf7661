import { isUnpriced } from '../cost/line.js';
import type { Case } from '../places/placement.js';
import type { Assignment } from './assignment.js';
import { type Plan, planOf } from './plan.js';

/**
 * The plan that an assignment stands for; null where something has no price. Its places stand in the order of what they
 * serve: the order in which they were found depends on what else was searched for.
 */
export function pricedAssignment(assignment: Assignment, of: Case): Plan | null {
  const placed = assignment
    .map(({ candidate, slices }) => ({ candidate, slices: [...slices].sort((a, b) => a - b) }))
    .sort((a, b) => (a.slices[0] ?? 0) - (b.slices[0] ?? 0));
  const plan = planOf(
    placed.map(({ candidate, slices }) => ({
      option: candidate.option(),
      ...(candidate.second && {
        second: { role: candidate.second.role, option: candidate.second.candidate.option() },
      }),
      slices: slices.map((s) => of.demand.slices[s] as Case['demand']['slices'][number]),
    })),
    of,
  );
  return isUnpriced(plan) ? null : plan;
}
