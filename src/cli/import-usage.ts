import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { pricer } from '../cost/capacity-cost.js';
import { counted } from '../report/numbers.js';
import { readNames } from '../tables/importers/format.js';
import type { Tables } from '../tables/tables.js';
import { countWords } from '../units/numeric.js';
import { type Problem, suggestion } from '../units/problem.js';
import { readVolume, timesPerDay } from '../units/volume.js';
import { dayOf, usageReader } from '../usage/load.js';
import { dayMs, ReadFault } from '../usage/records.js';
import { type ReadSource, scenarioText } from '../usage/scenario.js';
import { type GroupBy, type Usage, usageSums } from '../usage/sums.js';
import { rowFinder, tasksOf, type UsageTask, type Window, windowOf } from '../usage/tasks.js';
import { haveErrors, warningOf } from './command-entry.js';
import { fileProblem, type Io, nodeIo, packagePath, readProblem, shownName, usageProblem } from './io.js';

/** Bytes that a packed or binary file begins with, and what to do about it. */
const others: readonly [start: string, what: string, hint: string][] = [
  ['PK', 'a zip file', 'unpack it, and name the files in it'],
  ['PAR1', 'a Parquet file', 'export it as JSON lines or CSV'],
  ['\u00ff\u00fe', 'encoded as UTF-16', 'save it as UTF-8'],
  ['\u00fe\u00ff', 'encoded as UTF-16', 'save it as UTF-8'],
];

const unknown = '\ufffd';

/**
 * Passes on the text of a file of any size in parts, gzip or plain. What `take` throws comes through.
 *
 * @returns the sha256 of the file as it is, or why it cannot be read
 */
async function readParts(
  io: Io,
  file: string,
  take: (text: string) => void,
): Promise<{ sha256: string; problem: null } | { sha256: null; problem: Problem }> {
  const name = shownName(file);
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  const fail = (problem: Problem) => ({ sha256: null, problem });
  let isFirst = true;
  try {
    for await (const bytes of unpacked(hashed(io.bytes(file), hash))) {
      const start = isFirst ? Buffer.from(bytes.subarray(0, 4)).toString('latin1') : '';
      const other = others.find(([mark]) => start.startsWith(mark));
      if (other) return fail(fileProblem('binary-file', name, other[1], other[2]));
      if (bytes.includes(0))
        return fail(fileProblem('binary-file', name, 'a binary file, not text', 'is this the file you meant?'));
      isFirst = false;
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      // What stands for bytes that are no character; it may be in the file itself.
      if (text.includes(unknown) && !Buffer.from(bytes).includes(unknown))
        return fail(fileProblem('not-utf8', name, 'not encoded as UTF-8', 'save it as UTF-8'));
      take(text);
    }
    take(decoder.end());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_'))
      return fail(fileProblem('not-readable', name, 'packed by gzip, but broken or cut off', 'pack or load it again'));
    if (error instanceof ReadFault || code === undefined) throw error;
    return fail(readProblem(error, name));
  }
  return { sha256: hash.digest('hex'), problem: null };
}

async function* hashed(parts: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const part of parts) {
    hash.update(part);
    yield part;
  }
}

async function* unpacked(parts: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await parts.next();
  if (first.done) return;
  const [one, two] = first.value;
  if (one !== 0x1f || two !== 0x8b) {
    yield first.value;
    return yield* parts;
  }
  // The stream reads ahead, so it gets copies.
  const all = (async function* () {
    yield Buffer.from(first.value);
    for await (const part of parts) yield Buffer.from(part);
  })();
  const gunzip = createGunzip();
  const source = Readable.from(all);
  // An error of the source ends the reading, too.
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
}

/** How to read usage exports; texts as on the command line (`docs/usage.md`). */
export type ImportOptions = {
  as?: string;
  groupBy?: GroupBy;
  timezone?: string;
  since?: string;
  until?: string;
  type?: readonly string[];
  calls?: string;
  model?: string;
  convention?: 'inclusive' | 'exclusive';
  keepLatency?: boolean;
};

/** Sums by task within the counted days, and the scenario as YAML. */
export type Imported = {
  usage: Usage;
  window: Window;
  tasks: readonly UsageTask[];
  files: readonly ReadSource[];
  text: string;
};

