import type { TaskRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { recent } from '../units/memo.js';
import { dayMonthsAfter, hoursPerDay, isDay, secondsPerDay, secondsPerMinute } from '../units/month.js';
import { percentText } from '../units/numeric.js';
import type { Uncertain } from '../units/uncertain.js';
import { timesPerDay, type Volume } from '../units/volume.js';
import {
  effectiveShares,
  type History,
  hoursOfBursts,
  inConversation,
  inHourOf,
  keptOf,
  profileOf,
} from './conversation.js';
import { doneInTime, growthOf, highestOf } from './load.js';
import type { ReadScenario } from './read.js';
import { dataBeside, divisibleOf, needsOf } from './resolve-task.js';
import type { Scenario, ScenarioTask } from './schema.js';
import { setUnder, taskNames } from './set.js';
import { facetOf } from './source.js';
import {
  type Assumptions,
  type Bursts,
  type Devices,
  type Images,
  type Input,
  type Measured,
  measuredOf,
  measuredPath,
  type RequestTokens,
  type Rules,
  type TaskPart,
  type Team,
  type ToolCalls,
  type Workload,
} from './workload.js';

/**
 * The requests of developers and tests of a task: the same tokens, capability and easy share, with their own data
 * rules. Nobody waits for them, so latency and availability are for production alone; nor do they need an air gap or
 * tuned weights.
 */
function inDevelopment(
  taskPart: TaskPart,
  { data: _, latency: __, availability: ___, ...task }: ScenarioTask,
  preset: TaskRow,
  scenario: Scenario,
  tables: Tables,
): TaskPart {
  const { share, data } = scenario.development as NonNullable<Scenario['development']>;
  const { divisible: { easy } = {}, serviceTier, ...whole } = taskPart;
  const needs = needsOf(task, preset, { ...scenario, data: dataBeside(scenario.data, data), needs: undefined }, tables);
  return {
    ...whole,
    id: `${taskPart.task}.dev`,
    part: 'dev',
    share: taskPart.share * share.likely,
    requestsPerDay: taskPart.requestsPerDay * share.likely,
    ...(easy && { divisible: { easy } }),
    ...(serviceTier !== undefined && serviceTier !== 'priority' && { serviceTier }),
    needs: { ...needs, ttftP95Ms: null, presetTtftP95Ms: null, tokensPerSecond: null, totalP95Ms: null },
  };
}

type VolumeContext = {
  daysPerMonth: number;
  peakMultiple: number;
  turns: number;
  requestsPerUser: number;
  /** Tokens of a mean request, in and out. */
  tokensPerRequest: number;
};

/** Mean requests a day of a volume in any form. `at peak`: the rate of the profile's highest hour. */
function toRequestsPerDay({ amount, of, per, atPeak }: Volume, context: VolumeContext): number {
  const daily = amount.likely * (per === null ? 1 : timesPerDay(per, context.daysPerMonth));
  const requests = {
    requests: 1,
    tokens: 1 / context.tokensPerRequest,
    conversations: context.turns,
    users: context.requestsPerUser,
  };
  return (daily * requests[of]) / (atPeak ? context.peakMultiple : 1);
}

/** Answers that may take so long take the batch tariff. */
export const batchDeadlineHours = 24;

/**
 * Resolves a scenario against the tables into a workload: every default filled in and listed, every volume in requests
 * a day, every task a task part with tokens, needs and a load.
 *
 * @param asOf the day to judge by, `YYYY-MM-DD`
 * @throws where `asOf` is no day: as text it would sort before or after every date of the tables
 */
export function resolve(read: ReadScenario, tables: Tables, asOf: string): Workload {
  if (!isDay(asOf)) throw new RangeError(`asOf: "${asOf}" is not a day as YYYY-MM-DD`);
  const { scenario } = read;
  const inputs: Input[] = [];
  const known = new Map<string, number>();
  const values = valuesOf(scenario, tables, inputs, known);
  const { note, assumed, assume, givenOr } = values;

  const once = scenario.workload.once ?? false;
  const months = once ? 1 : (scenario.workload.horizonMonths ?? assume('horizonMonths'));
  if (!once && scenario.workload.horizonMonths === undefined) assumed('workload.horizon', `${months} months`, months);
  const growthPerMonth = givenOr(
    'workload.growth',
    scenario.workload.growth,
    'growthPerMonth',
    (x) => `${percentText(x)} per month`,
  );
  if (scenario.assumptions?.priceDeclinePerYear === undefined) {
    const decline = assume('priceDeclinePerYear');
    assumed('assumptions.priceDeclinePerYear', percentText(decline), decline);
  }
  if (scenario.team !== undefined && scenario.team.mayHire === undefined) assumed('team.mayHire', 'true');
  const turns = givenOr('workload.turns', scenario.workload.turns, 'turnsPerConversation', String);
  const history: History = { turns, kept: keptOf(turns, assume) };
  const bursts = burstsOf(scenario, values);
  const profile =
    bursts === null ? profileOf(scenario, tables) : { name: 'bursts', multipliers: hoursOfBursts(bursts) };
  if (scenario.workload.profile === undefined && bursts === null) assumed('workload.profile', profile.name);
  if (bursts !== null)
    for (const name of ['inHourFactor', 'provisionedInHourFactor']) known.set(name, inHourOf(bursts));
  if (scenario.data?.sensitivity === undefined) assumed('data.sensitivity', 'internal');
  const hoursPerMonth = assume('hoursPerMonth');
  const peakMultiple = profile.multipliers.reduce((most, x) => Math.max(most, x), 0);
  const hours = once ? jobHours(hoursPerMonth) : profile.multipliers;
  const growth = growthOf(growthPerMonth, months);

  const names = taskNames(scenario.tasks);
  const rag = scenario.needs?.rag;
  const retrieved = typeof rag === 'object' ? (rag.retrieved?.likely ?? 0) : 0;
  const drafts = scenario.tasks.map((task, index) => {
    const preset = tables.taskOf.get(task.type);
    if (preset === undefined)
      throw new Error(`no preset ${task.type}: readScenario checks names when it is given the tables`);
    const name = names[index] as string;
    return { task, preset, name, tokens: tokensOf(task, preset, history, name, retrieved, values) };
  });
  const shares = sharesOf(scenario.tasks);
  const context = (tokensPerRequest: number): VolumeContext => ({
    daysPerMonth: hoursPerMonth / hoursPerDay,
    peakMultiple,
    turns,
    requestsPerUser: scenario.workload.requestsPerUser?.likely ?? 0,
    tokensPerRequest,
  });
  // Where every task has its own volume, none shares the common one: equal weights.
  const alike = shares.every((share) => share === 0);
  const mean = drafts.reduce(
    (sum, { tokens }, index) =>
      sum + (alike ? 1 / drafts.length : (shares[index] ?? 0)) * (tokens.input + tokens.output),
    0,
  );
  const { volume } = scenario.workload;
  const base = toRequestsPerDay(once ? { ...volume, per: 'month' } : volume, context(Math.max(1, mean)));
  note('workload.volume', scaled(volume.amount, base), `${Number(base.toPrecision(12))} requests/day`);

  const daily = drafts.map(({ task, tokens }, index) =>
    task.volume === undefined
      ? base * (shares[index] ?? 0)
      : toRequestsPerDay(task.volume, context(tokens.input + tokens.output)),
  );
  const { development } = scenario;
  if (development !== undefined) note('development.share', development.share, percentText(development.share.likely));
  const beside = development?.share.likely ?? 0;
  const total = daily.reduce((sum, x) => sum + x, 0) * (1 + beside);
  const taskParts = drafts.flatMap(({ task, preset, name, tokens }, index): TaskPart[] => {
    const deadline = task.deadlineHours ?? (once ? assume('jobDeadlineHours') : 0);
    if (once && task.deadlineHours === undefined) assumed(`tasks.${name}.deadline`, `${deadline} hours`, deadline);
    const needs = needsOf(task, preset, scenario, tables);
    if (task.capability === undefined)
      assumed(`tasks.${name}.capability`, needs.capability.text, needs.capability.need);
    noteParts(task, name, values);
    const serviceTier = task.serviceTier ?? scenario.needs?.serviceTier;
    const divisible = divisibleOf(task, preset, needs, scenario, tables, assume);
    const taskPart: TaskPart = {
      id: name,
      task: name,
      part: 'all',
      share: total === 0 ? 0 : (daily[index] as number) / total,
      requestsPerDay: daily[index] as number,
      scales: task.volume === undefined,
      tokens,
      ...(once ? { hours, waits: { arrivals: hours, deadlineHours: deadline } } : doneInTime(hours, deadline)),
      ...(bursts !== null && deadline === 0 && { bursts }),
      batchable: deadline >= batchDeadlineHours,
      ...(serviceTier !== undefined && { serviceTier }),
      needs,
      ...(divisible && { divisible }),
      ...feesOf(task, name, values, tables),
    };
    return development === undefined ? [taskPart] : [taskPart, inDevelopment(taskPart, task, preset, scenario, tables)];
  });
  if (scenario.devices !== undefined) {
    const { count } = scenario.devices;
    note('devices.count', count, `${Number(count.likely.toPrecision(12))} devices`);
  }
  const measured = measurements(scenario, values);
  const team = teamOf(scenario, values);
  const rules = rulesOf(scenario, values, tables);
  return {
    name: scenario.name ?? read.file.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, ''),
    requestsPerDay: base,
    months,
    growth,
    once,
    peakGrowth: once ? 1 / shortestDeadline(taskParts) : highestOf(growth),
    hoursPerMonth,
    taskParts,
    team,
    rules,
    today:
      scenario.today === undefined
        ? null
        : { option: scenario.today.option, billUsdPerMonth: scenario.today.billUsdPerMonth?.likely ?? null },
    existing: scenario.existing ?? [],
    measured,
    ...(measured.length > 0 && {
      capacityError: (family: string, accelerator: string) => measuredOf(measured, family, accelerator) ?? 1,
    }),
    devices: devicesOf(scenario, values),
    documentTokens: documentsOf(scenario, values),
    // Own machines are at one place: the scenario's, else the first task's with one.
    ownRoom: [scenario, ...scenario.tasks].flatMap(({ data }) => data?.ownRoom ?? [])[0] ?? null,
    sites: scenario.workload.sites ?? 1,
    availability: scenario.needs?.availability ?? null,
    assume,
    resolvedWith: [...known.keys()],
    assumptions: sameAssumptions(scenario, tables, bursts),
    inputs,
    firstMonth: tables.snapshot.date.slice(0, 7),
    monthsBefore: 0,
    asOf,
    endDay: dayMonthsAfter(asOf, months),
  };
}

