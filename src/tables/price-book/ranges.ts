import type { Origin } from '../tables.js';
import type { BookPath, Price, PriceBook } from './price-book.js';
import type { PriceRange, RangedCells } from './price-range.js';

/** A range as it was written, before it is known which cells it moves. */
export type WrittenRange = { book: PriceBook; path: BookPath; low: number; high: number };

/** One cell that a range moves. */
export type Moved = { range: WrittenRange; table: RangedCells['table']; row: Origin['row']; column: string };

/** The ranges in a price: its own, and that of the currency it is in. */
export function rangesOfPrice(price: Price, path: BookPath, book: PriceBook, inDollars = false): WrittenRange[] {
  const rate = inDollars ? 1 : (book.prices.currency?.usdPerUnit ?? 1);
  return [...rangeOf(price, path, book), ...rangeOf(rate, ['currency', 'usdPerUnit'], book)];
}

function rangeOf(price: Price, path: BookPath, book: PriceBook): WrittenRange[] {
  if (typeof price === 'number') return [];
  const { low, likely, high } = price;
  return likely > 0 ? [{ book, path, low: low / likely, high: high / likely }] : [];
}

/** The range of what a discount of 0 to 100 % leaves; null for one number. The higher discount is the lower end. */
export function rangeOfRest(percent: Price, path: BookPath, book: PriceBook): WrittenRange | null {
  if (typeof percent === 'number' || percent.likely >= 100) return null;
  const rest = 100 - percent.likely;
  return { book, path, low: (100 - percent.high) / rest, high: (100 - percent.low) / rest };
}

/** Whether two cells are moved by the same ranges, so that they stay in proportion. */
export const sameRanges = (one: readonly WrittenRange[], other: readonly WrittenRange[]): boolean =>
  one.length === other.length && one.every((range, index) => nameOf(range) === nameOf(other[index] as WrittenRange));

const nameOf = ({ book, path }: WrittenRange): string => `${book.label} ${path.join('.')}`;

/** Every range that moves a cell, with all its cells. */
export function priceRanges(moved: readonly Moved[]): PriceRange[] {
  const found = new Map<string, PriceRange>();
  const rows = new Map<string, RangedCells>();
  for (const { range, table, row, column } of moved) {
    const name = nameOf(range);
    const known = found.get(name) ?? {
      path: range.path.join('.'),
      place: range.book.where(range.path),
      book: range.book.name,
      low: range.low,
      likely: 1,
      high: range.high,
      rows: [],
    };
    found.set(name, known);
    const at = `${name} ${table} ${row}`;
    const cells = rows.get(at) ?? { table, row, columns: [] };
    if (!rows.has(at)) known.rows.push(cells);
    rows.set(at, cells);
    cells.columns.push(column);
  }
  return [...found.values()];
}
