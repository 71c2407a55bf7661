import type { Kept } from '../../core/least-adjusted.js';
import { adjustedPricesIn } from '../../decide/adjusted-prices.js';
import { planRulesOf } from '../../decide/core-choice.js';
import { advisedPlan } from '../../decide/task-advice.js';
import {
  changedCase,
  madeAnew,
  movesPricesAlone,
  narrowedCase,
  type TaskCase,
  taskCase,
} from '../../decide/task-case.js';
import { cheapestPlan, type TaskPlan } from '../../decide/task-plans.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { assumeSame } from '../../workload/workload.js';

/** The plan advised by what a case of one task asks to be minimized, and the cheapest; null when nothing fits. */
export type TaskAdvice = {
  plan: TaskPlan | null;
  cheapest: TaskPlan | null;
  /** The minimized cost of the plan, USD a month; 0 when nothing fits. */
  countedUsd: number;
  /** Whether nothing but prices of machines differs from the first case. */
  pricesAlone: boolean;
};
export type Deciding = (context: Context) => TaskAdvice;

/** Decides changed cases of one task one after another. */
export const deciding = (first: Context): Deciding => decidingFrom(taskCase(first));

/** The same among the places of some plans, which takes far less. */
export const decidingAmong = (first: TaskCase, among: readonly (TaskPlan | null)[]): Deciding =>
  decidingFrom(
    narrowedCase(
      first,
      among.flatMap((plan) => (plan === null ? [] : optionsIn(plan))),
    ),
  );

const optionsIn = ({ option, second }: TaskPlan): Option[] => (second === null ? [option] : [option, second.option]);

/** Each case takes over what it can of the first; what was looked at is known to the next that prices the same rows. */
export function decidingFrom(first: TaskCase): Deciding {
  let base = first;
  let kept: Kept | null = null;
  return (context) => {
    const { workload } = context;
    const rules = planRulesOf(context);
    const prices = adjustedPricesIn(workload);
    const anew = madeAnew(base, context);
    // Queues of other assumptions may be other ones.
    const isAlike = anew === 'prices' && assumeSame(base.context.workload, workload);
    const changed = changedCase(base, context, anew);
    const pricesAlone = movesPricesAlone(base, changed);
    const best = cheapestPlan(changed.start, workload, rules);
    const { cheapest } = best;
    if (workload.rules.objective === 'cost') {
      if (isAlike) base = { ...base, start: best.prepared };
      return { plan: cheapest, cheapest, countedUsd: cheapest?.usd ?? 0, pricesAlone };
    }
    const found = advisedPlan(best, workload, rules, prices, { from: isAlike ? kept : null });
    if (isAlike) {
      base = { ...base, start: found.prepared };
      kept = found.looked;
    }
    return { plan: found.plan, cheapest, countedUsd: found.plan?.adjustedUsd ?? 0, pricesAlone };
  };
}
