import { summedTerms } from '../core/adjusted.js';
import { at, isUnpriced } from '../cost/curve.js';
import { devicesOf } from '../places/device.js';
import { capabilityOf, proseNames } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { capabilityScore } from '../rules/model.js';
import { availabilityOf, twoTogether } from '../rules/service.js';
import { kindNames } from '../tables/column.js';
import { secondsPerMinute } from '../units/month.js';
import { difference, isAtLeast, isAtMost, usdWords } from '../units/numeric.js';
import { weighed } from './advice.js';
import { ownMark } from './basis.js';
import type { Choice } from './choice.js';
import { kindsByTask } from './choice.js';
import type { CostPart } from './decision.js';
import { busyShare } from './months.js';
import type { Miss } from './near-misses.js';
import { failedGates } from './option-report.js';
import {
  type Deployment,
  optionsOf,
  optionWords,
  type Plan,
  peopleUsdOf,
  planPhrase,
  servings,
  unitsOf,
} from './plan.js';
import { type Reason, type Reviewed, reason } from './review.js';
import { todayOf } from './timeline.js';

const most = 6;
const fewest = 3;
/** Share of requests below which nobody counts them. */
const rare = 1 / 1000;
/** What saves less is no cheaper. */
const cent = 0.01;

/** What the reasons speak of. */
export type Advice = {
  reviewed: Reviewed;
  choice: Choice;
  /** Everything on one option, at its cheapest; null: no option may serve every task, undefined: not computed. */
  single: Plan | null | undefined;
  /** Cheaper options that one rule excludes, cheapest first. */
  misses: readonly Miss[];
  costParts: readonly CostPart[];
};

/**
 * Why this plan, in a reader's order: why these models, why not everything in one place, what the next best, other
 * types and own machines would cost, which rule excludes what is cheaper. Where that is little, what the plan itself
 * costs and shows.
 */
export function reasonsFor(advice: Advice, context: Context): Reason[] {
  const aboveCheapest = whyNotCheapest(advice, context);
  const main = [
    capability(advice, context),
    ...whySplit(advice, aboveCheapest.length > 0, context),
    ...aboveCheapest,
    ...others(advice, context),
    turnedDown(advice, context),
    today(advice, context),
  ].filter((one) => one !== null);
  const more = [firstToken(advice), largestPart(advice), people(advice, context)].filter((one) => one !== null);
  return [...main, ...more.slice(0, Math.max(0, fewest - main.length))].slice(0, most);
}

/** The score of each model against the task that needs most of it. */
function capability({ reviewed: { plan } }: Advice, context: Context): Reason | null {
  const words: Record<string, string> = {};
  const figures: Record<string, number> = {};
  const parts: string[] = [];
  for (const deployment of plan.deployments) {
    const { taskParts } = deployment;
    const hardest = taskParts.reduce((hard, taskPart) =>
      taskPart.needs.capability.need > hard.needs.capability.need ? taskPart : hard,
    );
    for (const one of new Map(optionsOf(deployment).map((option) => [option.family, option])).values()) {
      const index = capabilityOf(one);
      if (index === null) continue;
      const { have, gateAt } = index;
      const n = parts.length === 0 ? '' : String(parts.length + 1);
      words[`model${n}`] = proseNames(one, context.tables).model;
      words[`task${n}`] = hardest.task;
      figures[`have${n}`] = have;
      figures[`need${n}`] = hardest.needs.capability.need;
      if (gateAt !== have) figures[`judged${n}`] = gateAt;
      const judged = gateAt === have ? '' : ` (judged by its low end, {judged${n}:points})`;
      parts.push(`{model${n}} has quality {have${n}:points}${judged}, {task${n}} needs {need${n}:points}`);
    }
  }
  return parts.length === 0 ? null : reason('capability', parts.join('; '), words, figures);
}

/** For several places: the cost of one place alone, unless given as the cheapest, and what the second is for. */
function whySplit({ reviewed: { plan }, single, choice }: Advice, cheapestTold: boolean, context: Context): Reason[] {
  const several = plan.deployments.length > 1 || plan.deployments.some(({ second }) => second !== undefined);
  const alone =
    !several || single === undefined || (cheapestTold && single?.id === choice.cheapest?.id)
      ? []
      : [
          single === null
            ? reason('single', `no single option meets the rules of every task`)
            : beside('single', everythingOn(single, choice, plan), single, plan, context),
        ];
  return [
    ...alone,
    ...plan.deployments.flatMap((one) => [
      ...whyTwo(one, context),
      ...coldStarts(one, context),
      ...deviceLoad(one, context),
    ]),
  ];
}

