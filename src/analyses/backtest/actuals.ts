import { type Fault, number, type Reader, text, whole } from '../../tables/column.js';
import { type CsvRecord, csvRecords, type TextPlace } from '../../tables/parse.js';
import { monthAfter, monthsBetween } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import { nearest, suggestion } from '../../units/problem.js';

/** Requests answered, and their tokens as billed. */
export type Served = { requests: number; inputTokens: number; outputTokens: number };

/** One calendar month as it was. */
export type ActualMonth = Served & {
  /** `YYYY-MM`. */
  month: string;
  /** Months after the first one of the file. */
  index: number;
  paidUsd: number;
  /** By task; null: the file has no column `task`. A task without a row had no requests. */
  tasks: ReadonlyMap<string, Served> | null;
};

/** Months in the order of the calendar; between them some may be missing. */
export type Actuals = { months: readonly ActualMonth[]; byTask: boolean };

export const nothingServed: Served = { requests: 0, inputTokens: 0, outputTokens: 0 };

type Figures = Readonly<Record<string, number>>;

/** A record with every figure changed. */
const changed = <Of extends Figures>(one: Of, change: (value: number, name: keyof Of) => number): Of =>
  Object.fromEntries(Object.entries(one).map(([name, value]) => [name, change(value, name)])) as Of;

/** The sum of two records, figure by figure. */
export const added = <Of extends Figures>(one: Of, other: Readonly<Record<keyof Of, number>>): Of =>
  changed(one, (value, name) => value + other[name]);
/** A record with every figure times a factor. */
export const scaled = <Of extends Figures>(one: Of, factor: number): Of => changed(one, (value) => value * factor);

const refuse = (code: string, message: string): { fault: Fault } => ({ fault: { code, message } });

/** A calendar month, `YYYY-MM`, of this century: other years are slips. */
const month: Reader<string> = (cell) =>
  /^20\d{2}-(0[1-9]|1[0-2])$/.test(cell)
    ? { value: cell }
    : refuse('bad-month', `"${cell}" is not a month; write it as 2026-08`);

