import type { ReadScenario } from '../scenario/read.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { Io } from './io.js';
import { withPriceBook } from './read-price-book.js';
import { readTables } from './read-tables.js';

/** Options of every command that decides about a scenario. */
export type QuestionOptions = { pricing?: string; priceBook?: string; set?: string[]; asOf?: string };

/** A scenario with the tables to answer it; null where something could not be read, with all that is wrong. */
export type Question = {
  read: { scenario: ReadScenario; tables: Tables; prose: Prose } | null;
  asOf: string;
  problems: Problem[];
};

/** Reads a scenario file (`-` or none: standard input), the tables and a price book. `sources`: whether prose is shown. */
export async function readQuestion(
  io: Io,
  file: string | undefined,
  options: QuestionOptions,
  sources: boolean,
): Promise<Question> {
  const [read, priced] = await Promise.all([io.readText(file ?? '-'), readTables(io, options.pricing)]);
  const problems = [...priced.problems, ...(read.problem ? [read.problem] : [])];
  const asOf = options.asOf ?? io.today();
  const prose = sources && priced.tables !== null ? await priced.prose() : unread;
  const list = priced.tables && { tables: priced.tables, prose };
  const own = await withPriceBook(io, options.priceBook, list, asOf);
  problems.push(...own.problems);
  const { tables } = own.priced ?? priced;
  if (read.text === null) return { read: null, asOf, problems };

  const { readScenario } = await import('../scenario/read.js');
  const { scenario, problems: scenarioProblems } = readScenario(read.text, {
    file: file === '-' ? '<stdin>' : (file ?? '<stdin>'),
    ...(options.set && { set: options.set }),
    ...(tables && { tables }),
    asOf,
  });
  problems.push(...scenarioProblems);
  const failed = scenario === null || tables === null || problems.some(({ severity }) => severity === 'error');
  return { read: failed ? null : { scenario, tables, prose: own.priced?.prose ?? prose }, asOf, problems };
}

const unread = () => ({ source: '', date: '', note: '' });
