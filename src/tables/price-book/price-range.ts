import type { Range } from '../../units/range.js';

/** Cells of one row that a range moves, by the names of the fields of `ApiRow`, `RentalRow` or `HostingRow`. */
export type RangedCells = { table: 'api' | 'rental' | 'hosting'; row: number; columns: string[] };

/**
 * A range that stands in a book: of a price, of what a discount leaves, or of the rate of exchange. Its ends are factors
 * on the likely value, which is 1 and stands in the tables. One factor drawn for it and multiplied into all its cells
 * makes the tables that the book would make with that value; where two ranges move one cell, their factors multiply.
 */
export type PriceRange = Range & {
  /** Where it stands in its book: `rates.0.output`. */
  path: string;
  /** The same as `file:line`. */
  place: string;
  /** What its book is called. */
  book: string;
  rows: RangedCells[];
};
