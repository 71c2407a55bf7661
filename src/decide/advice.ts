import type { Context } from '../places/placement.js';
import { bitsOf } from '../places/task-columns.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { certainlyAbove, isAtLeast } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';
import { leastAdjustedAmong } from './adjusted-plan.js';
import { planIn } from './at-volume.js';
import { aloneIn, betterModels, betterModelsAmong } from './better-models.js';
import type { Advice, Move, Unkept } from './choice.js';
import { advisedOfOneTask, isOfCore } from './core-choice.js';
import { leastWithFailures, usdWithFailures } from './failures.js';
import { isWaitedFor, limitedByTask, type TaskLimits } from './filter.js';
import { allowedPlanOf, partsWithout } from './moved-tasks.js';
import { optionsOf, type Plan, partsOf, taskPartCount, upfrontCashUsd } from './plan.js';
import { review } from './review.js';
import { begunFte, bySimplicity, fewerFte, mostFte, type Simple } from './simplest.js';
import { cheapestOf, type Way, waysOf } from './ways.js';

/**
 * The rules of choice, in their order: the cheapest by the hard rules; of the plans with the fewest requests on models that
 * are not sure enough to be good enough, the one of least cost, its failed answers included where these are priced, owned machines
 * first, then a first token that people bear, then one that does not nearly miss what the user asks, models that are sure enough
 * where the user wrote the need, nothing bought
 * where that saves little, then the simplest of those that cost about the same, then the best models on its
 * places at about that cost. Every analysis asks here.
 *
 * @param below USD a month from which on plans do not matter: where all cost as much there is no advice
 */
export function adviceOf(context: Context, below = Number.POSITIVE_INFINITY): Advice {
  const all = waysOf(context);
  const hard = planOfWays(all, context, below);
  const plain: Advice = {
    cheapest: hard,
    advised: hard,
    moves: [],
    unkept: [],
    within: context,
    ways: all,
    hardWays: all,
    isAdjusted: false,
  };
  if (hard === null || context.workload.rules.objective === 'cost') return plain;
  return bySoftRules(hard, sureEnough(hard, context, below), plain, context, { priced: true });
}

/** The rules after the hard ones; `priced`: also what a rule would cost that is not kept. */
function bySoftRules(
  hard: Plan,
  quality: Narrowed | null,
  { ways: all }: Pick<Advice, 'ways'>,
  context: Context,
  { priced }: { priced: boolean },
): Advice {
  const { rules } = context.workload;
  const within = quality?.within ?? context;
  const ways = quality?.ways ?? all;
  const first = quality?.plan ?? hard;
  const moves: Move[] = first.id === hard.id ? [] : [{ rule: 'quality', from: hard, to: first }];
  const left = quality?.left ?? [];
  const unkept: Unkept[] = left.length === 0 ? [] : [{ rule: 'quality', tasks: left, plan: null }];
  let plan = first;
  const move = (rule: Move['rule'], to: Plan | null): boolean => {
    if (to === null || to.id === plan.id) return false;
    moves.push({ rule, from: plan, to });
    plan = to;
    return true;
  };
  /** What is looked at from here on keeps what a rule has mended. */
  let kept = within;
  const keeping = (of: TasksOf, tasks: readonly string[], limits: TaskLimits): Context => {
    const left = of(plan, context);
    return limitedByTask(kept, ({ task }) => (tasks.includes(task) && !left.includes(task) ? limits : {}));
  };
  move('failures', leastWithFailures(plan, within, context));
  const isOwned = move('owned', ownedFirst(plan, ways, context));
  const atMost = priced ? Number.POSITIVE_INFINITY : worthUsd(plan, context);
  const bearable = soonEnough(plan, within, context, atMost);
  if (bearable !== null && (bearable.plan === null || bearable.plan.monthlyUsd > worthUsd(plan, context)))
    unkept.push({ rule: 'latency', ...bearable });
  else if (bearable !== null && move('latency', bearable.plan)) {
    kept = keeping(lateTasks, bearable.tasks, { patience: context.workload.assume('softLatencyTimes') });
    // Among those that keep people waiting no longer, failed answers are weighed again.
    move('failures', leastWithFailures(plan, kept, context));
  }
  if (rules.failedAnswerUsd === null) {
    const { assume } = context.workload;
    const headroom = { headroom: assume('latencyHeadroom') };
    const tight = tightTasks(plan, context);
    if (move('headroom', withFewer(tightTasks, plan, headroom, worthUsd(plan, context), kept, context)))
      kept = keeping(tightTasks, tight, headroom);
    const sure = { capabilityScore: fullScore * assume('capabilityConfidence') };
    if (!isOwned) move('surer', withFewer(doubtfulTasks, plan, sure, surerUsd(plan, context), kept, context));
    move('unbought', withoutBuying(plan, kept, context));
    const most = nearUsd(plan.monthlyUsd, context.workload) * certainlyAbove;
    if (!isOwned && !keptSoft.has(moves.at(-1)?.rule)) {
      const simplest = simplestNear(plan, ways, context);
      if (lateTasks(simplest, context).length <= lateTasks(plan, context).length) move('tie', simplest);
    }
    move('model', betterModels(plan, most, kept, context));
  }
  return { cheapest: hard, advised: plan, moves, unkept, within, ways, hardWays: all, isAdjusted: false };
}

