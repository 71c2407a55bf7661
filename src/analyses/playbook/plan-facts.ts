import { cashExtraUsd, parameterOf } from '../../cost/people.js';
import { busiestMinute } from '../../decide/busiest-minute.js';
import type { Choice } from '../../decide/choose.js';
import type { LadderRow, Recommendation } from '../../decide/decision.js';
import { conditions, costParts } from '../../decide/option-report.js';
import { linesOf, optionsOf, type Plan } from '../../decide/plan.js';
import { rating } from '../../decide/rating.js';
import { type Reviewed, review } from '../../decide/review.js';
import { difference } from '../../decide/round.js';
import { todaysMeanUsd } from '../../decide/timeline.js';
import { todaysPlanIfKnown } from '../../decide/todays-plan.js';
import { optionWords, servedWords } from '../../decide/words.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { dataGates } from '../../rules/registry.js';
import { planFacts } from '../../tables/playbook-words.js';
import { dayAfter, daysPerWeek } from '../../units/month.js';
import type { Workload } from '../../workload/workload.js';
import type { Lists, PlanFacts } from './facts.js';
import { crossing, neighbors } from './volume-facts.js';

/** What the playbook is made from. */
export type Advice = {
  reviewed: Reviewed | null;
  recommendation: Recommendation;
  choice: Choice;
  ladder: readonly LadderRow[];
};

const hoursPerDay = 24;

/** Nothing holds and nothing is known. */
const nothing = Object.fromEntries(
  Object.entries(planFacts).map(([name, type]) => [name, type === 'flag' ? false : null]),
) as PlanFacts;

/** The facts of the whole plan. */
export function planFactsOf(advice: Advice, lists: Lists, checklistCount: number, context: Context): PlanFacts {
  const { reviewed, recommendation, choice, ladder } = advice;
  const { workload } = context;
  if (reviewed === null) return { ...nothing, nothingFits: true };
  const { plan } = reviewed;
  const now = todaysPlanIfKnown(context);
  const stays = now?.id === plan.id;
  const moves = workload.today !== null && !stays;
  return {
    ...nothing,
    stays,
    moves,
    fresh: workload.today === null,
    plan: servedWords(plan),
    requestsPerDay: workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
    horizonMonths: workload.months,
    horizonEnd: workload.endDay,
    today: workload.today === null ? null : (now && servedWords(now)) || workload.today.option,
    checklistCount,
    routes: recommendation.routes.length === 0 ? null : routesIn(plan, recommendation),
    lockIn: hardestToLeave(plan, context),
    ...placesOf(plan, context),
    ...rulesOf(reviewed, stays, context),
    ...moneyOf(plan, recommendation, moves, context),
    ...(moves && now !== null ? belowList(plan, now, recommendation, workload) : {}),
    ...prototypeOf(plan, choice, context),
    ...peopleOf(plan, context),
    ...crossing(plan, moves ? now : null, lists, context),
    ...neighbors(plan, ladder, choice, workload),
  };
}

const isPerToken = ({ kind }: Option): boolean => placementOf(kind).perToken;

/** What it consists of, and what is asked of machines of others. */
function placesOf(plan: Plan, { workload }: Context) {
  const options = plan.deployments.flatMap(optionsOf);
  const perToken = options.filter(isPerToken);
  // Workers that come and go have limits as APIs have.
  const scaled = options.filter(({ kind, api }) => api !== null || kind === 'serverless-gpu');
  const apiPeakPerMinute = Math.max(0, ...busiestMinute(plan, workload).values());
  return {
    ownWeights: perToken.length < options.length,
    perToken: perToken.length > 0,
    allPerToken: perToken.length === options.length,
    hybrid: options.length > 1,
    sameTask: tasksOf(plan).some((task) => placesFor(task, plan).length > 1),
    apiProviders: [...new Set(scaled.map(({ provider }) => provider))].join(' and ') || null,
    apiPeakPerMinute,
    rateLimitBites: apiPeakPerMinute > workload.assume('apiRequestsPerMinuteUnasked'),
  };
}

const tasksOf = ({ deployments }: Plan): string[] => [
  ...new Set(deployments.flatMap(({ taskParts }) => taskParts.map(({ task }) => task))),
];

const placesFor = (task: string, { deployments }: Plan): Option[] =>
  deployments.filter(({ taskParts }) => taskParts.some((taskPart) => taskPart.task === task)).flatMap(optionsOf);

/** What has to be signed or set before data may go where a plan takes them. */
const agreementsOf = ({ verdicts }: Pick<Reviewed, 'verdicts'>): string[] =>
  conditions({ verdicts: verdicts.filter(({ gate }) => dataGates.has(gate)) });

/** What the data ask for, and what the scenario leaves open. */
function rulesOf(reviewed: Reviewed, stays: boolean, { workload }: Context) {
  const agreements = agreementsOf(reviewed);
  const settled = agreements.length === 0 || stays ? 0 : Math.ceil(workload.assume('leadTimeAgreement') * daysPerWeek);
  const profile = workload.inputs.find(({ path, origin }) => origin === 'assumed' && path === 'workload.profile');
  return {
    regulated: workload.taskParts.some(
      ({ needs }) => needs.regimes.length > 0 || needs.sensitivity === 'pii' || needs.sensitivity === 'regulated',
    ),
    agreements: agreements.length === 0 ? null : agreements.join('; '),
    realDataFrom: dayAfter(workload.asOf, settled),
    profileAssumed: profile !== undefined,
    profile: profile?.text ?? null,
  };
}