/** Values of a scenario and assumed ones, recorded when used. */
type Values = ReturnType<typeof valuesOf>;

function valuesOf({ assumptions }: Scenario, { parameterOf }: Tables, inputs: Input[], known: Map<string, number>) {
  const note = (path: string, value: Uncertain, text: string, origin: Input['origin'] = 'user'): void => {
    inputs.push({ path, value, text, origin });
  };
  const assumed = (path: string, text: string, likely = Number.NaN): void =>
    note(path, { likely, range: null }, text, 'assumed');
  const assume = (name: string): number => {
    let value = known.get(name);
    if (value === undefined) {
      const under = setUnder(name, assumptions, { parameterOf });
      value = under === null ? parameterOf.get(name)?.likely : assumptions?.[under]?.likely;
      if (value === undefined) throw new Error(`no parameter ${name} in the tables`);
      known.set(name, value);
    }
    return value;
  };
  const given = (path: string, value: Uncertain | undefined, fallback: number, show: (x: number) => string): number => {
    if (value === undefined) assumed(path, show(fallback), fallback);
    else note(path, value, show(value.likely));
    return value?.likely ?? fallback;
  };
  /** Or else the value of a parameter, which then counts as used. */
  const givenOr = (path: string, value: Uncertain | undefined, name: string, show: (x: number) => string): number =>
    given(path, value, value?.likely ?? assume(name), show);
  return { note, assumed, assume, given, givenOr };
}