/** After these rules the cheapest is no longer what the simplest is weighed against. */
const keptSoft: ReadonlySet<string | undefined> = new Set<Move['rule']>(['latency', 'headroom', 'surer', 'unbought']);

/** What all of this advises; with `below`, null where every plan costs as much. */
export function advisedPlan(context: Context, below = Number.POSITIVE_INFINITY): Plan | null {
  if (!isOfCore(context)) return advisedByRules(context, below);
  const plan = advisedOfOneTask(context);
  return plan !== null && plan.monthlyUsd < below ? plan : null;
}

/** The same by the rules of choice. */
function advisedByRules(context: Context, below?: number): Plan | null {
  if (context.workload.rules.objective === 'cost' || !isQualityAssumed(context))
    return adviceOf(context, below).advised;
  // Where all tasks can be on models that are sure enough, nobody has to know what is cheaper without that.
  const within = limitedByTask(context, () => sureLimits(context));
  const ways = waysOf(within);
  const plan = planOfWays(ways, context, below);
  return plan === null
    ? adviceOf(context, below).advised
    : bySoftRules(plan, { plan, within, ways, left: [] }, { ways }, context, { priced: false }).advised;
}

/** Whether the need of some task, or of a part of it, is assumed: what the user wrote has no band. */
const isQualityAssumed = ({ workload }: Context): boolean =>
  workload.taskParts.some(({ needs, divisible }) => {
    const { easy, sensitive, tuned } = divisible ?? {};
    const parts = [needs, sensitive?.rest, sensitive?.redaction?.needs, sensitive?.redaction?.leaves, tuned?.needs];
    return easy?.capability.assumed || parts.some((part) => part?.capability.assumed);
  });

const sureLimits = ({ workload }: Context): TaskLimits => ({
  confidence: fullScore * workload.assume('capabilityConfidence'),
});

/** The same plan for the tasks as the scenario has them, without limits. */
const inContext = (plan: Plan, context: Context): Plan => planIn(plan, context) ?? plan;

const planOfWays = (ways: readonly Way[], context: Context, below?: number): Plan | null => {
  const found = cheapestOf(ways, {}, below)?.plan() ?? null;
  return found && inContext(found, context);
};

/** Whether models are sure enough to be good enough for a task whose need is assumed, or as the user wrote it. */
function isSureEnough(
  { deployments }: Pick<Plan, 'deployments'>,
  { workload }: Context,
  isAssumed: boolean,
): (taskPart: TaskPart) => boolean {
  const asked = fullScore * workload.assume('capabilityConfidence');
  return (taskPart) =>
    taskPart.needs.capability.assumed !== isAssumed ||
    deployments
      .filter(({ taskParts }) => taskParts.some(({ id }) => id === taskPart.id))
      .flatMap(optionsOf)
      .every((option) => isAtLeast(capabilityScore(option, taskPart) ?? 0, asked));
}

