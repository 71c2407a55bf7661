import type { Kept } from '../../core/least-adjusted.js';
import { adjustedPricesIn } from '../../decide/adjusted-plan.js';
import { isOneTask, planRulesOf } from '../../decide/core-choice.js';
import {
  type CasePlan,
  changedSeveral,
  narrowedSeveral,
  planOfTask,
  type SeveralCase,
  searchByAdjustedCost,
  searchByCost,
  severalCase,
} from '../../decide/several-case.js';
import { advisedPlan } from '../../decide/task-advice.js';
import { changedCase, madeAnew, narrowedCase, type TaskCase, taskCase } from '../../decide/task-case.js';
import { cheapestPlan } from '../../decide/task-plans.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { perObject } from '../../units/memo.js';
import { assumeSame } from '../../workload/workload.js';

/** The recommended plan by what a case minimizes, and the cheapest; null: nothing fits. */
export type Advice = {
  plan: CasePlan | null;
  cheapest: CasePlan | null;
  /** The minimized cost of the plan, USD a month; infinite when nothing fits. */
  countedUsd: number;
};

/** @param baseUsd C0 of the adjusted cost; left out: the cost of the cheapest plan of the case */
export type Deciding = (context: Context, baseUsd?: number) => Advice;

/** Decides changed cases in turn, with everything on offer. */
export type Decider = {
  decide: Deciding;
  /** Decides among some options only: far faster. */
  among(options: readonly Option[]): Decider;
  /**
   * A decision as far as it is cheaper than a plan by more than a share of its cost; null: nothing is. For several
   * tasks this takes half the time of a free one. With a share of 0 C0 is exact, else that of the limit.
   */
  improve(context: Context, than: Limit, share: number): Advice | null;
};

/** The minimized cost of a plan, and C0 of the adjusted cost, USD a month. */
export type Limit = { countedUsd: number; baseUsd: number };

const unplaced: Advice = { plan: null, cheapest: null, countedUsd: Number.POSITIVE_INFINITY };

/** @param several what a case of several tasks was decided of, if it is at hand */
export function deciderOf(first: Context, several: SeveralCase | null = null): Decider {
  return isOneTask(first) ? taskDecider(taskCase(first)) : severalDecider(several ?? severalCase(first));
}

export const deciding = (first: Context): Deciding => deciderOf(first).decide;

function taskDecider(task: TaskCase): Decider {
  const decide = decidingTask(task);
  return {
    decide,
    among: (options) => taskDecider(narrowedCase(task, options)),
    improve(context, { countedUsd, baseUsd }, share) {
      const best = decide(context, share === 0 ? undefined : baseUsd);
      return best.countedUsd < countedUsd * (1 - share) ? best : null;
    },
  };
}

function severalDecider(several: SeveralCase): Decider {
  const changeCase = perObject((context: Context) => changedSeveral(several, context));
  return {
    decide: decidingSeveral(changeCase),
    among: (options) => severalDecider(narrowedSeveral(several, options)),
    improve(context, { countedUsd, baseUsd }, share) {
      const then = changeCase(context);
      const isByCost = context.workload.rules.objective === 'cost';
      const cheaper = isByCost || share > 0 ? null : searchByCost(then).best({ belowUsd: baseUsd });
      const search = isByCost ? searchByCost(then) : searchByAdjustedCost(then, { baseUsd: cheaper?.usd ?? baseUsd });
      const plan = search.best({ belowUsd: countedUsd * (1 - share) });
      return plan && { plan, cheapest: isByCost ? plan : cheaper, countedUsd: plan.usd };
    },
  };
}

function decidingSeveral(changeCase: (context: Context) => SeveralCase): Deciding {
  return (context, baseUsd) => {
    const then = changeCase(context);
    const isByCost = context.workload.rules.objective === 'cost';
    const cheapest = isByCost || baseUsd === undefined ? searchByCost(then).best() : null;
    const base = baseUsd ?? cheapest?.usd;
    if (base === undefined || (isByCost && cheapest === null)) return unplaced;
    const plan = isByCost ? cheapest : searchByAdjustedCost(then, { baseUsd: base }).best();
    return plan === null ? unplaced : { plan, cheapest, countedUsd: plan.usd };
  };
}

/** Each case reuses what it can of the first, and evaluations of the same rows. */
function decidingTask(first: TaskCase): Deciding {
  let base = first;
  let kept: Kept | null = null;
  return (context, baseUsd) => {
    const { workload } = context;
    const rules = planRulesOf(context);
    const anew = madeAnew(base, context);
    // Queues of other assumptions may be other ones.
    const isAlike = anew === 'prices' && assumeSame(base.context.workload, workload);
    const changed = changedCase(base, context, anew);
    const best = cheapestPlan(changed.start, workload, rules);
    const cheapest = best.cheapest && planOfTask(best.cheapest, context);
    if (workload.rules.objective === 'cost') {
      if (isAlike) base = { ...base, start: best.prepared };
      return cheapest === null ? unplaced : { plan: cheapest, cheapest, countedUsd: cheapest.usd };
    }
    const from = { from: isAlike ? kept : null, baseUsd: baseUsd ?? null };
    const found = advisedPlan(best, workload, rules, adjustedPricesIn(workload), from);
    if (isAlike) {
      base = { ...base, start: found.prepared };
      kept = found.looked;
    }
    if (found.plan === null) return unplaced;
    return { plan: planOfTask(found.plan, context), cheapest, countedUsd: found.plan.adjustedUsd };
  };
}