/** Months that so many weeks are, by the hours of a month. */
const monthsIn = (weeks: number, { hoursPerMonth }: Workload): number =>
  (weeks * daysPerWeek) / (hoursPerMonth / hoursPerDay);

function moneyOf(plan: Plan, { payback }: Recommendation, moves: boolean, context: Context) {
  const { workload } = context;
  const mean = todaysMeanUsd(context);
  const savings = mean === null ? null : difference(mean, plan.monthlyUsd);
  const bill = workload.today?.billUsdPerMonth ?? null;
  const parts = costParts(linesOf(plan), workload.requestsPerDay);
  const largest = parts.reduce((most, part) => (part.monthly > most.monthly ? part : most), parts[0] ?? noPart);
  const egressCost = parts.find(({ part }) => part === 'network.egress')?.monthly ?? 0;
  const share = (usd: number) => (plan.monthlyUsd === 0 ? 0 : usd / plan.monthlyUsd);
  const parallel = monthsIn(workload.assume('parallelRunWeeks'), workload);
  return {
    planCost: plan.monthlyUsd,
    upfrontCost: plan.upfrontUsd,
    todayBill: bill,
    savings: savings !== null && savings > 0 ? savings : null,
    paybackMonth: payback?.breakEvenMonth ?? null,
    parallelCost: parallel * ((moves ? (bill ?? 0) : 0) + plan.monthlyUsd),
    largestPart: largest.label,
    largestCost: largest.monthly,
    largestShare: share(largest.monthly),
    egressCost,
    egressShare: share(egressCost),
    egressBites: share(egressCost) >= workload.assume('smallUnknownShare'),
    exitCost: payback?.exitCost ?? null,
    resaleValue: payback?.resaleValue ?? null,
  };
}

/**
 * A bill that list prices do not explain: what they ask for today's way, and what the plan costs more than the bill. Where the
 * volume grows, means of months are more than the bill of now anyhow: nothing is told.
 */
function belowList(plan: Plan, now: Plan, { savingsOverToday }: Recommendation, { growth }: Workload) {
  const below =
    growth.length === 1 && savingsOverToday !== null && savingsOverToday < 0 && now.monthlyUsd > plan.monthlyUsd;
  return below ? { todayList: now.monthlyUsd, dearer: -savingsOverToday } : {};
}

/** Where to begin with nothing set up: on the plan itself, or on APIs alone where some may serve everything. */
function prototypeOf(plan: Plan, choice: Choice, context: Context) {
  const { workload } = context;
  const itself = plan.deployments.flatMap(optionsOf).every(isPerToken);
  const prototype = itself ? null : cheapestApi(choice);
  const tried = itself ? plan : prototype;
  const months = monthsIn(workload.assume('prototypeWeeks'), workload) * workload.assume('prototypeVolumeShare');
  return {
    prototype: prototype && servedWords(prototype),
    prototypeCost: tried && months * tried.monthlyUsd,
    prototypePlanCost: prototype?.monthlyUsd ?? null,
    prototypeOpen: workload.today === null && prototype !== null && agreementsOf(review(prototype, context)).length > 0,
  };
}

const peopleOf = (plan: Plan, { workload }: Context) => ({
  teamGiven: workload.team.given,
  fteNeeded: plan.fte,
  fteFree: workload.team.freeFte,
  fteMissing: Math.max(0, plan.fte - workload.team.freeFte),
  cashExtra: cashExtraUsd(plan.fte, workload),
});

const noPart = { part: '', label: '', monthly: 0, upfront: 0 };

/** Where nothing has to be set up: the cheapest plan on one kind that is billed per token. */
function cheapestApi({ kinds }: Choice): Plan | null {
  return kinds
    .filter(({ kind, feasible }) => feasible && placementOf(kind).perToken)
    .flatMap(({ plan }) => plan ?? [])
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);
}

/** The rating of the kind of place that is hardest to leave, in words. */
function hardestToLeave(plan: Plan, { tables }: Context): string | null {
  const rated = plan.deployments.flatMap(optionsOf).map((option) => ({
    words: rating('lockIn', option.kind, tables),
    likely: tables.parameterOf.get(parameterOf('lockIn', option.kind))?.likely ?? 0,
  }));
  return rated.reduce((worst, one) => (one.likely > worst.likely ? one : worst), {
    words: null as string | null,
    likely: -1,
  }).words;
}

/** Who gets what, with the options in words instead of their ids. */
function routesIn(plan: Plan, { routes }: Recommendation): string {
  const words = new Map(plan.deployments.flatMap(optionsOf).map((option) => [option.id, optionWords(option)]));
  return routes.map(({ when, to }) => `${when} to ${words.get(to) ?? to}`).join('; ');
}
