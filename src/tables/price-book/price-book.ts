import type { output } from '../../units/schema.js';
import type { Range } from '../../units/uncertain.js';
import type { Price, priceBookSchema } from './schema.js';

/** Where something stands in a book: keys and positions from its top. */
export type BookPath = readonly (string | number)[];

/** What a book holds, block by block, as its schema reads it. */
export type OwnPrices = output<typeof priceBookSchema>['prices'];

/** Prices of one's own, and what to call the place they come from. */
export type PriceBook = {
  name: string;
  /** Name, file and checksum. */
  label: string;
  /** It is the `prices` of a scenario; left out: a book of its own. */
  inScenario?: true;
  prices: OwnPrices;
  /** The place of an entry, as `file:line`. */
  where(path: BookPath): string;
};

/** Which book, and where in it. */
export type Entry = { book: PriceBook; path: BookPath; source?: string | undefined };

/** Reports a problem of an entry, or of its value `at` a key; `name` is none of `among`. */
export type ReportProblem = (
  entry: Entry,
  at: BookPath,
  code: string,
  message: string,
  name?: string,
  among?: Iterable<string>,
) => null;

type Blocks = Omit<OwnPrices, 'currency'>;
type ItemOf<Block> = Block extends (infer Item)[] ? Item : Block extends Record<string, infer Item> ? Item : never;

/** The entries of a block of some books, in order: of a list by position, of a map by name. */
export const entriesOf = <Block extends keyof Blocks>(books: readonly PriceBook[], block: Block) =>
  books.flatMap((book) => {
    const all: object = book.prices[block] ?? {};
    return Object.entries(all).map(([key, item]) => ({
      entry: { book, path: [block, Array.isArray(all) ? Number(key) : key], source: item.source } satisfies Entry,
      key,
      item: item as ItemOf<NonNullable<Blocks[Block]>>,
    }));
  });

/** Cells of one row that a range moves, by fields of `ApiRow`, `RentalRow` or `HostingRow`. */
export type RangedCells = { table: 'api' | 'rental' | 'hosting'; row: number; columns: string[] };

/**
 * A range in a book: of a price or of the rate of exchange, as factors on the likely value, which is 1; or of a
 * discount, in percent.
 */
type WrittenRange = Pick<Range, 'low' | 'likely' | 'high'> & {
  /** Of a factor or of a discount. */
  unit: 'x likely' | '%';
  book: PriceBook;
  path: BookPath;
};

/**
 * The same with all cells it moves. Multiplied by the factor of a value (`factorOf`), they give the book's tables at
 * that value; factors of two ranges on one cell multiply.
 */
export type PriceRange = WrittenRange & { rows: RangedCells[] };

/** What is paid with a value of a range, over what is paid with the likely one. */
export const factorOf = ({ unit, likely }: Pick<PriceRange, 'unit' | 'likely'>, value: number): number =>
  unit === '%' ? (100 - value) / (100 - likely) : value / likely;

/** A price of a row in USD, and the ranges that move it. */
export type Cell = { usd: number | null; ranges: readonly WrittenRange[] };
export const unknown: Cell = { usd: null, ranges: [] };

/** One number as a range of nothing else. */
export const endsOf = (price: Price): Range =>
  typeof price === 'number' ? { low: price, likely: price, high: price } : price;

/** USD for one unit of the book's currency. */
export const rateOf = ({ prices }: PriceBook): Price => prices.currency?.usdPerUnit ?? 1;

/** A price of an entry as a cell, with its range and that of the currency it is in. */
export function cellOf(price: Price, { book, path }: Entry, name: string): Cell {
  const range = (one: Price, at: BookPath): WrittenRange[] => {
    const { low, likely, high } = endsOf(one);
    if (typeof one === 'number' || likely === 0) return [];
    return [{ book, path: at, low: low / likely, likely: 1, high: high / likely, unit: 'x likely' }];
  };
  const rate = name === 'usdPerHour' ? 1 : rateOf(book);
  const ranges = [...range(price, [...path, name]), ...range(rate, ['currency', 'usdPerUnit'])];
  return { usd: endsOf(price).likely * endsOf(rate).likely, ranges };
}

const nameOf = ({ book, path }: WrittenRange): string => `${book.label} ${path.join('.')}`;

/** Whether two cells are equal, and moved by the same ranges. */
export const sameCell = (one: Cell, other: Cell): boolean =>
  one.usd === other.usd && one.ranges.map(nameOf).join() === other.ranges.map(nameOf).join();

/** Prices of one row that rates fix, by field; of tokens, until when they hold. */
export type Fixed = { cells: Map<string, Cell & { entry: Entry; count: number | null }>; until: string | null };
/** `factor` of the list price is left to pay; for a range of discounts the likely one. */
export type Off = { entry: Entry; percent: Price; factor: number; ranges: Cell['ranges'] };

/** Cells of one row, by their columns. */
export type RowCells = Pick<RangedCells, 'table' | 'row'> & { cells: Readonly<Record<string, Cell>> };

/** Every range that moves a cell, with all its cells. */
export function priceRanges(laid: readonly RowCells[]): PriceRange[] {
  const found = new Map<string, PriceRange>();
  for (const { table, row, cells } of laid)
    for (const [column, { ranges }] of Object.entries(cells))
      for (const range of ranges) {
        const name = nameOf(range);
        const known = found.get(name) ?? { ...range, rows: [] };
        found.set(name, known);
        const own = known.rows.find((one) => one.table === table && one.row === row);
        if (own === undefined) known.rows.push({ table, row, columns: [column] });
        else own.columns.push(column);
      }
  return [...found.values()];
}

/** What the price books in some tables are called; null: all prices are the list's. */
export const bookLabels = ({ ownPricing }: { ownPricing?: { books: readonly PriceBook[] } }): string | null =>
  ownPricing?.books.map(({ label }) => label).join('; ') ?? null;