/** A plain number, without currency signs and separators, which differ by country. */
const plain =
  (read: Reader<number>): Reader<number> =>
  (cell) => {
    if (/^[-+]?\s*(?:\p{Sc}|[A-Z]{3}\b)|(?:\p{Sc}|\b[A-Z]{3})$/u.test(cell))
      return refuse('currency-sign', `"${cell}" has a currency; write US dollars as a plain number, such as 1234.5`);
    if (/\d[,'’_\s]\d/.test(cell))
      return refuse('separator-in-number', `"${cell}" has separators; write 1234567, and 1.5 for a fraction`);
    return read(cell);
  };
const count = plain(whole());
const mostUsd = 1e12;

const columns = {
  month,
  requests: count,
  input_tokens: count,
  output_tokens: count,
  cost: plain(number(0, mostUsd)),
  task: text,
} as const satisfies Record<string, Reader<unknown>>;
type Name = keyof typeof columns;
type Cells = { [Key in Name]?: Key extends 'month' | 'task' ? string : number };
type Row = Pick<Cells, 'month' | 'task' | 'cost'> & { served: Served; whole: boolean };
const names = Object.keys(columns) as Name[];
const needed = names.filter((name) => name !== 'task');
const mostNamed = 6;

/**
 * Reads requests, tokens and bills: `month,requests,input_tokens,output_tokens,cost`, one row a month, or with the
 * column `task` one row a month and task. Columns in any order, unknown ones with a warning; months in any order. All
 * problems come at once, sorted by place; with an error there are no actuals. With tasks, the cost of a month is the
 * sum of its rows, in which some cells may be empty.
 *
 * @param tasks names of the scenario's tasks; null: not known
 * @param asOf the day, `YYYY-MM-DD`, by which months have ended or not
 */
export function readActuals(
  text: string,
  file: string,
  tasks: readonly string[] | null,
  asOf: string,
): { actuals: Actuals | null; problems: Problem[] } {
  const { records, fault, placeOf } = csvRecords(text);
  const [head, ...found] = records;
  const problems: Problem[] = [];
  type Words = { code: string; path?: string; message: string; hint?: string | null; severity?: Problem['severity'] };
  const tell = (
    place: TextPlace | null,
    { code, path = '', message, hint = null, severity = 'error' }: Words,
  ): void => {
    const [line, column, excerpt] = place === null ? [null, null, null] : [place.line, place.column, place.excerpt];
    const words = path === '' ? message : `${path}: ${message}`;
    problems.push({ severity, code, file, line, column, path, message: words, suggestion: hint, excerpt });
  };
  const allNeeded = `the first line must name ${needed.join(', ')}`;
  if (fault !== null || head === undefined) {
    tell(null, fault ?? { code: 'empty-file', message: 'the file is empty', hint: allNeeded });
    if (fault !== null) problems[0] = { ...(problems[0] as Problem), line: fault.line };
    return { actuals: null, problems };
  }
  const headers = head.cells.map((cell) => cell.trim().toLowerCase());
  readHead(head);
  if (problems.some(isError)) return { actuals: null, problems };
  const cellOf = (record: CsvRecord, name: Name): TextPlace => placeOf(record, Math.max(0, headers.indexOf(name)));
  if (found.length === 0) tell(placeOf(head, 0), { code: 'no-rows', message: 'has a header and no months' });
  const byTask = headers.includes('task');
  const rows = found.map((record) => ({ record, ...readRow(record) }));
  const byMonth = new Map<string, typeof rows>();
  for (const row of rows) {
    if (!row.whole || row.month === undefined) continue;
    const known = byMonth.get(row.month) ?? [];
    byMonth.set(row.month, [...known, row]);
    const twin = known.find(({ task }) => task === row.task);
    if (twin === undefined) continue;
    const what = row.task === undefined ? row.month : `${row.month} of ${row.task}`;
    const message = `${what} stands in line ${twin.record.line} already`;
    tell(cellOf(row.record, 'month'), { code: 'duplicate-month', path: 'month', message });
  }
  const sorted = [...byMonth].sort(([one], [other]) => (one < other ? -1 : 1));
  const first = sorted[0]?.[0] ?? '';
  const months = sorted.map(([name, all]): ActualMonth => {
    const paid = all.flatMap(({ cost }) => cost ?? []);
    if (paid.length === 0)
      tell(cellOf((all[0] as (typeof all)[number]).record, 'cost'), {
        ...{ code: 'missing-value', path: 'cost', message: `no row of ${name} says what was paid` },
      });
    return {
      ...all.reduce((sum, { served }) => added(sum, served), nothingServed),
      month: name,
      index: monthsBetween(first, name),
      paidUsd: paid.reduce((sum, usd) => sum + usd, 0),
      tasks: byTask ? new Map(all.map(({ task = '', served }) => [task, served])) : null,
    };
  });
  tellGaps();
  warnOfOpenMonths();
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { actuals: problems.some(isError) ? null : { months, byTask }, problems };

  function readHead(record: CsvRecord): void {
    if (headers.length === 1 && /[;\t]/.test(headers[0] ?? '')) {
      const message = 'the first line has one cell';
      tell(placeOf(record, 0), { code: 'not-comma-separated', message, hint: 'separate cells by commas' });
      return;
    }
    const unread = headers.filter((header) => !names.some((name) => name === header));
    const missing = needed.filter((name) => !headers.includes(name));
    for (const name of missing) {
      const near = nearest(name, unread);
      const hint = near === null ? allNeeded : `rename \`${near}\``;
      tell(placeOf(record, 0), { code: 'missing-column', path: name, message: 'this column is missing', hint });
    }
    for (const [at, header] of headers.entries()) {
      const place = placeOf(record, at);
      if (headers.indexOf(header) !== at && header !== '')
        tell(place, { code: 'duplicate-column', path: header, message: 'this column is defined twice' });
      else if (unread.includes(header) && !missing.some((name) => nearest(name, [header]) !== null)) {
        const near = nearest(header, names);
        const hint = near === null ? null : `did you mean \`${near}\`?`;
        const message = 'not a column that is read; it is left out';
        tell(place, { code: 'unknown-column', path: header, message, hint, severity: 'warning' });
      }
    }
  }

  /** The readable cells of a row, and whether all required ones are there. */
  function readRow(record: CsvRecord): Row {
    const { cells } = record;
    if (cells.length !== headers.length) {
      const message = `has ${cells.length} cells; the header has ${headers.length}`;
      const hint = cells.length > headers.length ? 'write numbers without separators of thousands' : null;
      tell(placeOf(record, Math.min(cells.length, headers.length)), { code: 'wrong-cell-count', message, hint });
      return { served: nothingServed, whole: false };
    }
    const before = problems.length;
    const row: Record<string, unknown> = {};
    const wrong = (name: Name, words: Words): void => tell(cellOf(record, name), { ...words, path: name });
    for (const name of names.filter((one) => headers.includes(one))) {
      const cell = cells[headers.indexOf(name)]?.trim() ?? '';
      if (cell === '') {
        if (name !== 'cost' || !headers.includes('task'))
          wrong(name, { code: 'missing-value', message: 'must not be empty' });
        continue;
      }
      const read = columns[name](cell);
      if ('fault' in read) wrong(name, read.fault);
      else row[name] = read.value;
    }
    const { task, requests, input_tokens: inputTokens = 0, output_tokens: outputTokens = 0, ...rest } = row as Cells;
    if (task !== undefined && tasks !== null && !tasks.includes(task)) {
      const message = `the scenario has no task \`${task}\``;
      wrong('task', { code: 'unknown-task', message, hint: suggestion(task, tasks, 'tasks') });
    }
    const unserved = { code: 'tokens-without-requests', message: 'tokens without a request' };
    if (requests === 0 && inputTokens > 0) wrong('input_tokens', unserved);
    if (requests === 0 && outputTokens > 0) wrong('output_tokens', unserved);
    const served = { requests: requests ?? 0, inputTokens, outputTokens };
    return { ...rest, ...(task !== undefined && { task }), served, whole: problems.length === before };
  }

  /** Months without a row. A faulty row counts for its month, or for any where the month is at fault. */
  function tellGaps(): void {
    const last = months.at(-1);
    if (last === undefined || rows.some(({ month }) => month === undefined)) return;
    const present = new Set(rows.map(({ month }) => month));
    const gaps = Array.from({ length: last.index }, (_, index) => monthAfter(first, index));
    const missing = gaps.filter((name) => !present.has(name));
    if (missing.length === 0) return;
    const message = `no row for ${listed(missing)}: growth counts on through them, and sums leave them out`;
    tell(null, { code: 'months-missing', message, severity: 'warning' });
  }

  /** Warns of months that are not over: their bills are not final. */
  function warnOfOpenMonths(): void {
    const early = rows.filter(({ whole, month }) => whole && month !== undefined && month >= asOf.slice(0, 7));
    const [one] = early;
    if (one === undefined) return;
    const open = [...new Set(early.map(({ month }) => month as string))].sort();
    const have = open.length === 1 ? 'has' : 'have';
    tell(cellOf(one.record, 'month'), {
      ...{ code: 'month-not-ended', path: 'month', severity: 'warning' },
      message: `on ${asOf} ${listed(open)} ${have} not ended: nobody can have been billed for all of it yet`,
      hint: 'leave such rows out, or give the day of the bill with --as-of',
    });
  }
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

const listed = (months: readonly string[]): string => {
  const more = months.length > mostNamed ? ` and ${months.length - mostNamed} more` : '';
  return `${months.slice(0, mostNamed).join(', ')}${more}`;
};
