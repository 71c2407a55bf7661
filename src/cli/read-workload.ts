import path from 'node:path';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { suggestion } from '../units/problem.js';
import type { ReadScenario } from '../workload/read.js';
import { namedSnapshot } from '../workload/set.js';
import { realPath } from './files.js';
import { fileProblem, type Io, type ReadText, shownName } from './io.js';
import { readTables, type TablesOptions } from './read-tables.js';

/** Tables and the sources of their rows. */
type PricedTables = { tables: Tables; prose: Prose };

/**
 * The tables with a price book; null with the problems where it is invalid, or without tables. As given without a file.
 */
export async function withPriceBook(
  io: Io,
  file: string | undefined,
  list: PricedTables | null,
  asOf: string,
): Promise<{ priced: PricedTables | null; problems: Problem[] }> {
  if (file === undefined) return { priced: list, problems: [] };
  const { text, problem } = await io.readText(file);
  if (text === null) return { priced: null, problems: [problem] };
  const { readPriceBook } = await import('../workload/document.js');
  const { applyPriceBook } = await import('../tables/price-book/apply-price-book.js');
  const { read, partial, problems } = readPriceBook(text, shownName(file));
  const readable = read ?? partial;
  if (readable === null || list === null) return { priced: null, problems };
  const { problems: found, tables, prose } = applyPriceBook(list.tables, list.prose, readable.book, asOf);
  const all = [...problems, ...found.map(readable.place)].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const failed = all.some(({ severity }) => severity === 'error');
  return { priced: failed ? null : { tables, prose }, problems: all };
}

/** Options of every command that reads a scenario. */
export type WorkloadOptions = TablesOptions & {
  priceBook?: string | undefined;
  set?: string[] | undefined;
  asOf?: string | undefined;
};

/** A scenario and its tables; null: unreadable, see `problems`. */
export type Workload = {
  scenario: ReadScenario | null;
  tables: Tables | null;
  prose: Prose;
  asOf: string;
  problems: Problem[];
};

/** What scenarios are judged by; null: unreadable. `quotes`: the prose of rows was read. */
export type Priced = Omit<Workload, 'scenario' | 'tables'> & { quotes: boolean } & (
    | { tables: Tables }
    | { tables: null }
  );

const unread = () => ({ source: '', date: '', note: '' });

/**
 * Reads the tables with the user's prices, once for all scenarios.
 *
 * @param quotes whether the sources of rows are printed; reading them takes a few milliseconds
 */
export async function readPriced(io: Io, options: WorkloadOptions, quotes: boolean): Promise<Priced> {
  const priced = await readTables(io, options);
  const asOf = options.asOf ?? io.today();
  const prose = quotes && priced.tables !== null ? await priced.prose() : unread;
  const list = priced.tables && { tables: priced.tables, prose };
  const own = await withPriceBook(io, options.priceBook, list, asOf);
  const { tables } = own.priced ?? priced;
  return { tables, prose: own.priced?.prose ?? prose, asOf, problems: [...priced.problems, ...own.problems], quotes };
}

/**
 * A scenario's tables: of its own snapshot if the command line has none, else the given ones.
 *
 * @param known snapshots that were read for others, by date
 */
async function judgeOf(
  io: Io,
  text: string,
  file: string,
  options: WorkloadOptions,
  priced: Priced,
  known: Map<string, Priced> = new Map(),
): Promise<Priced> {
  const named = options.pricing === undefined ? namedSnapshot(text, shownName(file), options.set) : null;
  if (named === null || named.date === priced.tables?.snapshot.date) return priced;
  const { date, place } = named;
  const own = known.get(date) ?? (await readPriced(io, { ...options, pricing: date }, priced.quotes));
  known.set(date, own);
  const problems = own.problems.map((one) => (one.file === '' ? { ...one, ...place } : one));
  return { ...own, asOf: priced.asOf, problems };
}

type Read = Pick<Workload, 'scenario' | 'problems'> & { judge: Priced };

/**
 * Reads a scenario with the changes of the command line. For a result in its place that is the only problem, as every
 * key of it would be wrong.
 *
 * @returns with what it is judged by; problems are those of the scenario, and of prices that it names itself
 */
