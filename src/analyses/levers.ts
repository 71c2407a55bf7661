import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { foundTokens } from '../cost/task-trace.js';
import { advisedIn } from '../decide/core-choice.js';
import type { Decision, LeverComparison, LeverReport } from '../decide/decision.js';
import { sourceWords } from '../decide/option-report.js';
import { type Plan, servedWords } from '../decide/plan.js';
import type { Context } from '../places/placement.js';
import { placementOf, placements } from '../places/registry.js';
import { reasoningTokens } from '../places/service-trace.js';
import { allHold, type Facts, factForm } from '../tables/column.js';
import type { LeverRow } from '../tables/columns.js';
import { rentalForms } from '../tables/columns.js';
import type { LeverFact } from '../tables/row-facts.js';
import type { Prose } from '../tables/tables.js';
import { certainlyBelow, difference, rounded, roundedOrNull } from '../units/numeric.js';
import { keptOf, oneTurn } from '../workload/conversation.js';
import type { ReadScenario } from '../workload/read.js';
import { resolve } from '../workload/resolve.js';
import type { Scenario } from '../workload/schema.js';
import { taskNames } from '../workload/set.js';
import { hasTarget, isDevelopment, type TaskPart, type Workload } from '../workload/workload.js';

const tokensPerPrice = 1e6;
const formsWith = (isTerm: boolean): string[] =>
  rentalForms.flatMap(({ purchase, months }) => (months > 0 === isTerm ? [purchase] : []));
const [onDemand, terms] = [formsWith(false), formsWith(true)];

/** Facts that levers read and set for one task: tokens of a turn, and of its plan. */
function leverFacts(taskPart: TaskPart, type: string, scenario: Scenario, { plan, context }: State): Facts {
  const { workload, tables } = context;
  const { task, needs, divisible, requestsPerDay, tokens } = taskPart;
  const { assume } = workload;
  const turns = workload.inputs.find(({ path }) => path === 'workload.turns')?.value.likely ?? 1;
  const kept = keptOf(turns, assume);
  const turn = oneTurn(tokens, { turns, kept });
  const served = plan.deployments.filter(({ taskParts }) => taskParts.some((one) => one.task === task));
  const found = foundTokens(workload);
  const trimmedInput = Math.max(0, turn.input * (1 - assume('promptTrim')) - found);
  const sharedPrefix = (turn.input - found) * assume('promptCacheableShare');
  // The last turn of a conversation sends most again.
  const longest = tokens.prefix - turn.prefix + sharedPrefix + tokens.longestInput - tokens.input;
  const onMachine = served.some(({ option }) => !placementOf(option.kind).perToken);
  const tiers = [...tables.tiers].sort((a, b) => a.fromIndex - b.fromIndex);
  const own = tiers.findLastIndex(({ fromIndex }) => fromIndex <= needs.capability.need);
  const reasoning = Math.max(0, ...served.map(({ option }) => reasoningTokens(option, taskPart, workload)));
  const excluded = scenario.preferences?.exclude ?? [];
  const purchases = plan.deployments.map(({ option }) => option.purchase ?? '');
  const facts: Record<LeverFact, number | string> = {
    sensitivity: needs.sensitivity,
    uncachedRequests: requestsPerDay * (1 - assume('semanticCacheHitRate')),
    embeddingUsd:
      (requestsPerDay *
        requestsPerMonthPerDaily(taskPart, workload) *
        (tokens.input - tokens.prefix) *
        assume('semanticCacheEmbeddingUsdPerMTok')) /
      tokensPerPrice,
    promptTokens: turn.input,
    trimmedInput,
    trimmedPrefix: Math.min(trimmedInput, turn.prefix * (1 - assume('promptTrim'))),
    outputTokens: turn.output,
    trimmedOutput: turn.output * (1 - assume('outputTrim')),
    reasoning: reasoning === 0 ? 'none' : reasoning,
    turns,
    lessHistory: kept * assume('historyKeptShare'),
    prefix: turn.prefix,
    sharedPrefix,
    cacheable: longest >= assume('promptCacheMinTokens') || onMachine ? 'yes' : 'no',
    mayWait: tables.taskOf.get(type)?.batchable === true && !hasTarget(taskPart) ? 'yes' : 'no',
    batched: taskPart.batchable ? 'yes' : 'no',
    easy: divisible?.easy === undefined ? 'no' : 'yes',
    easierIndex: tiers[own - 1]?.fromIndex ?? 0,
    tuned: divisible?.tuned === undefined ? 'no' : 'yes',
    rented: purchases.some((one) => onDemand.includes(one)) ? 'yes' : 'no',
    onDemand: [...excluded, ...onDemand].join(', '),
    terms: [...excluded, ...terms].join(', '),
  };
  return new Map(Object.entries(facts));
}