function burstsOf({ workload: { bursts } }: Scenario, { givenOr }: Values): Bursts | null {
  if (bursts === undefined) return null;
  const { perDay, within } = bursts;
  const written = within === undefined ? undefined : { likely: within, range: null };
  const minutes = givenOr('workload.bursts.within', written, 'burstMinutes', (x) => `${x} min`);
  return { perDay, withinS: Math.min(minutes * secondsPerMinute, secondsPerDay / perDay) };
}

/** All work of a month in one hour, so that machines are in whole machine-hours. */
function jobHours(hoursPerMonth: number): Float64Array {
  const length = Math.max(1, Math.round(hoursPerMonth));
  return jobLoad(String(length), () => {
    const hours = new Float64Array(length);
    hours[0] = length;
    return hours;
  });
}
const jobLoad = recent<Float64Array>(4);

const shortestDeadline = (taskParts: readonly TaskPart[]): number =>
  Math.max(1, Math.floor(Math.min(...taskParts.map(({ waits }) => waits?.deadlineHours ?? 1))));

// Each has a large cache, and few are used in turn.
const assumptionsOf = recent<WeakMap<Tables['parameterOf'], Assumptions>>(8);

/** An object that stands for what is assumed: see `Workload`. */
function sameAssumptions(
  { assumptions = {}, measured = [] }: Scenario,
  { parameterOf }: Tables,
  bursts: ReturnType<typeof burstsOf>,
): Assumptions {
  let own = bursts === null ? '' : `bursts ${inHourOf(bursts)},`;
  for (const name in assumptions) own += `${name} ${assumptions[name]?.likely},`;
  for (const { model, accelerator, ofPredicted } of measured) own += `${model} ${accelerator} ${ofPredicted.likely},`;
  const byTables = assumptionsOf(own, () => new WeakMap());
  const known = byTables.get(parameterOf) ?? { written: own, over: parameterOf };
  byTables.set(parameterOf, known);
  return known;
}

