import type { PriceDate } from '../report/price-date.js';
import type { Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import type { Io } from './io.js';
import { loadTablesFolder, type ReadTables, readShippedTables } from './read-tables.js';
import { tool } from './tool.js';

/** Options that commands about prices share. */
export type AnswerOptions = { format?: string; output?: string; asOf?: string; color?: boolean; quiet?: boolean };

/** The tables a name means: nothing is the newest shipped snapshot, a date one of those, else a folder. */
export function namedTables(io: Io, named: string | undefined): Promise<ReadTables> {
  return named === undefined || /^\d{4}-\d{2}-\d{2}$/.test(named)
    ? readShippedTables(named)
    : loadTablesFolder(io, named);
}

/** The date of the prices and their age on the day asked about, by default today. */
export function priceDate(
  { snapshot }: Pick<Tables, 'snapshot'>,
  io: Io,
  { asOf = io.today() }: AnswerOptions,
): PriceDate {
  return { snapshot: snapshot.date, asOf, ageDays: daysBetween(snapshot.date, asOf) };
}

/**
 * Prints the answer, to stdout or the file asked for, unless there is an error among the problems: then those, and exit
 * code 2. Errors are JSON on stdout where JSON was asked for; warnings go to stderr.
 */
export async function answer(
  io: Io,
  { format, output, color = true, quiet = false }: AnswerOptions,
  text: string | null,
  problems: readonly Problem[],
): Promise<void> {
  const all = [...problems];
  const failed = (): boolean => all.some(({ severity }) => severity === 'error');
  if (text !== null && !failed()) {
    const unwritten = output === undefined || output === '-' ? io.out(text) : io.writeText(output, text);
    if (unwritten) all.push(unwritten);
  }
  if (all.length === 0) return;
  const { problemsDocument, renderProblems } = await import('./problems.js');
  if (failed()) io.setExitCode(2);
  const asJson = failed() && format === 'json';
  if (asJson) io.out(problemsDocument(all, tool));
  const shown = all.filter(({ severity }) => (severity === 'warning' ? !quiet : !asJson));
  if (shown.length > 0) io.err(renderProblems(shown, { color: color && io.stderr.color }));
}
