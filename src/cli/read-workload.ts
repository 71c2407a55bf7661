import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { ReadScenario } from '../workload/read.js';
import type { Io } from './io.js';
import { withPriceBook } from './read-price-book.js';
import { readTables } from './read-tables.js';
import { shownName } from './shown-name.js';

/** Options of every command that reads a scenario. */
export type WorkloadOptions = { pricing?: string; priceBook?: string; set?: string[]; asOf?: string };

/** A scenario and the tables to judge it by; null where they cannot be read, which `problems` say. */
export type Workload = {
  scenario: ReadScenario | null;
  tables: Tables | null;
  prose: Prose;
  asOf: string;
  problems: Problem[];
};

/** What scenarios are judged by; null where it cannot be read. */
export type Priced = Omit<Workload, 'scenario'>;

const unread = () => ({ source: '', date: '', note: '' });

/**
 * Reads the tables with the user's prices: once for all scenarios that are judged by them.
 *
 * @param quotes whether the sources of rows are printed; reading them takes a few milliseconds
 */
export async function readPriced(io: Io, options: WorkloadOptions, quotes: boolean): Promise<Priced> {
  const priced = await readTables(io, options.pricing);
  const asOf = options.asOf ?? io.today();
  const prose = quotes && priced.tables !== null ? await priced.prose() : unread;
  const list = priced.tables && { tables: priced.tables, prose };
  const own = await withPriceBook(io, options.priceBook, list, asOf);
  const { tables } = own.priced ?? priced;
  return { tables, prose: own.priced?.prose ?? prose, asOf, problems: [...priced.problems, ...own.problems] };
}

/** Reads a scenario with the changes of the command line. */
export async function readScenarioFile(
  io: Io,
  file: string,
  { set }: Pick<WorkloadOptions, 'set'>,
  { tables, asOf }: Pick<Priced, 'tables' | 'asOf'>,
): Promise<Pick<Workload, 'scenario' | 'problems'>> {
  const read = await io.readText(file);
  if (read.text === null) return { scenario: null, problems: [read.problem] };
  const { readGiven } = await import('./read-given.js');
  return readGiven(read.text, {
    file: shownName(file),
    ...(set && { set }),
    ...(tables && { tables }),
    asOf,
  });
}

/** Reads a scenario, and the tables it is judged by. */
export async function readWorkload(
  io: Io,
  file: string | undefined,
  options: WorkloadOptions,
  quotes: boolean,
): Promise<Workload> {
  const priced = await readPriced(io, options, quotes);
  const { scenario, problems } = await readScenarioFile(io, file ?? '-', options, priced);
  return { ...priced, scenario, problems: [...priced.problems, ...problems] };
}
