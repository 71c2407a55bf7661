import { type Mode, withMode } from '../places/option.js';
import { counted, wholeUnits } from '../report/numbers.js';
import { plainText } from '../report/printable.js';
import { familiesNamed } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { daysPerMonth } from '../units/month.js';
import { countWords, percentText, usdWords } from '../units/numeric.js';
import { modeline } from '../workload/fields.js';
import { dateOf, growthOf, inHourFactorOf, shapeOf } from './load.js';
import type { Histogram } from './sums.js';
import { addSums, noSums, type Sums, type Usage } from './sums.js';
import { modeInUse, nearestPreset, optionInUse, type UsageTask, usdOf, type Window } from './tasks.js';

/** A file that was read, for the head of the scenario. */
export type ReadSource = { name: string; sha256: string; title: string; records: number };

type ScenarioSettings = {
  tables: Tables;
  files: readonly ReadSource[];
  timezone: string;
  /** Hours of local time ahead of UTC. */
  utcOffsetHours: number;
  /** Presets by task, where the user names them. */
  types: ReadonlyMap<string, string>;
  keepLatency: boolean;
};

/** What calls cost a month, and how that is known. */
export type Bill = { usdPerMonth: number; from: 'invoice' | 'calls' | 'computed' | 'partly computed' } | null;

/** Today's bill: the invoice if any, else the calls' own costs, else list prices. */
export function billOf({ money }: Usage, window: Window, tasks: readonly UsageTask[]): Bill {
  const invoiced = [...money].filter(([day]) => day >= window.first && day <= window.last);
  if (invoiced.length > 0) {
    const days = invoiced.map(([day]) => day);
    const covered = Math.max(...days) - Math.min(...days) + 1;
    const usd = invoiced.reduce((sum, [, amount]) => sum + amount, 0);
    return { usdPerMonth: (usd * daysPerMonth) / covered, from: 'invoice' };
  }
  const sums = totalOf(tasks);
  if (usdOf(sums) === 0) return null;
  const from = sums.computed === 0 ? 'calls' : sums.usd === 0 ? 'computed' : 'partly computed';
  return { usdPerMonth: (usdOf(sums) * daysPerMonth) / window.days, from };
}

const totalOf = (tasks: readonly UsageTask[]): Sums => tasks.reduce((sum, task) => addSums(sum, task.sums), noSums());

/** Id of the option or plan in use; null where the tables do not know a model of it. */
export function todaysOption(tasks: readonly UsageTask[], tables: Tables): string | null {
  const ids = tasks.map((task) => task.row && optionInUse(task.row, modeOf(task, tables) ?? 'standard'));
  if (ids.length === 0 || ids.includes(null)) return null;
  const [first = null] = ids;
  return ids.every((id) => id === first) ? first : tasks.map(({ name }, at) => `${name}=${ids[at]}`).join(';');
}

const modeOf = ({ row, sums }: UsageTask, tables: Tables): Mode | null =>
  row && modeInUse(row, sums.reasoning > 0, tables);

/** Shares of all calls that sum to exactly 100 %, with two decimals or enough for three digits of the least. */
export function sharesOf(tasks: readonly UsageTask[]): string[] {
  const all = tasks.reduce((sum, { perDay }) => sum + perDay, 0);
  const least = Math.min(...tasks.map(({ perDay }) => perDay / all).filter((share) => share > 0));
  const places = Math.max(2, Math.ceil(-Math.log10(least)));
  const units = 10 ** (places + 2);
  const shares = wholeUnits(
    tasks.map(({ perDay }) => (perDay / all) * units),
    units,
  );
  return shares.map((share) => `${Number((share / 10 ** places).toFixed(places))}%`);
}

/** What is said of the tokens of a task per call, as a scenario has them. */
type Tokens = {
  input: number;
  prefix: number | null;
  hitRate: number | null;
  output: number;
  reasoning: number | null;
};