/** Shares of the common volume; 0 for a task with its own. Corrects rounding in written shares. */
function sharesOf(tasks: readonly ScenarioTask[]): number[] {
  const shares = effectiveShares(
    tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: volume !== undefined })),
  );
  const likely = tasks.map((_, index) => shares?.[index]?.likely ?? 0);
  const sum = likely.reduce((total, share) => total + share, 0);
  return sum === 0 ? likely : likely.map((share) => share / sum);
}

function measurements({ measured = [] }: Scenario, { note }: Values): Measured[] {
  return measured.map(({ ofPredicted, ...of }, index) => {
    note(measuredPath(index), ofPredicted, `${ofPredicted.likely} x predicted`);
    return { ...of, ofPredicted: ofPredicted.likely };
  });
}

function devicesOf({ devices }: Scenario, { note }: Values): Devices | null {
  if (devices === undefined) return null;
  const { count, classes = {}, owner } = devices;
  note('devices.count', count, String(count.likely));
  return {
    count: count.likely,
    classes: Object.entries(classes).map(([accelerator, share]) => ({ accelerator, share })),
    owner: owner ?? 'company',
  };
}

function documentsOf({ needs }: Scenario, { note, assumed, assume }: Values): number | null {
  if (typeof needs?.rag !== 'object') return null;
  const { documents: given, retrieved } = needs.rag;
  const isCounted = 'areCounted' in needs.rag;
  const perDocument = isCounted ? assume('tokensPerDocument') : 1;
  if (isCounted) assumed('needs.rag.tokensPerDocument', `${perDocument} tokens`, perDocument);
  const documents = isCounted ? scaled(given, given.likely * perDocument) : given;
  note('needs.rag.documents', documents, `${documents.likely} tokens`);
  if (retrieved !== undefined) note('needs.rag.retrieved', retrieved, `${retrieved.likely} tokens`);
  return documents.likely;
}

/** What the user says of parts of a task, as inputs. */
function noteParts({ easy, sensitive, tuned }: ScenarioTask, name: string, { note }: Values): void {
  if (easy) note(`tasks.${name}.easy.share`, easy.share, percentText(easy.share.likely));
  if (sensitive) note(`tasks.${name}.sensitive.share`, sensitive.share, percentText(sensitive.share.likely));
  if (tuned?.costUsd) note(`tasks.${name}.tuned.cost`, tuned.costUsd, `$${tuned.costUsd.likely}`);
}

/** Tools that requests call, and fees of the user's own, as a task has them. */
function feesOf(
  { tools = {}, fees }: ScenarioTask,
  name: string,
  { note }: Values,
  { fees: published }: Tables,
): Pick<TaskPart, 'tools' | 'requestFeeUsd'> {
  const { perRequest, perToolCall = {} } = fees ?? {};
  const calls = Object.entries(tools).map(([written, count]): ToolCalls => {
    const own = perToolCall[written];
    note(`tasks.${name}.tools.${written}`, count, `${count.likely} calls`);
    if (own) note(`tasks.${name}.fees.perToolCall.${written}`, own, `$${own.likely}`);
    // A provider's own name for a tool stands for it.
    const tool = published.find(({ fee }) => fee === written)?.tool ?? written;
    return { tool, calls: count.likely, ownUsd: own?.likely ?? null };
  });
  if (perRequest) note(`tasks.${name}.fees.perRequest`, perRequest, `$${perRequest.likely}`);
  return {
    ...(calls.length > 0 && { tools: calls.filter((one) => one.calls > 0) }),
    ...(perRequest && { requestFeeUsd: perRequest.likely }),
  };
}

const scaled = ({ likely, range }: Uncertain, to: number): Uncertain => {
  const factor = likely === 0 ? 0 : to / likely;
  return { likely: to, range: range && { low: range.low * factor, likely: to, high: range.high * factor } };
};

