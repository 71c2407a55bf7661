import type { PriceDate } from '../report/sheets.js';
import type { Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import type { Io } from './io.js';
import { report } from './report-problems.js';

/** Options that commands about prices share. */
export type AnswerOptions = { format?: string; output?: string; asOf?: string; color?: boolean; quiet?: boolean };

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
  if (text !== null && all.every(({ severity }) => severity !== 'error')) {
    const unwritten = output === undefined || output === '-' ? io.out(text) : io.writeText(output, text);
    if (unwritten) all.push(unwritten);
  }
  await report(io, { ...(format !== undefined && { format }), color, quiet }, all);
}