function tokensOf(task: UsageTask, tables: Tables): Tokens {
  const { sums, row } = task;
  const { calls } = sums;
  const input = sums.input / calls;
  const mode = modeOf(task, tables);
  const reasons = mode === 'thinking' && sums.reasoningUntold === 0;
  const output = (sums.output - (reasons ? sums.reasoning : 0)) / calls;
  // A model that always thinks is billed for reasoning, unless that is inside the output.
  const reasoning = reasons ? sums.reasoning / calls : mode === 'thinking' ? 0 : null;
  const common = { input, output, reasoning };
  if (sums.cacheUntold > 0 || row === null) return { ...common, prefix: null, hitRate: null };
  if (sums.cached + sums.written === 0) return { ...common, prefix: 0, hitRate: null };
  if (sums.written > 0) {
    const prefix = (sums.cached + sums.written) / calls;
    return { ...common, prefix, hitRate: sums.cached / (sums.cached + sums.written) };
  }
  if (sums.single === calls && sums.hits > 0) {
    // If only long prompts are cached, their prefix may exceed a mean prompt.
    const prefix = Math.min(input, sums.cached / sums.hits);
    return { ...common, prefix, hitRate: sums.cached / (calls * prefix) };
  }
  // Only their product affects a bill, but a prefix below the providers' limit is never cached: twice the limit leaves
  // room for small changes of tokens.
  const cached = sums.cached / calls;
  const shortest = tables.parameterOf.get('promptCacheMinTokens')?.likely ?? 0;
  const prefix = Math.min(input, Math.max(cached, 2 * shortest));
  return { ...common, prefix, hitRate: cached / prefix };
}

/** Calls of a session; null where they are not of sessions, or these of one call. */
function turnsOf({ groups, sessions, callsInSessions }: Usage): number | null {
  const calls = groups.flatMap(({ days }) => [...days.values()]).reduce((sum, day) => sum + day.calls, 0);
  const turns = sessions === 0 ? 1 : callsInSessions / sessions;
  return turns < leastTurns || callsInSessions < mostOf * calls ? null : digits(turns, 4);
}

/** Calls that hardly ever have another one before them are no conversations. */
const leastTurns = 1.05;
/** Share of calls within sessions from which these give the turns. */
const mostOf = 0.9;

/** The scenario as YAML: each line with its evidence, and questions on the unknown. */
export function scenarioText(
  usage: Usage,
  window: Window,
  tasks: readonly UsageTask[],
  settings: ScenarioSettings,
): string {
  const { tables, files } = settings;
  const tokens = tasks.map((task) => tokensOf(task, tables));
  const turns = turnsOf(usage);
  const perDay = tasks.reduce((sum, task) => sum + task.perDay, 0);
  const shares = sharesOf(tasks);
  const title = files.map(({ name }) => name).join(', ');
  const lines = [
    modeline,
    ...headOf(usage, window, settings),
    'version: 1',
    `name: ${quoted(`Imported from ${title}`.slice(0, 180))}`,
    'workload:',
    ...workloadLines(usage, window, perDay, turns, settings),
    'tasks:',
    ...tasks.flatMap((task, at) =>
      taskLines(task, tokens[at] as Tokens, tasks.length > 1 ? (shares[at] ?? null) : null, settings),
    ),
    ...questions,
    ...todayLines(usage, window, tasks, tables),
    ...assumptionLines(usage, tasks, turns, settings),
  ];
  return `${lines.join('\n')}\n`;
}

function headOf({ leftOut }: Usage, window: Window, { files, timezone }: ScenarioSettings): string[] {
  return [
    '# Written by deploy-advisor import. Check what is marked as a guess, and answer the questions.',
    ...files.map(
      ({ name, title, records, sha256 }) =>
        `#   ${plainText(name)}: ${title}, ${countWords(records)} records, sha256 ${sha256}`,
    ),
    `# Volume, tokens and bill are of ${spanWords(window)} (${timezone}); percentiles of all that was read.`,
    ...leftOut.map(
      ({ reason, rows, examples }) =>
        `# Left out, ${countWords(rows)}: ${plainText(reason)} (${plainText(examples.join(', '))})`,
    ),
  ];
}

