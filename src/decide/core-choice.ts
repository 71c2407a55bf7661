import { type Admitted, admit } from '../core/admitted.js';
import { kindOf, numberOf } from '../core/apis.js';
import { type Limits, prepared } from '../core/decide.js';
import { shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import type { Context } from '../places/placement.js';
import { madeOnce } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';
import { adjustedPricesIn, unsureTasks } from './adjusted-plan.js';
import { asBestOfType, type Choice, findCheaperPlan, type KindBest, keptOutBy } from './choice.js';
import { waysToCut } from './cuts.js';
import type { Plan } from './plan.js';
import {
  extraUsd,
  limitsIn,
  planOfTask,
  type SeveralCase,
  searchByAdjustedCost,
  searchByCost,
  severalCase,
  tracedCase,
  tracedOnce,
  type WayPlan,
} from './several-case.js';
import { type AdvisedPlan, advisedOfTypes, advisedPlan, advisedWhere, cheapestSure } from './task-advice.js';
import { keptOffers } from './task-case.js';
import { type Counted, countsOf, summed } from './task-counts.js';
import {
  bestPlans,
  cheapestPlan,
  cheapestProvisioned,
  cheapestWhere,
  type PlanRules,
  type Takes,
  type TaskDecision,
  type TaskPlan,
} from './task-plans.js';

/** The advised and the cheapest plan of several tasks, by what the case minimizes; null: nothing fits. */
export function advisedOfSeveral(
  several: SeveralCase,
  baseUsd: number | null = null,
): { advised: WayPlan | null; cheapest: WayPlan | null } {
  const cheapest = searchByCost(several).best();
  if (cheapest === null || several.context.workload.rules.objective === 'cost') return { advised: cheapest, cheapest };
  return { advised: searchByAdjustedCost(several, { baseUsd: baseUsd ?? cheapest.usd }).best(), cheapest };
}

/**
 * The advised plan of a case, by what it minimizes; null: nothing fits, or nothing below a limit.
 *
 * @param baseUsd C0 of the adjusted cost; left out, or null: that of the case
 */
export function advisedIn(context: Context, baseUsd: number | null = null): Plan | null {
  if (isOneTask(context)) return advisedOfOneTask(context, baseUsd);
  const { advised } = advisedOfSeveral(severalCase(context), baseUsd);
  return advised && tracedCase(advised);
}

/** Whether a case is one whole task with the volume of the scenario, which the core decides. */
export function isOneTask(context: Context): boolean {
  const [only, ...others] = context.workload.taskParts;
  if (only === undefined || others.length > 0) return false;
  return only.scales && waysToCut(only, context).length === 1;
}

/** The decision on such a case for a report: the cheapest plan, and what it is compared with. */
export const choiceByCore = (context: Context): Choice => choiceOf(context, byCost);

/** The same by adjusted cost: the plan of the least, and what is compared with it. */
export const choiceByAdjustedCost = (context: Context): Choice => choiceOf(context, byAdjustedCost);

/** The best plans by the cost that is minimized. */
type Best = {
  advised: TaskPlan | null;
  /** The cheapest that is sure enough to be good enough, which the one advised is compared with. */
  cheapestSure(): TaskPlan | null;
  /** By deployment type. */
  ofTypes: readonly (TaskPlan | null)[];
  /** The same without rules about whole plans. */
  unruled(): readonly (TaskPlan | null)[];
  /** The best on some deployment types. */
  where(takes: Takes, limits: Limits): TaskPlan | null;
};
type BestBy = (best: TaskDecision, workload: Workload, rules: PlanRules) => Best;

const byCost: BestBy = (best, workload, rules) => ({
  advised: best.cheapest,
  cheapestSure: () => best.cheapest,
  ofTypes: best.ofTypes,
  unruled: () => bestPlans(best.prepared, workload, { ...rules, limits: null }).ofTypes,
  where: (takes, limits) => cheapestWhere(best, workload, { ...rules, limits }, takes),
});

/** Everything counts at the C0 of the case: the cheapest plan that all rules leave. */
const byAdjustedCost: BestBy = (best, workload, rules) => {
  const prices = adjustedPricesIn(workload);
  const advised = advisedPlan(best, workload, rules, prices);
  const types = advisedOfTypes(best, workload, rules, prices, advised);
  const free = { ...rules, limits: null };
  const unruled = madeOnce(() => {
    const found = bestPlans(best.prepared, workload, free);
    // Where nothing fits, everything counts at what would be cheapest.
    const all = { ...found, cheapest: best.cheapest ?? found.cheapest };
    return { all, types: advisedOfTypes(all, workload, free, prices) };
  });
  const where = (takes: Takes, limits: Limits): AdvisedPlan | null =>
    limits === rules.limits
      ? advisedWhere(best, types, takes, workload, rules, prices)
      : advisedWhere(unruled().all, unruled().types, takes, workload, free, prices);
  return {
    advised: advised.plan,
    cheapestSure: () => cheapestSure(best, workload, rules, prices, advised),
    ofTypes: types.ofTypes,
    unruled: () => unruled().types.ofTypes,
    where,
  };
};

function choiceOf(context: Context, bestBy: BestBy): Choice {
  const { workload } = context;
  const admitted = admit(supplyOf(context), context);
  const rules = planRulesOf(context);
  const start = prepared(shapeOf(admitted, context));
  const best = bestPlans(start, workload, rules);
  const found = bestBy(best, workload, rules);
  const known = tracedOnce();
  const traced = (one: TaskPlan): Plan => known(planOfTask(one, context));
  const chosen = {
    cheapest: best.cheapest && traced(best.cheapest),
    advised: found.advised && traced(found.advised),
    isAdjusted: bestBy === byAdjustedCost,
  };
  const { advised } = chosen;
  const counts = countsOf([start.shape]);
  const unruled = madeOnce(() => found.unruled());
  const kinds = kindOf.map((kind, k): KindBest => {
    const within = found.ofTypes[k] ?? null;
    const anyway = within === null && rules.limits !== null ? (unruled()[k] ?? null) : null;
    const plan = within ?? anyway;
    return {
      kind,
      plan: plan && traced(plan),
      feasible: within !== null,
      considered: counts.get(kind) as Counted,
      unserved: plan === null ? [...workload.taskParts] : [],
    };
  });
  const asPlan = (one: TaskPlan | null): Plan | null => (one === null ? null : asBestOfType(traced(one), kinds));
  const own = new Set(found.advised?.kinds.filter((kind) => kind >= 0));
  const isOther: Takes = (first, second) => !own.has(first) || (second >= 0 ? !own.has(second) : own.size > 1);
  const runnerUp = madeOnce(() => (advised === null ? null : asPlan(found.where(isOther, rules.limits))));
  const cheaperPlan = madeOnce(() =>
    findCheaperPlan(chosen, context, () => {
      const sure = found.cheapestSure();
      return sure && traced(sure);
    }),
  );
  return {
    several: null,
    ...chosen,
    get cheaperPlan() {
      return cheaperPlan();
    },
    // Models that nobody can be sure of are advised only where there are no others.
    unsure: chosen.isAdjusted && advised !== null ? unsureTasks(advised, adjustedPricesIn(workload)) : [],
    kinds,
    considered: summed([...counts.values()]),
    get runnerUp() {
      return runnerUp();
    },
    get keptOut() {
      if (advised === null || runnerUp() !== null) return null;
      const one = found.where(isOther, null);
      return one && keptOutBy(traced(one), context);
    },
    provisioned: madeOnce(() => {
      const asked = [found.advised, found.ofTypes[numberOf('cloud-api')] ?? null];
      const provisioned = cheapestProvisioned(best, asked, workload, rules);
      if (provisioned === null) return null;
      const { plan, tokens, fills } = provisioned;
      return { plan: traced(plan), tokens: tokens && traced(tokens), fills };
    }),
    onIdle: () => (advised === null || isOnOwned(advised) ? null : onOwned(admitted, rules, context)),
    withOthers: (kind) => asPlan(found.where((...kindsOf) => kindsOf.includes(numberOf(kind)), rules.limits)),
  };
}

/**
 * The advised plan of such a case, by what it minimizes; null: nothing fits.
 *
 * @param baseUsd C0 of the adjusted cost; left out, or null: that of the case
 */
export function advisedOfOneTask(context: Context, baseUsd: number | null = null): Plan | null {
  const { workload } = context;
  const rules = planRulesOf(context);
  const admitted = admit(supplyOf(context, 'one decision'), context);
  const best = cheapestPlan(prepared(shapeOf(admitted, context)), workload, rules);
  const plan =
    workload.rules.objective === 'cost'
      ? best.cheapest
      : advisedPlan(best, workload, rules, adjustedPricesIn(workload), { baseUsd }).plan;
  return plan && tracedCase(planOfTask(plan, context));
}

const isOnOwned = ({ deployments }: Plan): boolean => deployments.some(({ option }) => option.purchase === 'owned');

/** The cheapest plan on machines that are owned, an API above them or not; null: there is none. */
function onOwned(admitted: Admitted, rules: PlanRules, context: Context): Plan | null {
  const { workload } = context;
  if (workload.existing.length === 0) return null;
  const { owned } = admitted.offers;
  const live = new Set(admitted.live);
  const some = { ...admitted, ...keptOffers(admitted, (offer) => live.has(offer) && (owned[offer] as number) > 0) };
  const best = bestPlans(prepared(shapeOf(some, context)), workload, rules);
  const plan = cheapestWhere(best, workload, rules, (first) => first === numberOf('on-prem'));
  return plan && tracedCase(planOfTask(plan, context));
}

/** What plans of a case may be made of. */
export const planRulesOf = (context: Context): PlanRules => {
  const { rules } = context.workload;
  const limits = limitsIn(context);
  return {
    limits:
      limits &&
      (({ option, second }, workload) =>
        limits([{ option, taskParts: workload.taskParts, ...(second && { second }) }], workload)),
    mayOverflow: rules.maxDeployments > 1 && !rules.exclude.includes('overflow'),
    taskUsd: extraUsd(context),
  };
};
