import type { Prose, RowProse, TableName } from './tables.js';

const nothing: RowProse = { source: '', date: '', note: '' };

/** Source, date and note by table and row; a table that `rowsOf` lacks is looked up in `base`. */
export function proseOf(rowsOf: (table: TableName) => readonly RowProse[] | undefined, base?: Prose): Prose {
  return ({ table, row }) => {
    const rows = rowsOf(table);
    if (rows === undefined && base) return base({ table, row });
    return rows?.[row] ?? nothing;
  };
}