function spanWords({ first, last, days, isWhole }: Window): string {
  const span = first === last ? dateOf(first) : `${dateOf(first)} to ${dateOf(last)}`;
  if (isWhole) return `${days} whole ${days === 1 ? 'day' : 'days'}, ${span}`;
  return Number.isInteger(days) ? `${span}, of which no day is whole` : `a sample of ${digits(days * 24, 3)} hours`;
}

function workloadLines(
  usage: Usage,
  window: Window,
  perDay: number,
  turns: number | null,
  { timezone }: ScenarioSettings,
): string[] {
  const calls = perDay * window.days;
  const volume =
    turns === null ? `${digits(perDay, 6)} requests/day` : `${digits(perDay / turns, 6)} conversations/day`;
  const { days } = window;
  const span = Number.isInteger(days) ? `${days} ${days === 1 ? 'day' : 'days'}` : `${digits(days * 24, 3)} hours`;
  const lines = [`  volume: ${volume}  # ${counted(Math.round(calls), 'call')} in ${span}`];
  if (turns !== null)
    lines.push(
      `  turns: ${turns}  # ${countWords(usage.callsInSessions)} calls of ${countWords(usage.sessions)} sessions`,
    );
  const shape = shapeOf(usage, window);
  if (shape === null) lines.push('  # profile: the source tells no hours; business-hours is assumed');
  else if ('hours' in shape) {
    const { hours } = shape;
    const what = hours.length === 24 ? 'hour of the day' : 'hour of the week from Monday';
    lines.push(`  # Mean calls by ${what}, ${timezone}`, '  profile:');
    for (let at = 0; at < hours.length; at += 24)
      lines.push(
        `    ${at === 0 ? '[' : ' '}${hours.slice(at, at + 24).join(', ')}${at + 24 >= hours.length ? ']' : ','}`,
      );
  } else
    lines.push(`  profile: {peakToMean: ${shape.peakToMean}}  # busiest hour over the mean of the hours there are`);
  const growth = growthOf(usage, window);
  if (growth === null) lines.push('  # growth: fewer than three whole months say nothing of it; none is assumed');
  else
    lines.push(
      `  growth: ${percentText(digits(growth.perMonth, 3))} per month  # slope of the logarithm of calls over ${growth.months} whole months`,
    );
  return lines;
}

function taskLines(
  task: UsageTask,
  tokens: Tokens,
  share: string | null,
  { tables, types, keepLatency }: ScenarioSettings,
): string[] {
  const { sums, name, row } = task;
  const given = types.get(name);
  const type = given ?? nearestPreset(tables.tasks, tokens.input, tokens.output + (tokens.reasoning ?? 0), task.batch);
  const mean = `mean of ${counted(Math.round(sums.calls), 'call')}`;
  const lines = [
    `  - name: ${quoted(name)}${usedWords(task)}`,
    `    type: ${type}${given === undefined ? '  # guessed from its lengths: check' : ''}`,
    ...(share === null ? [] : [`    share: ${share}  # ${counted(Math.round(sums.calls), 'call')}`]),
    ...(task.batch ? ['    deadline: 24h  # sent as a batch'] : []),
    '    tokens:',
    `      input: ${tokenCount(tokens.input)}  # ${mean}${percentiles(task.input)}`,
    `      output: ${tokenCount(tokens.output)}  # ${mean}${tokens.reasoning ? percentiles(task.output, ', without reasoning', '; with it ') : percentiles(task.output)}`,
  ];
  if (tokens.reasoning !== null)
    lines.push(
      `      reasoning: ${digits(tokens.reasoning, 5)}  # ${tokens.reasoning > 0 ? mean : 'not told apart: it is inside the output'}`,
    );
  else if (sums.reasoningUntold > 0)
    lines.push('      # reasoning: not told by this source; the output is the whole of it');
  if (tokens.prefix === null) lines.push('      # cacheablePrefix, cacheHitRate: cache not told by this source');
  else {
    const cachedWords = `${percentText(digits(sums.cached / Math.max(1, sums.input), 3))} of the input came from the cache`;
    lines.push(`      cacheablePrefix: ${digits(tokens.prefix, 5)}  # ${cachedWords}`);
    if (tokens.hitRate !== null)
      lines.push(`      cacheHitRate: ${percentText(digits(tokens.hitRate, 5))}${hitWords(sums)}`);
  }
  const thinks = tokens.reasoning !== null && tables.taskOf.get(type)?.thinkingAcceptable === false;
  if (thinks) lines.push('    thinking: allowed  # as it does today');
  lines.push(...capabilityLines(task, tables));
  lines.push(...latencyLines(task, keepLatency));
  if (task.models > 1)
    lines.push(
      `    # paid ${usdWords((usdOf(sums) * 1e6) / (sums.input + sums.output))} per 1M tokens, the mean of these models; their work is priced as that of the first`,
    );
  if (row === null && task.model !== null)
    lines.push(`    # ${plainText(task.model)}: no such model in the tables of ${tables.snapshot.date}`);
  return lines;
}

