import { catalogSchemas } from './catalog-columns.js';
import { snapshotSchemas } from './snapshot-columns.js';

/** Every table as data. */
export const schemas = {
  ...snapshotSchemas,
  ...catalogSchemas,
};
export type TableName = keyof typeof schemas;

/** Rows are looked up by these names: of a table, by the text in a column. */
export const indexes = {
  modelOf: ['models', 'family'],
  acceleratorOf: ['accelerators', 'accelerator'],
  capabilityOf: ['capability', 'family'],
  providerOf: ['providers', 'provider'],
  serviceOf: ['services', 'provider'],
  taskOf: ['tasks', 'task'],
  regionOf: ['regions', 'region'],
  profileOf: ['profiles', 'profile'],
  claimOf: ['claims', 'token'],
  imageTokensOf: ['imageTokens', 'family'],
  audioTokensOf: ['audioTokens', 'family'],
} as const satisfies Record<string, [TableName, string]>;

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