export async function readScenarioText(
  io: Io,
  { text, problem }: ReadText,
  file: string,
  options: WorkloadOptions,
  priced: Priced,
  known?: Map<string, Priced>,
): Promise<Read> {
  if (text === null) return { scenario: null, problems: [problem], judge: priced };
  const judge = await judgeOf(io, text, file, options, priced, known);
  const own = judge === priced ? [] : judge.problems;
  if (isOwnResult(text)) return { scenario: null, problems: [...own, resultGiven(file)], judge };
  const { readScenario } = await import('../workload/read.js');
  const { scenario, problems } = readScenario(text, {
    file: shownName(file),
    ...(options.set && { set: options.set }),
    ...(judge.tables && { tables: judge.tables }),
    asOf: judge.asOf,
  });
  return { scenario, problems: [...own, ...problems], judge };
}

const resultGiven = (file: string): Problem =>
  fileProblem(
    'result-given',
    shownName(file),
    'this is a result, not a scenario',
    'name its scenario; results kept go to compare, or to check --baseline',
  );

/** The same of a file. */
export const readScenarioFile = async (io: Io, file: string, options: WorkloadOptions, priced: Priced): Promise<Read> =>
  readScenarioText(io, await io.readText(file), file, options, priced);

/** The same for a single one: without warnings on prices that it does not use. */
export async function readOnly(io: Io, file: string, options: WorkloadOptions, priced: Priced): Promise<Read> {
  const read = await readScenarioFile(io, file, options, priced);
  return read.judge === priced ? { ...read, problems: [...priced.problems, ...read.problems] } : read;
}

/** Reads a scenario, and the tables it is judged by. */
export async function readWorkload(io: Io, file: string, options: WorkloadOptions, quotes: boolean): Promise<Workload> {
  const priced = await readPriced(io, options, quotes);
  const { scenario, problems, judge } = await readOnly(io, file, options, priced);
  return { ...judge, scenario, problems };
}

/** Scenario files by name: of a folder its JSON, and all YAML at any depth; each once. */
export function scenarioFiles(io: Io, named: readonly string[]): { files: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const files = named.flatMap((name) => {
    const inside = name === '-' ? null : io.listFolder(name);
    if (inside === null) return [name];
    const found = scenariosIn(io, name.replace(/\/+$/, ''), inside, scenario, new Set());
    if (found.length === 0)
      problems.push(
        fileProblem(
          'no-scenarios',
          name,
          'no scenario is in this folder as .yaml, .yml or .json, nor one as YAML in a folder below it',
        ),
      );
    return found;
  });
  const byPath = new Map(files.toReversed().map((file) => [file === '-' ? file : path.resolve(file), file]));
  return { files: [...byPath.values()].reverse(), problems };
}

/** Whether a text begins as our results in JSON do. No scenario has this key. */
const isOwnResult = (text: string): boolean => /^\uFEFF?\s*\{\s*"schemaVersion"\s*:/.test(text);

/** Whether a text begins as what a check writes as JSON, ours or of a standard. */
const isCheckOutput = (text: string): boolean =>
  isOwnResult(text) || /^\uFEFF?\s*\{\s*"\$schema"\s*:\s*"[^"]*\bsarif\b/.test(text);

const scenario = /\.(?:ya?ml|json)$/;
/** Below the folder JSON is more often stored results or settings. */
const scenarioBelow = /\.ya?ml$/;
/** Folders of tools, which hold YAML of their own. */
const ofTools = /^\.|^node_modules$/;

/** @param above folders on the way here: a link may lead back to one */
function scenariosIn(
  io: Io,
  folder: string,
  names: readonly string[],
  wanted: RegExp,
  above: ReadonlySet<string>,
): string[] {
  const real = realPath(folder);
  if (above.has(real)) return [];
  return names.flatMap((name) => {
    const file = `${folder}/${name}`;
    const inside = ofTools.test(name) ? null : io.listFolder(file);
    if (inside !== null) return scenariosIn(io, file, inside, scenarioBelow, new Set([...above, real]));
    // A pipe could block for ever, so it must be named. Stored results are no scenarios.
    return wanted.test(name) && !io.isSpecial(file) && !isCheckOutput(io.startOf(file)) ? [file] : [];
  });
}

const mostNamed = 6;

/** Suggestions: names that contain the text, shortest first, else the nearest. */
export function nearNames(
  asked: string,
  names: readonly string[],
  allBy: ((plain: string) => string) | null = null,
): string | null {
  const plain = asked.toLowerCase().replaceAll('*', '');
  const holding = names
    .filter((name) => plain !== '' && name.toLowerCase().includes(plain))
    .sort((a, b) => a.length - b.length);
  if (holding.length === 0) return suggestion(asked, names, 'known');
  const listed = allBy === null ? '' : `; ${allBy(plain)}`;
  const more = holding.length > mostNamed ? `, … (${holding.length}${listed})` : '';
  return `did you mean ${holding.slice(0, mostNamed).join(', ')}${more}?`;
}
