import { usualEngine } from '../../capacity/run.js';
import { isUnpriced } from '../../cost/curve.js';
import { cashExtraUsd, parameterOf } from '../../cost/people.js';
import type { Choice } from '../../decide/choice.js';
import type { LadderRow, Recommendation } from '../../decide/decision.js';
import { todaysPlanIfKnown } from '../../decide/find-plan.js';
import { busiestMinute, busyShare } from '../../decide/months.js';
import type { Miss } from '../../decide/near-misses.js';
import { conditions, costParts } from '../../decide/option-report.js';
import {
  type Deployment,
  linesOf,
  machinesOf,
  optionsOf,
  optionWords,
  type Plan,
  servedWords,
} from '../../decide/plan.js';
import { type Reviewed, review } from '../../decide/review.js';
import { difference } from '../../decide/round.js';
import { rating } from '../../decide/scores.js';
import { todaysMeanUsd } from '../../decide/timeline.js';
import { devicesOf } from '../../places/device-fit.js';
import { isCommitted } from '../../places/fleet-units.js';
import { leadTimeWeeks } from '../../places/lead-time.js';
import { capabilityOf, type Option, withMode } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { unitsOfStep } from '../../places/provisioned.js';
import { placementOf } from '../../places/registry.js';
import { capability } from '../../rules/model.js';
import { dataGates } from '../../rules/registry.js';
import { planFacts } from '../../tables/playbook-words.js';
import { hoursPerDay } from '../../units/clock.js';
import { dayAfter, daysBetween, daysPerWeek } from '../../units/month.js';
import type { Workload } from '../../workload/workload.js';
import type { Stage } from '../stages/stages.js';
import type { ListItem, Lists, PlanFacts } from './facts.js';
import { crossing, neighbors } from './volume-facts.js';

/** What the playbook is made from. */
export type Advice = {
  reviewed: Reviewed | null;
  recommendation: Recommendation;
  choice: Choice;
  ladder: readonly LadderRow[];
};

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
    plan: servedWords(plan, context.tables),
    requestsPerDay: workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
    horizonMonths: workload.months,
    horizonEnd: workload.endDay,
    today: workload.today === null ? null : (now && servedWords(now, context.tables)) || workload.today.option,
    checklistCount,
    routes: recommendation.routes.length === 0 ? null : routesIn(plan, recommendation, context),
    lockIn: hardestToLeave(plan, context),
    ...placesOf(plan, context),
    ...rulesOf(reviewed, stays, context),
    ...moneyOf(plan, recommendation, moves, context),
    ...(moves && now !== null ? belowList(plan, now, recommendation, workload) : {}),
    ...prototypeOf(plan, choice, context),
    ...peopleOf(plan, context),
    ...crossing(plan, moves ? now : null, lists, context),
    ...neighbors(plan, ladder, choice, context),
  };
}

const isPerToken = ({ kind }: Option): boolean => placementOf(kind).perToken;

