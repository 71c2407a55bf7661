import { schemas } from './columns.js';
import type { TableName } from './tables.js';

/** What tells a row from the others of its table, as text: `provider/model`. The same row has the same name in every snapshot. */
export function rowName(table: TableName, row: object): string {
  const cells = row as Record<string, unknown>;
  const key = schemas[table].key as readonly string[];
  return key.flatMap((field) => cells[field] ?? []).join('/');
}
