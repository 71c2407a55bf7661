import { isUnpriced } from '../cost/line.js';
import type { Case } from '../placements/placement.js';
import type { Assignment } from './assignment.js';
import { type Plan, planOf } from './plan.js';

/** The plan that an assignment stands for; null where something has no price. */
export function pricedAssignment(assignment: Assignment, of: Case): Plan | null {
  const plan = planOf(
    assignment.map(({ candidate, slices }) => ({
      option: candidate.option(),
      ...(candidate.second && {
        second: { role: candidate.second.role, option: candidate.second.candidate.option() },
      }),
      slices: [...slices].sort((a, b) => a - b).map((s) => of.demand.slices[s] as Case['demand']['slices'][number]),
    })),
    of,
  );
  return isUnpriced(plan) ? null : plan;
}