/** What it consists of, and what is asked of machines of others. */
function placesOf(plan: Plan, context: Context) {
  const { workload } = context;
  const options = plan.deployments.flatMap(optionsOf);
  const perToken = options.filter(isPerToken);
  // Workers that come and go have limits as APIs have.
  const scaled = options.filter(({ kind, api }) => api !== null || kind === 'serverless-gpu');
  const apiPeakPerMinute = Math.max(0, ...busiestMinute(plan, context).values());
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
    prototype: prototype && servedWords(prototype, context.tables),
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
function routesIn(plan: Plan, { routes }: Recommendation, { tables }: Context): string {
  const words = new Map(plan.deployments.flatMap(optionsOf).map((option) => [option.id, optionWords(option, tables)]));
  return routes.map(({ when, to }) => `${when} to ${words.get(to) ?? to}`).join('; ');
}

/** What there are several of in a plan, or in what came near where there is none. */
export function listsOf(
  reviewed: Reviewed | null,
  misses: readonly Miss[],
  followedBy: readonly Stage[],
  context: Context,
): Lists {
  const none = { places: [], apis: [], closeCalls: [], cuts: [], retirements: [], laterStages: [], misses: [] };
  if (reviewed === null) return { ...none, misses: misses.map(missFacts(context)) };
  const { plan } = reviewed;
  return {
    ...none,
    // What stands behind or above another place is an API.
    places: plan.deployments.filter(({ option }) => !isPerToken(option)).map((one) => placeFacts(one, context)),
    apis: apisOf(plan, context),
    closeCalls: closeCallsOf(reviewed),
    cuts: cutsOf(plan, context),
    retirements: retirementsOf(plan, context),
    laterStages: followedBy.map(({ plan: next, then: { workload }, moveUsd }) => ({
      stagePlan: servedWords(next, context.tables),
      stageOn: `${workload.firstMonth}-01`,
      stageMonth: workload.monthsBefore + 1,
      stageVolume: workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
      stageCost: next.monthlyUsd,
      stageMoveCost: moveUsd,
    })),
  };
}

const modelWords = ({ model, mode }: Option): string => withMode(model, mode);

function leadOf(option: Option, context: Context) {
  const leadWeeks = leadTimeWeeks(option, context);
  return { leadWeeks, leadUnknown: leadWeeks === null };
}

function placeFacts(deployment: Deployment, context: Context): ListItem<'places'> {
  const { workload, tables } = context;
  const { option } = deployment;
  const { kind, purchase, fleet, onDevices } = option;
  const isProvisioned = option.provisioned !== null;
  const hosted = kind === 'managed-hosting' && !isProvisioned;
  const own = fleet !== null && (purchase === 'bought' || purchase === 'owned');
  const units = machinesOf(deployment, workload.requestsPerDay) * unitsOfStep(option);
  const engine =
    hosted || isProvisioned
      ? null
      : usualEngine(tables.engines, onDevices !== null ? 'phone' : own ? fleet.accelerator.kind : undefined);
  const { setup } = placementOf(kind).staff(option, context);
  const setupPersonWeeks = setup === null ? 0 : workload.assume(setup);
  return {
    place: option.provider,
    model: `${modelWords(option)}${option.quantization === null ? '' : `@${option.quantization}`}`,
    machine: option.instance ?? option.hardware ?? (onDevices === null ? option.provider : "the users' devices"),
    units: units === 0 ? null : units,
    unitRequestsPerS: unitRate(deployment, context),
    busy: kind === 'serverless-gpu' ? null : busyShare(deployment, context),
    engine: engine?.engine ?? null,
    engineCaveat: engine?.caveat ?? null,
    ...leadOf(option, context),
    setupPersonWeeks,
    buildWeeks: setupPersonWeeks / Math.max(1, workload.team.freeFte),
    rented: kind === 'self-hosted-cloud' && !isCommitted(purchase),
    reserved: isCommitted(purchase),
    spot: purchase === 'spot',
    bought: purchase === 'bought',
    owned: purchase === 'owned',
    hosted,
    serverless: kind === 'serverless-gpu',
    onDevices: onDevices !== null,
    deviceCount: onDevices === null ? null : (devicesOf(option, workload)?.count ?? null),
  };
}

/** Requests/s of one unit at saturation, for the task part it serves slowest. */
function unitRate({ option, taskParts }: Deployment, context: Context): number | null {
  const rates = taskParts.map((taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    return isUnpriced(seen) ? null : seen.unitRequestsPerS;
  });
  const known = rates.filter((rate) => rate !== null);
  return known.length < rates.length || known.length === 0 ? null : Math.min(...known);
}

/** Each model of each provider once, but for those in use today; the first of another provider opens the account. */
function apisOf(plan: Plan, context: Context): ListItem<'apis'>[] {
  const today = todaysPlanIfKnown(context)?.deployments.flatMap(optionsOf) ?? [];
  const accounts = new Set(today.map(({ provider }) => provider));
  const nameOf = (option: Option): string => `${option.provider} ${modelWords(option)}`;
  const options = plan.deployments.flatMap(optionsOf).filter(isPerToken);
  const models = new Map(options.map((option) => [nameOf(option), option]));
  for (const option of today.filter(isPerToken)) models.delete(nameOf(option));
  return [...models.values()].map((option) => {
    const hasAccount = accounts.has(option.provider);
    accounts.add(option.provider);
    return {
      place: option.provider,
      provider: option.provider,
      model: modelWords(option),
      ...leadOf(option, context),
      hasAccount,
    };
  });
}

function closeCallsOf({ plan, verdicts }: Reviewed): ListItem<'closeCalls'>[] {
  const close = new Set(
    verdicts
      .filter(({ gate, verdict }) => gate === capability.id && verdict.state === 'condition')
      .map(({ task }) => task),
  );
  const calls = plan.deployments.flatMap((deployment) =>
    optionsOf(deployment).flatMap((option) =>
      deployment.taskParts.flatMap(({ task, needs }) => {
        const index = capabilityOf(option);
        const { need } = needs.capability;
        if (!close.has(task) || index === null || need <= index.low || need >= index.high) return [];
        return [{ model: modelWords(option), task, have: index.gateAt, need }];
      }),
    ),
  );
  return calls.filter(({ model, task }, i) => calls.findIndex((one) => one.model === model && one.task === task) === i);
}

/** The parts of tasks that were cut up; of each task the first that is not all of it is to be counted. */
function cutsOf(plan: Plan, { workload }: Context): ListItem<'cuts'>[] {
  const taskParts = plan.deployments.flatMap((deployment) => deployment.taskParts);
  const parts = [...new Map(taskParts.map((taskPart) => [taskPart.id, taskPart])).values()];
  const counted = new Set<string>();
  return parts.flatMap(({ task, part, cut, requestsPerDay }) => {
    if (cut === undefined) return [];
    const whole = workload.taskParts.find(({ id }) => id === cut.whole)?.requestsPerDay ?? 0;
    const first = part !== 'all' && requestsPerDay < whole && !counted.has(cut.whole);
    if (first) counted.add(cut.whole);
    return [{ task, condition: cut.when, cutShare: first ? requestsPerDay / whole : null, todo: cut.todo ?? null }];
  });
}

function retirementsOf(plan: Plan, { workload }: Context): ListItem<'retirements'>[] {
  const weeks = workload.assume('replaceModelWeeks');
  const options = plan.deployments.flatMap(optionsOf).filter(({ retires }) => retires !== null);
  return options
    .filter((option, i) => options.findIndex((one) => modelWords(one) === modelWords(option)) === i)
    .map((option) => {
      // A month alone is read as its first day, so that nobody is late.
      const retiresOn = `${option.retires}-01-01`.slice(0, 10);
      return {
        model: modelWords(option),
        retiresOn,
        replaceOn: dayAfter(retiresOn, -Math.ceil(weeks * daysPerWeek)),
        retireDays: daysBetween(workload.asOf, retiresOn),
      };
    });
}

const missFacts =
  ({ tables }: Context) =>
  ({ looked, task, gate }: Miss): ListItem<'misses'> => {
    const found = looked.verdicts.find((one) => one.task === task && one.gate === gate);
    const turn = found?.verdict.why().turnsAt ?? null;
    return {
      miss: optionWords(looked.option, tables),
      task,
      gate,
      missCost: looked.plan?.monthlyUsd ?? null,
      turnPath: turn?.path ?? null,
      turnNumber: typeof turn?.value === 'number' ? turn.value : null,
      turnWord: typeof turn?.value === 'string' ? turn.value : null,
      unpriced: looked.plan === null,
    };
  };
