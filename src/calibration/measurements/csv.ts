import { type Measurement, type MeasurementRow, parallelInNote, readParallel } from '../../capacity/measurement.js';
import { number, oneOf, type Reader, text, whole } from '../../tables/column.js';
import { type CsvRecord, type CsvText, csvRecords } from '../../tables/parse.js';
import type { Problem } from '../../units/problem.js';
import { nearest } from '../../units/suggest.js';
import { readNote } from './run-notes.js';

/** One column of a table of measurements: how its cells are read, and what an empty cell or a missing column means. */
type MeasurementColumn<V> = {
  read: Reader<V>;
  /** Without it the column must be there, and its cells filled. */
  ifEmpty?: V;
};

const free: Reader<string> = (cell) => ({ value: cell });
const maybe = <V>(read: Reader<V>): MeasurementColumn<V | null> => ({ read, ifEmpty: null });
const result = maybe(number(0));
const tokens: MeasurementColumn<number> = { read: number(0, 1e9) };
/** `inf`, as load generators write it, is a client that does not wait: no rate. */
const rate: Reader<number | null> = (cell) => (/^inf(inity)?$/i.test(cell) ? { value: null } : aboveZero(cell));

const aboveZero: Reader<number> = (cell) => {
  const read = number(0)(cell);
  if ('fault' in read || read.value > 0) return read;
  return { fault: { code: 'out-of-range', message: `${cell} must be above 0` } };
};

/** Every column that is read, by its name in the file. All others pass through unread. */
export const columns = {
  id: maybe(free),
  source: maybe(free),
  engine: maybe(text),
  engine_version: maybe(text),
  model_family: { read: text },
  quantization: { read: text, ifEmpty: '' },
  accelerator: { read: text },
  accelerator_count: { read: whole(1, 1e6), ifEmpty: 1 },
  prompt_tokens: tokens,
  output_tokens: tokens,
  concurrency: maybe(aboveZero),
  request_rate_rps: maybe(rate),
  metric_scope: maybe(text),
  saturated: { read: oneOf('yes', 'no', 'unknown'), ifEmpty: 'unknown' },
  confidence: maybe(text),
  note: maybe(free),
  max_num_seqs: maybe(whole(1, 1e9)),
  prefix_hit_rate: maybe(number(0, 1)),
  kv_cache_dtype: maybe(text),
  parallel: maybe(text),
  output_tokens_per_s: result,
  total_tokens_per_s: result,
  prefill_tokens_per_s: result,
  ttft_ms_p50: result,
  ttft_ms_p95: result,
  tpot_ms_p50: result,
  tpot_ms_p95: result,
  e2e_ms_p50: result,
} as const satisfies Readonly<Record<string, MeasurementColumn<unknown>>>;

export type ColumnName = keyof typeof columns;
type ValueOf<C> = C extends { read: Reader<infer V> } ? V | (C extends { ifEmpty: infer E } ? E : never) : never;
/** The values of one row, by column. */
export type RowValues = { -readonly [Name in ColumnName]: ValueOf<(typeof columns)[Name]> };

export const columnNames = Object.keys(columns) as ColumnName[];
/** Columns that no table of measurements can be without. */
export const neededColumns = columnNames.filter((name) => !('ifEmpty' in columns[name]));

/** What is odd about a row that can still be used: the column it is in, and the message. */
export type RowDoubt = { column: 'parallel' | 'note'; message: string };

/** A row as a measurement. A column of its own says more than the note. */
export function measurementOfRow(row: RowValues): { measurement: Measurement; doubts: RowDoubt[] } {
  const count = row.accelerator_count;
  const note = row.note ?? '';
  const said = readNote(note, row.quantization);
  const column = row.parallel === null ? 'note' : 'parallel';
  const { parallel, faults } = row.parallel === null ? parallelInNote(note, count) : readParallel(row.parallel, count);
  const measurement: Measurement = {
    id: row.id,
    source: row.source,
    engine: row.engine,
    engineVersion: row.engine_version,
    modelFamily: row.model_family,
    quantization: row.quantization,
    accelerator: row.accelerator,
    acceleratorCount: count,
    promptTokens: row.prompt_tokens,
    outputTokens: row.output_tokens,
    concurrency: row.concurrency,
    requestRateRps: row.request_rate_rps,
    metricScope: row.metric_scope,
    saturated: row.saturated,
    confidence: row.confidence,
    note: row.note,
    maxNumSeqs: row.max_num_seqs ?? said.maxNumSeqs,
    prefixHitRate: row.prefix_hit_rate ?? said.prefixHitRate,
    kvCacheDtype: row.kv_cache_dtype ?? said.kvCacheDtype,
    parallel,
    run: said.run,
    outputTokensPerS: row.output_tokens_per_s,
    totalTokensPerS: row.total_tokens_per_s,
    prefillTokensPerS: row.prefill_tokens_per_s,
    ttftMsP50: row.ttft_ms_p50,
    ttftMsP95: row.ttft_ms_p95,
    tpotMsP50: row.tpot_ms_p50,
    tpotMsP95: row.tpot_ms_p95,
    e2eMsP50: row.e2e_ms_p50,
  };
  return { measurement, doubts: faults.map((message) => ({ column, message })) };
}

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
        return [problemOf(file, 'duplicate-column', `${header}: this column is defined twice`, place(at))];
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

/** The numbers that a prediction depends on, by the column of a table of measurements that they stand in. */
const numbers = {
  accelerator_count: 'acceleratorCount',
  prompt_tokens: 'promptTokens',
  output_tokens: 'outputTokens',
  concurrency: 'concurrency',
  request_rate_rps: 'requestRateRps',
  max_num_seqs: 'maxNumSeqs',
  prefix_hit_rate: 'prefixHitRate',
} as const satisfies Partial<Record<keyof typeof columns, keyof Measurement>>;

/** Why a table of measurements would not have the numbers of a row; null: it would. */
export function wrongNumber(row: Measurement): string | null {
  for (const [column, name] of Object.entries(numbers) as [
    keyof typeof numbers,
    (typeof numbers)[keyof typeof numbers],
  ][]) {
    const value = row[name];
    if (value === null) continue;
    const read = columns[column].read(String(value));
    if ('fault' in read) return `${name}: ${read.fault.message}`;
    if (read.value !== value) return `${name}: ${value} is no number that can be predicted with`;
  }
  return row.promptTokens + row.outputTokens > 0 ? null : 'outputTokens: a run of no tokens; promptTokens is 0 too';
}
