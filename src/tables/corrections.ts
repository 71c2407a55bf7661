import type { Problem } from '../units/problem.js';
import { type Column, date, maybe, need, oneOf, table, text } from './column.js';
import { type SnapshotTable, schemas, snapshotTables } from './columns.js';
import { type ParsedTables, parseTable } from './parse.js';
import type { Corrected, RowProse } from './tables.js';

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