/** Requests a day of a plan on models that are not sure enough to be good enough, of needs that are assumed. */
export const unsureRequests = (plan: Plan, context: Context): number => requestsOf(unsureTasks(plan, context), context);

/** Tasks of a plan of which some requests are on a model that is not sure enough for a need that is assumed. */
export const unsureTasks = (plan: Plan, context: Context): string[] => {
  const isSure = isSureEnough(plan, context, true);
  return tasksWhere(plan, (taskPart) => !isSure(taskPart));
};

/** The same of a need as the user wrote it: its model passes, but may as well not be good enough. */
const doubtfulTasks = (plan: Plan, context: Context): string[] => {
  const isSure = isSureEnough(plan, context, false);
  return tasksWhere(plan, (taskPart) => !isSure(taskPart));
};

const tasksWhere = ({ deployments }: Plan, is: (taskPart: TaskPart) => boolean): string[] => [
  ...new Set(deployments.flatMap(({ taskParts }) => taskParts.filter(is).map(({ task }) => task))),
];

type Narrowed = { plan: Plan; within: Context; ways: readonly Way[]; left: string[] };

/**
 * The cheapest of the plans that leave the smallest share of requests on models that are not sure enough; null: no need is
 * assumed. Where not all tasks can be raised together, sets of them are tried by the share of requests that they leave.
 */
function sureEnough(hard: Plan, context: Context, below: number): Narrowed | null {
  if (!isQualityAssumed(context)) return null;
  const unsure = unsureTasks(hard, context);
  if (unsure.length > 0) return leastLeft(hard, unsure, context, sureLimits(context), { below });
  // What competes with a plan that is sure enough is so too.
  const within = limitedByTask(context, () => sureLimits(context));
  return { plan: hard, within, ways: waysOf(within), left: [] };
}

/**
 * The cheapest plan with limits on as many requests as can keep them; null: on none more than the plan that is there.
 *
 * @param below USD a month: a plan that costs less is looked for first, a dearer one only where there is none
 * @param atMost from which on plans do not matter
 */
function leastLeft(
  now: Plan,
  broken: readonly string[],
  context: Context,
  limits: TaskLimits,
  { below = Number.POSITIVE_INFINITY, atMost = Number.POSITIVE_INFINITY },
): Narrowed | null {
  const { taskParts } = context.workload;
  const tasks = [...new Set(taskParts.map(({ task }) => task))];
  const requests = tasks.map((task) =>
    taskParts.reduce((sum, one) => sum + (one.task === task ? one.requestsPerDay : 0), 0),
  );
  const requestsOf = (set: number): number => bitsOf(set).reduce((sum, t) => sum + (requests[t] as number), 0);
  const under = (left: number, most = atMost): Narrowed | null => {
    const isLeft = new Set(bitsOf(left).map((t) => tasks[t]));
    const within = limitedByTask(context, ({ task }) => (isLeft.has(task) ? {} : limits));
    const ways = waysOf(within);
    const plan = planOfWays(ways, context, most);
    return plan && { plan, within, ways, left: tasks.filter((task) => isLeft.has(task)) };
  };
  // Where nothing below a limit keeps them all, something dearer may.
  const found = under(0, Math.min(below, atMost)) ?? (below >= atMost ? null : under(0));
  if (found !== null) return found;
  // What one task alone cannot keep, no set of tasks with it can.
  const one = (t: number): number => 2 ** t;
  const hopeless = tasks.reduce((set, task, t) => {
    const others = tasks.length === 1 || under(2 ** tasks.length - 1 - one(t)) === null;
    return broken.includes(task) && others ? set | one(t) : set;
  }, 0);
  const most = requestsOf(tasks.reduce((set, task, t) => (broken.includes(task) ? set | one(t) : set), 0));
  // Of many tasks not every set is tried: those that leave the fewest requests are.
  const sets = Array.from({ length: 2 ** tasks.length }, (_, set) => set)
    .filter((set) => (set & hopeless) === hopeless && set !== 0 && requestsOf(set) < most)
    .sort((a, b) => requestsOf(a) - requestsOf(b))
    .slice(0, context.workload.assume('softRuleDecisions'));
  for (const set of sets) {
    const narrowed = under(set);
    if (narrowed !== null) return narrowed;
  }
  // The plan that is there leaves as few as any.
  const left = tasks.reduce((set, task, t) => (broken.includes(task) ? set | one(t) : set), 0);
  return under(left) ?? { plan: now, within: context, ways: waysOf(context), left: [...broken] };
}