/** Settings for other task volumes: a common volume with shares, or a task's own. */
function volumeSettings(then: ReadonlyMap<string, number>, { taskParts }: Workload): string[] {
  const whole = taskParts.filter((one) => !isDevelopment(one));
  const scaling = whole.filter(({ scales }) => scales);
  const requestsThen = ({ task, requestsPerDay }: TaskPart): number => then.get(task) ?? requestsPerDay;
  const common = scaling.reduce((sum, one) => sum + requestsThen(one), 0);
  const isMoved = scaling.some(({ task }) => then.has(task));
  return [
    ...(isMoved ? [`workload.volume=${common} requests/day`] : []),
    ...(isMoved && scaling.length > 1
      ? scaling.map((one) => `tasks.${one.task}.share=${requestsThen(one) / common}`)
      : []),
    ...whole
      .filter(({ scales, task }) => !scales && then.has(task))
      .map((one) => `tasks.${one.task}.volume=${requestsThen(one)} requests/day`),
  ];
}

/** Volumes in tokens as requests, which stay where a lever changes their tokens. */
function heldVolumes({ workload: written, tasks }: Scenario, workload: Workload): string[] {
  const inTokens = (volume: { of?: string } | undefined): boolean => volume?.of === 'tokens';
  const own = workload.taskParts.filter(
    (one) => !isDevelopment(one) && inTokens(tasks.find(({ name, type }) => (name ?? type) === one.task)?.volume),
  );
  return [
    ...(inTokens(written.volume) ? [`workload.volume=${workload.requestsPerDay} requests/day`] : []),
    ...own.map(({ task, requestsPerDay }) => `tasks.${task}.volume=${requestsPerDay} requests/day`),
  ];
}

const percent = 100;
const digits = 12;
/** On APIs alone, for the lever that pulls the others. */
const together = 'all-api-levers';

/** A scenario with settings, and its advice; `extraUsd`: cost of the levers, USD a month. */
type State = { read: ReadScenario; settings: readonly string[]; context: Context; plan: Plan; extraUsd: number };
type Pulled = { settings: string[]; tasks: string[]; extraUsd: number };

/** Savings of each lever, decided anew with its settings; then of all that lower API bills. */
export function leversOf(
  plan: Plan,
  read: ReadScenario,
  context: Context,
  prose: Prose,
  progress: (levers: number, total: number) => void = () => undefined,
): LeverReport[] {
  const { levers } = context.tables;
  const single = levers.filter(({ lever }) => lever !== together);
  const now: State = { read, settings: heldVolumes(read.scenario, context.workload), context, plan, extraUsd: 0 };
  return levers.map((row, index) => {
    const told = row.lever === together ? allTogether(row, single, now) : one(row, now);
    progress(index + 1, levers.length);
    return { ...blank(row, context, prose), ...told };
  });
}

/** A scenario with further settings; null: invalid, or nothing fits. */
function decided(state: State, settings: readonly string[], extraUsd = 0): State | null {
  const all = [...state.settings, ...settings];
  const scenario = state.read.changed(all);
  if (scenario === null) return null;
  const { tables, workload } = state.context;
  const context = { tables, workload: resolve({ ...state.read, scenario }, tables, workload.asOf) };
  const plan = advisedIn(context);
  return plan && { read: state.read, settings: all, context, plan, extraUsd: state.extraUsd + extraUsd };
}

