import { type Fault, number, type Reader, text, whole } from '../../tables/column.js';
import { type CsvRecord, type CsvText, csvRecords, type TextPlace } from '../../tables/parse.js';
import { monthAfter, monthsBetween } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import { nearest, suggestion } from '../../units/suggest.js';

/** What was served, and the tokens of it as they were billed. */
export type Served = { requests: number; inputTokens: number; outputTokens: number };

/** What a plan would serve, and which of its output tokens are input written again: a file does not tell them apart. */
export type Said = Served & { rewrittenTokens?: number };

/** One calendar month as it was. */
export type ActualMonth = Served & {
  /** `YYYY-MM`. */
  month: string;
  /** Months after the first one of the file. */
  index: number;
  paidUsd: number;
  /** By task; null where the file does not tell tasks apart. A task without a row served nothing. */
  tasks: ReadonlyMap<string, Served> | null;
};

/** Months in the order of the calendar; between them some may be missing. */
export type Actuals = { months: readonly ActualMonth[]; byTask: boolean };

export function addServed(one: Said, other: Said): Said {
  const rewrittenTokens = (one.rewrittenTokens ?? 0) + (other.rewrittenTokens ?? 0);
  return {
    requests: one.requests + other.requests,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(rewrittenTokens > 0 && { rewrittenTokens }),
  };
}

export const nothingServed: Served = { requests: 0, inputTokens: 0, outputTokens: 0 };

export const neededColumns = ['month', 'requests', 'input_tokens', 'output_tokens', 'cost'] as const;
export const columnNames = [...neededColumns, 'task'] as const;
export type ColumnName = (typeof columnNames)[number];

const refuse = (code: string, message: string): { fault: Fault } => ({ fault: { code, message } });

/** A calendar month, `YYYY-MM`, of this century: other years are slips. */
const month: Reader<string> = (cell) =>
  /^20\d{2}-(0[1-9]|1[0-2])$/.test(cell)
    ? { value: cell }
    : refuse('bad-month', `"${cell}" is not a month; write it as 2026-08`);

/** A plain number. Signs of currency and separators mean different things in different places: they are refused. */
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
const usd = plain(number(0, mostUsd));

export const columns = {
  month,
  requests: count,
  input_tokens: count,
  output_tokens: count,
  cost: usd,
  task: text,
} as const satisfies Record<ColumnName, Reader<unknown>>;

/** A row at fault, and the month it is about as far as that can be read. */
type Refused = { refused: true; month: string | null };
type Row = Served & { month: string; task: string | null; paidUsd: number | null; record: CsvRecord };

const mostNamed = 6;

