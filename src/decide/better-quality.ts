import type { AdjustedPrices } from '../core/adjusted.js';
import type { Kept } from '../core/least-adjusted.js';
import { supplyOf } from '../core/supply.js';
import { requestsPerMonthPerDaily } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import { capabilityOf, proseNames } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { capabilityScore, failedShare, fullScore } from '../rules/model.js';
import { certainlyBelow, rounded, roundedOrNull } from '../units/numeric.js';
import { adjustedPricesIn } from './adjusted-plan.js';
import { isOneTask, planRulesOf } from './core-choice.js';
import type { Recommendation } from './decision.js';
import { optionsOf, type Plan, type Serving, servings } from './plan.js';
import type { Proofs } from './proofs.js';
import { review } from './review.js';
import {
  narrowedSeveral,
  planOfTask,
  type SeveralCase,
  searchByAdjustedCost,
  searchByCost,
  severalCase,
  tracedCase,
} from './several-case.js';
import { type AdvisedPlan, advisedPlan, nothingCounts } from './task-advice.js';
import { narrowedCase, taskCase } from './task-case.js';
import { cheapestPlan } from './task-plans.js';

/** Answers a month that fail on a plan, of some tasks or of all; requests at a second place fail as they do there. */
export const failedAnswers = (
  { deployments }: Pick<Plan, 'deployments'>,
  { workload }: Pick<Context, 'workload'>,
  tasks?: readonly string[],
): number =>
  servings(deployments)
    .filter(({ taskPart }) => tasks === undefined || tasks.includes(taskPart.task))
    .reduce(
      (sum, { taskPart, option, share }) =>
        sum +
        taskPart.requestsPerDay *
          requestsPerMonthPerDaily(taskPart, workload) *
          share(workload.requestsPerDay) *
          failedShare(option, taskPart, workload),
      0,
    );

/** USD a month of a plan: its bill, and its failed answers where they have a price. */
export const usdWithFailures = (plan: Plan, context: Context): number =>
  plan.monthlyUsd + failedAnswers(plan, context) * (context.workload.rules.failedAnswerUsd ?? 0);

/** A plan, failed answers a month of what is compared, and its other costs, USD a month. */
type PricedQuality = { plan: Plan; failures: number; usd: number };

/** How many times as high the next price of a failed answer is, and the step at which quality alone counts. */
const rise = 4;
const highest = 6;

/** Answers a month of the task, over all parts that a case has of it. */
type AnswersOf = (context: Pick<Context, 'workload'>) => number;

/** A plan at a price of failed answers, and its quality. */
type At = (usdPerAnswer: number) => PricedQuality | null;

/** What a search by the price of failed answers is made among. */
type Among = {
  /** What a case of several tasks was decided of, if it is at hand. */
  several?: SeveralCase | null;
  /** Left out: everything on offer. */
  options?: readonly Option[];
  /** C0 of the adjusted cost, USD a month, if it is at hand. */
  cheapestUsd?: number;
};

/**
 * Recommended plans at rising prices of a failed answer of a task, the current one first. Between two neighbors another
 * is looked for at the price at which both count the same.
 *
 * @param searches how many prices are tried
 */