const namesFile = 'pricing/import/names.csv';
/** Nobody sold calls of language models before. */
const firstDay = '2020-01-01';

/** The text of an export, by the name that messages and the scenario call it. */
export type UsageFile = { name: string; text: string };

/**
 * A scenario from usage exports with distinct names. Nothing is imported with an error; `problems` has the warnings
 * too, and the skipped records by reason.
 */
export function importUsage(
  files: readonly UsageFile[],
  tables: Tables,
  { asOf, ...options }: ImportOptions & { asOf: string },
): Promise<{ imported: Imported | null; problems: Problem[] }> {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const io: Io = {
    ...nodeIo(),
    bytes: async function* (name) {
      yield Buffer.from(texts.get(name) ?? '');
    },
  };
  return readUsage(io, { ...options, file: [...texts.keys()] }, { tables, asOf }, []);
}

/** The same from files. @param found earlier problems: with an error no file is read */
export async function readUsage(
  io: Io,
  options: ImportOptions & { file: readonly string[] },
  { tables, asOf }: { tables: Tables | null; asOf: string },
  found: readonly Problem[],
): Promise<{ imported: Imported | null; problems: Problem[] }> {
  const problems = [...found];
  const wrong = (message: string, hint: string | null = null) => problems.push(usageProblem(message, hint));
  const { timezone = 'UTC' } = options;
  const localOf = clockOf(timezone);
  if (localOf === null) wrong(`--timezone: there is no time zone "${timezone}"`, 'write it as Europe/Berlin');
  const callsPerDay = readCalls(options.calls, wrong);
  const namesText = await io.readText(packagePath(namesFile));
  if (namesText.problem) throw new Error('the shipped tables cannot be read');
  const types = new Map((options.type ?? []).map((text) => split(text)));
  for (const preset of tables === null ? [] : new Set(types.values()))
    if (!tables?.taskOf.has(preset))
      wrong(
        `--type: there is no preset "${preset}"`,
        suggestion(preset, [...(tables?.taskOf.keys() ?? [])], 'presets'),
      );
  if (tables === null || localOf === null || haveErrors(problems)) return { imported: null, problems };

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
  if (haveErrors(problems)) return { imported: null, problems };

  const window = windowOf(usage);
  const tasks = tasksOf(usage, window, findRow, callsPerDay ?? 0);
  if (tasks.length === 0) problems.push(nothing(usage));
  problems.push(...complaints(usage, tasks, types));
  if (haveErrors(problems)) return { imported: null, problems };
  const text = scenarioText(usage, window, tasks, {
    ...{ tables, files, timezone, types, keepLatency: options.keepLatency === true },
    utcOffsetHours: (localOf(window.last * dayMs) - window.last * dayMs) / 3_600_000,
  });
  return { imported: { usage, window, tasks, files, text }, problems };
}

/** Offsets change at quarters of an hour at the most. */
const quarterMs = 900_000;

/**
 * Local time of a zone (`Europe/Berlin`), in ms as if it were UTC.
 *
 * @throws RangeError where there is no such zone
 */
export function localClock(timeZone: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (utcMs) => {
    const quarter = Math.floor(utcMs / quarterMs);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const name = format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
      offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      known.set(quarter, offset);
    }
    return utcMs + offset;
  };
}

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
  if (!read.ok) wrong(`--calls: ${read.message}`);
  else if (read.value.of !== 'requests' || read.value.atPeak) wrong('--calls: write calls over time, such as 48k/day');
  else return read.value.amount.likely * timesPerDay(read.value.per ?? 'day', 365 / 12);
  return null;
}

const split = (text: string): [string, string] => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];

async function readFiles(
  io: Io,
  { file: named, as = null, convention }: { file: readonly string[]; as?: string | null; convention?: string },
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
        problems.push(
          warningOf('more-pages', name, 'a page that says that more follow', 'name the files of all pages'),
        );
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

/** Warnings on the result. */
function complaints(usage: Usage, tasks: readonly UsageTask[], types: ReadonlyMap<string, string>): Problem[] {
  const warning = (code: string, message: string, hint: string | null = null): Problem =>
    warningOf(code, '', message, hint);
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