/**
 * The cheapest plan that has owned machines serve as many tasks as they can, unless another saves more than is set: a share
 * of the bill and a sum, both.
 */
function ownedFirst(best: Plan, ways: readonly Way[], context: Context): Plan | null {
  if (best.deployments.every(({ option }) => option.purchase === 'owned')) return null;
  const limit = mostOnOwned(best.monthlyUsd, context.workload);
  const mostWithFailures = mostOnOwned(usdWithFailures(best, context), context.workload);
  return onOwned(ways, context, limit).find((plan) => usdWithFailures(plan, context) <= mostWithFailures) ?? null;
}

/** The cheapest plans that have owned machines serve some of the tasks, those on which they serve most of it first. */
function onOwned(ways: readonly Way[], context: Context, limit = Number.POSITIVE_INFINITY): Plan[] {
  if (context.workload.existing.length === 0) return [];
  const found = [...ownedSets(ways)].flatMap(({ way, set }) => {
    const { all } = way.assigner.offered.columns;
    const mayServe = (_: string, isOwned: boolean): number => (isOwned ? all : all & ~set);
    const one = cheapestOf([way], { mayServe }, limit)?.plan() ?? null;
    return one === null ? [] : [inContext(one, context)];
  });
  return found.sort(byOwned);
}

/** The cheapest plan that has machines serve what they can that are owned and that the plan advised leaves idle; null: none does. */
export const onIdle = (advised: Plan, { ways }: Pick<Advice, 'ways'>, context: Context): Plan | null =>
  requestsOnOwned(advised) > 0 ? null : (onOwned(ways, context).find((plan) => requestsOnOwned(plan) > 0) ?? null);

/** All tasks of a way together, and each of them. */
function* ownedSets(ways: readonly Way[]): Generator<{ way: Way; set: number }> {
  for (const way of ways) {
    const { all, bundles } = way.assigner.offered.columns;
    yield { way, set: all };
    if (bundles.tasks.length > 1) for (const b of bundles.tasks.keys()) yield { way, set: 1 << b };
  }
}

/** Tasks that somebody waits for longer than people bear, by their preset: of those whose user wrote no target. */
export function lateTasks(plan: Plan, context: Context): string[] {
  const times = context.workload.assume('softLatencyTimes');
  const { services } = review(plan, context);
  return tasksWhere(plan, (taskPart) => {
    const target = taskPart.needs.ttftP95Ms;
    const seen = services.get(taskPart)?.ttftP95Ms ?? null;
    return isWaitedFor(taskPart) && target?.by === 'preset' && seen !== null && seen > times * target.value;
  });
}

/**
 * The plan with its late tasks decided again, so that as few requests as can be wait so long. Null: nobody waits so long.
 *
 * @param atMost USD a month
 */
function soonEnough(
  plan: Plan,
  within: Context,
  context: Context,
  atMost: number,
): { tasks: string[]; plan: Plan | null } | null {
  const tasks = lateTasks(plan, context);
  if (tasks.length === 0) return null;
  const limits = { patience: context.workload.assume('softLatencyTimes') };
  const sooner = decidedAgain(plan, tasks, limits, within, context, atMost).filter(
    (again) => lateTasks(again, context).length < tasks.length,
  );
  return { tasks, plan: sooner[0] ?? null };
}

/**
 * The plan with fewer tasks that something is wrong with, placed again under limits that mend it, where that costs little enough
 * more and breaks nothing else; null: there are none, or none can be mended at that price.
 */