const usdOf = ({ plan, extraUsd }: State): number => plan.monthlyUsd + extraUsd;

/** The settings of a lever on all tasks that it suits; null: on none. */
function pulled(row: LeverRow, state: State): Pulled | null {
  const requests = new Map<string, number>();
  const settings = new Set<string>();
  const tasks: string[] = [];
  let extraUsd = 0;
  for (const { task, facts } of factsByTask(row, state)) {
    if (!allHold(row.when, facts)) continue;
    tasks.push(task);
    extraUsd += row.extra === null ? 0 : Number(facts.get(row.extra));
    for (const { path, value } of row.set) {
      const text = filled(value, facts);
      if (path === 'requests') requests.set(task, Number(text));
      else if (!text.startsWith('none')) settings.add(`${inScenario(path, task)}=${text}`);
    }
  }
  if (tasks.length === 0) return null;
  return { settings: [...settings, ...volumeSettings(requests, state.context.workload)], tasks, extraUsd };
}

/** Facts of every task whose preset suits a lever, with the assumptions. */
function factsByTask({ tasks }: LeverRow, state: State): { task: string; facts: Facts }[] {
  const { workload, tables } = state.context;
  const scenario = state.read.changed(state.settings) ?? state.read.scenario;
  const names = taskNames(scenario.tasks);
  const assumed = tables.assumptions.map(({ name }): [string, number] => [name, workload.assume(name)]);
  return workload.taskParts.flatMap((taskPart) => {
    const type = scenario.tasks[names.indexOf(taskPart.task)]?.type ?? '';
    if (isDevelopment(taskPart) || (tasks.length > 0 && !tasks.includes(type))) return [];
    const facts = leverFacts(taskPart, type, scenario, state);
    return [{ task: taskPart.task, facts: new Map([...assumed, ...facts]) }];
  });
}

const inScenario = (path: string, task: string): string =>
  /^(assumptions|preferences)\./.test(path) ? path : `tasks.${task}.${path}`;

const filled = (text: string, facts: Facts): string =>
  text.replace(factForm, (_, name: string) => {
    const value = facts.get(name) ?? 'unknown';
    return typeof value === 'number' ? String(Number(value.toPrecision(digits))) : value;
  });

/** The report of a lever; for one without effect, the reason. */
type Told = Partial<LeverReport>;

function one(row: LeverRow, now: State): Told {
  const { plan, context } = now;
  const without = decided(now, settingsWithout(row, now));
  const savesNow = without === null ? 0 : difference(without.plan.monthlyUsd, plan.monthlyUsd);
  const already = savesNow > 0 ? { alreadyIn: true, savesNow: rounded(savesNow) } : {};
  const change = pulled(row, now);
  if (change === null) {
    const [first] = factsByTask({ ...row, tasks: [] }, now);
    return { ...already, reason: first === undefined ? row.reason : filled(row.reason, first.facts) };
  }
  const then = decided(now, change.settings, change.extraUsd);
  if (then === null) {
    const isRead = now.read.changed([...now.settings, ...change.settings]) !== null;
    const unread = `no scenario has ${change.settings.join(' and ')}: check its row in levers.csv`;
    return { ...already, reason: isRead ? 'nothing satisfies the hard rules with it' : unread };
  }
  return {
    ...already,
    ...costOf(usdOf(then), plan.monthlyUsd),
    ...planOf(then, plan.id),
    changes: changesIn(then.settings, context),
    appliesTo: change.tasks,
    extraCost: rounded(change.extraUsd),
  };
}

const settingsWithout = ({ without, ...row }: LeverRow, now: State): string[] => [
  ...new Set(
    factsByTask({ ...row, without, tasks: [] }, now).flatMap(({ task, facts }) =>
      without.map(({ path, value }) => `${inScenario(path, task)}=${filled(value, facts)}`),
    ),
  ),
];

const costOf = (usd: number, beforeUsd: number): Told => ({
  applies: true,
  monthlyCost: rounded(usd),
  saves: difference(beforeUsd, usd),
  percent: beforeUsd === 0 ? null : rounded((percent * difference(beforeUsd, usd)) / beforeUsd),
});

