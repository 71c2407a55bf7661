import type { Origin, Tables } from '../tables.js';
import type { BookPath, Price, PriceBook, PriceRange, RangedCells } from './price-book.js';

/** A range as it was written, before it is known which cells it moves. */
export type WrittenRange = Pick<PriceRange, 'low' | 'likely' | 'high' | 'unit'> & { book: PriceBook; path: BookPath };

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
  return likely > 0 ? [{ book, path, low: low / likely, likely: 1, high: high / likely, unit: 'x likely' }] : [];
}

/** The range of a discount of 0 to 100 %; null for one number, and where the likely one leaves nothing to multiply. */
export function rangeOfDiscount(percent: Price, path: BookPath, book: PriceBook): WrittenRange | null {
  if (typeof percent === 'number' || percent.likely >= 100) return null;
  const { low, likely, high } = percent;
  return { book, path, low, likely, high, unit: '%' };
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
      unit: range.unit,
      inScenario: range.book.inScenario ?? false,
      place: range.book.where(range.path),
      book: range.book.name,
      low: range.low,
      likely: range.likely,
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

/** What the price books in some tables are called; null: all prices are the list's. */
export const bookLabels = ({ ownPricing }: Pick<Tables, 'ownPricing'>): string | null =>
  ownPricing?.books.map(({ label }) => label).join('; ') ?? null;
