import * as catalog from './catalog-columns.js';
import type { Schema } from './column.js';
import * as snapshot from './snapshot-columns.js';
import type { RowsByTable, TableName } from './tables.js';

/** Every table as data. */
export const schemas: { readonly [Table in TableName]: Schema<RowsByTable[Table][number]> } = {
  ...snapshot,
  ...catalog,
};

/** Tables that have a date of their own, one folder per snapshot. */
export const snapshotTables = ['api', 'rental', 'hosting'] as const satisfies readonly TableName[];
export type SnapshotTable = (typeof snapshotTables)[number];
export type CatalogTable = Exclude<TableName, SnapshotTable>;

/** Sorted: bundlers and test runners order the names of a module differently, and hashes depend on the order. */
export const tableNames = (Object.keys(schemas) as TableName[]).sort();
/** Tables that hold for every snapshot. */
export const catalogTables = tableNames.filter(
  (table): table is CatalogTable => !(snapshotTables as readonly TableName[]).includes(table),
);