function withFewer(
  of: TasksOf,
  plan: Plan,
  limits: TaskLimits,
  most: number,
  within: Context,
  context: Context,
): Plan | null {
  const tasks = of(plan, context);
  if (tasks.length === 0) return null;
  const found = decidedAgain(plan, tasks, limits, within, context, most).find(
    (again) => again.monthlyUsd <= most && of(again, context).length < tasks.length && isNoWorse(again, plan, context),
  );
  return found ?? null;
}

/** Tasks of a plan with something that nobody wants. */
type TasksOf = (plan: Plan, context: Context) => string[];

/** Whether no more tasks wait for long or nearly longer than asked, or are on models that may not be good enough. */
const isNoWorse = (one: Plan, other: Plan, context: Context): boolean =>
  [lateTasks, tightTasks, doubtfulTasks, unsureTasks].every(
    (of) => of(one, context).length <= of(other, context).length,
  );

/** Tasks whose first token is predicted to come nearly as late as the user still allows: predictions are no better than that. */
export function tightTasks(plan: Plan, context: Context): string[] {
  const least = 1 - context.workload.assume('latencyHeadroom');
  const { services } = review(plan, context);
  return tasksWhere(plan, (taskPart) => {
    const target = taskPart.needs.ttftP95Ms;
    const seen = services.get(taskPart)?.ttftP95Ms ?? null;
    return (
      isWaitedFor(taskPart) && target?.by === 'user' && seen !== null && seen > least * target.value * certainlyAbove
    );
  });
}

/**
 * The cheapest plan for which no machine is bought, where buying saves too little to be bound by it, and nobody waits longer or
 * has a less sure model; null: nothing is bought, or it saves enough.
 */
function withoutBuying(plan: Plan, within: Context, context: Context): Plan | null {
  if (!isBought(plan)) return null;
  const { tables, workload } = within;
  const { exclude } = workload.rules;
  const rules = { ...workload.rules, exclude: [...exclude, 'bought'] };
  const rented = planOfWays(waysOf({ tables, workload: { ...workload, rules } }), context, unboughtUsd(plan, context));
  return rented !== null && isBetterThanBuying(rented, plan, context) ? rented : null;
}

const isBought = ({ deployments }: Plan): boolean =>
  deployments.flatMap(optionsOf).some(({ purchase }) => purchase === 'bought');

/** Whether what a plan saves that buys machines is too little of what it pays for them, and it serves no task sooner or more surely. */
const isBetterThanBuying = (one: Plan, bought: Plan, context: Context): boolean =>
  one.monthlyUsd <= unboughtUsd(bought, context, upfrontCashUsd(one)) && isNoWorse(one, bought, context);

/** The plan with some tasks placed again under limits, as many of them as can keep these, and all else where it is; cheapest first. */
function decidedAgain(
  plan: Plan,
  tasks: readonly string[],
  limits: TaskLimits,
  within: Context,
  context: Context,
  atMost: number,
): Plan[] {
  const isAsked = ({ task }: TaskPart): boolean => tasks.includes(task);
  const found = leastLeft(plan, tasks, aloneIn(within, isAsked), limits, { atMost: atMost * certainlyAbove });
  const staying = partsWithout(plan, isAsked);
  const moving = plan.deployments.flatMap(({ taskParts }) => taskParts.filter(isAsked));
  return [
    ...(found === null ? [] : [[...staying, ...partsOf(found.plan, (taskPart) => taskPart)]]),
    // Places that the plan has anyway.
    ...staying.map((_, i) =>
      staying.map((part, j) => (i === j ? { ...part, taskParts: [...part.taskParts, ...moving] } : part)),
    ),
  ]
    .flatMap((parts) => allowedPlanOf(parts, context) ?? [])
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd);
}

/** USD a month up to which a soft rule on latency is kept. */
const worthUsd = ({ monthlyUsd }: Plan, { workload }: Context): number =>
  monthlyUsd * (1 + workload.assume('softRuleExtra')) * certainlyAbove;

