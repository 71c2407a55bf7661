import { suggestion } from '../../units/suggest.js';
import { rentalForms } from '../price-columns.js';
import { withRows } from '../query.js';
import type { Origin, Prose, Reserved, Tables } from '../tables.js';
import { discounts, fixedPrices, type Laid, laidHosting, laidMachine, laidTokens, type Priced } from './laid-rows.js';
import { ownCapability, ownHardware, ownModels, ownProviders, rowAfter } from './own-rows.js';
import {
  type BookPath,
  type Fixed,
  type Off,
  type PriceBook,
  priceRanges,
  type RangedCells,
  type ReportProblem,
  type RowCells,
} from './price-book.js';

/** A problem with an entry; the reader of the book knows the line. */
export type BookProblem = {
  severity: 'error' | 'warning';
  code: string;
  path: BookPath;
  message: string;
  /** The name that was meant. */
  suggestion: string | null;
};

/** All else is an error. */
const warnings = ['ended-rate', 'two-changes', 'new-provider', 'unknown-capability', 'no-effect'];

/** One row of one table, as an entry of a set. */
export const rowKey = ({ table, row }: Origin): string => `${table} ${row}`;

/**
 * The tables with the prices of a book: its providers and models are added, then its rates and contracts fix prices,
 * then its discounts apply to the rest. Changed rows name the book as their source. Applied to tables with a book, both
 * hold, and the later one wins for a price: discounts do not add up.
 *
 * @param prose sources of `tables`
 * @param asOf the day of the assessment, by which a rate of exchange must be known; null: not checked
 * @returns new tables (`tables` stay as they are), their prose, the rows that changed, and what is wrong with `book`;
 * with an error among the problems the tables are not to be used
 */
export function applyPriceBook(
  tables: Tables,
  prose: Prose,
  book: PriceBook,
  asOf: string | null = null,
): { tables: Tables; prose: Prose; changed: ReadonlySet<string>; problems: BookProblem[] } {
  const list = tables.ownPricing?.list ?? { tables, prose };
  const books = [...(tables.ownPricing?.books ?? []), book];
  const problems: BookProblem[] = [];
  // Problems of earlier books were reported when they were applied.
  const report: ReportProblem = (entry, at, code, message, name, among = []) => {
    const severity = warnings.includes(code) ? 'warning' : 'error';
    const meant = name === undefined ? null : suggestion(name, [...new Set(among)], 'known');
    if (entry.book === book)
      problems.push({ severity, code, path: [...entry.path, ...at], message, suggestion: meant });
    return null;
  };
  const applied = { books, tables: list.tables, asOf, report };
  checkCurrency(book, asOf, report);

  const sources = new Map<string, NonNullable<Laid<unknown>['prose']>>();
  const laid: RowCells[] = [];
  /** Notes where rows are from and which of their cells may move. */
  const noted = <Row extends { row: number }>(table: Origin['table'], all: Iterable<Laid<Row>>): Row[] =>
    [...all].map(({ row, cells, prose }) => {
      const origin = { table, row: row.row };
      if (prose !== null) sources.set(rowKey(origin), prose);
      laid.push({ ...origin, cells } as RowCells);
      return row;
    });

  const providers = ownProviders(applied);
  const models = ownModels(applied, providers.keys());
  const added = [...models.values()];
  const known = withRows(list.tables, { api: [...list.tables.api, ...added.map(({ row }) => row)] });
  const fixed = fixedPrices({ ...applied, tables: known });
  const off = discounts({ ...applied, tables: known });
  for (const { row, cells } of added) {
    // Prices of a book's own model are fixed: no discount applies.
    off.delete(row);
    for (const field of fixed.get(row)?.cells.keys() ?? []) delete cells[field];
  }

  const laidOver = <Row extends Priced>(
    table: RangedCells['table'],
    rows: readonly Row[],
    lay: (row: Row, rate: Fixed, off: Off | null) => Laid<Row>[],
  ): Row[] =>
    rows.flatMap((row) => {
      const [rate, less] = [fixed.get(row), off.get(row) ?? null];
      if (rate === undefined && less === null) return [row];
      // The rest of the list's row comes first.
      return noted(table, lay(row, rate ?? { cells: new Map(), until: null }, less).toReversed()).toReversed();
    });
  const api = [...laidOver('api', list.tables.api, laidTokens), ...laidOver('api', noted('api', added), laidTokens)];
  const reserved: Reserved[] = [];
  let next = rowAfter(known.rental);
  const rental = laidOver('rental', known.rental, (row, rate, less) => {
    const made = laidMachine(row, rate, less, next);
    for (const { field, purchase } of rentalForms) {
      const count = rate.cells.get(field)?.count ?? null;
      if (count !== null) reserved.push({ row: next, purchase, count });
    }
    if (rate.cells.size > 0) next++;
    return made;
  });
  const hosting = laidOver('hosting', known.hosting, laidHosting);

  type Index<Row> = ReadonlyMap<string, Row>;
  /** Catalog tables in which rows of books replace those of the same name, or are added. */
  const inCatalog = <Row extends { row: number }>(
    table: Origin['table'],
    own: Index<Laid<Row>>,
    replaced: (over: (index: Index<Row>) => Index<Row>) => Partial<Tables>,
  ): Partial<Tables> => {
    noted(table, own.values());
    const rows = [...own].map(([name, { row }]) => [name, row] as const);
    return rows.length === 0 ? {} : replaced((index) => new Map([...index, ...rows]));
  };
  const catalog = {
    ...inCatalog('providers', providers, (over) => {
      const providerOf = over(list.tables.providerOf);
      return { providerOf, providers: [...providerOf.values()] };
    }),
    ...inCatalog('capability', ownCapability({ ...applied, tables: known }), (over) => {
      const capabilityOf = over(list.tables.capabilityOf);
      return { capabilityOf, capability: [...capabilityOf.values()], yardstickOf: over(list.tables.yardstickOf) };
    }),
    ...inCatalog('accelerators', ownHardware(applied), (over) => {
      const acceleratorOf = over(list.tables.acceleratorOf);
      return { acceleratorOf, accelerators: [...acceleratorOf.values()] };
    }),
  };
  const changed = new Set(sources.keys());
  const ownPricing = { books, changed, reserved, ranges: priceRanges(laid), list };
  return {
    tables: withRows(list.tables, { api, rental, hosting, ownPricing, ...catalog }),
    prose: (origin) => {
      const listed = list.prose(origin);
      return sources.get(rowKey(origin))?.(listed) ?? listed;
    },
    changed,
    problems,
  };
}

function checkCurrency(book: PriceBook, asOf: string | null, report: ReportProblem): void {
  const { currency } = book.prices;
  if (currency === undefined) return;
  const entry = { book, path: ['currency'] };
  if (currency.code === 'USD' && currency.usdPerUnit !== 1)
    report(entry, ['usdPerUnit'], 'bad-value', 'one US dollar is 1 USD');
  if (asOf !== null && currency.asOf > asOf)
    report(entry, ['asOf'], 'future-rate', `this rate of exchange is of a day after ${asOf}`);
}
