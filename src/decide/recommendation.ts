import { mayNotFit } from '../capacity/memory.js';
import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { cashExtraUsd } from '../cost/people.js';
import { machineWords } from '../places/fleet-service.js';
import { capabilityOf, modesOf, nameOf, type Option, proseNames } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import type { Kind } from '../tables/columns.js';
import { countWords, difference, rounded, roundedOrNull, roundedTree } from '../units/numeric.js';
import { isDevelopment, type TaskPart, type Workload } from '../workload/workload.js';
import { adjustedCostOf, isWaitedFor, tightTasks } from './advice.js';
import { failedAnswers, usdWithFailures } from './better-quality.js';
import type { Choice } from './choice.js';
import type { Payback, Recommendation } from './decision.js';
import { monthsOf } from './months.js';
import { conditions, costParts } from './option-report.js';
import { inTaskOrder, linesOf, optionsOf, type Plan, peopleUsdOf, planWords, type Serving, servings } from './plan.js';
import { type Advice, reasonsFor } from './reasons.js';
import { type Reviewed, scoresOf } from './review.js';
import { oneOffsOf, timelineOf, todayOf } from './timeline.js';

const tokensPerMillion = 1e6;

/** What has to be done so that parts of tasks can go to different places. */
const cutTodos = ({ deployments }: Plan): string[] => [
  ...new Set(deployments.flatMap(({ taskParts }) => taskParts.flatMap(({ cut }) => cut?.todo ?? []))),
];

/** Models that think by default, where answers without it are counted. */
const thinkingTodos = (plan: Plan, { tables }: Context): string[] => [
  ...new Set(
    plan.deployments
      .flatMap(optionsOf)
      .filter(({ mode, capability }) => mode === 'standard' && modesOf(capability).includes('thinking'))
      .map((option) => `turn thinking off for ${proseNames(option, tables).model}: costs and waits are without it`),
  ),
];

/** Predicted waits that only just meet the user's targets. */
function tightTodos({ plan, services }: Reviewed, context: Context): string[] {
  const tight = tightTasks(plan, context);
  return [...services].flatMap(([{ task, needs }, seen]) => {
    const [ms, asked] = [seen?.ttftP95Ms ?? null, needs.ttftP95Ms?.value ?? null];
    return ms !== null && asked !== null && tight.includes(task) && ms <= asked
      ? [
          `measure how soon answers of ${task} start before you rely on it: ${countWords(Math.round(ms))} ms is predicted, ${countWords(asked)} ms asked`,
        ]
      : [];
  });
}

/** Models that fit the memory by the tables, but may not within their error. */
function memoryTodos({ deployments }: Plan, context: Context): string[] {
  const tight = servings(deployments).flatMap(({ option, taskPart }) => {
    const model = nameOf('model', option.family ?? option.model, context.tables);
    return (placementOf(option.kind).memory?.(option, taskPart, context) ?? [])
      .filter(mayNotFit)
      .map((memory) => `${model} fits on ${machineWords(memory, context.tables)}`);
  });
  return [...new Set(tight)].map((fit) => `measure that ${fit}: by the tables it takes nearly all of the memory`);
}

/** What is said when no plan meets the rules, and of what is not told of one: the same keys, empty. */
export const nothingFits: Recommendation = {
  status: 'infeasible',
  plan: null,
  shape: null,
  kinds: [],
  label: null,
  monthlyCost: null,
  totalCost: null,
  monthlyCostRange: null,
  peopleCost: null,
  firstMonthCost: null,
  peakMonthCost: null,
  peakMonthCash: null,
  upfrontCost: null,
  costPerRequest: null,
  costPerMillionTokens: null,
  fteNeeded: null,
  cashExtra: null,
  savingsOverToday: null,
  today: null,
  payback: null,
  scores: null,
  assignments: [],
  costParts: [],
  routes: [],
  stages: [],
  onePlan: null,
  cheapest: null,
  unkept: [],
  premium: null,
  whyNotCheaper: null,
  adjusted: null,
  failedAnswers: null,
  betterQuality: [],
  onIdle: null,
  withoutPeople: null,
  margin: null,
  probabilityBest: null,
  probabilityOverBudget: null,
  regret: null,
  reasons: [],
  why: [],
  conditions: [],
  flips: [],
  noFlips: [],
  flipSearch: null,
};

