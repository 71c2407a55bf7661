import { parse } from 'csv-parse/sync';
import { type Problem, problemAt } from '../units/problem.js';
import {
  type Column,
  date,
  maybe,
  need,
  oneOf,
  type Reader,
  type RowOf,
  type TableSchema,
  table,
  text,
  text as textCell,
} from './column.js';
import { type DateText, type SnapshotTable, schemas, snapshotTables } from './columns.js';
import type { Corrected, RowProse, RowsByTable, TableName } from './tables.js';

/** A file as it was read; only the last part of its name says what it is. */
export type TableFile = { file: string; text: string };

/** One record of a CSV text: its cells, and its first line (1-based). */
export type CsvRecord = { cells: string[]; line: number };
/** A place in a text, 1-based, with its whole line. */
export type TextPlace = { line: number; column: number; excerpt: string };
export type CsvText = {
  records: CsvRecord[];
  fault: { line: number | null; code: string; message: string } | null;
  /** Where a cell of a record begins. */
  placeOf(record: CsvRecord, cell: number): TextPlace;
};

/** No table is larger, in characters. */
const largest = 20 * 1024 * 1024;

/**
 * Splits a CSV text (RFC 4180; any line ends, a byte-order mark) into records, without empty ones. Line breaks within a
 * cell become line feeds.
 *
 * @param most characters that are read; a larger text is a fault
 */
export function csvRecords(text: string, most = largest): CsvText {
  // The parser counts a carriage return and a line feed within quotes as two lines.
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const lines = plain.split('\n');
  const placeOf = (record: CsvRecord, cell: number): TextPlace => placeIn(lines, record, cell);
  if (text.length > most)
    return { records: [], fault: { line: null, code: 'file-too-large', message: 'larger than 20 MB' }, placeOf };
  // One small object for each record: a catalog has a hundred thousand.
  const onRecord = (cells: string[], info: { lines: number }): CsvRecord | null =>
    cells.some((cell) => cell.trim() !== '') ? { cells, line: info.lines - breaksIn(cells) } : null;
  try {
    const records = parse(plain, {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: '\n',
      on_record: onRecord as never,
    }) as unknown as CsvRecord[];
    return { records, fault: null, placeOf };
  } catch (error) {
    const { lines: line, message } = error as { lines?: number; message: string };
    return {
      records: [],
      fault: { line: line ?? null, code: 'bad-csv', message: `not a CSV file: ${message}` },
      placeOf,
    };
  }
}

function breaksIn(record: readonly string[]): number {
  return record.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
}

function placeIn(lines: readonly string[], { cells, line }: CsvRecord, wanted: number): TextPlace {
  let [at, column, inQuotes] = [line - 1, 0, false];
  for (let cell = 0; cell < Math.min(wanted, cells.length); ) {
    const text = lines[at];
    if (text === undefined) break;
    if (column >= text.length) {
      // Only a cell in quotes goes on in the next line.
      if (!inQuotes) break;
      [at, column] = [at + 1, 0];
      continue;
    }
    if (text[column] === '"') inQuotes = !inQuotes;
    else if (text[column] === ',' && !inQuotes) cell++;
    column++;
  }
  return { line: at + 1, column: column + 1, excerpt: lines[at] ?? '' };
}

const maxColumns = 500;
const longestMessage = 500;
const confidence: Column<string> = { header: 'confidence', read: oneOf('high', 'medium', 'low') };
const source: Column<string> = { header: 'source', read: textCell };

/** One file, read: its valid rows, and position and source of each data row. */
export type Parsed<Row> = {
  file: string;
  rows: Row[];
  problems: Problem[];
  prose: RowProse[];
  /** A cell as written, by position of the row in the file; empty without such a column. */
  cell(row: number, header: string): string;
  /** A problem with a cell (or, with an empty header, the row) at a position in the file. */
  problemAt(row: number, header: string, code: string, message: string, suggestion?: string): Problem;
};

/** The tables of the files that were given. */
export type ParsedTables = { [Table in TableName]?: Parsed<RowsByTable[Table][number]> };

/**
 * Reads one table. Every problem is collected with its line; a row with one is left out. A byte-order mark and any line
 * ends are accepted. `date` is for rows without a date of their own.
 */
