import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import type { TaskPart } from '../workload/workload.js';
import type { Assignment } from './assignment.js';
import { type Plan, planOf } from './plan.js';

/**
 * The plan that an assignment stands for; null where something has no price. Its places stand in the order of what they
 * serve: the order in which they were found depends on what else was searched for.
 */
export function pricedAssignment(assignment: Assignment, context: Context): Plan | null {
  const placed = assignment
    .map(({ candidate, taskParts }) => ({ candidate, taskParts: [...taskParts].sort((a, b) => a - b) }))
    .sort((a, b) => (a.taskParts[0] ?? 0) - (b.taskParts[0] ?? 0));
  const plan = planOf(
    placed.map(({ candidate, taskParts }) => ({
      option: candidate.option(),
      ...(candidate.second && {
        second: { role: candidate.second.role, option: candidate.second.candidate.option() },
      }),
      taskParts: taskParts.map((s) => context.workload.taskParts[s] as TaskPart),
    })),
    context,
  );
  return isUnpriced(plan) ? null : plan;
}