/** What is said about other plans: `single`, everything on one option at its cheapest, where computed. */
export type Beside = Pick<Advice, 'single' | 'misses'>;

export function recommendation(reviewed: Reviewed, choice: Choice, beside: Beside, context: Context): Recommendation {
  const { plan } = reviewed;
  const { workload, tables } = context;
  const months = monthsOf(plan, context);
  const requests = sum(workload.taskParts, (taskPart) => requestsPerMonth(taskPart, workload));
  const tokens = sum(
    workload.taskParts,
    (taskPart) => requestsPerMonth(taskPart, workload) * (taskPart.tokens.input + taskPart.tokens.output),
  );
  const cheapest = choice.cheapest ?? plan;
  const { runnerUp } = choice;
  const idle = choice.onIdle();
  const today = todayOf(context);
  const assigned = inTaskOrder(servings(plan.deployments), workload);
  const scores = scoresOf(reviewed, choice.cheapest, context);
  const parts = costParts(linesOf(plan), workload.requestsPerDay);
  const why = reasonsFor(
    {
      ...beside,
      reviewed,
      choice,
      costParts: parts,
    },
    context,
  ).map(({ figures, ...one }) => ({ ...one, figures: roundedTree(figures) }));
  return {
    ...nothingFits,
    status: 'recommended',
    plan: plan.id,
    shape: plan.shape,
    kinds: kindsOf(plan, workload),
    label: planWords(plan, context.tables),
    monthlyCost: rounded(plan.monthlyUsd),
    totalCost: workload.once ? rounded(plan.monthlyUsd) : null,
    peopleCost: rounded(peopleUsdOf(plan, workload)),
    firstMonthCost: rounded(months.firstUsd),
    peakMonthCost: rounded(months.peakUsd),
    peakMonthCash: rounded(months.peakCashUsd),
    upfrontCost: rounded(plan.upfrontUsd),
    costPerRequest: perUnit(plan.monthlyUsd / requests),
    costPerMillionTokens: perUnit((plan.monthlyUsd / tokens) * tokensPerMillion),
    fteNeeded: rounded(plan.fte),
    cashExtra: rounded(cashExtraUsd(plan.fte, workload)),
    savingsOverToday: today && rounded(difference(today.bill + (today.people ?? 0), plan.monthlyUsd)),
    today: roundedTree(today),
    payback: paybackOf(plan, context),
    scores: roundedTree(scores),
    assignments: assigned.map(({ taskPart, option, ...serving }) => ({
      task: taskPart.task,
      part: partOf({ taskPart, option, ...serving }),
      share: rounded(taskPart.share * serving.share(workload.requestsPerDay)),
      option: option.id,
      capabilityNeed: rounded(taskPart.needs.capability.need),
      capability: roundedOrNull(capabilityOf(option)?.gateAt ?? null),
      needText: taskPart.needs.capability.text,
      needLow: rounded(taskPart.needs.capability.low),
      needHigh: rounded(taskPart.needs.capability.high),
      needAssumed: taskPart.needs.capability.assumed,
      goodEnough: roundedOrNull(goodEnough(option, taskPart)),
      closeCall:
        !taskPart.needs.capability.assumed &&
        (goodEnough(option, taskPart) ?? 1) < workload.assume('capabilityConfidence'),
      ttftP95Ms: roundedOrNull(reviewed.services.get(taskPart)?.ttftP95Ms ?? null),
      ttftAskedMs: roundedOrNull(taskPart.needs.ttftP95Ms?.value ?? null),
      ttftAskedBy: taskPart.needs.ttftP95Ms?.by ?? null,
      isAwaited: isWaitedFor(taskPart),
    })),
    costParts: parts,
    routes:
      assigned.length === 1 || (plan.deployments.length === 1 && plan.shape === 'single')
        ? []
        : assigned.map((serving) => ({ when: whenOf(serving), to: serving.option.id })),
    stages: [stageOf(plan, context)],
    cheapest: { plan: cheapest.id, monthlyCost: rounded(cheapest.monthlyUsd) },
    unkept: unsureOf(choice),
    premium: rounded(difference(plan.monthlyUsd, cheapest.monthlyUsd)),
    ...adjustedCostOf(plan, choice, context),
    failedAnswers: {
      share: rounded(failedAnswers(plan, context) / requests),
      monthlyCost:
        workload.rules.failedAnswerUsd === null ? null : rounded(usdWithFailures(plan, context) - plan.monthlyUsd),
    },
    onIdle: idle && {
      plan: idle.id,
      label: planWords(idle, tables),
      monthlyCost: rounded(idle.monthlyUsd),
      peopleCost: rounded(peopleUsdOf(idle, workload)),
    },
    margin: runnerUp === null ? null : marginOver(plan, runnerUp),
    reasons: why.map(({ text }) => text),
    why,
    conditions: [
      ...conditions(reviewed),
      ...cutTodos(plan),
      ...thinkingTodos(plan, context),
      ...tightTodos(reviewed, context),
      ...memoryTodos(plan, context),
    ],
  };
}

