import type * as rows from './columns.js';
import type { indexes, TableName } from './columns.js';
import type { PriceBook, PriceRange } from './price-book/price-book.js';

/**
 * Values made from some tables, by column. Copies with replaced rows share the cache of the original: values are keyed
 * by all their inputs.
 */
export class ColumnCache {
  readonly #entries: { parts: readonly unknown[]; value: unknown }[] = [];

  /** @param parts all inputs of the value, compared one by one; the first names it */
  of<Value>(parts: readonly unknown[], make: () => Value): Value {
    const found = this.#placeOf(parts);
    const entry = found >= 0 ? (this.#entries.splice(found, 1)[0] as { parts: typeof parts; value: unknown }) : null;
    const kept = entry ?? { parts, value: make() };
    this.#entries.unshift(kept);
    if (this.#entries.length > mostKept) this.#entries.pop();
    return kept.value as Value;
  }

  /** Whether a value was made of these. */
  has(parts: readonly unknown[]): boolean {
    return this.#placeOf(parts) >= 0;
  }

  #placeOf(parts: readonly unknown[]): number {
    return this.#entries.findIndex(
      (entry) => entry.parts.length === parts.length && entry.parts.every((part, i) => part === parts[i]),
    );
  }
}

/** Analyses change few assumptions, and scenarios of a batch few terms and data rules. */
const mostKept = 64;

/** Where a figure comes from: one row of one table. */
export type Origin = { table: TableName; row: number };

export type RowsByTable = { [Table in TableName]: rows.Row<Table>[] };
export type { TableName } from './columns.js';

/** Source, date and note of a row: needed for few rows, so loaded separately. */
export type RowProse = { source: string; date: string; note: string };
/** Prose by table and row. */
export type Prose = (origin: Origin) => RowProse;

/** Number of corrected cells of a snapshot, and the date of the last correction. */
export type Corrected = { cells: number; published: string };

/** `corrected`: cells that differ from the released files; null: none. */
export type Snapshot = { date: rows.DateText; sha256: string; notes: string[]; corrected: Corrected | null };
export type LeftOut = { table: TableName; reason: string; rows: number };

/** Rows by what names them. */
type Indexes = {
  [Name in keyof typeof indexes]: ReadonlyMap<string, rows.Row<(typeof indexes)[Name][0]>>;
};

/** All data of the engine: one snapshot and the catalog, restricted to what existed on the snapshot's date. */
export type Tables = RowsByTable &
  Indexes & {
    snapshot: Snapshot;
    /** Rows of the files that are left out, by reason (for example released after the snapshot). */
    leftOut: LeftOut[];
    /** Every family, later ones included: a need may name one, but it is never an option. */
    yardstickOf: ReadonlyMap<string, rows.CapabilityRow>;
    /** Tokens that every model on sale writes at once, by the tables; 0: unknown. */
    surelyWritten: number;
    /** owning, latency and assumptions together, by name. */
    parameterOf: ReadonlyMap<string, rows.ParameterRow>;
    /** What was made of these rows column by column. */
    columnCache: ColumnCache;
    /** The same as made by the build from the rows of these or the copied tables; absent: none. */
    stored?: { tables: Tables; columns: StoredColumns };
    /** Rows of the copied tables, to those that replace them here; absent: no copy. */
    copyOf?: ReadonlyMap<object, object>;
    /** The tables whose rows were copied to be given other prices. */
    copiedFrom?: Tables;
    /** The user's own prices in these tables; absent: list prices alone. */
    ownPricing?: OwnPricing;
  };

/** Machines under contract: the row with their price, and how many there are. */
export type Reserved = { row: number; purchase: string; count: number };

/** What was done to tables to make them those with one's own prices. */
type OwnPricing = {
  /** The books, the later ones first in what they say. */
  books: readonly PriceBook[];
  /** Rows with a price that is not the list's; see `rowKey`. */
  changed: ReadonlySet<string>;
  reserved: readonly Reserved[];
  /** Every range in the books that moves a price, with the cells it moves. */
  ranges: readonly PriceRange[];
  /** The tables before, and their prose. */
  list: { tables: Tables; prose: Prose };
};

/** Columns made by the build from some tables, and their other inputs: compare `key`. */
export type StoredColumns = { key: string; columns: Readonly<Record<string, StoredColumn>> };
export type StoredColumn = Float64Array | Int32Array | Uint8Array;

/** Kinds of columns, by their number in the file. */
const kinds = [Float64Array, Int32Array, Uint8Array] as const;
/** Every column begins at a multiple of the largest element. */
const alignment = 8;

type Head = { key: string; columns: [name: string, kind: number, from: number, length: number][] };

/**
 * Columns as one file: the length of its head (uint32, little-endian), the head as JSON, then each column in the
 * machine's number format.
 */
export function encodeColumns({ key, columns }: StoredColumns): Uint8Array {
  const head: Head = { key, columns: [] };
  let end = 0;
  for (const [name, column] of Object.entries(columns)) {
    const kind = kinds.findIndex((one) => column instanceof one);
    head.columns.push([name, kind, end, column.length]);
    end = aligned(end + column.byteLength);
  }
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = aligned(Uint32Array.BYTES_PER_ELEMENT + text.length);
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, Uint32Array.BYTES_PER_ELEMENT);
  for (const [name, , from] of head.columns) {
    const { buffer, byteOffset, byteLength } = columns[name] as StoredColumn;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), start + from);
  }
  return file;
}

/** The columns of such a file, as aligned views; null on a machine of the other byte order. */
export function decodeColumns(file: Uint8Array): StoredColumns | null {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) return null;
  const { buffer, byteOffset } = file.byteOffset % alignment === 0 ? file : file.slice();
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const first = byteOffset + Uint32Array.BYTES_PER_ELEMENT;
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, first, length))) as Head;
  const start = byteOffset + aligned(Uint32Array.BYTES_PER_ELEMENT + length);
  const columns = Object.fromEntries(
    head.columns.map(([name, kind, from, count]) => {
      const Kind = kinds[kind] as (typeof kinds)[number];
      return [name, new Kind(buffer as ArrayBuffer, start + from, count)];
    }),
  );
  return { key: head.key, columns };
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
