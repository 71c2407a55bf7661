import { adjustedPricesIn } from '../../decide/adjusted-prices.js';
import { planRulesOf } from '../../decide/core-choice.js';
import { type AdvisedPlan, advisedPlan } from '../../decide/task-advice.js';
import { changedCase, madeAnew, type TaskCase } from '../../decide/task-case.js';
import { bestPlans } from '../../decide/task-plans.js';
import type { Context } from '../../places/placement.js';

/** Decides a changed case of one task: the plan of least adjusted cost, or null when nothing fits. */
export type Deciding = (context: Context) => AdvisedPlan | null;

const isAlike = (base: TaskCase, context: Context): boolean =>
  base.context.workload.assumptions === context.workload.assumptions && madeAnew(base, context) === 'prices';

/**
 * Decides changed cases one after another. Each takes over what it can of the first; what its queues
 * told is known to the next that prices the same rows.
 */
export function deciding(first: TaskCase): Deciding {
  let base = first;
  return (context) => {
    const { workload } = context;
    const rules = planRulesOf(context);
    const best = bestPlans(changedCase(base, context).start, workload, rules);
    const { plan, prepared } = advisedPlan(best, workload, rules, adjustedPricesIn(workload));
    // Queues of other assumptions may be other ones.
    if (isAlike(base, context)) base = { ...base, start: prepared };
    return plan;
  };
}
