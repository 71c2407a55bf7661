import type { Kept } from '../../core/least-adjusted.js';
import { adjustedPricesIn } from '../../decide/adjusted-plan.js';
import { type CasePlan, planOfTask } from '../../decide/case-plan.js';
import { isOneTask, planRulesOf } from '../../decide/core-choice.js';
import { advisedOfSeveral } from '../../decide/decide-case.js';
import { changedSeveral, narrowedSeveral, type SeveralCase, severalCase } from '../../decide/several-case.js';
import { advisedPlan } from '../../decide/task-advice.js';
import {
  changedCase,
  madeAnew,
  movesPricesAlone,
  narrowedCase,
  type TaskCase,
  taskCase,
} from '../../decide/task-case.js';
import { cheapestPlan } from '../../decide/task-plans.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { assumeSame } from '../../workload/workload.js';

/** The advised plan by what a case minimizes, and the cheapest; null: nothing fits. */
export type Advice = {
  plan: CasePlan | null;
  cheapest: CasePlan | null;
  /** The minimized cost of the plan, USD a month; 0 when nothing fits. */
  countedUsd: number;
  /** Whether nothing but prices of machines differs from the first case. */
  pricesAlone: boolean;
};
export type Deciding = (context: Context) => Advice;

/** Decides changed cases in turn; faster among the places of some plans. */
export type Decider = { decide: Deciding; among(plans: readonly (Places | null)[]): Deciding };

/** The places of a plan. */
export type Places = Pick<CasePlan, 'places'>;

/** @param known what a case of several tasks was decided of, where it is known */
export function deciderOf(first: Context, known: SeveralCase | null = null): Decider {
  if (!isOneTask(first)) {
    const several = known ?? severalCase(first);
    return {
      decide: decidingSeveral(several),
      among: (plans) => decidingSeveral(narrowedSeveral(several, optionsIn(plans))),
    };
  }
  const task = taskCase(first);
  return { decide: decidingTask(task), among: (plans) => decidingTask(narrowedCase(task, optionsIn(plans))) };
}

export const deciding = (first: Context): Deciding => deciderOf(first).decide;

const optionsIn = (plans: readonly (Places | null)[]): Option[] =>
  plans.flatMap((plan) =>
    plan === null ? [] : plan.places.flatMap(({ option, second }) => (second ? [option, second.option] : [option])),
  );

/** Each case takes over what it can of the first. */
function decidingSeveral(first: SeveralCase): Deciding {
  return (context) => {
    const { advised, cheapest } = advisedOfSeveral(changedSeveral(first, context));
    return {
      plan: advised && advised,
      cheapest: cheapest && cheapest,
      countedUsd: advised?.usd ?? 0,
      pricesAlone: false,
    };
  };
}

/** Each case reuses what it can of the first, and evaluations of the same rows. */
function decidingTask(first: TaskCase): Deciding {
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
    const cheapest = best.cheapest && planOfTask(best.cheapest, context);
    if (workload.rules.objective === 'cost') {
      if (isAlike) base = { ...base, start: best.prepared };
      return { plan: cheapest, cheapest, countedUsd: cheapest?.usd ?? 0, pricesAlone };
    }
    const found = advisedPlan(best, workload, rules, prices, { from: isAlike ? kept : null });
    if (isAlike) {
      base = { ...base, start: found.prepared };
      kept = found.looked;
    }
    const plan = found.plan && planOfTask(found.plan, context);
    return { plan, cheapest, countedUsd: found.plan?.adjustedUsd ?? 0, pricesAlone };
  };
}
