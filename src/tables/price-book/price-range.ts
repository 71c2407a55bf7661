import type { Range } from '../../units/uncertain.js';

/** Cells of one row that a range moves, by the names of the fields of `ApiRow`, `RentalRow` or `HostingRow`. */
export type RangedCells = { table: 'api' | 'rental' | 'hosting'; row: number; columns: string[] };

/**
 * A range that stands in a book: of a price or of the rate of exchange, as factors on the likely value, which is 1; or of a
 * discount, in percent. The factor of a value (`factorOf`) multiplied into all its cells makes the tables that the book
 * would make with that value; where two ranges move one cell, their factors multiply.
 */
export type PriceRange = Range & {
  /** Where it stands in its book: `rates.0.output`. */
  path: string;
  /** Of a factor or of a discount. */
  unit: 'x likely' | '%';
  /** Whether it stands in a scenario, where `--set prices.…` reaches it. */
  inScenario: boolean;
  /** The same as `file:line`. */
  place: string;
  /** What its book is called. */
  book: string;
  rows: RangedCells[];
};

/** What is paid with a value of a range, over what is paid with the likely one. */
export const factorOf = ({ unit, likely }: Pick<PriceRange, 'unit' | 'likely'>, value: number): number =>
  unit === '%' ? (100 - value) / (100 - likely) : value / likely;