export function byFailedPrice(task: string, context: Context, searches: number, among: Among = {}): PricedQuality[] {
  const { workload } = context;
  const asked = pricesOf(task, context, among);
  if (asked === null) return [];
  const isByCost = workload.rules.objective === 'cost';
  let left = searches;
  const at: At = (usdPerAnswer) => {
    left -= 1;
    return asked.at(usdPerAnswer);
  };
  let last = at(isByCost ? 0 : asked.writtenUsd);
  if (last === null) return [];
  const found = [last];
  for (let price = rise * asked.leastUsd; left > 0; price *= rise) {
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

/** Plans at prices of a failed answer, that of the case, and the least from which prices rise; null: nothing fits. */
function pricesOf(
  task: string,
  context: Context,
  { several = null, options, cheapestUsd }: Among,
): { at: At; writtenUsd: number; leastUsd: number } | null {
  const { workload } = context;
  const answersOf: AnswersOf = ({ workload: { taskParts } }) =>
    taskParts.reduce(
      (sum, one) => (one.task === task ? sum + one.requestsPerDay * requestsPerMonthPerDaily(one, workload) : sum),
      0,
    );
  const answers = answersOf(context);
  if (answers === 0) return null;
  const all = adjustedPricesIn(workload);
  // By cost only failed answers count beside it.
  const prices = workload.rules.objective === 'cost' ? { ...all, ...nothingCounts, confidence: 0 } : all;
  const asked = isOneTask(context)
    ? atPriceOfTask(context, prices, answers, options)
    : atPriceOfSeveral(task, narrowed(several ?? severalCase(context), options), prices, answersOf, cheapestUsd);
  if (asked === null) return null;
  const usualUsd = asked.baseUsd / answers;
  const writtenUsd = workload.rules.failedAnswerUsd ?? usualUsd;
  // A written price of nothing would not rise.
  return { at: asked.at, writtenUsd, leastUsd: Math.max(writtenUsd, usualUsd) };
}

const narrowed = (several: SeveralCase, options: readonly Option[] | undefined): SeveralCase =>
  options === undefined ? several : narrowedSeveral(several, options);

function atPriceOfTask(
  context: Context,
  prices: AdjustedPrices,
  answers: number,
  options: readonly Option[] | undefined,
): { at: At; baseUsd: number } | null {
  const { workload } = context;
  const rules = planRulesOf(context);
  const whole = taskCase(context);
  const { start } = options === undefined ? whole : narrowedCase(whole, options);
  const best = cheapestPlan(start, workload, rules);
  if (best.cheapest === null) return null;
  let from: Kept | null = null;
  return {
    baseUsd: best.cheapest.usd + rules.taskUsd,
    at(usdPerAnswer) {
      const found = advisedPlan(best, workload, rules, prices, { from, failedUsd: usdPerAnswer * answers });
      from = found;
      return found.plan && pricedQuality(found.plan, context);
    },
  };
}

function atPriceOfSeveral(
  task: string,
  several: SeveralCase,
  prices: AdjustedPrices,
  answersOf: AnswersOf,
  cheapestUsd?: number,
): { at: At; baseUsd: number } | null {
  const { context } = several;
  const { workload } = context;
  const answers = answersOf(context);
  const baseUsd = cheapestUsd ?? searchByCost(several).best()?.usd;
  if (baseUsd === undefined) return null;
  const others = workload.rules.objective === 'cost' ? 0 : undefined;
  return {
    baseUsd,
    at(usdPerAnswer) {
      const failedUsd = (one: string) => (one === task ? usdPerAnswer * answers : others);
      const found = searchByAdjustedCost(several, { baseUsd, prices, failedUsd }).best();
      if (found === null) return null;
      const plan = tracedCase(found);
      // For a split task, requests of all parts share its price.
      const failures = failedAnswers(plan, context, [task]) * (answers / answersOf(found.context));
      return { plan, failures, usd: found.usd - usdPerAnswer * failures };
    },
  };
}

function pricedQuality(found: AdvisedPlan, context: Context): PricedQuality {
  const plan = tracedCase(planOfTask(found, context));
  const beside = found.adjustedUsd - found.terms.failed - found.usd;
  return { plan, failures: failedAnswers(plan, context), usd: plan.monthlyUsd + beside };
}

/** The same with the least index of its models, and the probability in percent that they are good enough. */
export type Step = PricedQuality & { index: number; score: number; paysFromUsd: number | null };

/** What better models for a task cost: the search for its plan at rising prices of a failed answer. */
function qualityStepsOf(task: string, context: Context, among: Among): Step[] {
  const found = byFailedPrice(task, context, context.workload.assume('qualityDecisions'), among);
  return hullOf(
    found.map((one) => {
      const { option, taskPart } = leastCapable(one.plan, task);
      const index = capabilityOf(option)?.have ?? 0;
      return { ...one, index, score: capabilityScore(option, taskPart) ?? 0, paysFromUsd: null };
    }),
  );
}

/** From the first step on the lower convex hull of failures and cost, by steps that are better and no less sure. */
function hullOf(steps: readonly Step[]): Step[] {
  const hull: Step[] = [];
  let last = steps[0];
  while (last !== undefined) {
    hull.push(last);
    const from: Step = last;
    const ahead = steps.flatMap((step) => {
      const fewer = from.failures - step.failures;
      return fewer > 0 && isBetter(step, from)
        ? [{ ...step, paysFromUsd: Math.max(0, step.usd - from.usd) / fewer }]
        : [];
    });
    // Of equally good steps the longest.
    last = ahead.sort((a, b) => a.paysFromUsd - b.paysFromUsd || a.failures - b.failures)[0];
  }
  return hull;
}

/** A model of a higher index may be less sure, by a wider band. Compared in whole points, as printed. */
function isBetter(step: Step, than: Step): boolean {
  const [sure, before] = [Math.min(asSure, step.score), Math.min(asSure, than.score)];
  const isSeen = Math.round(step.index) > Math.round(than.index) || Math.round(sure) > Math.round(before);
  return sure >= before * certainlyBelow && isSeen;
}

/** Percent above which all count as equally sure. */
const asSure = 99;

/** Options of plans that a report came across, and the whole decisions that it may still make. */
type Report = { options: readonly Option[]; cheapestUsd: number; proofs: Proofs };

/**
 * The steps of the least sure task of a plan, as printed; null for a single step. In a report they are among its APIs and
 * the plans that it came across; for a task that no API serves also what whole
 * decisions find, at a somewhat higher price of a failed answer, and at one at which quality alone counts.
 *
 * @param report left out: among everything on offer
 */
export function betterQuality(
  plan: Plan,
  context: Context,
  several: SeveralCase | null = null,
  report: Report | null = null,
): Recommendation['betterQuality'] {
  const { workload } = context;
  const task = leastSureTask(plan);
  const among =
    report === null
      ? { several }
      : { several, options: optionsFor(plan, task, context, several, report), cheapestUsd: report.cheapestUsd };
  const steps = qualityStepsOf(task, context, among);
  if (steps.length < 2) return [];
  const own = workload.taskParts.filter((taskPart) => taskPart.task === task);
  const answers = own.reduce(
    (sum, taskPart) => sum + taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload),
    0,
  );
  return steps.map(({ plan: one, score, failures, paysFromUsd }) => {
    const { option } = leastCapable(one, task);
    const { model, provider } = proseNames(option, context.tables);
    const { services } = review(one, context);
    const waits = [...services].flatMap(([{ task: other }, seen]) => (other === task ? [seen?.ttftP95Ms ?? null] : []));
    return {
      task,
      plan: one.id,
      option: option.id,
      label: `${model}, ${provider}`,
      capability: rounded(capabilityOf(option)?.have ?? 0),
      goodEnough: rounded(score / fullScore),
      ttftP95Ms: waits.includes(null) ? null : rounded(Math.max(...(waits as number[]))),
      monthlyCost: rounded(one.monthlyUsd),
      failedShare: rounded(failures / answers),
      paysFrom: roundedOrNull(paysFromUsd),
    };
  });
}

function optionsFor(
  plan: Plan,
  task: string,
  context: Context,
  several: SeveralCase | null,
  { options, cheapestUsd, proofs }: Report,
): Option[] {
  const { apis } = several?.supply ?? supplyOf(context);
  const known = [...apis.option, ...options];
  if (placementOf(leastCapable(plan, task).option.kind).perToken) return known;
  const search = pricesOf(task, context, { several, cheapestUsd });
  if (search === null || proofs.left <= 0) return known;
  const best = search.at(search.leastUsd * rise ** highest);
  proofs.left -= 1;
  proofs.free += 1;
  return [...known, ...(best?.plan.deployments.flatMap(optionsOf) ?? [])];
}

/** What serves a task, at its lowest index. */
const leastCapable = ({ deployments }: Plan, task: string): Serving => {
  const [first] = servings(deployments)
    .filter(({ taskPart }) => taskPart.task === task)
    .sort((a, b) => (capabilityOf(a.option)?.have ?? 0) - (capabilityOf(b.option)?.have ?? 0));
  return first as Serving;
};

/** The task that is the least sure to be served well. */
function leastSureTask({ deployments }: Plan): string {
  const [first] = servings(deployments)
    .map(({ option, taskPart }) => ({ task: taskPart.task, score: capabilityScore(option, taskPart) ?? 0 }))
    .sort((a, b) => a.score - b.score);
  return first?.task ?? '';
}
