import type { Range } from '../../units/uncertain.js';
import type { Settable } from '../price-columns.js';
import type { DateText } from '../rows.js';

/** Where something stands in a book: keys and positions from its top. */
export type BookPath = readonly (string | number)[];

/** One number, or a range of it: what is decided takes the likely one, and draws take the rest. */
export type Price = number | Range;
export const likelyOf = (price: Price): number => (typeof price === 'number' ? price : price.likely);

type Agreed = { provider: string; source?: string | undefined };

/** A share off list prices, 0 to 100. */
export type Discount = Omit<Agreed, 'provider'> & {
  provider?: string | undefined;
  model?: string | undefined;
  on?: ('tokens' | 'rental' | 'hosting')[] | undefined;
  percent: Price;
};

/** Cells of rows, in the book's currency: per 1e6 tokens of a model, or per hour of an instance or of one accelerator. */
export type Rate = Agreed & {
  model?: string | undefined;
  instance?: string | undefined;
  accelerator?: string | undefined;
  region?: string | undefined;
  until?: DateText | undefined;
} & { [Name in Settable<'api'> | Settable<'rental'>]?: Price | undefined };

/** Machines under contract. One of the two prices is given: USD, or the book's currency, per instance-hour. */
export type Contract = Agreed & {
  instance: string;
  region?: string | undefined;
  /** Years. */
  term: number;
  usdPerHour?: Price | undefined;
  perHour?: Price | undefined;
  count?: number | undefined;
};

/** A model that the tables do not have. In the book's currency per 1e6 tokens. */
export type OwnModel = Agreed & {
  model: string;
  like?: string | undefined;
  kind?: 'cloud-api' | 'open-model-api' | undefined;
  /** Most tokens of a request, and of an answer. */
  context?: number | undefined;
  maxOutput?: number | undefined;
} & { [Name in Settable<'api'>]?: Price | undefined };

/**
 * A provider that the tables do not have: what the rules on data ask of one. Words as in `providers.csv`: `x` it has, `x?`
 * it has under conditions, `no:x` it is known not to have; what is not named is unknown.
 */
export type OwnProvider = Agreed & {
  /** Country it is operated from. */
  operator: string;
} & { [Words in 'regions' | 'certs' | 'agreements' | 'options']?: string[] | undefined };

export type OwnPrices = {
  currency?: { code: string; usdPerUnit: Price; asOf: DateText; source?: string | undefined } | undefined;
  discounts?: Discount[] | undefined;
  rates?: Rate[] | undefined;
  reserved?: Contract[] | undefined;
  /** What one accelerator costs, in the book's currency. */
  hardware?: Record<string, Price> | undefined;
  /** Capability index of families, 0 to 100. */
  capability?: Record<string, Price> | undefined;
  models?: OwnModel[] | undefined;
  providers?: OwnProvider[] | undefined;
};

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

/** Something wrong with an entry, or suspicious; whoever read the book knows the line. */
export type BookProblem = {
  severity: 'error' | 'warning';
  code: string;
  path: BookPath;
  message: string;
  /** A name that nobody knows, and those that could be meant. */
  near: { name: string; among: readonly string[] } | null;
};

/** Which book, and where in it. */
export type Entry = { book: PriceBook; path: BookPath; source?: string | undefined };

/** Notes what is wrong with an entry, or with what stands in it `at` a key. */
export type ReportProblem = (
  entry: Entry,
  at: BookPath,
  code: string,
  message: string,
  more?: { name?: string; among?: Iterable<string>; severity?: BookProblem['severity'] },
) => void;

type Blocks = Omit<Required<OwnPrices>, 'currency'>;
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

/** USD for one unit of the book's currency; of a range the likely one. */
export const usdPerUnit = ({ prices }: PriceBook): number => likelyOf(prices.currency?.usdPerUnit ?? 1);

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

/** A range as it was written, before it is known which cells it moves. */
export type WrittenRange = Pick<PriceRange, 'low' | 'likely' | 'high' | 'unit'> & { book: PriceBook; path: BookPath };

/** A price of a row in USD, and the ranges that move it. */
export type Cell = { usd: number | null; ranges: readonly WrittenRange[] };
export const unknown: Cell = { usd: null, ranges: [] };

/** A price of a book as a cell, with its range and that of the currency it is in. */
export function cellOf(price: Price, book: PriceBook, path: BookPath, inDollars = false): Cell {
  const range = (one: Price, at: BookPath): WrittenRange[] => {
    if (typeof one === 'number' || one.likely === 0) return [];
    const { low, likely, high } = one;
    return [{ book, path: at, low: low / likely, likely: 1, high: high / likely, unit: 'x likely' }];
  };
  const rate = inDollars ? 1 : (book.prices.currency?.usdPerUnit ?? 1);
  const ranges = [...range(price, path), ...range(rate, ['currency', 'usdPerUnit'])];
  return { usd: likelyOf(price) * likelyOf(rate), ranges };
}

const nameOf = ({ book, path }: WrittenRange): string => `${book.label} ${path.join('.')}`;

/** Whether two cells are equal, and moved by the same ranges. */
export const sameCell = (one: Cell, other: Cell): boolean =>
  one.usd === other.usd && one.ranges.map(nameOf).join() === other.ranges.map(nameOf).join();

/** The cells of a row that ranges may move. */
export type LaidRow = Omit<RangedCells, 'columns'> & { cells: Readonly<Record<string, Cell>> };

/** Every range that moves a cell, with all its cells. */
export function priceRanges(laid: readonly LaidRow[]): PriceRange[] {
  const found = new Map<string, PriceRange>();
  for (const { table, row, cells } of laid)
    for (const [column, { ranges }] of Object.entries(cells))
      for (const { book, path, ...range } of ranges) {
        const name = nameOf({ book, path, ...range });
        const inScenario = book.inScenario ?? false;
        const known: PriceRange = found.get(name) ?? {
          ...{ path: path.join('.'), ...range, inScenario, place: book.where(path), book: book.name, rows: [] },
        };
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
