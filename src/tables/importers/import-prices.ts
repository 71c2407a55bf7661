import { stringify } from 'yaml';
import { fileProblem, type Problem } from '../../units/problem.js';
import { type SnapshotTable, schemas, snapshotTables } from '../columns.js';
import { loadTables } from '../load.js';
import { sha256 } from '../sha256.js';
import type { Prose, Tables } from '../tables.js';
import { carriedRows, type OutputRow } from './carried-rows.js';
import { countText, type ImportFormat, type LeftOut, type NameRow, problemsOf, providerNamed } from './format.js';
import { genaiPrices } from './genai-prices.js';
import { litellm } from './litellm.js';
import { skypilot } from './skypilot.js';

/** Every format that can be imported, by the name people type. */
export const importFormats = {
  litellm,
  'genai-prices': genaiPrices,
  skypilot,
} as const satisfies Readonly<Record<string, ImportFormat>>;
export type ImportFormatName = keyof typeof importFormats;

/** A file of a snapshot folder: its name there and its text. */
type SnapshotFile = { name: string; text: string };
type SnapshotContent = LeftOut & { date: string; source: string; rows: Record<SnapshotTable, OutputRow[]> };

/** The files of a snapshot folder; `snapshot.yaml` comes last, to mark it complete. */
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

/** A line break in a cell becomes another, refused control character, so that a row stays on its line. */
function quoted(cell: string): string {
  const text = cell.replaceAll(/[\r\n]/g, '\u0001');
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export type ImportOrder = {
  format: ImportFormatName;
  /** The name that problems show. */
  file: string;
  text: string;
  /** Where the text comes from, as the snapshot will say. */
  source: string;
  date: string;
  /** Names, ours or the format's: only these; for a format of single providers, which one. */
  providers: readonly string[];
  names: readonly NameRow[];
  base: { tables: Tables; prose: Prose };
};
export type Imported = LeftOut & { files: SnapshotFile[]; rows: Record<SnapshotTable, number> };

/**
 * Another tool's price file as a snapshot folder. A row that does not fit our layout is left out and counted by reason;
 * a file with an error gives none, and all its problems with their lines.
 */
export function importPrices(order: ImportOrder): { imported: Imported | null; problems: Problem[] } {
  const { file, date, base } = order;
  const refuse = (...problems: Problem[]) => ({ imported: null, problems });
  const unknown = order.providers.filter((name) => !providerNamed(order.names, order.format, name, base.tables));
  if (unknown.length > 0) return refuse(...unknown.map((name) => unknownProvider(name, base.tables)));

  const format = { ...importFormats[order.format], name: order.format };
  const { records, faults, where } = format.read(order.text, file, date);
  const carried = carriedRows(faults.length > 0 ? [] : records, { ...order, format, tables: base.tables });
  const wrong = [...faults, ...carried.faults];
  if (wrong.length > 0) return refuse(...problemsOf(wrong, file, where));

  const { faults: _, rows: __, ...left } = carried;
  const made = [...carried.rows.keys()];
  if (made.length === 0) {
    const reasons = left.notCarried.map(({ rows, reason }) => `${rows} ${reason}`).join('; ');
    return refuse(fileProblem('nothing-to-import', file, `no row can be carried: ${reasons || 'the file has none'}`));
  }
  const rows: Record<SnapshotTable, OutputRow[]> = { api: [], rental: [], hosting: [], [format.table]: made };
  const source = `${format.title}, imported from ${order.source}`;
  const files = snapshotFiles({ date, source, rows, ...left });

  const written = files.map(({ name, text }) => ({ file: name, text }));
  const errors = loadTables(written, base).problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    // What does not fit our rows is reported at its place in the source.
    const inSource = (problem: Problem): Problem => {
      const row = made[(problem.line ?? 0) - 2];
      const at = row && problem.file === schemas[format.table].file ? carried.rows.get(row) : undefined;
      return at === undefined
        ? { ...problem, file: `${file} as ${problem.file}` }
        : { ...problem, ...where(at), path: '' };
    };
    return refuse(...errors.map(inSource));
  }
  const counts = Object.fromEntries(snapshotTables.map((table) => [table, rows[table].length]));
  return {
    imported: { files, rows: counts as Record<SnapshotTable, number>, ...left },
    problems: [],
  };
}

function unknownProvider(name: string, { providers }: Tables): Problem {
  const known = providers.map(({ provider }) => provider).join(', ');
  return fileProblem('unknown-provider', '', `"${name}" is not a provider of providers.csv`, `one of: ${known}`);
}
