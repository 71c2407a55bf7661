import type { Problem } from '../../units/problem.js';
import { type SnapshotTable, schemas, snapshotTables } from '../columns.js';
import { loadTables } from '../load.js';
import type { Prose, Tables } from '../tables.js';
import { carriedRows } from './carried-rows.js';
import { type ImportFormatName, importFormats } from './formats.js';
import type { OutputRow } from './mapped-row.js';
import { type NameRow, providerNamed } from './names.js';
import { rowLines, type SnapshotFile, snapshotFiles } from './snapshot-files.js';
import { fileProblem, problemsOf } from './source-text.js';
import type { Count } from './tally.js';

export type ImportOrder = {
  format: ImportFormatName;
  /** The name that problems show. */
  file: string;
  text: string;
  /** Where the text comes from, as the snapshot will say. */
  source: string;
  date: string;
  /** Names, ours or the format's: only these; for a format whose files are one provider's, which one it is. */
  providers: readonly string[];
  names: readonly NameRow[];
  base: { tables: Tables; prose: Prose };
};
export type Imported = {
  files: SnapshotFile[];
  rows: Record<SnapshotTable, number>;
  notCarried: Count[];
  figuresLeft: Count[];
  /** Families that capability.csv does not know. */
  unrated: string[];
};

/**
 * A price file of another tool as a snapshot folder in our layout. A row that our layout cannot hold is left out and
 * counted by reason; a file with an error in it gives none, and all its problems with their lines.
 */
export function importPrices(order: ImportOrder): { imported: Imported | null; problems: Problem[] } {
  const { file, date, base } = order;
  const refuse = (...problems: Problem[]) => ({ imported: null, problems });
  const unknown = order.providers.filter((name) => !providerNamed(order.names, order.format, name, base.tables));
  if (unknown.length > 0) return refuse(...unknown.map((name) => unknownProvider(name, base.tables)));

  const format = { ...importFormats[order.format], name: order.format };
  const { records, faults, where } = format.read(order.text, date);
  const carried = carriedRows(faults.length > 0 ? [] : records, { ...order, format, tables: base.tables });
  const wrong = [...faults, ...carried.faults];
  if (wrong.length > 0) return refuse(...problemsOf(wrong, file, where));

  const { notCarried, figuresLeft, unrated } = carried;
  if (carried.rows.length === 0) {
    const reasons = notCarried.map(({ rows, reason }) => `${rows} ${reason}`).join('; ');
    return refuse(fileProblem('nothing-to-import', file, `no row can be carried: ${reasons || 'the file has none'}`));
  }
  const rows: Record<SnapshotTable, OutputRow[]> = { api: [], rental: [], hosting: [], [format.table]: carried.rows };
  const source = `${format.title}, imported from ${order.source}`;
  const files = snapshotFiles({ date, source, rows, notCarried, figuresLeft, unrated });

  const written = files.map(({ name, text }) => ({ file: name, text }));
  const errors = loadTables(written, base).problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const lines = rowLines(format.table, carried.rows);
    // What a row of ours cannot hold is told where the source says it.
    const inSource = (problem: Problem): Problem => {
      const row = carried.rows[lines.findLastIndex((line) => line <= (problem.line ?? 0))];
      const at = row && problem.file === schemas[format.table].file ? carried.places.get(row) : undefined;
      return at === undefined
        ? { ...problem, file: `${file} as ${problem.file}` }
        : { ...problem, file, ...where(at), path: '' };
    };
    return refuse(...errors.map(inSource));
  }
  const counts = Object.fromEntries(snapshotTables.map((table) => [table, rows[table].length]));
  return {
    imported: { files, rows: counts as Record<SnapshotTable, number>, notCarried, figuresLeft, unrated },
    problems: [],
  };
}

function unknownProvider(name: string, { providers }: Tables): Problem {
  const known = providers.map(({ provider }) => provider).join(', ');
  return fileProblem('unknown-provider', '', `"${name}" is not a provider of providers.csv`, `one of: ${known}`);
}
