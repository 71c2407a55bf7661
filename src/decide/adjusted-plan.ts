import {
  type AdjustedPrices,
  type AdjustedTerm,
  type AdjustedTerms,
  adjustedTerms,
  redoUsdOf,
  upkeepPoints,
  waitUsdOf,
} from '../core/adjusted.js';
import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { capabilityScore, failedShare, fullScore } from '../rules/model.js';
import { difference, isAtLeast } from '../units/numeric.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { optionsOf, type Plan, servings } from './plan.js';

/**
 * What a plan counts beyond its bill and people, by the formula at `AdjustedPrices`; a task takes the share of C0 that
 * it has of the requests.
 *
 * @param baseUsd C0, USD a month
 */
export function adjustedTermsOf(plan: Plan, baseUsd: number, prices: AdjustedPrices, context: Context): AdjustedTerms {
  const { workload } = context;
  const { months, existing, rules, taskParts } = workload;
  const requestsOf = (parts: readonly TaskPart[]): number =>
    parts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  const all = requestsOf(taskParts);
  const tasks = new Set(taskParts.map(({ task }) => task)).size;
  const ofTask = ({ task }: TaskPart): number => requestsOf(taskParts.filter((one) => one.task === task));
  const terms: Record<AdjustedTerm, number> = {
    ...{ redo: 0, upkeep: 0, failed: 0, wait: 0, notOwned: 0 },
    atRisk: (prices.atRisk * boughtUsd(plan)) / months,
    places: prices.placeUsd * plan.deployments.flatMap(optionsOf).length,
  };
  for (const { taskPart, option, ...at } of servings(plan.deployments)) {
    const share = (taskPart.requestsPerDay / ofTask(taskPart)) * at.share(workload.requestsPerDay);
    const base = (baseUsd * ofTask(taskPart)) / all;
    const failedUsd =
      rules.failedAnswerUsd === null
        ? base
        : rules.failedAnswerUsd * ofTask(taskPart) * requestsPerMonthPerDaily(taskPart, workload);
    const index = capabilityOf(option)?.have ?? 0;
    terms.redo +=
      share * (1 - (capabilityScore(option, taskPart) ?? 0) / fullScore) * redoUsdOf(workload, base, prices);
    terms.upkeep += share * prices.upkeepUsdPerPoint * upkeepPoints(index, taskPart);
    terms.failed += share * failedShare(option, taskPart, workload) * failedUsd;
    terms.wait += share * waitUsdOf(taskPart, base, prices)(firstTokenMs(option, taskPart, context));
    if (existing.length > 0 && option.purchase !== 'owned')
      terms.notOwned += share * (prices.ownedShare * base + prices.ownedUsd / tasks);
  }
  return terms;
}

/** Means over all requests of a plan: capability index and probability of being good enough, 0 to 1. */
export function meanQuality(plan: Plan, { workload }: Context): { index: number; goodEnough: number } {
  const all = workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  const mean = { index: 0, goodEnough: 0 };
  for (const { taskPart, option, ...at } of servings(plan.deployments)) {
    const share = (taskPart.requestsPerDay / all) * at.share(workload.requestsPerDay);
    mean.index += share * (capabilityOf(option)?.have ?? 0);
    mean.goodEnough += (share * (capabilityScore(option, taskPart) ?? 0)) / fullScore;
  }
  return mean;
}

function firstTokenMs(option: Option, taskPart: TaskPart, context: Context): number {
  const seen = placementOf(option.kind).service(option, taskPart, context);
  return 'unpriced' in seen ? Number.NaN : (seen.ttftP95Ms ?? Number.NaN);
}

/** Cash for machines that are bought: no devices, and no setting up. */
export const boughtUsd = ({ deployments }: Plan): number =>
  deployments
    .filter(({ option }) => option.kind === 'on-prem' && option.purchase === 'bought')
    .flatMap(({ lines }) => lines)
    .reduce((sum, { upfront }) => sum + upfront, 0);

/** What a plan costs, and what it counts beyond that: USD a month. */
export type Weighed = { usd: number; terms: AdjustedTerms };

/** By what a plan that costs less counts for more. The lines add up to `countsMoreUsd`. */
type WhyNotCheaper = {
  savesUsd: number;
  countsMoreUsd: number;
  /** The larger ones by term, the largest first; then the others as one line, with their terms. */
  lines: { term: AdjustedTerm | 'others'; terms: AdjustedTerm[]; usd: number }[];
};

/**
 * Why a cheaper plan is not the one to take.
 *
 * @param leastShare share of the difference below which a term has no line of its own
 */
export function whyNotCheaper(advised: Weighed, cheaper: Weighed, leastShare: number): WhyNotCheaper {
  const differences = adjustedTerms.map((term) => ({
    term,
    usd: difference(cheaper.terms[term], advised.terms[term]),
  }));
  const countsMoreUsd = differences.reduce((sum, { usd }) => sum + usd, 0);
  const isTold = ({ usd }: { usd: number }): boolean => Math.abs(usd) >= leastShare * Math.abs(countsMoreUsd);
  const apart = differences.filter(({ usd }) => usd !== 0);
  const others = apart.filter((one) => !isTold(one));
  return {
    savesUsd: advised.usd - cheaper.usd,
    countsMoreUsd,
    lines: [
      ...apart
        .filter(isTold)
        .sort((a, b) => Math.abs(b.usd) - Math.abs(a.usd))
        .map(({ term, usd }) => ({ term, terms: [term], usd })),
      ...(others.length === 0
        ? []
        : [
            {
              term: 'others' as const,
              terms: others.map(({ term }) => term),
              usd: others.reduce((sum, { usd }) => sum + usd, 0),
            },
          ]),
    ],
  };
}

/** Tasks with requests on a model that is not sure enough to be good enough for a need that is assumed. */
export const unsureTasks = ({ deployments }: Plan, { confidence }: Pick<AdjustedPrices, 'confidence'>): string[] => [
  ...new Set(
    servings(deployments)
      .filter(({ taskPart }) => taskPart.needs.capability.assumed)
      .filter(({ option, taskPart }) => !isAtLeast((capabilityScore(option, taskPart) ?? 0) / fullScore, confidence))
      .map(({ taskPart }) => taskPart.task),
  ),
];

/** Whether models are sure enough to be good enough, where the need is assumed. */
export const isSure = (plan: Plan, prices: AdjustedPrices): boolean => unsureTasks(plan, prices).length === 0;

/** Prices of preferences as the scenario, or else the tables, have them. */
export const adjustedPricesIn = ({ assume }: Pick<Workload, 'assume'>): AdjustedPrices => ({
  redoWeeks: assume('redoWeeks'),
  redoMonths: assume('redoMonths'),
  upkeepUsdPerPoint: assume('upkeepUsdPerPoint'),
  waitPerDoubling: assume('waitPerDoubling'),
  mostDoublings: assume('waitDoublings'),
  targetMargin: assume('targetMargin'),
  marginShare: assume('targetMarginShare'),
  atRisk: assume('atRisk'),
  ownedShare: assume('ownedShare'),
  ownedUsd: assume('ownedUsd'),
  placeUsd: assume('placeUsd'),
  confidence: assume('capabilityConfidence'),
});