/**
 * Reads what was served and paid: `month,requests,input_tokens,output_tokens,cost`, one row a month, or with the column
 * `task` one row a month and task. Columns by name in any order; others are left out with a warning. Months may stand in
 * any order. All problems come at once, sorted by place; with an error among them there are no actuals. With tasks, the
 * cost of a month is the sum of its rows, and cells of it may be empty as long as one is not.
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
  const csv = csvRecords(text);
  const report = reporterOf(file, csv);
  const [head, ...found] = csv.records;
  if (csv.fault !== null || head === undefined) {
    const { line, code, message } = csv.fault ?? { line: null, code: 'empty-file', message: 'the file is empty' };
    const hint = csv.fault === null ? `the first line must name ${neededColumns.join(', ')}` : null;
    return { actuals: null, problems: [report.at({ line, column: null, excerpt: null }, '', code, message, hint)] };
  }
  const headers = head.cells.map((cell) => cell.trim().toLowerCase());
  const problems = headerProblems(head, headers, report);
  if (problems.some(isError)) return { actuals: null, problems };
  if (found.length === 0) {
    problems.push(report.cell(head, 0, '', 'no-rows', 'has a header and no months'));
    return { actuals: null, problems };
  }
  const position = new Map(headers.map((header, at) => [header, at]));
  const read = found.map((record) => rowOf(record, headers, position, tasks, report, problems));
  const rows = read.flatMap((row) => ('refused' in row ? [] : [row]));
  const refused = read.flatMap((row) => ('refused' in row ? [row] : []));
  const byTask = position.has('task');
  const months = monthsOf(rows, byTask, position, report, problems);
  const warned = [
    ...gapWarnings(
      months,
      refused.map(({ month }) => month),
      report,
    ),
    ...unendedWarnings(rows, asOf, position, report),
  ];
  const sorted = [...problems, ...warned].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  return { actuals: sorted.some(isError) ? null : { months, byTask }, problems: sorted };
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

type Place = { line: number | null; column: number | null; excerpt: string | null };
type Report = {
  at(place: Place | TextPlace, path: string, code: string, message: string, hint?: string | null): Problem;
  cell(record: CsvRecord, cell: number, path: string, code: string, message: string, hint?: string | null): Problem;
};

function reporterOf(file: string, csv: CsvText): Report {
  const at: Report['at'] = ({ line, column, excerpt }, path, code, message, hint = null) => ({
    severity: 'error',
    code,
    file,
    line,
    column,
    path,
    message: path === '' ? message : `${path}: ${message}`,
    suggestion: hint,
    excerpt,
  });
  return {
    at,
    cell: (record, cell, path, code, message, hint) => at(csv.placeOf(record, cell), path, code, message, hint),
  };
}

function headerProblems(head: CsvRecord, headers: readonly string[], report: Report): Problem[] {
  const known: readonly string[] = columnNames;
  const unread = headers.filter((header) => !known.includes(header));
  if (headers.length === 1 && /[;\t]/.test(headers[0] ?? ''))
    return [report.cell(head, 0, '', 'not-comma-separated', 'the first line has one cell', 'separate cells by commas')];
  const missing = neededColumns.filter((name) => !headers.includes(name));
  return [
    ...missing.map((name) => {
      const near = nearest(name, unread);
      const hint = near === null ? `the first line must name ${neededColumns.join(', ')}` : `rename \`${near}\``;
      return report.cell(head, 0, name, 'missing-column', 'this column is missing', hint);
    }),
    ...headers.flatMap((header, at): Problem[] => {
      if (headers.indexOf(header) !== at && header !== '')
        return [report.cell(head, at, header, 'duplicate-column', 'this column is defined twice')];
      if (known.includes(header) || missing.some((name) => nearest(name, [header]) !== null)) return [];
      const near = nearest(header, columnNames);
      const hint = near === null ? null : `did you mean \`${near}\`?`;
      const message = 'not a column that is read; it is left out';
      return [{ ...report.cell(head, at, header, 'unknown-column', message, hint), severity: 'warning' }];
    }),
  ];
}

function rowOf(
  record: CsvRecord,
  headers: readonly string[],
  position: ReadonlyMap<string, number>,
  tasks: readonly string[] | null,
  report: Report,
  problems: Problem[],
): Row | Refused {
  const { cells } = record;
  if (cells.length !== headers.length) {
    const message = `has ${cells.length} cells; the header has ${headers.length}`;
    const hint = cells.length > headers.length ? 'write numbers without separators of thousands' : null;
    const at = Math.min(cells.length, headers.length);
    problems.push(report.cell(record, at, '', 'wrong-cell-count', message, hint));
    return { refused: true, month: null };
  }
  const before = problems.length;
  const place = (name: ColumnName) => position.get(name) ?? 0;
  const wrong = (name: ColumnName, code: string, message: string, hint: string | null = null) =>
    problems.push(report.cell(record, place(name), name, code, message, hint));
  const written = (name: ColumnName) => cells[place(name)]?.trim() ?? '';
  function read<Name extends ColumnName>(name: Name): Value<Name> | null {
    const cell = written(name);
    if (cell === '') wrong(name, 'missing-value', 'must not be empty');
    else {
      const result = columns[name](cell);
      if ('value' in result) return result.value as Value<Name>;
      wrong(name, result.fault.code, result.fault.message);
    }
    return null;
  }
  const month = read('month');
  const task = position.has('task') ? read('task') : null;
  if (task !== null && tasks !== null && !tasks.includes(task))
    wrong('task', 'unknown-task', `the scenario has no task \`${task}\``, suggestion(task, tasks, 'tasks'));
  const requests = read('requests');
  const inputTokens = read('input_tokens');
  const outputTokens = read('output_tokens');
  const paidUsd = position.has('task') && written('cost') === '' ? null : read('cost');
  if (requests === 0)
    for (const [name, tokens] of [
      ['input_tokens', inputTokens],
      ['output_tokens', outputTokens],
    ] as const)
      if (tokens !== null && tokens > 0) wrong(name, 'tokens-without-requests', 'tokens without a request');
  if (problems.length > before || month === null || requests === null || inputTokens === null || outputTokens === null)
    return { refused: true, month };
  return { month, task, requests, inputTokens, outputTokens, paidUsd, record };
}

type Value<Name extends ColumnName> = Name extends 'month' | 'task' ? string : number;

/** Rows of a month together, in the order of the calendar. */
function monthsOf(
  rows: readonly Row[],
  byTask: boolean,
  position: ReadonlyMap<string, number>,
  report: Report,
  problems: Problem[],
): ActualMonth[] {
  const byMonth = new Map<string, Row[]>();
  for (const row of rows) {
    const known = byMonth.get(row.month) ?? [];
    const twin = known.find(({ task }) => task === row.task);
    if (twin === undefined) byMonth.set(row.month, [...known, row]);
    else {
      const what = row.task === null ? row.month : `${row.month} of ${row.task}`;
      const message = `${what} stands in line ${twin.record.line} already`;
      problems.push(report.cell(row.record, position.get('month') ?? 0, 'month', 'duplicate-month', message));
    }
  }
  const names = [...byMonth.keys()].sort();
  const first = names[0] ?? '';
  return names.map((month) => {
    const all = byMonth.get(month) ?? [];
    const [start] = all;
    if (start !== undefined && all.every(({ paidUsd }) => paidUsd === null)) {
      const message = `no row of ${month} says what was paid`;
      problems.push(report.cell(start.record, position.get('cost') ?? 0, 'cost', 'missing-value', message));
    }
    return {
      ...all.reduce<Served>(addServed, nothingServed),
      month,
      index: monthsBetween(first, month),
      paidUsd: all.reduce((sum, { paidUsd }) => sum + (paidUsd ?? 0), 0),
      tasks: byTask
        ? new Map(
            all.map(({ task, requests, inputTokens, outputTokens }) => [
              task ?? '',
              { requests, inputTokens, outputTokens },
            ]),
          )
        : null,
    };
  });
}