/** How a hit rate was counted. */
function hitWords(sums: Sums): string {
  if (sums.written > 0) return '  # tokens read over tokens read and written';
  return sums.single === sums.calls
    ? '  # calls with cached tokens'
    : '  # of sums: only the product of the two is known';
}

function usedWords({ provider, model, models, row }: UsageTask): string {
  const used = row ? `${row.provider} ${row.modelId}` : [provider, model].filter((part) => part !== null).join(' ');
  return used === '' ? '' : `  # ${models > 1 ? `${models} models, most of the cost ` : ''}${plainText(used)}`;
}

function percentiles(lengths: Histogram, before = '', within = '; '): string {
  const [p50, p95] = [lengths.percentile(0.5), lengths.percentile(0.95)];
  return p50 === null || p95 === null ? before : `${before}${within}p50 ${countWords(p50)}, p95 ${countWords(p95)}`;
}

function capabilityLines(task: UsageTask, tables: Tables): string[] {
  const mode = modeOf(task, tables);
  const families = task.row ? [task.row.family] : familiesNamed(tables, task.model ?? '');
  const known = families.length === 1 ? tables.yardstickOf.get(families[0] as string) : undefined;
  if (known === undefined) return ['    # capability: the model in use is not rated; the need of the type is assumed'];
  return [
    `    capability: {atLeast: ${quoted(withMode(known.family, mode ?? 'standard'))}}  # no worse than what is used today`,
  ];
}

function latencyLines({ ttft, total }: UsageTask, keep: boolean): string[] {
  const [first, whole] = [ttft.percentile(0.95), total.percentile(0.95)];
  if (first === null && whole === null) return [];
  if (keep) {
    const targets = [first && `ttftP95: ${Math.ceil(first)}ms`, whole && `totalP95: ${Math.ceil(whole)}ms`].filter(
      Boolean,
    );
    return targets.length === 0 ? [] : [`    latency: {${targets.join(', ')}}  # observed p95`];
  }
  const words = [first !== null && `first token ${timeWords(first)}`, whole !== null && `whole ${timeWords(whole)}`];
  return [`    # observed p95: ${words.filter(Boolean).join(', ')}`];
}