/** Tokens of a mean request with retrieved documents and earlier turns: see `inConversation`. */
function tokensOf(
  task: ScenarioTask,
  preset: TaskRow,
  history: History,
  name: string,
  found: number,
  { given, assumed, assume }: Values,
): RequestTokens {
  const round = (x: number) => `${Number(x.toPrecision(6))} tokens`;
  const input = given(`tasks.${name}.tokens.input`, task.tokens?.input, preset.inputTokens, round);
  const output = given(`tasks.${name}.tokens.output`, task.tokens?.output, preset.outputTokens, round);
  const { cacheablePrefix: written, sessionPrefix: ofSession } = task.tokens ?? {};
  const prefix = Math.min(input, partOf(written, input) ?? input * preset.cacheablePrefixShare);
  const said = task.tokens?.maxInput ?? task.tokens?.input?.range?.high;
  if (written === undefined) assumed(`tasks.${name}.tokens.cacheablePrefix`, round(prefix), prefix);
  const own = Math.min(prefix, partOf(ofSession, input) ?? prefix * preset.sessionPrefixShare);
  if (ofSession === undefined && own > 0) assumed(`tasks.${name}.tokens.sessionPrefix`, round(own), own);
  return {
    output,
    most: said === undefined ? null : said + found,
    reasoning: task.tokens?.reasoning?.likely ?? null,
    cacheHitRate: task.tokens?.cacheHitRate?.likely ?? null,
    images: imagesOf(task, preset, input, assume),
    ...(task.tokens?.audioSeconds && { audioSeconds: task.tokens.audioSeconds }),
    ...inConversation({ input: input + found, prefix, history: own, output }, history),
  };
}

/** Tokens of a part that is given as such, or as a share of all. */
const partOf = (part: Uncertain | { share: Uncertain } | undefined, all: number): number | undefined =>
  part && ('share' in part ? all * part.share.likely : part.likely);

/** Images of the task on top of its input; else the preset's within the input, which take no more than all of it. */
function imagesOf(
  { tokens, needs }: ScenarioTask,
  preset: TaskRow,
  input: number,
  assume: (name: string) => number,
): Images | null {
  const size = tokens?.imageSize ?? '1024x1024';
  const count = tokens?.images;
  if (count !== undefined) return count === 0 ? null : { count, size, counted: 0 };
  if (!preset.needsVision && !needs?.includes('vision')) return null;
  const within = assume('imagesPerRequest');
  return { count: within, size, counted: Math.min(assume('imageTokensInInput'), input / within) };
}

function teamOf({ team }: Scenario, { givenOr }: Values): Team {
  const people = (team?.devops?.likely ?? 0) + (team?.mlInfra?.likely ?? 0);
  return {
    given: team !== undefined,
    freeFte: team === undefined ? 0 : (team.freeFte?.likely ?? people),
    mayHire: team?.mayHire ?? true,
    onCall: team?.onCall ?? false,
    // For a team without given people, nothing is known of what they must learn.
    isLearning: (team?.mlInfra ?? team?.devops ?? team?.freeFte) !== undefined && (team?.mlInfra?.likely ?? 0) === 0,
    launchWithinWeeks: team?.launchWithinWeeks ?? null,
    yearlyCostUsd: givenOr('team.yearlyCost', team?.yearlyCostUsd, 'defaultLoadedFte', (x) => `$${x}/year`),
  };
}

function rulesOf({ budget, preferences }: Scenario, { assume }: Values, tables: Tables): Rules {
  const weights = preferences?.weights ?? {};
  return {
    budgetMonthlyUsd: budget?.monthlyUsd ?? null,
    budgetUpfrontUsd: budget?.upfrontUsd ?? null,
    includeMarketplace: preferences?.include?.includes('marketplace') ?? false,
    includeSpot: [...(preferences?.include ?? []), ...(preferences?.only ?? [])].includes('spot'),
    objective: preferences?.objective ?? 'advice',
    failedAnswerUsd: preferences?.failedAnswerCost ?? null,
    weights: {
      volume: weights.volume ?? 1,
      sensitivity: weights.sensitivity ?? 1,
      capability: weights.capability ?? 1,
      team: weights.team ?? 1,
      latency: weights.latency ?? 1,
    },
    only: preferences?.only ?? [],
    onlyModels: (preferences?.only ?? []).filter((name) => facetOf(name, tables) === 'model'),
    exclude: preferences?.exclude ?? [],
    maxDeployments: preferences?.maxDeployments ?? assume('maxDeployments'),
  };
}
