import { stringify } from 'yaml';
import { type SnapshotTable, schemas, snapshotTables } from '../columns.js';
import { sha256 } from '../sha256.js';
import type { OutputRow } from './mapped-row.js';
import { type Count, countText } from './tally.js';

/** A file of a snapshot folder: its name there and its text. */
export type SnapshotFile = { name: string; text: string };
export type SnapshotContent = {
  date: string;
  source: string;
  rows: Record<SnapshotTable, OutputRow[]>;
  notCarried: readonly Count[];
  figuresLeft: readonly Count[];
  unrated: readonly string[];
};

/** The files of a snapshot folder; `snapshot.yaml` comes last, so that a folder that breaks off is none. */
export function snapshotFiles(content: SnapshotContent): SnapshotFile[] {
  const tables = snapshotTables.map((table) => ({
    name: schemas[table].file,
    table,
    rows: content.rows[table],
    text: csv(headers(table), content.rows[table]),
  }));
  const manifest = {
    date: content.date,
    sources: [content.source],
    coverage: tables.map(({ table, rows }) => `${table}: ${rows.length === 0 ? 'the source has none' : held(rows)}`),
    notes: [
      'Imported: prices are those of the source, in USD, and nobody has checked them; confidence is medium throughout',
      'An empty cell is unknown, never free; a price of 0 in the source is taken as unknown',
      ...content.notCarried.map((count) => `Not carried, ${countText(count)}`),
      ...content.figuresLeft.map((count) => `Without a figure, ${countText(count)}`),
    ],
    ...(content.unrated.length > 0 && { unrated: content.unrated }),
    files: Object.fromEntries(
      tables.map(({ name, rows, text }) => [name, { rows: rows.length, sha256: sha256(text) }]),
    ),
  };
  return [
    ...tables.map(({ name, text }) => ({ name, text })),
    { name: 'snapshot.yaml', text: stringify(manifest, { lineWidth: 0 }) },
  ];
}

/** The line of its file in which each row begins: a cell may hold line breaks. */
export function rowLines(table: SnapshotTable, rows: readonly OutputRow[]): number[] {
  const names = headers(table);
  let line = 2;
  return rows.map((row) => {
    const first = line;
    line += 1 + names.reduce((sum, name) => sum + (row.get(name)?.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
    return first;
  });
}

function held(rows: readonly OutputRow[]): string {
  const providers = new Set(rows.map((row) => row.get('provider'))).size;
  return `${rows.length} rows of ${providers} provider${providers === 1 ? '' : 's'}`;
}

function headers(table: SnapshotTable): string[] {
  const { columns, kept } = schemas[table];
  return [...Object.values(columns).map(({ header }) => header), ...kept, 'source', 'confidence', 'note'];
}

function csv(names: readonly string[], rows: readonly OutputRow[]): string {
  const lines = rows.map((row) => names.map((name) => quoted(row.get(name) ?? '')).join(','));
  return [names.join(','), ...lines, ''].join('\n');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
