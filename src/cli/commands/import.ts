import { pricer } from '../../cost/pricer.js';
import { counted } from '../../report/numbers.js';
import { readNames } from '../../tables/importers/format.js';
import { countWords, usdWords } from '../../units/format.js';
import type { Problem } from '../../units/problem.js';
import { readVolume } from '../../units/readers.js';
import { suggestion } from '../../units/suggest.js';
import { actualsCsv } from '../../usage/actuals.js';
import { dayOf } from '../../usage/load.js';
import { rowFinder } from '../../usage/models-in-use.js';
import { usageReader } from '../../usage/read-usage.js';
import { dayMs, ReadFault } from '../../usage/row.js';
import { billOf, type ReadSource, scenarioText, sharesOf, todaysOption } from '../../usage/scenario.js';
import { type GroupBy, type Usage, usageSums } from '../../usage/sums.js';
import { tasksOf, type UsageTask, usdOf, type Window, windowOf } from '../../usage/tasks.js';
import type { Values } from '../arguments.js';
import { answer } from '../catalog-answer.js';
import { fileProblem, type Io, packagePath, shownName, visibleJson, visibleText } from '../io.js';
import { sparingWhatIsRead } from '../known-files.js';
import { localClock } from '../local-time.js';
import { readParts } from '../read-parts.js';
import { readPriced, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';
import { writeAll } from '../write-all.js';

type Options = WorkloadOptions & {
  file: string[];
  as?: string;
  groupBy?: GroupBy;
  timezone?: string;
  since?: string;
  until?: string;
  type?: string[];
  calls?: string;
  model?: string;
  convention?: 'inclusive' | 'exclusive';
  keepLatency?: true;
  actuals?: string;
  format?: 'yaml' | 'json' | 'table';
  output?: string;
  color?: boolean;
  quiet?: true;
};

const schemaVersion = '1.0.0';
const namesFile = 'pricing/import/names.csv';
/** Nobody sold calls of language models before. */
const firstDay = '2020-01-01';

/**
 * `import <file...>`: reads exports of usage and writes a scenario of it. Nothing that was said in a call is kept; records that
 * are left out are told by reason. With an error nothing is written.
 */
export async function runImport(machine: Io, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const io = sparingWhatIsRead(machine, options.actuals ?? null);
  const problems: Problem[] = [];
  const wrong = (message: string, hint: string | null = null) => problems.push(fileProblem('usage', '', message, hint));
  const { timezone = 'UTC' } = options;
  const localOf = clockOf(timezone);
  if (localOf === null) wrong(`--timezone: there is no time zone "${timezone}"`, 'write it as Europe/Berlin');
  if (options.actuals !== undefined && options.actuals === options.output) wrong('-o and --actuals name the same file');
  if (options.actuals === '-') wrong('--actuals: name a file; standard output has the scenario');
  const callsPerDay = readCalls(options.calls, wrong);
  const [priced, namesText] = await Promise.all([readPriced(io, options, false), io.readText(packagePath(namesFile))]);
  problems.push(...priced.problems);
  const { tables, asOf } = priced;
  if (namesText.problem) throw new Error('the shipped tables cannot be read');
  const types = new Map((options.type ?? []).map((text) => split(text)));
  for (const preset of tables === null ? [] : new Set(types.values()))
    if (!tables?.taskOf.has(preset))
      wrong(
        `--type: there is no preset "${preset}"`,
        suggestion(preset, [...(tables?.taskOf.keys() ?? [])], 'presets'),
      );
  if (tables === null || localOf === null || problems.some(({ severity }) => severity === 'error'))
    return report(io, { ...options, format: formOf(options) }, problems);

  const findRow = rowFinder(tables, readNames(namesFile, namesText.text).names);
  const sums = usageSums({
    groupBy: options.groupBy ?? 'auto',
    localOf,
    firstDay: dayOf(options.since ?? firstDay),
    lastDay: dayOf(options.until ?? asOf) + (options.until ? 0 : 1),
    model: options.model ?? null,
    priceOf: (format, provider, model) => {
      const row = findRow(format, provider, model);
      return row && pricer(tables, row.provider, row.modelId);
    },
  });
  const { files, problems: unread } = await readFiles(io, options, sums);
  problems.push(...unread);
  const usage = sums.usage();
  if (unread.every(({ severity }) => severity === 'warning') && usage.groups.length === 0)
    problems.push(nothing(usage));
  if (problems.some(({ severity }) => severity === 'error'))
    return report(io, { ...options, format: formOf(options) }, problems);

  const window = windowOf(usage);
  const tasks = tasksOf(usage, window, findRow, callsPerDay ?? 0);
  if (tasks.length === 0) problems.push(nothing(usage));
  problems.push(...complaints(usage, tasks, types));
  if (problems.some(({ severity }) => severity === 'error'))
    return report(io, { ...options, format: formOf(options) }, problems);
  const text = scenarioText(usage, window, tasks, {
    ...{ tables, files, timezone, types, keepLatency: options.keepLatency === true },
    utcOffsetHours: (localOf(window.last * dayMs) - window.last * dayMs) / 3_600_000,
  });
  const forms = {
    yaml: () => text,
    json: () => `${visibleJson(figures(usage, window, tasks, files, tables, text))}\n`,
    table: () => table(usage, window, tasks, files),
  };
  const { format = 'yaml', actuals, output = '-' } = options;
  const result = forms[format]();
  if (actuals === undefined) return answer(io, { ...options, format }, result, problems);
  const months = actualsCsv(usage, window, tasks);
  if (months === null)
    problems.push(
      fileProblem('no-whole-month', '', 'no calendar month is whole in these files', 'leave out --actuals'),
    );
  else {
    const files = [{ path: actuals, text: months }, ...(output === '-' ? [] : [{ path: output, text: result }])];
    const unwritten = writeAll(io, files);
    problems.push(...unwritten);
    if (unwritten.length === 0 && output === '-') io.out(result);
  }
  return report(io, { ...options, format }, problems);
}

/** Errors are JSON where JSON was asked for. */
const formOf = ({ format }: Options): string => format ?? 'yaml';

function clockOf(timezone: string): ((utcMs: number) => number) | null {
  if (timezone === 'UTC') return (utcMs) => utcMs;
  try {
    return localClock(timezone);
  } catch {
    return null;
  }
}

function readCalls(text: string | undefined, wrong: (message: string) => void): number | null {
  if (text === undefined) return null;
  const read = readVolume(text);
  const perDay = { second: 86_400, minute: 1440, hour: 24, day: 1, week: 1 / 7, month: 12 / 365 };
  if (!read.ok) wrong(`--calls: ${read.message}`);
  else if (read.value.of !== 'requests' || read.value.atPeak) wrong('--calls: write calls over time, such as 48k/day');
  else return read.value.amount.likely * perDay[read.value.per ?? 'day'];
  return null;
}

const split = (text: string): [string, string] => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];

