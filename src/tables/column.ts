import { list, type Reader } from './cell.js';
import type { Confidence } from './kinds.js';

/** How one field of a row is read. An empty cell is `ifEmpty`, or a problem if there is none. */
export type Column<V> = {
  header: string;
  read: Reader<V>;
  ifEmpty?: V;
  /** A file may come without the column, as if all its cells were empty. */
  mayLack?: true;
};

type Columns = { readonly [Field: string]: Column<unknown> };

/** A table as data: its file, the columns of its rows, and what makes a row unique. */
export type TableSchema<C extends Columns = Columns> = {
  file: string;
  columns: C;
  key: readonly string[];
  /** Columns that a reader of the file needs and the program does not. */
  kept: readonly string[];
  /** Columns with the date of a row's facts, the first that is filled; none: the date of the snapshot or the catalog. */
  dated: readonly string[];
  /** Values that every row of the table has. */
  constant?: { readonly [Field: string]: unknown };
};

/** A row as its columns read it. `row` is its position in the file (0 = first data row). */
export type RowOf<S extends { columns: Columns }> = { row: number; confidence: Confidence } & {
  -readonly [Field in keyof S['columns']]: S['columns'][Field] extends Column<infer Value> ? Value : never;
};

/** Describes a table; the type of its rows follows from the columns. */
export const table = <const C extends Columns>(
  schema: TableSchema<C> & { key: readonly (keyof C & string)[] },
): TableSchema<C> => schema;

/** An empty cell is a problem. */
export function need<V>(header: string, read: Reader<V>): Column<V> {
  return { header, read };
}

/** An empty cell is unknown. */
export function maybe<V>(header: string, read: Reader<V>): Column<V | null> {
  return { header, read, ifEmpty: null };
}

/** Values with `;` between them; an empty cell is none. */
export function many<V>(header: string, read: Reader<V>): Column<V[]> {
  return { header, read: list(read), ifEmpty: [] };
}

/** A column that files written before it existed do not have. */
export function mayLack<V>(column: Column<V>): Column<V> {
  return { ...column, mayLack: true };
}
