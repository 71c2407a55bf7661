import { rentalForms, settablePrices } from '../price-columns.js';
import { withRows } from '../query.js';
import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Origin, Prose, Reserved, RowProse, Tables } from '../tables.js';
import {
  discounts,
  type Fixed,
  fixedPrices,
  type Laid,
  laidHosting,
  laidMachine,
  laidTokens,
  type Off,
} from './laid-rows.js';
import { ownCapability, ownHardware, ownModels, ownProviders } from './own-rows.js';
import {
  type BookProblem,
  type Entry,
  type LaidRow,
  type Price,
  type PriceBook,
  priceRanges,
  type ReportProblem,
  usdPerUnit,
} from './price-book.js';

/** The beginning of a source that is a book; sources of the tables begin with the name of the table. */
export const ownSource = 'price book ';

/** One row of one table, as an entry of a set. */
export const rowKey = ({ table, row }: Origin): string => `${table} ${row}`;

/**
 * The tables with the prices of a book in them: its providers and models are added, then its rates and contracts fix prices, then its
 * discounts are taken off what is not fixed. Changed rows name the book as their source. Applied to tables that have a
 * book in them, both hold, and where both speak of a price the later one wins: discounts do not add up.
 *
 * @param prose sources of `tables`
 * @param asOf the day of the assessment, by which a rate of exchange must be known; null: not checked
 * @returns new tables (`tables` stay as they are), their prose, the rows that changed, and what is wrong with `book`; with
 *   an error among the problems the tables are not to be used
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
  const report: ReportProblem = (entry, at, code, message, { name, among = [], severity = 'error' } = {}) => {
    const near = name === undefined ? null : { name, among: [...new Set(among)] };
    if (entry.book === book) problems.push({ severity, code, path: [...entry.path, ...at], message, near });
  };
  checkCurrency(book, asOf, report);

  const sources = new Map<string, (list: Prose) => RowProse>();
  const laid: LaidRow[] = [];
  const noted = <Row>(made: Laid<Row>): Row => {
    laid.push(made.laid);
    return made.row;
  };
  const sourced = <Row extends { row: number }>(table: Origin['table'], own: { row: Row; entry: Entry }[]): Row[] =>
    own.map(({ row, entry }) => {
      sources.set(rowKey({ table, row: row.row }), () => proseOf(sourceOf(entry), entry));
      return row;
    });

  const providers = sourced('providers', ownProviders(books, list.tables, report));
  const named = providers.map(({ provider }) => provider);
  const models = ownModels(books, list.tables, named, report);
  const added = new Map(sourced('api', models).map((row, i) => [row, models[i] as (typeof models)[number]]));
  const known = withRows(list.tables, { api: [...list.tables.api, ...added.keys()] });
  const fixed = fixedPrices(books, known, asOf, report);
  const off = discounts(books, known, report);

  const api = known.api.map((row): ApiRow => {
    const rate = fixed.get(row) ?? null;
    const own = added.get(row);
    // The prices of a book's own model are its own: nothing is left to take a discount off.
    const less = own === undefined ? (off.get(row) ?? null) : null;
    if (own !== undefined) {
      const open = Object.entries(own.laid.cells).filter(([field]) => !rate?.cells.has(field));
      laid.push({ ...own.laid, cells: Object.fromEntries(open) });
    }
    if (rate === null && less === null) return row;
    const origin = { table: 'api' as const, row: row.row };
    sources.set(rowKey(origin), (prose) => tokenProse(row, rate, less, prose(origin)));
    return noted(laidTokens(row, rate, less));
  });

  let next = known.rental.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  const reserved: Reserved[] = [];
  const rental = known.rental.flatMap((row): RentalRow[] => {
    const [rate, less] = [fixed.get(row) ?? null, off.get(row) ?? null];
    if (rate === null && less === null) return [row];
    const made = laidMachine(row, rate, less, next);
    const origin = { table: 'rental' as const, row: row.row };
    if (less !== null && made.rest !== null) sources.set(rowKey(origin), (prose) => lessProse(less, prose(origin)));
    const rest = made.rest === null ? [] : [noted(made.rest)];
    if (rate === null || made.fixed === null) return rest;
    next++;
    const own = noted(made.fixed);
    const paid = rentalForms.flatMap(({ field, purchase }) => {
      const cell = rate.cells.get(field);
      return cell === undefined ? [] : [{ purchase, ...cell }];
    });
    const source = `${ownSource}${paid.map(({ purchase, entry }) => `${purchase} ${sourceOf(entry)}`).join('; ')}`;
    sources.set(rowKey({ table: 'rental', row: own.row }), () => ({ source, date: '', note: '' }));
    for (const { purchase, count } of paid) if (count !== null) reserved.push({ row: own.row, purchase, count });
    return [own, ...rest];
  });

  const hosting = known.hosting.map((row): HostingRow => {
    const less = off.get(row);
    if (less === undefined || row.usdPerUnit === null) return row;
    const origin = { table: 'hosting' as const, row: row.row };
    sources.set(rowKey(origin), (prose) => lessProse(less, prose(origin)));
    return noted(laidHosting(row, less));
  });

  const capability = sourced('capability', ownCapability(books, known, report));
  const hardware = sourced('accelerators', ownHardware(books, known, report));
  const changed = new Set(sources.keys());
  return {
    tables: withRows(list.tables, {
      ...{ api, rental, hosting },
      ownPricing: { books, changed, reserved, ranges: priceRanges(laid), list },
      ...inCatalog(list.tables, 'provider', { providers }, ['providerOf']),
      ...inCatalog(list.tables, 'family', { capability }, ['capabilityOf', 'yardstickOf']),
      ...inCatalog(list.tables, 'accelerator', { accelerators: hardware }, ['acceleratorOf']),
    }),
    prose: (origin) => sources.get(rowKey(origin))?.(list.prose) ?? list.prose(origin),
    changed,
    problems,
  };
}

/** A table of the catalog with rows of books in place of those of the same name or beside them, and its indexes; none: nothing. */
function inCatalog(
  list: Tables,
  field: string,
  own: { [Table in 'providers' | 'capability' | 'accelerators']?: object[] },
  indexes: readonly (keyof Tables)[],
): Partial<Tables> {
  const [[table, rows]] = Object.entries(own) as [[keyof Tables, Record<string, string>[]]];
  if (rows.length === 0) return {};
  const named = new Map(rows.map((row) => [row[field], row]));
  const listed = list[table] as unknown as Record<string, string>[];
  const names = new Set(listed.map((row) => row[field]));
  return {
    [table]: [
      ...listed.map((row) => named.get(row[field]) ?? row),
      ...rows.filter((row) => !names.has(row[field] as string)),
    ],
    ...Object.fromEntries(
      indexes.map((index) => [index, new Map([...(list[index] as Map<string, object>), ...named] as never)]),
    ),
  };
}

