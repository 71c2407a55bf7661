import { isUnpriced } from '../cost/curve.js';
import type { Candidate } from '../places/candidate.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { certainlyBelow } from '../units/float.js';
import { monthOf } from '../workload/month-of.js';
import type { TaskPart } from '../workload/workload.js';
import type { Assignment } from './assignment.js';

/**
 * Whether an assignment is over the monthly budget for what its places are billed in the month of most volume alone: people,
 * other months and what tasks cost on top only add to the dearest month. Thousands of plans may be too dear for the rules,
 * and to price one with all its months takes a thousand times as long.
 */
export function overBudget(context: Context): (assignment: Assignment) => boolean {
  const { rules, growth } = context.workload;
  const most = rules.budgetMonthlyUsd;
  if (most === null) return () => false;
  const busiest = growth.reduce((best, factor, month) => (factor > (growth[best] as number) ? month : best), 0);
  const then: Context = { ...context, workload: monthOf(context.workload, busiest) };
  const known = new Map<Candidate, Map<string, number>>();
  return (assignment) =>
    assignment.reduce((sum, { candidate, taskParts }) => sum + billedUsd(candidate, taskParts), 0) * certainlyBelow >
    most;

  function billedUsd(candidate: Candidate, taskParts: readonly number[]): number {
    const ofCandidate = known.get(candidate) ?? new Map<string, number>();
    known.set(candidate, ofCandidate);
    const key = taskParts.join();
    let usd = ofCandidate.get(key);
    if (usd === undefined) {
      usd = leastUsd(candidate, taskParts);
      ofCandidate.set(key, usd);
    }
    return usd;
  }

  /** Nothing where only its lines could tell, as of what is bought or committed to: a part of that is paid once. */
  function leastUsd({ kind, second, fleet, option }: Candidate, taskParts: readonly number[]): number {
    const { billed } = placementOf(kind);
    const isPartOnce = fleet !== null && (!fleet.followsHours || fleet.onceUsdPerHour > 0);
    if (second !== undefined || billed === undefined || isPartOnce) return 0;
    const bill = billed(
      option(),
      taskParts.map((s) => then.workload.taskParts[s] as TaskPart),
      then,
    );
    return isUnpriced(bill) ? 0 : bill.usd;
  }
}