/** The cost of one place alone; only once, if it is also the next best plan. */
const everythingOn = (single: Plan, { runnerUp }: Choice, plan: Plan): string =>
  single.id === runnerUp?.id
    ? `closest alternative, all in one place${costsLess(single, plan)}: {plan},`
    : 'everything on {plan} would cost';

/** The second best may cost less, where both cost about the same: then it is not second for its cost. */
const costsLess = (other: Plan, plan: Plan): string =>
  other.monthlyUsd < plan.monthlyUsd && !sameMoney(other, plan) ? ', though it costs less' : '';

/** Why one place does not suffice: its availability, or what its machines leave to an API. */
function whyTwo(deployment: Deployment, context: Context): Reason[] {
  const { option, second } = deployment;
  if (second === undefined) return [];
  const { requestsPerDay } = context.workload;
  const { provider } = option;
  if (second.role === 'overflow') {
    const units = unitsOf(deployment, requestsPerDay) * unitsOfStep(option);
    const unit = option.provisioned?.offer.unit.toUpperCase() ?? 'machine';
    const more = unitsOfStep(option) === 1 ? 'one more' : 'more';
    return [
      reason(
        'overflow',
        `{units:count} ${unit}${units === 1 ? '' : 's'} of {provider} ${units === 1 ? 'serves' : 'serve'} {percent:percent} of the requests; ${more} would cost more than the API ${option.provisioned === null ? 'it spares' : 'spared'}`,
        { provider },
        { units, percent: (1 - second.share(requestsPerDay)) * 100 },
      ),
    ];
  }
  const [first, other] = [availabilityOf(option, context), availabilityOf(second.option, context)];
  if (first === null || other === null) return [];
  return [
    reason(
      'failover',
      '{provider} alone answers {alonePercent:nines} of the time, with {other} behind it {percent:nines}',
      { provider, other: second.option.provider },
      { alonePercent: first.share * 100, percent: twoTogether(first, other, context) * 100 },
    ),
  ];
}

/** What cold starts mean for users of the task part that meets most of them: `1 in 8 requests waits`. */
function coldStarts({ option, taskParts }: Deployment, context: Context): Reason[] {
  const met = taskParts.flatMap((taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    return isUnpriced(seen) || seen.coldStarts === undefined ? [] : [{ taskPart, ...seen.coldStarts }];
  });
  const [first] = met.sort((a, b) => b.share - a.share);
  if (first === undefined) return [];
  const { taskPart, share, seconds } = first;
  const few = share < rare;
  const when = context.workload.growth.length > 1 ? ' in the quietest month' : '';
  return [
    reason(
      'cold-starts',
      `${few ? 'fewer than one' : 'one'} in {requests:count} requests of {task} waits for a cold start of up to {seconds:count} s${when}`,
      { task: taskPart.task },
      { requests: few ? 1 / rare : 1 / share, seconds },
    ),
  ];
}

/** Hours a day that each of the slowest devices works, where its user would notice; requests are spread evenly. */
function deviceLoad({ option, taskParts }: Deployment, context: Context): Reason[] {
  const { workload } = context;
  const { count = 0 } = devicesOf(option, workload) ?? {};
  if (option.onDevices === null || count === 0) return [];
  const busyS = taskParts.reduce((sum, taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    return sum + (isUnpriced(seen) ? 0 : taskPart.requestsPerDay * (seen.busyS ?? 0));
  }, 0);
  const minutes = busyS / count / secondsPerMinute;
  if (minutes < workload.assume('deviceBusyMinutes')) return [];
  const each = 'each device works {minutes:count} minutes a day at full load';
  return [reason('device-load', each, {}, { minutes: Math.round(minutes) })];
}

/** Why not the cheapest: it is not sure enough; and what counts against the cheapest that is. */
function whyNotCheapest({ choice: { cheapest, cheaperPlan }, reviewed: { plan } }: Advice, context: Context): Reason[] {
  const unsure = cheapest === null || cheapest.id === (cheaperPlan ?? plan).id ? null : cheapest;
  return [
    ...(unsure === null ? [] : [explainUnsure(unsure, plan, context)]),
    ...(cheaperPlan === null ? [] : [explainRisks(cheaperPlan, cheapest ?? cheaperPlan, plan, context)]),
  ];
}

function explainUnsure(other: Plan, plan: Plan, context: Context): Reason {
  const [itsScore, score] = [leastSure(other), leastSure(plan)];
  const asked = 100 * context.workload.assume('capabilityConfidence');
  const { start, words, figures } = introduce(other, plan, context);
  return reason(
    'quality',
    `${start} is good enough with {itsScore:percent} probability ({asked:percent} asked), this one with {score:percent}`,
    words,
    { ...figures, itsScore, score, asked },
  );
}

