import type { ColumnCache } from './column-cache.js';
import type { indexes, TableName } from './columns.js';
import type { PriceBook, PriceRange } from './price-book/price-book.js';
import type * as rows from './rows.js';
import type { StoredColumns } from './stored-columns.js';

/** Where a figure comes from: one row of one table. */
export type Origin = { table: TableName; row: number };

export type RowsByTable = { [Table in TableName]: rows.Row<Table>[] };
export type { TableName } from './columns.js';

/** Source, date and note of a row: only needed for the few rows a report quotes, so it loads apart. */
export type RowProse = { source: string; date: string; note: string };
/** Prose by table and row. */
export type Prose = (origin: Origin) => RowProse;

/** How many cells of a snapshot are corrected, and when the last mistake was made known. */
export type Corrected = { cells: number; published: string };

/** `corrected`: cells that say something else than the files as they were released; null: none. */
export type Snapshot = { date: rows.DateText; sha256: string; notes: string[]; corrected: Corrected | null };
export type LeftOut = { table: TableName; reason: string; rows: number };

/** Rows by what names them. */
type Indexes = {
  [Name in keyof typeof indexes]: ReadonlyMap<string, rows.Row<(typeof indexes)[Name][0]>>;
};

/** Everything the engine may know: one snapshot and the catalog, restricted to what existed on the snapshot's date. */
export type Tables = RowsByTable &
  Indexes & {
    snapshot: Snapshot;
    /** Rows that exist in the files but not here, by reason (for example released after the snapshot). */
    leftOut: LeftOut[];
    /** Every family there is, those released later among them: a need may name one, but it is never an option. */
    yardstickOf: ReadonlyMap<string, rows.CapabilityRow>;
    /** Tokens that every model on sale writes at once, as far as the tables say; 0: they say it of none. */
    surelyWritten: number;
    /** owning, latency and assumptions together, by name. */
    parameterOf: ReadonlyMap<string, rows.ParameterRow>;
    /** What was made of these rows column by column. */
    columnCache: ColumnCache;
    /** The same as the build made it of the rows of some tables, which these were copied from or are; absent: it made none. */
    stored?: { tables: Tables; columns: StoredColumns };
    /** Rows of the tables that these were copied from, to those that stand for them here; absent: these are no copy. */
    copyOf?: ReadonlyMap<object, object>;
    /** The tables whose rows were copied to be given other prices. */
    copiedFrom?: Tables;
    /** Prices of the user's own that are in these tables; absent: all prices are the list's. */
    ownPricing?: OwnPricing;
  };

/** Machines under contract: the row with their price, and how many there are. */
export type Reserved = { row: number; purchase: string; count: number };

/** What was done to tables to make them those with one's own prices. */
export type OwnPricing = {
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