/** USD a month up to which models are taken that are surer to be as good as the user asks. */
const surerUsd = ({ monthlyUsd }: Pick<Plan, 'monthlyUsd'>, { workload: { assume } }: Context): number =>
  Math.max(monthlyUsd * (1 + assume('surerModelExtra')), monthlyUsd + assume('surerModelUsd')) * certainlyAbove;

/** USD a month up to which a plan for which nothing is bought is taken in place of one that buys machines; `paid`: what it pays up front itself. */
const unboughtUsd = (bought: Plan, { workload }: Context, paid = 0): number =>
  (bought.monthlyUsd +
    (workload.assume('buyingReturn') * Math.max(0, upfrontCashUsd(bought) - paid)) / workload.months) *
  certainlyAbove;

/** USD a month up to which plans cost about the same. */
export const nearUsd = (usd: number, { assume }: Pick<Context['workload'], 'assume'>): number =>
  usd + Math.min(usd * assume('tieBand'), assume('tieBandUsd'));

/** Of the plans that cost about the same, one with fewer people, then with fewer deployments, at its cheapest. */
function simplestNear(best: Plan, ways: readonly Way[], context: Context): Plan {
  const limit = nearUsd(best.monthlyUsd, context.workload) * certainlyAbove;
  const under = (maxFte: number, maxDeployments: number): Plan | null => {
    const narrowed = ways.map((way) => ({ ...way, assigner: way.assigner.narrowed({ maxFte, maxDeployments }) }));
    return planOfWays(narrowed, context, limit);
  };
  const { maxDeployments } = context.workload.rules;
  let now = best;
  while (begunFte(now.fte) > 0) {
    const fewer = under(fewerFte(begunFte(now.fte)), maxDeployments);
    if (fewer === null || begunFte(fewer.fte) >= begunFte(now.fte)) break;
    now = fewer;
  }
  const places = now.deployments.flatMap(optionsOf).length;
  for (let most = 1; most < places; most++) {
    const fewer = under(mostFte(begunFte(now.fte)), most);
    if (fewer !== null) return fewer;
  }
  return now;
}

/**
 * The same rules of choice among a few plans that the hard rules leave, whose costs rise: what would be advised if there were no
 * others. Plans are taken as long as dearer ones may matter.
 */