function explainRisks(other: Plan, cheapest: Plan, plan: Plan, context: Context): Reason {
  const risksOf = (one: Plan): number => summedTerms(weighed(one, cheapest, context).terms);
  const risks = difference(risksOf(other), risksOf(plan));
  const { start, words, figures } = introduce(other, plan, context);
  return reason('risks', `${start} its risks count {risks:usd} more`, words, { ...figures, risks });
}

/** What a plan that is put aside costs, against the one advised. */
function introduce(other: Plan, plan: Plan, { tables }: Context) {
  return {
    start: sameMoney(other, plan)
      ? '{plan} costs the same but'
      : '{plan} would cost {cost:usd}{mark} ({less:more}{mark}) but',
    words: { plan: planPhrase(other, tables), mark: ownMark(tables, other, plan) },
    figures: { cost: other.monthlyUsd, less: difference(other.monthlyUsd, plan.monthlyUsd) },
  };
}

/** Percent of being good enough where that is least sure, of needs that are assumed. */
const leastSure = ({ deployments }: Plan): number =>
  Math.min(
    ...servings(deployments)
      .filter(({ taskPart }) => taskPart.needs.capability.assumed)
      .map(({ option, taskPart }) => capabilityScore(option, taskPart) ?? 0),
  );

/** The next best plan, and the best on own machines. */
function others(advice: Advice, context: Context): Reason[] {
  const { choice, single } = advice;
  const { plan } = advice.reviewed;
  const { cheapest, cheaperPlan, runnerUp, kinds } = choice;
  const told = new Set([plan.id, cheapest?.id, single?.id, cheaperPlan?.id]);
  const tell = (code: string, start: string, other: Plan | null): Reason[] => {
    if (other === null || told.has(other.id)) return [];
    told.add(other.id);
    return [beside(code, start, other, plan, context)];
  };
  const nextBest = runnerUp === null ? '' : `closest alternative${costsLess(runnerUp, plan)}: {plan},`;
  const next = tell('runner-up', nextBest, runnerUp);
  const selfRun = kinds
    .flatMap(({ plan: best, feasible }) =>
      feasible && best?.deployments.some(({ option }) => placementOf(option.kind).staff(option, context).share === 1)
        ? [best]
        : [],
    )
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd);
  // One plan on machines is enough to show their utilization.
  const known = selfRun.some(({ id }) => told.has(id));
  return [
    ...(runnerUp === null ? [nothingElse(advice)] : next),
    ...(known ? [] : tell('own-machines', 'on dedicated GPUs: {plan},', selfRun[0] ?? null)),
  ];
}

/** Another plan against the advised one: its cost, the difference, utilization of its machines, people. */
function beside(code: string, start: string, other: Plan, plan: Plan, context: Context): Reason {
  const { team } = context.workload;
  const fleet = dearestFleet(other, context);
  const busy = fleet === undefined ? null : busyShare(fleet, context);
  const figures: Record<string, number> = {
    cost: other.monthlyUsd,
    more: difference(other.monthlyUsd, plan.monthlyUsd),
  };
  let template = `${start} {cost:usd}{mark} (${sameMoney(other, plan) ? 'the same' : '{more:more}{moreMark}'})`;
  if (busy !== null) {
    template += ', utilization {busyPercent:percent}';
    figures.busyPercent = busy * 100;
  }
  if (other.fte > 0) {
    template += `, {fte:fte}${team.given ? ' against {freeFte:fte} free' : ''}`;
    figures.fte = other.fte;
    if (team.given) figures.freeFte = team.freeFte;
  }
  const words = {
    plan: planPhrase(other, context.tables),
    mark: ownMark(context.tables, other),
    moreMark: ownMark(context.tables, other, plan),
  };
  return reason(code, template, words, figures);
}

/** Of several fleets the one that costs most: how busy another is matters less. */
function dearestFleet({ deployments }: Plan, { workload }: Context): Deployment | undefined {
  const usd = ({ lines }: Deployment) => lines.reduce((sum, { curve }) => sum + at(curve, workload.requestsPerDay), 0);
  return deployments
    .filter(({ option }) => option.fleet !== null)
    .map((one) => ({ one, usd: usd(one) }))
    .sort((a, b) => b.usd - a.usd)[0]?.one;
}

/** Whether two plans cost the same as far as a reader sees it. */
const sameMoney = (one: Plan, other: Plan): boolean =>
  Math.abs(one.monthlyUsd - other.monthlyUsd) < cent && usdWords(one.monthlyUsd) === usdWords(other.monthlyUsd);