/** Months without a row. One whose row is at fault has one; a row at fault in its month may be that of any. */
function gapWarnings(months: readonly ActualMonth[], refused: readonly (string | null)[], report: Report): Problem[] {
  const last = months.at(-1);
  if (last === undefined || refused.includes(null)) return [];
  const gaps: string[] = [];
  const first = months[0]?.month ?? last.month;
  const between = refused.filter((month) => month !== null && month > first && month < last.month);
  const present = new Set([...months.map(({ month }) => month), ...between]);
  const count = last.index + 1 - present.size;
  if (count === 0) return [];
  for (let index = 0; index < last.index && gaps.length < mostNamed; index++) {
    const month = monthAfter(first, index);
    if (!present.has(month)) gaps.push(month);
  }
  const rest = count > gaps.length ? ` and ${count - gaps.length} more` : '';
  const message = `no row for ${gaps.join(', ')}${rest}: growth counts on through them, and sums leave them out`;
  const nowhere = { line: null, column: null, excerpt: null };
  return [{ ...report.at(nowhere, '', 'months-missing', message), severity: 'warning' }];
}

/** What a month costs is known when it is over. */
function unendedWarnings(
  rows: readonly Row[],
  asOf: string,
  position: ReadonlyMap<string, number>,
  report: Report,
): Problem[] {
  const early = rows.filter(({ month }) => month >= asOf.slice(0, 7));
  const [first] = early;
  if (first === undefined) return [];
  const months = [...new Set(early.map(({ month }) => month))].sort();
  const shown = months.slice(0, mostNamed).join(', ');
  const rest = months.length > mostNamed ? ` and ${months.length - mostNamed} more` : '';
  const message = `on ${asOf} ${shown}${rest} ${months.length === 1 ? 'has' : 'have'} not ended: nobody can have been billed for all of it yet`;
  const hint = 'leave such rows out, or give the day of the bill with --as-of';
  const at = position.get('month') ?? 0;
  return [{ ...report.cell(first.record, at, 'month', 'month-not-ended', message, hint), severity: 'warning' }];
}