/** A plan in the months of a case, which may be some of a longer horizon. */
export const stageOf = (plan: Plan, { workload, tables }: Context): Recommendation['stages'][number] => ({
  fromMonth: workload.monthsBefore + 1,
  months: workload.months,
  date: workload.firstMonth,
  requestsPerDay: rounded(sum(workload.taskParts, ({ requestsPerDay }) => requestsPerDay)),
  plan: plan.id,
  label: planWords(plan, tables),
  kinds: kindsOf(plan, workload),
  monthlyCost: rounded(plan.monthlyUsd),
  peopleCost: rounded(peopleUsdOf(plan, workload)),
  moveCost: 0,
});

/** Probability that an option is good enough for a task part; null: not known. */
function goodEnough(option: Option, taskPart: TaskPart): number | null {
  const percent = capabilityScore(option, taskPart);
  return percent === null ? null : percent / fullScore;
}

/** By how much of itself the plan is cheaper; null where that is no number, as for a plan that costs nothing. */
function marginOver(plan: Plan, runnerUp: Plan): Recommendation['margin'] {
  const percent = runnerUp.monthlyUsd === plan.monthlyUsd ? 0 : 100 * (runnerUp.monthlyUsd / plan.monthlyUsd - 1);
  return Number.isFinite(percent) ? { runnerUp: runnerUp.id, percent: rounded(percent) } : null;
}

const perUnit = (usd: number): number | null => (Number.isFinite(usd) ? rounded(usd) : null);

function paybackOf(plan: Plan, context: Context): Payback {
  // Without a today there is nothing to be ahead of.
  const { breakEvenMonth, netPresentUsd, oneOffs } =
    context.workload.today === null
      ? { breakEvenMonth: null, netPresentUsd: null, oneOffs: oneOffsOf(plan, context) }
      : timelineOf(plan, context);
  return {
    breakEvenMonth,
    netPresentValue: roundedOrNull(netPresentUsd),
    exitCost: rounded(oneOffs.exitUsd),
    resaleValue: rounded(oneOffs.resaleUsd),
    capitalCost: rounded(oneOffs.capitalUsd),
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const requestsPerMonth = (taskPart: TaskPart, workload: Workload): number =>
  taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);

/** Kinds in the order of the tasks, each once; a second place after the first. */
export const kindsOf = ({ deployments }: Plan, workload: Workload): Kind[] => [
  ...new Set(inTaskOrder(servings(deployments), workload).map(({ option }) => option.kind)),
];

/** When requests are for the second of two places. */
const secondWhen: ReadonlyMap<Serving['name'], string> = new Map([
  ['peak', ' and own capacity is full'],
  ['standby', ' and the first is down'],
]);

const whenOf = ({ taskPart, name }: Serving): string =>
  `task = ${taskPart.task}${taskPart.cut === undefined ? '' : ` and ${taskPart.cut.when}`}${isDevelopment(taskPart) ? ' in development' : ''}${secondWhen.get(name) ?? ''}`;

/** A part of a task, or that part of one which a second place makes. */
function partOf({ taskPart: { part }, name }: Serving): string {
  if (name === null) return part;
  return part === 'all' ? name : `${part}.${name}`;
}

/** Tasks of which no plan is sure enough, as the rule that it does not keep. */
const unsureOf = ({ unsure }: Choice): Recommendation['unkept'] =>
  unsure.length === 0 ? [] : [{ rule: 'quality', tasks: unsure, plan: null, extraCost: null }];
