import type { DateText, ProfileRow } from './columns.js';
import { type CatalogTable, indexes, tableNames } from './columns.js';
import type { ParsedTables } from './parse.js';
import { withServiceTiers } from './service-tiers.js';
import type { StoredColumns } from './tables.js';
import {
  ColumnCache,
  type LeftOut,
  type Prose,
  type RowProse,
  type RowsByTable,
  type Snapshot,
  type TableName,
  type Tables,
} from './tables.js';

/** Tables of things that must exist before a snapshot can know of them. */
const withRelease = [
  ...(['models', 'accelerators', 'capability'] as const),
  ...(['provisionedThroughput', 'provisionedOffers', 'serviceTiers'] as const),
] as const satisfies readonly CatalogTable[];

/**
 * The tables for the engine: what was released up to the month of the snapshot, and rows without a date. Each table and
 * index is made on first use.
 */
export function assemble(snapshot: Snapshot, rowsOf: <T extends TableName>(table: T) => RowsByTable[T]): Tables {
  const month = snapshot.date.slice(0, 7);
  const later: Partial<Record<TableName, number>> = {};
  const tables = { snapshot } as Tables;

  for (const table of tableNames)
    lazily(tables, table, () => {
      const all = rowsOf(table) as readonly { released?: DateText | null }[];
      if (!(withRelease as readonly TableName[]).includes(table)) return all as never;
      const present = all.filter(({ released }) => !released || released.slice(0, 7) <= month);
      later[table] = all.length - present.length;
      return present as never;
    });

  lazily(tables, 'api', () => withServiceTiers(rowsOf('api'), tables.serviceTiers));
  lazily(tables, 'leftOut', () =>
    withRelease.flatMap((table): LeftOut[] => {
      void tables[table];
      const rows = later[table] ?? 0;
      return rows === 0 ? [] : [{ table, reason: 'released after the snapshot', rows }];
    }),
  );
  lazily(tables, 'columnCache', () => new ColumnCache());
  for (const [name, [table, key]] of Object.entries(indexes) as [keyof typeof indexes, [TableName, string]][])
    lazily(tables, name, () => indexed(tables[table] as readonly object[], key) as never);
  lazily(tables, 'yardstickOf', () => indexed(rowsOf('capability'), 'family'));
  lazily(tables, 'surelyWritten', () => {
    const least = tables.api.reduce(
      (most, { maxOutput }) => Math.min(most, maxOutput ?? most),
      Number.POSITIVE_INFINITY,
    );
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  });
  lazily(tables, 'parameterOf', () => indexed([...tables.owning, ...tables.latency, ...tables.assumptions], 'name'));
  return tables;
}

const indexed = <Row extends object>(rows: readonly Row[], key: string): Map<string, Row> =>
  new Map(rows.map((row) => [row[key as keyof Row] as string, row]));

/** A property computed on first read, once for the object and all its copies. */
function lazily<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  make: () => Target[Key],
): void {
  let made: { value: Target[Key] } | null = null;
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get() {
      made ??= { value: make() };
      Object.defineProperty(target, key, { enumerable: true, configurable: true, writable: true, value: made.value });
      return made.value;
    },
  });
}

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