/** No plan of other types: the rule without which there would be one, if a single one. */
function nothingElse({ choice, misses, reviewed: { plan } }: Advice): Reason {
  const start = 'no plan of other kinds meets every rule';
  const kept = choice.keptOut ?? aloneKept(misses, plan);
  if (kept === null) return reason('nothing-else', start);
  if ('gate' in kept) {
    const { gate } = kept;
    return reason('nothing-else', `${start}: only the {gate} rule excludes the others`, { gate });
  }
  const { limit } = kept;
  return reason(
    'nothing-else',
    `${start}: with more than {limit:count} ${limit === 1 ? 'place' : 'places'} to run there would be one`,
    {},
    { limit },
  );
}

/** The rule about a task that alone keeps out an option which would be a plan of other kinds. */
function aloneKept(misses: readonly Miss[], plan: Plan): { gate: string } | null {
  const now = kindsByTask(plan);
  const miss = misses.find(
    ({ looked, gate }) =>
      looked.plan !== null &&
      kindsByTask(looked.plan) !== now &&
      failedGates(looked).every((failed) => failed.gate === gate),
  );
  return miss === undefined ? null : { gate: miss.gate };
}

/** The cheapest option that one rule alone keeps out. */
function turnedDown({ misses, reviewed: { plan } }: Advice, context: Context): Reason | null {
  const miss = misses.find(({ looked }) => looked.plan !== null && looked.plan.monthlyUsd < plan.monthlyUsd - cent);
  if (miss?.looked.plan == null) return null;
  const { option, plan: other, verdicts } = miss.looked;
  const verdict = verdicts.find(({ task, gate }) => task === miss.task && gate === miss.gate)?.verdict.why();
  return reason(
    'turned-down',
    `{option} would cost {cost:usd}{mark} ({more:more}{mark}); excluded: {why}`,
    {
      option: `${kindNames[option.kind]} ${optionWords(option, context.tables)}`,
      mark: ownMark(context.tables, other),
      gate: miss.gate,
      why: verdict?.reason ?? '',
    },
    { ...verdict?.figures, cost: other.monthlyUsd, more: other.monthlyUsd - plan.monthlyUsd },
  );
}

function today({ reviewed: { plan } }: Advice, context: Context): Reason | null {
  const now = todayOf(context);
  if (now === null) return null;
  const { bill, meanBill: mean } = now;
  const planBill = difference(plan.monthlyUsd, peopleUsdOf(plan, context.workload));
  const saved = difference(mean, planBill);
  const word = saved < 0 ? 'less' : 'more';
  const moves = !isAtMost(mean, bill) || !isAtLeast(mean, bill);
  return reason(
    'today',
    moves
      ? `today's bill is {today:usd} now and {mean:usd} in a mean month, {difference:usd}{mark} ${word} than this plan's`
      : `today's bill is {today:usd}, {difference:usd}{mark} ${word} than this plan's`,
    { mark: ownMark(context.tables, plan) },
    { today: bill, ...(moves && { mean }), difference: Math.abs(saved) },
  );
}

/** The task whose first token is nearest its target, or past it; without tasks with a part that waits for another. */
function firstToken({ reviewed: { services } }: Advice): Reason | null {
  const waiting = new Set([...services.keys()].flatMap(({ task, inTurn }) => (inTurn ? [task] : [])));
  const [tightest] = [...services]
    .flatMap(([{ task, needs }, seen]) =>
      waiting.has(task) || needs.ttftP95Ms === null || seen === null || seen.ttftP95Ms === null
        ? []
        : [{ task, have: seen.ttftP95Ms, target: needs.ttftP95Ms.value, by: needs.ttftP95Ms.by }],
    )
    .sort((a, b) => b.have / b.target - a.have / a.target);
  if (tightest === undefined) return null;
  const { task, have, target, by } = tightest;
  return reason(
    'first-token',
    `{task} sees its first token within {have:count} ms (p95), {target:count} ms are ${by === 'user' ? 'asked for' : 'usual'}`,
    { task },
    { have, target },
  );
}

function largestPart({ reviewed: { plan }, costParts }: Advice): Reason | null {
  const [largest] = costParts.toSorted((a, b) => b.monthly - a.monthly);
  if (largest === undefined || plan.monthlyUsd <= 0) return null;
  const figures = { part: largest.monthly, cost: plan.monthlyUsd, percent: (100 * largest.monthly) / plan.monthlyUsd };
  const words = { label: largest.label.toLowerCase() };
  return reason('largest-part', '{label}: {part:usd} of the {cost:usd}, {percent:percent}', words, figures);
}

function people({ reviewed: { plan } }: Advice, { workload: { team } }: Context): Reason {
  return team.given
    ? reason('people', 'it takes {fte:fte}, {freeFte:fte} are free', {}, { fte: plan.fte, freeFte: team.freeFte })
    : reason('people', 'it takes {fte:fte} to run', {}, { fte: plan.fte });
}