function checkCurrency(book: PriceBook, asOf: string | null, report: ReportProblem): void {
  const { currency } = book.prices;
  if (currency === undefined) return;
  const entry = { book, path: ['currency'] };
  if (currency.code === 'USD' && (typeof currency.usdPerUnit !== 'number' || usdPerUnit(book) !== 1))
    report(entry, ['usdPerUnit'], 'bad-value', 'one US dollar is 1 USD');
  if (asOf !== null && currency.asOf > asOf)
    report(entry, ['asOf'], 'future-rate', `this rate of exchange is of a day after ${asOf}`);
}

/** The place of an entry and what its writer says of it. */
const sourceOf = ({ book, path, source }: Entry): string =>
  `${book.name} (${book.where(path)}${source === undefined ? '' : `, ${source}`})`;

const proseOf = (source: string, { book }: Entry): RowProse => ({
  source: `${ownSource}${source}`,
  date: book.prices.currency?.asOf ?? '',
  note: '',
});

function tokenProse(row: ApiRow, rate: Fixed | null, less: Off | null, list: RowProse): RowProse {
  const [cell] = rate?.cells.values() ?? [];
  if (rate === null || cell === undefined) return less === null ? list : lessProse(less, list);
  const all = settablePrices('api');
  const fixed = all.flatMap(({ field, settable }) => (rate.cells.has(field) ? [settable] : []));
  const isOpen = all.some(({ field }) => !rate.cells.has(field) && row[field] !== null);
  const after = rate.until === null ? [] : [`until ${rate.until}`];
  const own = proseOf([sourceOf(cell.entry), fixed.join(', '), ...after].join('; '), cell.entry);
  if (!isOpen && rate.until === null) return own;
  return { ...list, source: `${own.source}; the rest ${less === null ? quoted(list) : lessText(less, list)}` };
}

const lessProse = (less: Off, list: RowProse): RowProse => ({ ...list, source: `${ownSource}${lessText(less, list)}` });

const lessText = ({ entry, percent }: Off, list: RowProse): string =>
  `${sourceOf(entry)}: ${percentText(percent)} off ${quoted(list)}`;

/** The middle and the ends of a range are computed: four digits say enough. */
const rounded = (percent: number): number => Number(percent.toPrecision(4));

const percentText = (percent: Price): string =>
  typeof percent === 'number'
    ? `${percent} %`
    : `${rounded(percent.likely)} % (${rounded(percent.low)} to ${rounded(percent.high)})`;

const quoted = ({ source }: RowProse): string => (source === '' ? 'the list price' : source);