const planOf = ({ plan, context }: State, before: string): Told =>
  plan.id === before ? {} : { plan: plan.id, planLabel: servedWords(plan, context.tables) };

/** Settings with what was there. */
const changesIn = (settings: readonly string[], { workload }: Context): LeverReport['changes'] =>
  settings.map((setting) => {
    const [path = '', to = ''] = setting.split(/=(.*)/s);
    return { path, from: workload.inputs.find((input) => input.path === path)?.text ?? null, to };
  });

/** The cheapest plan on APIs alone, with levers by savings, largest first; with machines too. */
function allTogether(row: LeverRow, levers: readonly LeverRow[], now: State): Told {
  const excluded = now.read.scenario.preferences?.exclude ?? [];
  const only = (perToken: boolean): string[] => {
    const others = placements.filter((one) => one.perToken !== perToken || (!perToken && !ownKinds.has(one.kind)));
    const names = [...excluded, ...others.map(({ kind }) => kind)];
    return ['preferences.objective=cost', `preferences.exclude=[${names.join(', ')}]`];
  };
  const first = decided(now, only(true));
  if (first === null) return { reason: row.reason };
  let best = first;
  const order: string[] = [];
  const leftOut = (): LeverRow[] => levers.filter(({ lever }) => !order.includes(lever));
  for (;;) {
    const next = leftOut()
      .flatMap((lever) => {
        const change = pulled(lever, best);
        const then = change && decided(best, change.settings, change.extraUsd);
        return then === null ? [] : [{ lever: lever.lever, then }];
      })
      .reduce<{ lever: string; then: State } | null>(
        (least, each) => (least === null || usdOf(each.then) < usdOf(least.then) ? each : least),
        null,
      );
    if (next === null || usdOf(next.then) >= usdOf(best) * certainlyBelow) break;
    best = next.then;
    order.push(next.lever);
  }
  const { today } = now.context.workload;
  const own = decided(now, only(false));
  const optimizedOwn = decided(best, only(false));
  const comparison: LeverComparison = {
    apiPlan: first.plan.id,
    apiCost: rounded(usdOf(first)),
    optimizedApiPlan: best.plan.id,
    optimizedApiLabel: servedWords(best.plan, best.context.tables),
    optimizedApiCost: rounded(usdOf(best)),
    pulled: order,
    leftOut: leftOut().flatMap((lever) => (pulled(lever, first) === null ? [] : [lever.lever])),
    selfHostedPlan: own?.plan.id ?? null,
    selfHostedCost: roundedOrNull(own && usdOf(own)),
    optimizedSelfHostedCost: roundedOrNull(own && optimizedOwn && usdOf(optimizedOwn)),
    todayOption: today?.option ?? null,
    todayCost: roundedOrNull(today?.billUsdPerMonth ?? null),
  };
  return {
    ...costOf(usdOf(best), usdOf(first)),
    ...planOf(best, first.plan.id),
    appliesTo: [...new Set(now.context.workload.taskParts.map(({ task }) => task))],
    comparison,
  };
}

/** Deployment types in the team's own account or closer. */
const ownKinds: ReadonlySet<string> = new Set([
  'self-hosted-cloud',
  'on-prem',
  'edge',
] satisfies Decision['recommendation']['kinds']);

/** What the tables say of a lever, and nothing pulled. */
function blank({ lever, label, caveat, parameters, row }: LeverRow, { tables }: Context, prose: Prose): LeverReport {
  const origins = [
    { table: 'levers' as const, row },
    ...parameters.flatMap((name) => tables.parameterOf.get(name) ?? []),
  ];
  return {
    id: lever,
    label,
    applies: false,
    reason: null,
    alreadyIn: false,
    savesNow: null,
    changes: [],
    appliesTo: [],
    monthlyCost: null,
    saves: null,
    percent: null,
    extraCost: 0,
    plan: null,
    planLabel: null,
    comparison: null,
    caveat,
    sources: origins.map((origin) => sourceWords(origin, prose, tables)),
  };
}
