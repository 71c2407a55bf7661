import type { ReadScenario } from '../scenario/read.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { Io } from './io.js';
import { withPriceBook } from './read-price-book.js';
import { readTables } from './read-tables.js';

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

const unread = () => ({ source: '', date: '', note: '' });

/**
 * Reads a scenario with the changes of the command line, and the tables with the user's prices.
 *
 * @param quotes whether the sources of rows are printed; reading them takes a few milliseconds
 */
export async function readWorkload(
  io: Io,
  file: string | undefined,
  options: WorkloadOptions,
  quotes: boolean,
): Promise<Workload> {
  const [read, priced] = await Promise.all([io.readText(file ?? '-'), readTables(io, options.pricing)]);
  const problems = [...priced.problems, ...(read.problem ? [read.problem] : [])];
  const asOf = options.asOf ?? io.today();
  const prose = quotes && priced.tables !== null ? await priced.prose() : unread;
  const list = priced.tables && { tables: priced.tables, prose };
  const own = await withPriceBook(io, options.priceBook, list, asOf);
  problems.push(...own.problems);
  const { tables } = own.priced ?? priced;
  if (read.text === null) return { scenario: null, tables, prose, asOf, problems };

  const { readScenario } = await import('../scenario/read.js');
  const { scenario, problems: found } = readScenario(read.text, {
    file: file === '-' ? '<stdin>' : (file ?? '<stdin>'),
    ...(options.set && { set: options.set }),
    ...(tables && { tables }),
    asOf,
  });
  problems.push(...found);
  return { scenario, tables, prose: own.priced?.prose ?? prose, asOf, problems };
}