export function parseTable<S extends TableSchema>(
  schema: S,
  file: string,
  text: string,
  date: string,
): Parsed<RowOf<S>> {
  const problems: Problem[] = [];
  const { records, fault, placeOf } = csvRecords(text);
  const [head, ...found] = records;
  const headers = (head?.cells ?? []).map((header) => header.trim());
  const position = new Map(headers.map((header, at) => [header, at]));
  const problem = (place: TextPlace | null, path: string, code: string, message: string, suggestion?: string) => {
    const about = { code, path, message: short(path === '' ? message : `${path}: ${message}`) };
    return problemAt(file, place && { ...place, file }, { ...about, suggestion: suggestion ?? null });
  };
  /** At a cell, or (with an empty header) at the beginning of its row. */
  const report = (at: CsvRecord | undefined, header: string, code: string, message: string, hint?: string): Problem =>
    problem(at === undefined ? null : placeOf(at, position.get(header) ?? 0), header, code, message, hint);
  const cellOf = (record: readonly string[], header: string): string => {
    const at = position.get(header);
    return (at === undefined ? undefined : record[at])?.trim() ?? '';
  };
  const parsed: Parsed<RowOf<S>> = {
    file,
    rows: [],
    problems,
    prose: found.map(({ cells: record }) => ({
      source: cellOf(record, 'source'),
      date: schema.dated.map((header) => cellOf(record, header)).find((cell) => cell !== '') ?? date,
      note: cellOf(record, 'note'),
    })),
    cell: (row, header) => cellOf(found[row]?.cells ?? [], header),
    problemAt: (row, header, code, message, suggestion) => report(found[row], header, code, message, suggestion),
  };
  const unfit = fault ?? faultOf(head);
  if (unfit !== null) {
    const excerpt = text.split(/\r\n|\n|\r/)[(unfit.line ?? 0) - 1] ?? '';
    const place = unfit.line === null ? null : { line: unfit.line, column: 1, excerpt };
    problems.push(problem(place, '', unfit.code, unfit.message));
    return parsed;
  }

  const fields = { ...schema.columns, confidence, source } as Record<string, Column<unknown>>;
  const known = new Set([...Object.values(fields).map(({ header }) => header), ...schema.kept, 'note']);
  for (const { header, mayLack } of Object.values(fields))
    if (!mayLack && !position.has(header))
      problems.push(report(head, header, 'missing-column', 'this column is missing'));
  headers.forEach((header, at) => {
    const place = head === undefined ? null : placeOf(head, at);
    // Of columns of one name, the last is the one that is read.
    if (position.get(header) !== at)
      problems.push(problem(place, header, 'duplicate-column', 'this column is defined twice'));
    else if (!known.has(header))
      problems.push({
        ...problem(place, header, 'unknown-column', 'not a column of this table; it is ignored'),
        severity: 'warning',
      });
  });
  if (problems.some(({ severity }) => severity === 'error')) return parsed;

  const firstWithKey = new Map<string, number>();
  found.forEach((whole, row) => {
    const { cells: record, line } = whole;
    const before = problems.length;
    if (record.length !== headers.length)
      problems.push(
        report(whole, '', 'wrong-cell-count', `has ${record.length} cells; the header has ${headers.length}`),
      );
    const values: Record<string, unknown> = { row, ...schema.constant };
    for (const [field, { header, read, ifEmpty }] of Object.entries(fields)) {
      const cell = cellOf(record, header);
      if (cell === '' && ifEmpty !== undefined) values[field] = ifEmpty;
      else {
        const result = readCell(read, cell);
        if ('fault' in result) problems.push(report(whole, header, result.fault.code, result.fault.message));
        else values[field] = result.value;
      }
    }
    if (problems.length > before) return;
    delete values.source;
    const key = schema.key.map((field) => String(values[field as string])).join(' / ');
    const first = firstWithKey.get(key);
    if (first === undefined) firstWithKey.set(key, line);
    else problems.push(report(whole, '', 'duplicate-key', `${key} stands already in line ${first}`));
    parsed.rows.push(values as unknown as RowOf<S>);
  });
  return parsed;
}

/** What a message repeats from a file may be of any length. */
const short = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;

function readCell(read: Reader<unknown>, cell: string): ReturnType<Reader<unknown>> {
  return cell === '' ? { fault: { code: 'missing-value', message: 'must not be empty' } } : read(cell);
}

