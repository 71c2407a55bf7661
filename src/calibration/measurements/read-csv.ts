import type { MeasurementRow } from '../../capacity/measurement.js';
import type { Reader } from '../../tables/cell.js';
import { type CsvRecord, type CsvText, csvRecords } from '../../tables/csv-records.js';
import type { Problem } from '../../units/problem.js';
import { nearest } from '../../units/suggest.js';
import { type ColumnName, columnNames, columns, neededColumns, type RowValues } from './columns.js';
import { measurementOfRow } from './from-row.js';

export type MeasurementTable = { header: string[]; rows: MeasurementRow[]; problems: Problem[] };

/**
 * Reads a table of serving measurements, columns by name in any order. An error in a row takes out that row alone; one of
 * the whole file leaves no rows.
 */
export function readMeasurementsCsv(text: string, file: string): MeasurementTable {
  const csv = csvRecords(text);
  const [head, ...found] = csv.records;
  if (csv.fault !== null || head === undefined) {
    const fault = csv.fault ?? { line: 1, code: 'empty-file', message: 'the file is empty' };
    return { header: [], rows: [], problems: [problemOf(file, fault.code, fault.message, { line: fault.line })] };
  }
  const problems = headerProblems(head, file, csv);
  if (problems.some(({ severity }) => severity === 'error')) return { header: head.cells, rows: [], problems };
  if (found.length === 0)
    problems.push({
      ...problemOf(file, 'no-rows', 'has a header and no rows', { line: head.line }),
      severity: 'warning',
    });
  const position = new Map(head.cells.map((header, at) => [header.trim(), at]));
  return { header: head.cells, rows: found.map((record) => rowOf(record, position, head, file, csv)), problems };
}

function rowOf(
  record: CsvRecord,
  position: ReadonlyMap<string, number>,
  head: CsvRecord,
  file: string,
  csv: CsvText,
): MeasurementRow {
  const problems: Problem[] = [];
  const problemAt = (name: ColumnName, code: string, message: string): Problem =>
    problemOf(file, code, `${name}: ${message}`, { ...csv.placeOf(record, position.get(name) ?? 0), path: name });
  const { cells, line } = record;
  if (cells.length !== head.cells.length) {
    const message = `has ${cells.length} cells; the header has ${head.cells.length}`;
    const where = csv.placeOf(record, Math.min(cells.length, head.cells.length));
    return { cells, line, measurement: null, problems: [problemOf(file, 'wrong-cell-count', message, where)] };
  }
  const values: Record<string, unknown> = {};
  for (const name of columnNames) {
    const column: { read: Reader<unknown>; ifEmpty?: unknown } = columns[name];
    const cell = cells[position.get(name) ?? -1]?.trim() ?? '';
    const optional = 'ifEmpty' in column;
    if (cell === '' && optional) values[name] = column.ifEmpty;
    else if (cell === '') problems.push(problemAt(name, 'missing-value', 'must not be empty'));
    else {
      const read = column.read(cell);
      if ('fault' in read) problems.push(problemAt(name, read.fault.code, read.fault.message));
      else values[name] = read.value;
    }
  }
  if (values.prompt_tokens === 0 && values.output_tokens === 0)
    problems.push(problemAt('output_tokens', 'no-tokens', 'a run of no tokens; prompt_tokens is 0 too'));
  if (problems.length > 0) return { cells, line, measurement: null, problems };
  const { measurement, doubts } = measurementOfRow(values as RowValues);
  const warnings = doubts.map(
    ({ column, message }): Problem => ({ ...problemAt(column, 'odd-parallelism', message), severity: 'warning' }),
  );
  return { cells, line, measurement, problems: warnings };
}

/** What is wrong with the header; a column that is not read is a warning only where its name is near one that is. */
function headerProblems(head: CsvRecord, file: string, csv: CsvText): Problem[] {
  const headers = head.cells.map((header) => header.trim());
  const present = new Set(headers);
  const place = (at: number) => ({ ...csv.placeOf(head, at), path: headers[at] ?? '' });
  if (
    !columnNames.some((name) => present.has(name)) &&
    neededColumns.every((name) => nearest(name, headers) === null)
  ) {
    const [first = ''] = headers;
    const message = 'not a table of serving measurements: the first line has none of their columns';
    const suggestion = /[;\t]/.test(first)
      ? 'separate the cells with commas'
      : `the first line must name at least ${neededColumns.join(', ')}`;
    return [{ ...problemOf(file, 'not-measurements', message, place(0)), suggestion }];
  }
  const missing = neededColumns.filter((name) => !present.has(name));
  return [
    ...missing.map((name): Problem => {
      const near = nearest(name, headers);
      return {
        ...problemOf(file, 'missing-column', `${name}: this column is missing`, { ...place(0), path: name }),
        suggestion: near === null ? null : `rename \`${near}\` to \`${name}\``,
      };
    }),
    ...headers.flatMap((header, at): Problem[] => {
      if (header in columns && headers.indexOf(header) !== at)
        return [problemOf(file, 'duplicate-column', `${header}: this column stands twice`, place(at))];
      const near = header in columns ? null : nearest(header, columnNames);
      if (near === null || present.has(near) || missing.includes(near as ColumnName)) return [];
      if (letters(near) === letters(header)) return [];
      const warning = problemOf(file, 'unknown-column', `${header}: not a column that is read`, place(at));
      return [{ ...warning, severity: 'warning', suggestion: `did you mean \`${near}\`?` }];
    }),
  ];
}

/** A name without its digits: `ttft_ms_p99` is no slip for `ttft_ms_p95`. */
function letters(name: string): string {
  return name.replace(/\d/g, '');
}

type At = { line: number | null; column?: number; path?: string; excerpt?: string };

function problemOf(file: string, code: string, message: string, { line, column, path, excerpt }: At): Problem {
  return {
    severity: 'error',
    code,
    file,
    line,
    column: column ?? null,
    path: path ?? '',
    message,
    suggestion: null,
    excerpt: excerpt ?? null,
  };
}