async function readFiles(
  io: Io,
  { file: named, as = null, convention }: { file: string[]; as?: string | null; convention?: string },
  sums: ReturnType<typeof usageSums>,
): Promise<{ files: ReadSource[]; problems: Problem[] }> {
  const [files, problems]: [ReadSource[], Problem[]] = [[], []];
  for (const file of named) {
    const name = shownName(file);
    const shown = baseName(name);
    const reader = usageReader({ as, exclusive: convention === 'exclusive' }, (made, source, line) =>
      sums.add(made, source, shown, line),
    );
    try {
      const { sha256, problem } = await readParts(io, file, reader.write);
      if (problem !== null) {
        problems.push(problem);
        continue;
      }
      reader.end();
      const twin = files.find((other) => other.sha256 === sha256);
      if (twin) problems.push(fileProblem('same-file', name, `the same file as ${twin.name}`, 'name it once'));
      const { source, records, pagesLeft } = reader.file;
      files.push({ name: shown, sha256, title: source?.title ?? 'no records', records });
      if (source === null) problems.push(fileProblem('no-records', name, 'this file has no records'));
      if (pagesLeft)
        problems.push({
          ...fileProblem('more-pages', name, 'a page that says that more follow', 'name the files of all pages'),
          severity: 'warning',
        });
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      const { code, message, line, hint, column } = error;
      problems.push({ ...fileProblem(code, name, message, hint), line, column: line === null ? null : column });
    }
  }
  return { files, problems };
}

