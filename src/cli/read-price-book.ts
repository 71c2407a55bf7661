import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { Io } from './io.js';
import { shownName } from './shown-name.js';

/** Tables and the sources of their rows. */
type Priced = { tables: Tables; prose: Prose };

/**
 * The tables with a price book in them; null with the problems where the book cannot be read or applied, and where there
 * are no tables to begin with. Without a file they are as given.
 */
export async function withPriceBook(
  io: Io,
  file: string | undefined,
  list: Priced | null,
  asOf: string,
): Promise<{ priced: Priced | null; problems: Problem[] }> {
  if (file === undefined) return { priced: list, problems: [] };
  const { text, problem } = await io.readText(file);
  if (text === null) return { priced: null, problems: [problem] };
  const { readPriceBook } = await import('../workload/read-price-book.js');
  const { applyPriceBook } = await import('../tables/price-book/apply-price-book.js');
  const { read, partial, problems } = readPriceBook(text, shownName(file));
  const readable = read ?? partial;
  if (readable === null || list === null) return { priced: null, problems };
  const { problems: found, tables, prose } = applyPriceBook(list.tables, list.prose, readable.book, asOf);
  const all = [...problems, ...found.map(readable.place)].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const failed = all.some(({ severity }) => severity === 'error');
  return { priced: failed ? null : { tables, prose }, problems: all };
}
