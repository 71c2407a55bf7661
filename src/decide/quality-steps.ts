import type { AdjustedPrices } from '../core/adjusted.js';
import { admit } from '../core/admitted.js';
import { prepared } from '../core/decide.js';
import type { Kept } from '../core/least-adjusted.js';
import { shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import { requestsPerMonthPerDaily } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { adjustedPricesIn } from './adjusted-plan.js';
import { planOfTask, tracedCase } from './case-plan.js';
import { isOneTask, planRulesOf } from './core-choice.js';
import { failedAnswers } from './failures.js';
import type { Plan } from './plan.js';
import { type SeveralCase, searchByAdjustedCost, searchByCost, severalCase } from './several-case.js';
import { type AdvisedPlan, advisedAt, nothingCounts } from './task-advice.js';
import { cheapestPlan, type TaskPlan } from './task-plans.js';

/** A plan, its failed answers a month, and its other costs, USD a month. */
export type PricedQuality = { plan: Plan; failures: number; usd: number };

/** How many times as high the next price of a failed answer is. */
const rise = 4;

/** Answers a month of the task, over all parts that a case has of it. */
type AnswersOf = (context: Pick<Context, 'workload'>) => number;

/** A plan at a price of failed answers, and its quality. */
type At = (usdPerAnswer: number) => PricedQuality | null;

/**
 * Advised plans at rising prices of a failed answer of a task, the current one first. Between two neighbors another is
 * looked for at the price at which both count the same.
 *
 * @param searches how many prices are tried
 * @param several what a case of several tasks was decided of, where it is known
 */
export function byFailedPrice(
  task: string,
  context: Context,
  searches: number,
  several: SeveralCase | null = null,
): PricedQuality[] {
  const { workload } = context;
  const answersOf: AnswersOf = ({ workload: { taskParts } }) =>
    taskParts.reduce(
      (sum, one) => (one.task === task ? sum + one.requestsPerDay * requestsPerMonthPerDaily(one, workload) : sum),
      0,
    );
  const answers = answersOf(context);
  if (answers === 0) return [];
  const asked = isOneTask(context)
    ? atPriceOfTask(context, answers)
    : atPriceOfSeveral(task, several ?? severalCase(context), answersOf);
  if (asked === null) return [];
  const usual = asked.baseUsd / answers;
  const isByCost = workload.rules.objective === 'cost';
  const written = workload.rules.failedAnswerUsd ?? usual;
  let left = searches;
  const at: At = (usdPerAnswer) => {
    left -= 1;
    return asked.at(usdPerAnswer);
  };
  let last = at(isByCost ? 0 : written);
  if (last === null) return [];
  const found = [last];
  // A written price of nothing would not rise.
  for (let price = rise * Math.max(written, usual); left > 0; price *= rise) {
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

/** What a plan counts where only failed answers do. */
const byCostAlone = (prices: AdjustedPrices): AdjustedPrices => ({ ...prices, ...nothingCounts, confidence: 0 });

function atPriceOfTask(context: Context, answers: number): { at: At; baseUsd: number } | null {
  const { workload } = context;
  const rules = planRulesOf(context);
  const best = cheapestPlan(prepared(shapeOf(admit(supplyOf(context), context), context)), workload, rules);
  if (best.cheapest === null) return null;
  const all = adjustedPricesIn(workload);
  const prices = workload.rules.objective === 'cost' ? byCostAlone(all) : all;
  let from: Kept | null = null;
  return {
    baseUsd: best.cheapest.usd + rules.taskUsd,
    at(usdPerAnswer) {
      const found = advisedAt(best, workload, rules, { prices, failedUsd: usdPerAnswer * answers, from });
      if (found.better && found.betterUnits) from = { better: found.better, betterUnits: found.betterUnits };
      return found.plan && pricedQuality(found.plan, context);
    },
  };
}

function atPriceOfSeveral(
  task: string,
  several: SeveralCase,
  answersOf: AnswersOf,
): { at: At; baseUsd: number } | null {
  const { context } = several;
  const { workload } = context;
  const answers = answersOf(context);
  const cheapest = searchByCost(several).best();
  if (cheapest === null) return null;
  const isByCost = workload.rules.objective === 'cost';
  const all = adjustedPricesIn(workload);
  const prices = isByCost ? byCostAlone(all) : all;
  return {
    baseUsd: cheapest.usd,
    at(usdPerAnswer) {
      const failedUsd = (one: string) => (one === task ? usdPerAnswer * answers : isByCost ? 0 : undefined);
      const found = searchByAdjustedCost(several, { baseUsd: cheapest.usd, prices, failedUsd }).best();
      if (found === null) return null;
      const plan = tracedCase(found);
      // For a split task, requests of all parts share its price.
      const failures = failedAnswers(plan, context, [task]) * (answers / answersOf(found.way.context));
      return { plan, failures, usd: found.usd - usdPerAnswer * failures };
    },
  };
}

function pricedQuality(found: AdvisedPlan | TaskPlan, context: Context): PricedQuality {
  const plan = tracedCase(planOfTask(found, context));
  const beside = 'terms' in found ? found.adjustedUsd - found.terms.failed - found.usd : 0;
  return { plan, failures: failedAnswers(plan, context), usd: plan.monthlyUsd + beside };
}
