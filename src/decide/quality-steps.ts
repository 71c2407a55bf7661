import { admit } from '../core/admitted.js';
import { prepared } from '../core/decide.js';
import type { Kept } from '../core/least-adjusted.js';
import { shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import { requestsPerMonthPerDaily } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { onlyPart } from '../workload/workload.js';
import { adjustedPricesIn } from './adjusted-prices.js';
import { planRulesOf, tracedPlan } from './core-choice.js';
import { failedAnswers } from './failures.js';
import type { Plan } from './plan.js';
import { type AdvisedPlan, advisedAt, nothingCounts } from './task-advice.js';
import { bestPlans, type TaskPlan } from './task-plans.js';

/** A plan, failed answers a month on it, and what it counts beside these, USD a month. */
export type PricedQuality = { plan: Plan; failures: number; usd: number };

/** By how much the price of a failed answer rises from one look to the next. */
const rise = 4;

/**
 * Plans of one task that are advised at rising prices of a failed answer, from the plan advised on: each is the least for some
 * price, and between two of them it was looked for more where their lines cross.
 *
 * @param searches how many prices are looked at
 */
export function byFailedPrice(context: Context, searches: number): PricedQuality[] {
  const { workload } = context;
  const rules = planRulesOf(context);
  const best = bestPlans(prepared(shapeOf(admit(supplyOf(context), context), context, 'fastest')), workload, rules);
  const isByCost = workload.rules.objective === 'cost';
  const own = adjustedPricesIn(workload);
  const prices = isByCost ? { ...own, ...nothingCounts, confidence: 0 } : own;
  const taskPart = onlyPart(workload);
  const answers = taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);
  let from: Kept | null = null;
  let left = searches;
  const at = (usdPerAnswer: number): PricedQuality | null => {
    left -= 1;
    const found = advisedAt(best, workload, rules, { prices, failedUsd: usdPerAnswer * answers, from });
    if (found.better && found.betterUnits) from = { better: found.better, betterUnits: found.betterUnits };
    return found.plan && pricedQuality(found.plan, context);
  };
  if (best.cheapest === null || answers === 0) return [];
  const usual = workload.rules.failedAnswerUsd ?? (best.cheapest.usd + rules.taskUsd) / answers;
  const found: PricedQuality[] = [];
  let price = isByCost ? 0 : usual;
  let last = at(price);
  if (last === null) return [];
  found.push(last);
  for (price = Math.max(price, usual); left > 0; ) {
    price *= rise;
    const next = at(price);
    if (next === null || next.plan.id === last.plan.id) continue;
    found.push(...between(last, next), next);
    last = next;
  }
  return found;

  /** Plans that are the least between those of two prices. */
  function between(low: PricedQuality, high: PricedQuality): PricedQuality[] {
    const fewer = low.failures - high.failures;
    if (left <= 0 || fewer <= 0) return [];
    const one = at((high.usd - low.usd) / fewer);
    if (one === null || one.plan.id === low.plan.id || one.plan.id === high.plan.id) return [];
    return [...between(low, one), one, ...between(one, high)];
  }
}

function pricedQuality(found: AdvisedPlan | TaskPlan, context: Context): PricedQuality {
  const plan = tracedPlan(found, context);
  const beside = 'terms' in found ? found.adjustedUsd - found.terms.failed - found.usd : 0;
  return { plan, failures: failedAnswers(plan, context), usd: plan.monthlyUsd + beside };
}