const timeWords = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${digits(ms / 1000, 2)} s`);

/** What no export says and nobody may guess. */
const questions = [
  '# What no export tells. Each decides where the work may run: please answer.',
  '# data:',
  '#   sensitivity: internal  # public, internal, pii, regulated or device-only: what is in the prompts?',
  '#   regimes: []            # which laws or contracts apply, such as gdpr or hipaa?',
  '# team: {devops: 0, mlInfra: 0}  # who could run servers, and GPUs?',
  '# budget: {monthly: 0}           # most that may be spent a month?',
];

const billWords: Record<NonNullable<Bill>['from'], string> = {
  invoice: 'as invoiced',
  calls: 'what the calls say they cost',
  computed: 'computed at list prices, not billed',
  'partly computed': 'what calls say they cost; those that do not say, at list prices',
};

function todayLines(usage: Usage, window: Window, tasks: readonly UsageTask[], tables: Tables): string[] {
  const bill = billOf(usage, window, tasks);
  const option = todaysOption(tasks, tables);
  const { unpriced } = totalOf(tasks);
  const gap = unpriced > 0 ? `; ${counted(unpriced, 'record')} without a price` : '';
  const paid = bill && `${digits(bill.usdPerMonth, 6)}/month  # ${billWords[bill.from]}${gap}`;
  if (option !== null) return ['today:', `  option: ${quoted(option)}`, ...(paid ? [`  bill: ${paid}`] : [])];
  const unknown = [
    ...new Set(tasks.filter(({ row }) => row === null).map(({ model }) => plainText(model ?? 'a model'))),
  ];
  return [
    `# today: the price list of ${tables.snapshot.date} does not have ${unknown.join(', ')}, so what is in use has no option here.`,
    '# With its prices in a price book (--price-book) it has one, for example:',
    '#   models:',
    ...unknown
      .slice(0, 1)
      .map(
        (model) =>
          `#     - {provider: our-gateway, model: ${quoted(model)}, like: A-KNOWN-MODEL, input: USD-PER-1M, output: USD-PER-1M}`,
      ),
    ...(paid ? [`#   bill: ${paid}`] : []),
  ];
}

function assumptionLines(
  { tellsFailures, ...usage }: Usage,
  tasks: readonly UsageTask[],
  turns: number | null,
  { utcOffsetHours }: ScenarioSettings,
): string[] {
  const lines: string[] = [];
  const { calls, failed, failedTokens } = totalOf(tasks);
  // A failed call that is repeated is billed in full. Free calls, and repeats that the source counts as calls, are not.
  const words = tellsFailures ? `${countWords(failed)} of ${countWords(calls + failed)} calls failed` : '';
  if (failedTokens > 0) lines.push(`  retryRate: ${percentText(digits(failed / (calls + failed), 3))}  # ${words}`);
  else if (failed > 0) lines.push(`  retryRate: 0%  # ${words}, before they cost anything`);
  else lines.push('  retryRate: 0%  # calls made again are among those counted');
  const factor = inHourFactorOf({ ...usage, tellsFailures });
  if (factor !== null && factor >= 1)
    lines.push(`  inHourFactor: ${digits(factor, 3)}  # busiest minute over the mean one, in the busiest hours`);
  for (const side of ['input', 'output'] as const) {
    const spread = spreadOf(tasks.map((task) => task[side]));
    if (spread !== null && spread >= 0.005)
      lines.push(`  ${side}LengthSpread: ${digits(spread, 3)}  # standard deviation of the logarithm of single calls`);
  }
  if (turns !== null) lines.push('  historySentShare: 0.001  # earlier turns are inside the tokens that were seen');
  if (utcOffsetHours > 0) lines.push(`  utcOffsetHours: ${utcOffsetHours}`);
  // A scenario takes no offset below 0.
  if (utcOffsetHours < 0)
    lines.push(`  # the hours of the profile are ${-utcOffsetHours} behind UTC: prices by the hour are taken at UTC`);
  return lines.length === 0 ? [] : ['assumptions:', ...lines];
}

/** Spread within tasks: their variances, by their calls. */
function spreadOf(lengths: readonly Histogram[]): number | null {
  let [sum, count] = [0, 0];
  for (const each of lengths) {
    const spread = each.spread();
    if (spread === null) continue;
    sum += each.count * spread ** 2;
    count += each.count;
  }
  return count === 0 ? null : Math.sqrt(sum / count);
}

const digits = (value: number, count: number): number => Number(value.toPrecision(count));

/** A scenario has at least a part of a token on each side. */
const tokenCount = (tokens: number): number => Math.max(0.1, digits(tokens, 5));

const words = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Text as YAML has it on one line. */
function quoted(text: string): string {
  const plain = plainText(text);
  return /^[A-Za-z][\w./+@-]*$/.test(plain) && !words.test(plain) ? plain : JSON.stringify(plain);
}
