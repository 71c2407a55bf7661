import { list, type Reader } from './cell.js';

/** How one field of a row is read. An empty cell is `ifEmpty`, or a problem if there is none. */
export type Column<V> = {
  header: string;
  read: Reader<V>;
  ifEmpty?: V;
  /** A file may come without the column, as if all its cells were empty. */
  mayLack?: true;
};

/** Fields that every table reads alike, or that its file name says. */
type Given = 'row' | 'confidence' | 'table';

/** Fields that a file has; what a row may lack is made later. */
type Field<Row> = Exclude<
  { [Name in keyof Row]-?: Partial<Pick<Row, Name>> extends Pick<Row, Name> ? never : Name }[keyof Row],
  Given
>;

/** A table as data: its file, the columns of its rows, and what makes a row unique. */
export type Schema<Row> = {
  file: string;
  columns: { [Name in Field<Row>]: Column<Row[Name]> };
  key: readonly Field<Row>[];
  /** Columns that a reader of the file needs and the program does not. */
  kept: readonly string[];
  /** Columns with the date of a row's facts, the first that is filled; none: the date of the snapshot or the catalog. */
  dated: readonly string[];
  /** What every row of the table has. */
  constant?: Partial<Row>;
};

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
