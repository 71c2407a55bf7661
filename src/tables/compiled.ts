import { assemble } from './assemble.js';
import { tableNames } from './columns.js';
import type { ParsedTables } from './parse.js';
import type { ProfileRow } from './rows.js';
import type { StoredColumns } from './stored-columns.js';
import type { Prose, RowProse, RowsByTable, Snapshot, TableName, Tables } from './tables.js';

/** Some tables as JSON in whole rows, twice as fast to read as columns. Hourly multipliers are plain lists here. */
export type CompiledTables = { tables: { [Table in TableName]?: readonly unknown[] } };
export type CompiledSnapshot = CompiledTables & { snapshot: Snapshot };
/** Prose by column: each distinct text once (`of`), and its index by row (`at`). */
export type CompiledProse = { prose: { [Table in TableName]?: { [Part in keyof RowProse]: TextColumn } } };
type TextColumn = { of: string[]; at: number[] };

/** Encodes some tables with every row, for storage; a snapshot restricts them later. */
export function encodeTables(parsed: ParsedTables, names: readonly TableName[]): CompiledTables & CompiledProse {
  const compiled: CompiledTables & CompiledProse = { tables: {}, prose: {} };
  for (const name of names) {
    const table = parsed[name];
    if (!table) continue;
    compiled.tables[name] = table.rows.map((row) =>
      'multipliers' in row ? { ...row, multipliers: [...row.multipliers] } : row,
    );
    compiled.prose[name] = {
      source: textColumn(table.prose.map(({ source }) => source)),
      date: textColumn(table.prose.map(({ date }) => date)),
      note: textColumn(table.prose.map(({ note }) => note)),
    };
  }
  return compiled;
}

/** Tables in the form of `decodeTables`, both parts in one. */
export function encodeWhole(tables: Tables): CompiledSnapshot {
  const rows = Object.fromEntries(tableNames.map((name): [TableName, readonly unknown[]] => [name, tables[name]]));
  return {
    snapshot: tables.snapshot,
    tables: {
      ...rows,
      capability: [...tables.yardstickOf.values()],
      profiles: tables.profiles.map((row) => ({ ...row, multipliers: [...row.multipliers] })),
    },
  };
}

/**
 * The tables of one snapshot, as stored by `encodeTables`, restricted to what it may know.
 *
 * @param columns made by the build; left out: made on demand
 */
export function decodeTables(
  own: CompiledSnapshot,
  catalog: CompiledTables,
  columns: StoredColumns | null = null,
): Tables {
  const stored = { ...catalog.tables, ...own.tables };
  const rowsOf = <T extends TableName>(table: T) => {
    const rows = (stored[table] ?? []) as RowsByTable[T];
    return table === 'profiles' ? ((rows as ProfileRow[]).map(withTypedHours) as RowsByTable[T]) : rows;
  };
  const tables = assemble(own.snapshot, rowsOf);
  if (columns !== null) tables.stored = { tables, columns };
  return tables;
}

/** Sources, dates and notes of the rows of `decodeTables`. */
export function decodeProse(own: CompiledProse, catalog: CompiledProse): Prose {
  const stored = { ...catalog.prose, ...own.prose };
  return ({ table, row }) => {
    const columns = stored[table];
    const part = (name: keyof RowProse): string => columns?.[name].of[columns[name].at[row] ?? -1] ?? '';
    return { source: part('source'), date: part('date'), note: part('note') };
  };
}

function withTypedHours(row: ProfileRow): ProfileRow {
  return { ...row, multipliers: Float64Array.from(row.multipliers) };
}

function textColumn(texts: readonly string[]): TextColumn {
  const position = new Map<string, number>();
  const at = texts.map((text) => {
    const known = position.get(text) ?? position.size;
    position.set(text, known);
    return known;
  });
  return { of: [...position.keys()], at };
}
