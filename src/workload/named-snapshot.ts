import { isMap, LineCounter, parseDocument } from 'yaml';

/** A snapshot that a scenario asks to be judged by, and where it says so; null on the command line. */
export type NamedSnapshot = { date: string; line: number | null; column: number | null };

const path = ['prices', 'snapshot'];

/**
 * The snapshot that a scenario names, read before anything else of it: the rest is read with the tables of that day.
 * Null where it names none, or none that could be one, which reading it says.
 */
export function namedSnapshot(text: string, set: readonly string[] = []): NamedSnapshot | null {
  const given = set.findLast((one) => one.startsWith(`${path.join('.')}=`));
  if (given !== undefined) return dated(given.slice(given.indexOf('=') + 1), null, null);
  // Nearly no scenario has one: then it is not parsed twice.
  if (!text.includes(path[1] as string)) return null;
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  if (!isMap(contents)) return null;
  const node: unknown = contents.getIn(path, true);
  const { value, range } = (node ?? {}) as { value?: unknown; range?: readonly number[] };
  const { line = null, col = null } = range?.[0] === undefined ? {} : lines.linePos(range[0]);
  return dated(value, line, col);
}

const dated = (value: unknown, line: number | null, column: number | null): NamedSnapshot | null =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? { date: value, line, column } : null;
