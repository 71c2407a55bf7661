import { catalogSchemas } from './catalog-columns.js';
import { snapshotSchemas } from './snapshot-columns.js';

/** Every table as data. */
export const schemas = {
  ...snapshotSchemas,
  ...catalogSchemas,
};
export type TableName = keyof typeof schemas;

/** Tables that have a date of their own, one folder per snapshot. */
export const snapshotTables = ['api', 'rental', 'hosting'] as const satisfies readonly TableName[];
export type SnapshotTable = (typeof snapshotTables)[number];
export type CatalogTable = Exclude<TableName, SnapshotTable>;

/** Sorted, as hashes depend on the order. */
export const tableNames = (Object.keys(schemas) as TableName[]).sort();
/** Tables that hold for every snapshot. */
export const catalogTables = tableNames.filter(
  (table): table is CatalogTable => !(snapshotTables as readonly TableName[]).includes(table),
);