/** Why a file is no table, by its first record; null where it may be one. */
function faultOf(head: CsvRecord | undefined): CsvText['fault'] {
  if (head === undefined) return { line: 1, code: 'empty-file', message: 'the file is empty' };
  if (head.cells.length <= maxColumns) return null;
  const message = `has ${head.cells.length} columns; at most ${maxColumns} are accepted`;
  return { line: head.line, code: 'too-many-columns', message };
}

/** What is wrong with one row, by the column it shows in. */
export type Complaint = { header: string; code: string; message: string; severity?: 'warning' };

/** What a row is checked against. */
export type Around = { rows: RowsByTable; date: DateText | ''; cell: (header: string) => string };

/** The file of a snapshot's corrections, in the folder of its tables. */
export const correctionsFile = 'corrections.csv';

const schema = table(['table', 'provider', 'name', 'column'], {
  /** The day the mistake was made known. */
  published: need(date),
  table: need(oneOf(...snapshotTables)),
  provider: need(text),
  /** Id of the model, instance type or product. */
  name: need(text),
  /** The column that is wrong, and what it should say; empty: nothing. */
  column: need(text),
  value: maybe(text),
});

const nameFields = { api: 'modelId', rental: 'instanceType', hosting: 'product' } as const;

/**
 * Applies corrections to the rows of a released snapshot, whose files stay. A corrected row names the day and source of
 * its correction, and its former value.
 */
export function applyCorrections(
  parsed: ParsedTables,
  file: string,
  content: string,
): { corrected: Corrected | null; problems: Problem[] } {
  const { rows, prose, problems, problemAt } = parseTable(schema, file, content, '');
  let published = '';
  const told = new Map<RowProse, Told>();
  for (const correction of rows) {
    const problem = correct(parsed, correction, prose[correction.row] ?? { source: '', date: '', note: '' }, told);
    if (problem !== null) problems.push(problemAt(correction.row, problem.header, 'bad-correction', problem.message));
    if (correction.published > published) published = correction.published;
  }
  for (const [said, { published: day, was, notes, sources }] of told) {
    said.note = [said.note, `corrected on ${day}: ${was.join(', ')}`, ...notes]
      .filter((part) => part !== '')
      .join('; ');
    said.source = [said.source, ...sources].join('; ');
  }
  return { corrected: rows.length === 0 ? null : { cells: rows.length, published }, problems };
}

/** What a corrected row has to say of it. */
type Told = { published: string; was: string[]; notes: Set<string>; sources: Set<string> };

type Correction = ReturnType<typeof parseTable<typeof schema>>['rows'][number];

/** What is wrong with a correction; null: it was made. */
function correct(
  parsed: ParsedTables,
  { table: name, provider, name: sold, column: header, value, published }: Correction,
  { source, note }: RowProse,
  told: Map<RowProse, Told>,
): { header: string; message: string } | null {
  const file = parsed[name as SnapshotTable];
  const columns = Object.entries(schemas[name as SnapshotTable].columns as Record<string, Column<unknown>>);
  const [field, column] = columns.find(([, each]) => each.header === header) ?? [];
  if (field === undefined || column === undefined)
    return { header: 'column', message: `${name}.csv has no column "${header}"` };
  const rows = (file?.rows ?? []) as unknown as Record<string, unknown>[];
  const found = rows.filter((row) => row.provider === provider && row[nameFields[name]] === sold);
  if (found.length === 0) return { header: 'name', message: `${name}.csv has no row of ${provider}/${sold}` };
  const read = value === null ? { value: column.ifEmpty } : column.read(value);
  if ('fault' in read) return { header: 'value', message: read.fault.message };
  if (read.value === undefined) return { header: 'value', message: `${header} must not be empty` };
  for (const row of found) {
    const at = row.row as number;
    const before = file?.cell(at, header) ?? '';
    row[field] = read.value;
    const said = file?.prose[at];
    if (said === undefined) continue;
    const one = told.get(said) ?? { published, was: [], notes: new Set(), sources: new Set() };
    told.set(said, one);
    one.was.push(before === '' ? `${header} was not given` : `${header} was ${before}`);
    if (note !== '') one.notes.add(note);
    one.sources.add(source);
  }
  return null;
}
