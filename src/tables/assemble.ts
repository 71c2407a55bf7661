import { ColumnCache } from './column-cache.js';
import { type CatalogTable, indexes, tableNames } from './columns.js';
import type { DateText } from './rows.js';
import { withServiceTiers } from './service-tiers.js';
import type { LeftOut, RowsByTable, Snapshot, TableName, Tables } from './tables.js';

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