export function advisedAmong(rising: Iterable<Plan>, context: Context, baseUsd: number | null = null): Plan | null {
  const { rules, existing } = context.workload;
  if (isOfCore(context) && rules.objective !== 'cost')
    return leastAdjustedAmong([...rising], context, baseUsd ?? undefined);
  const all: { plan: Plan; unsure: number }[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (const plan of rising) {
    if (plan.monthlyUsd > limit) break;
    if (rules.objective !== 'advice') return plan;
    const unsure = unsureRequests(plan, context);
    all.push({ plan, unsure });
    if (unsure === 0)
      limit = Math.min(
        limit,
        Math.max(mostThatMatters(usdWithFailures(plan, context), context), unboughtUsd(plan, context)),
      );
  }
  const fewest = Math.min(...all.map(({ unsure }) => unsure));
  const left = all
    .flatMap(({ plan, unsure }) => (unsure === fewest ? [{ plan, usd: usdWithFailures(plan, context) }] : []))
    .sort((a, b) => a.usd - b.usd)
    .map(({ plan }) => plan);
  const [cheapest] = left;
  if (cheapest === undefined) return null;
  const mostOwned = mostOnOwned(cheapest.monthlyUsd, context.workload);
  const owned =
    existing.length === 0
      ? []
      : left.filter((plan) => plan.monthlyUsd <= mostOwned && requestsOnOwned(plan) > 0).sort(byOwned);
  const first = owned[0] ?? cheapest;
  const late = lateTasks(first, context);
  const soonest = left
    .filter((plan) => late.length > 0 && plan.monthlyUsd <= worthUsd(first, context))
    .map((plan) => ({ plan, late: requestsOf(lateTasks(plan, context), context) }))
    .sort((a, b) => a.late - b.late || a.plan.monthlyUsd - b.plan.monthlyUsd)[0];
  const bearable = soonest !== undefined && soonest.late < requestsOf(late, context) ? soonest.plan : first;
  if (rules.failedAnswerUsd !== null) return bearable;
  const roomy = fewestAmong(tightTasks, left, bearable, worthUsd(bearable, context), context);
  const surest =
    owned[0] === undefined ? fewestAmong(doubtfulTasks, left, roomy, surerUsd(roomy, context), context) : roomy;
  const plan = unboughtAmong(left, surest, context);
  const most = nearUsd(plan.monthlyUsd, context.workload) * certainlyAbove;
  const near = left.filter(({ monthlyUsd }) => monthlyUsd <= most);
  const simplest =
    plan === cheapest
      ? near
          .filter((one) => lateTasks(one, context).length <= late.length)
          .sort((a, b) => bySimplicity(simpleOf(a), simpleOf(b)))[0]
      : plan;
  return betterModelsAmong(near, simplest as Plan, context);
}

/** Of a few plans, rising in cost, the one with the fewest tasks that something is wrong with, where that breaks nothing else. */
function fewestAmong(of: TasksOf, rising: readonly Plan[], plan: Plan, most: number, context: Context): Plan {
  const now = of(plan, context).length;
  if (now === 0) return plan;
  const [best] = rising
    .filter((one) => one.monthlyUsd <= most && isNoWorse(one, plan, context))
    .map((one) => ({ one, count: of(one, context).length }))
    .filter(({ count }) => count < now)
    .sort((a, b) => a.count - b.count);
  return best?.one ?? plan;
}

/** Of a few plans, rising in cost, the first for which nothing is bought, where buying saves too little. */
function unboughtAmong(rising: readonly Plan[], plan: Plan, context: Context): Plan {
  if (!isBought(plan)) return plan;
  return rising.find((one) => !isBought(one) && isBetterThanBuying(one, plan, context)) ?? plan;
}

/** USD a month up to which a plan may be advised where another one costs so much and is sure enough. */
const mostThatMatters = (usd: number, context: Context): number => {
  const { workload } = context;
  return (
    nearUsd(
      Math.max(
        usd * (1 + workload.assume('softRuleExtra')),
        surerUsd({ monthlyUsd: usd }, context),
        workload.existing.length === 0 ? 0 : mostOnOwned(usd, workload),
      ),
      workload,
    ) * certainlyAbove
  );
};

/** USD a month up to which owned machines come first where another plan costs so much: beyond it that one saves a share and a sum. */
const mostOnOwned = (usd: number, { assume }: Pick<Context['workload'], 'assume'>): number =>
  Math.max(usd / (1 - assume('ownedFirstSaving')), usd + assume('ownedFirstUsd')) * certainlyAbove;

/** What serves most requests on owned machines first, then what costs less. */
const byOwned = (a: Plan, b: Plan): number => requestsOnOwned(b) - requestsOnOwned(a) || a.monthlyUsd - b.monthlyUsd;

const requestsOf = (tasks: readonly string[], { workload }: Context): number =>
  workload.taskParts.reduce((sum, { task, requestsPerDay }) => sum + (tasks.includes(task) ? requestsPerDay : 0), 0);

const requestsOnOwned = ({ deployments }: Plan): number =>
  deployments.reduce(
    (sum, { option, taskParts }) =>
      option.purchase === 'owned' ? taskParts.reduce((all, one) => all + one.requestsPerDay, sum) : sum,
    0,
  );

const simpleOf = (plan: Plan): Simple => ({
  fte: plan.fte,
  deployments: plan.deployments.flatMap(optionsOf).length,
  usd: plan.monthlyUsd,
  taskParts: taskPartCount(plan),
  id: () => plan.id,
});

/** Of plans that cost about the same the simplest first: groups that only their cost tells apart. */
export function plansBySimplicity(plans: readonly Plan[]): Plan[][] {
  const groups = new Map<string, Plan[]>();
  for (const plan of plans.toSorted((a, b) => bySimplicity(simpleOf(a), simpleOf(b)))) {
    const { fte, deployments } = simpleOf(plan);
    const key = `${begunFte(fte)} ${deployments}`;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups.values()];
}
