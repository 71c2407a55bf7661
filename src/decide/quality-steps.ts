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
import { cheapestPlan, type TaskPlan } from './task-plans.js';

/** A plan, failed answers a month on it, and what it counts beside these, USD a month. */
export type PricedQuality = { plan: Plan; failures: number; usd: number };

/** How many times as high the next price of a failed answer is. */
const rise = 4;

/**
 * Plans that one task is advised at rising prices of a failed answer, the plan advised first. Each counts least at some price;
 * between two neighbors another one is looked for at the price at which both count the same.
 *
 * @param searches how many prices are looked at
 */
export function byFailedPrice(context: Context, searches: number): PricedQuality[] {
  const { workload } = context;
  const rules = planRulesOf(context);
  const best = cheapestPlan(prepared(shapeOf(admit(supplyOf(context), context), context, 'fastest')), workload, rules);
  const isByCost = workload.rules.objective === 'cost';
  const all = adjustedPricesIn(workload);
  const prices = isByCost ? { ...all, ...nothingCounts, confidence: 0 } : all;
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
  const usual = (best.cheapest.usd + rules.taskUsd) / answers;
  const own = workload.rules.failedAnswerUsd ?? usual;
  let last = at(isByCost ? 0 : own);
  if (last === null) return [];
  const found = [last];
  // A written price of nothing would not rise.
  for (let price = rise * Math.max(own, usual); left > 0; price *= rise) {
    const next = at(price);
    if (next === null || next.plan.id === last.plan.id) continue;
    found.push(...between(last, next), next);
    last = next;
  }
  return found;

  /** Plans that count least at prices between those of two others. */
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