/** Folders of the user have no place in a file that is passed on. */
const baseName = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;

function nothing({ leftOut }: Usage): Problem {
  const [most] = leftOut;
  const why =
    most === undefined ? '' : `: ${countWords(most.rows)} were left out, ${most.reason} (${most.examples.join(', ')})`;
  return fileProblem('no-usage', '', `no record counts${why}`);
}

/** What to know of the result beside it. */
function complaints(usage: Usage, tasks: readonly UsageTask[], types: ReadonlyMap<string, string>): Problem[] {
  const warning = (code: string, message: string, hint: string | null = null): Problem => ({
    ...fileProblem(code, '', message, hint),
    severity: 'warning',
  });
  const found: Problem[] = usage.leftOut.map(({ reason, rows, examples }) =>
    warning('left-out', `${counted(rows, 'record')} left out: ${reason} (${examples.join(', ')})`),
  );
  const uncounted = tasks.filter(({ sums }) => sums.calls === 0);
  if (uncounted.length > 0)
    found.push(
      fileProblem(
        'no-calls',
        '',
        `the source does not count calls (${uncounted.map(({ name }) => name).join(', ')})`,
        'say how many there are: --calls 48k/day',
      ),
    );
  const ended = usage.groups.filter((group) => !tasks.some(({ groups }) => groups.includes(group)));
  const calls = ended.flatMap(({ days }) => [...days.values()]).reduce((sum, day) => sum + day.calls, 0);
  if (calls > 0)
    found.push(
      warning('not-in-use', `${countWords(calls)} calls are of tasks or models that were not used in the last days`),
    );
  const names = tasks.map(({ name }) => name);
  for (const task of types.keys())
    if (!names.includes(task))
      found.push(
        fileProblem('unknown-task', '', `--type: there is no task "${task}"`, suggestion(task, names, 'tasks')),
      );
  const unpriced = tasks.reduce((sum, { sums }) => sum + sums.unpriced, 0);
  if (unpriced > 0)
    found.push(warning('no-price', `${counted(unpriced, 'record')} without a price, of their own or in the tables`));
  if (tasks.some(({ model }) => model === null))
    found.push(warning('no-model', 'records name no model', 'ask for usage grouped by model, or name it: --model'));
  return found;
}

/** What was found, as a program reads it. */
function figures(
  usage: Usage,
  window: Window,
  tasks: readonly UsageTask[],
  files: readonly ReadSource[],
  tables: Parameters<typeof todaysOption>[1],
  scenario: string,
): object {
  const shares = sharesOf(tasks);
  return {
    schemaVersion,
    tool,
    files,
    days: window.days,
    records: usage.rows,
    leftOut: usage.leftOut,
    requestsPerDay: tasks.reduce((sum, { perDay }) => sum + perDay, 0),
    tasks: tasks.map(({ name, model, provider, batch, sums }, at) => ({
      ...{ name, provider, model, batch, share: shares[at], calls: sums.calls, failed: sums.failed },
      ...{ inputTokens: sums.input, cachedTokens: sums.cached, outputTokens: sums.output, usd: usdOf(sums) },
    })),
    today: { option: todaysOption(tasks, tables), bill: billOf(usage, window, tasks) },
    scenario,
  };
}

function table(usage: Usage, window: Window, tasks: readonly UsageTask[], files: readonly ReadSource[]): string {
  const rows = [
    ['task', 'model', 'calls/day', 'input', 'cached', 'output', 'USD/month'],
    ...tasks.map(({ name, model, perDay, sums }) => [
      visibleText(name),
      visibleText(model ?? '?'),
      countWords(perDay),
      countWords(sums.input / Math.max(1, sums.calls)),
      `${countWords((100 * sums.cached) / Math.max(1, sums.input))} %`,
      countWords(sums.output / Math.max(1, sums.calls)),
      usdWords((usdOf(sums) * 365) / 12 / window.days),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const bill = billOf(usage, window, tasks);
  return [
    ...files.map(({ name, title, records }) => `${visibleText(name)}: ${title}, ${countWords(records)} records`),
    '',
    ...rows.map(line),
    '',
    bill === null ? 'No price is known.' : `Bill: ${usdWords(bill.usdPerMonth)} a month (${bill.from}).`,
    '',
  ].join('\n');
}
