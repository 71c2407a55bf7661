import { withRows } from '../query.js';
import type { AcceleratorRow, ApiRow, CapabilityRow, HostingRow, ProviderRow, RentalRow } from '../rows.js';
import type { Origin, Prose, Reserved, RowProse, Tables } from '../tables.js';
import { type FixedTokens, fixedHours, fixedTokens, purchaseOf } from './fixed-prices.js';
import { ownCapability, ownHardware, ownModels, ownProviders } from './own-rows.js';
import {
  type BookProblem,
  type Entry,
  type Price,
  type PriceBook,
  problemsOf,
  type ReportProblem,
  tokenFields,
  tokenPriceNames,
  usdPerUnit,
} from './price-book.js';
import { type Moved, priceRanges } from './ranges.js';
import { discounts, type Off, repricedHosting, repricedMachine, repricedTokens } from './repriced-rows.js';

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
  const { problems, report } = problemsOf(book);
  checkCurrency(book, asOf, report);

  const sources = new Map<string, (list: Prose) => RowProse>();
  const providers = ownProviders(books, list.tables, report);
  for (const { row, entry } of providers)
    sources.set(rowKey({ table: 'providers', row: row.row }), () => proseOf(sourceOf(entry), entry));
  const described = providers.map(({ row }) => row);
  const models = ownModels(
    books,
    list.tables,
    described.map(({ provider }) => provider),
    report,
  );
  const byRow = new Map(models.map(({ row, moved }) => [row, moved]));
  const moved: Moved[] = [];
  const noted = <Row>(made: { row: Row; moved: readonly Moved[] }): Row => {
    moved.push(...made.moved);
    return made.row;
  };
  for (const { row, entry } of models)
    sources.set(rowKey({ table: 'api', row: row.row }), () => proseOf(sourceOf(entry), entry));
  const known = withRows(list.tables, { api: [...list.tables.api, ...models.map(({ row }) => row)] });
  const added = new Set(models.map(({ row }) => row));

  const rates = fixedTokens(books, known, asOf, report);
  const hours = fixedHours(books, known, report);
  const off = discounts(books, known, report);

  const api = known.api.map((row): ApiRow => {
    const rate = rates.get(row) ?? null;
    // The prices of a book's own model are its own: nothing is left to take a discount off.
    const less = added.has(row) ? null : (off.get(row) ?? null);
    const own = byRow.get(row) ?? [];
    if (rate === null && less === null) return noted({ row, moved: own });
    const origin = { table: 'api' as const, row: row.row };
    sources.set(rowKey(origin), (prose) => repricedProse(row, rate, less, prose(origin)));
    const repriced = repricedTokens(row, rate, less);
    const open = own.filter(
      ({ column }) => !tokenPriceNames.some((name) => tokenFields[name] === column && rate?.usd.has(name)),
    );
    return noted({ row: repriced.row, moved: [...open, ...repriced.moved] });
  });

  let next = known.rental.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  const reserved: Reserved[] = [];
  const rental = known.rental.flatMap((row): RentalRow[] => {
    const prices = hours.get(row) ?? null;
    const less = off.get(row) ?? null;
    if (prices === null && less === null) return [row];
    const made = repricedMachine(row, prices, less, next);
    const origin = { table: 'rental' as const, row: row.row };
    if (less !== null && made.rest !== null) sources.set(rowKey(origin), (prose) => lessProse(less, prose(origin)));
    const rest = made.rest === null ? [] : [noted(made.rest)];
    if (prices === null || made.fixed === null) return rest;
    next++;
    const own = noted(made.fixed);
    const entries = [...prices].map(([name, { entry }]) => `${purchaseOf[name]} ${sourceOf(entry)}`);
    sources.set(rowKey({ table: 'rental', row: own.row }), () => ({
      source: `${ownSource}${entries.join('; ')}`,
      date: '',
      note: '',
    }));
    for (const [name, { count }] of prices)
      if (count !== null) reserved.push({ row: own.row, purchase: purchaseOf[name], count });
    return [own, ...rest];
  });

  const hosting = known.hosting.map((row): HostingRow => {
    const less = off.get(row) ?? null;
    if (less === null || row.usdPerUnit === null) return row;
    const origin = { table: 'hosting' as const, row: row.row };
    sources.set(rowKey(origin), (prose) => lessProse(less, prose(origin)));
    return noted(repricedHosting(row, less));
  });

  const capability = ownCapability(books, known, report);
  for (const { row, entry } of capability)
    sources.set(rowKey({ table: 'capability', row: row.row }), () => proseOf(sourceOf(entry), entry));

  const hardware = ownHardware(books, known, report);
  for (const { row, entry } of hardware)
    sources.set(rowKey({ table: 'accelerators', row: row.row }), () => proseOf(sourceOf(entry), entry));

  const changed = new Set(sources.keys());
  const ownPricing = { books, changed, reserved, ranges: priceRanges(moved), list };
  return {
    tables: withRows(list.tables, {
      api,
      rental,
      hosting,
      ownPricing,
      ...withProviders(list.tables, described),
      ...withCapability(
        list.tables,
        capability.map(({ row }) => row),
      ),
      ...withHardware(
        list.tables,
        hardware.map(({ row }) => row),
      ),
    }),
    prose: (origin) => sources.get(rowKey(origin))?.(list.prose) ?? list.prose(origin),
    changed,
    problems,
  };
}

/** The catalog's providers and those of books, with their index; nothing to replace where there are none. */
const withProviders = (list: Tables, own: readonly ProviderRow[]): Partial<Tables> =>
  own.length === 0
    ? {}
    : {
        providers: [...list.providers, ...own],
        providerOf: new Map([...list.providerOf, ...own.map((row) => [row.provider, row] as const)]),
      };

/** The catalog's accelerators with the prices of books. */
const withHardware = (list: Tables, own: readonly AcceleratorRow[]): Partial<Tables> => {
  if (own.length === 0) return {};
  const priced = new Map(own.map((row) => [row.accelerator, row]));
  return {
    accelerators: list.accelerators.map((row) => priced.get(row.accelerator) ?? row),
    acceleratorOf: new Map([...list.acceleratorOf, ...priced]),
  };
};

/** The catalog's models with those that books judge, and the indexes over them. */
const withCapability = (list: Tables, own: readonly CapabilityRow[]): Partial<Tables> => {
  if (own.length === 0) return {};
  const judged = own.map((row) => [row.family, row] as const);
  const families = new Set(own.map(({ family }) => family));
  return {
    capability: [...list.capability.filter(({ family }) => !families.has(family)), ...own],
    capabilityOf: new Map([...list.capabilityOf, ...judged]),
    yardstickOf: new Map([...list.yardstickOf, ...judged]),
  };
};

function checkCurrency(book: PriceBook, asOf: string | null, report: ReportProblem): void {
  const { currency } = book.prices;
  if (currency === undefined) return;
  if (currency.code === 'USD' && (typeof currency.usdPerUnit !== 'number' || usdPerUnit(book) !== 1))
    report(book, ['currency', 'usdPerUnit'], 'bad-value', 'one US dollar is 1 USD');
  if (asOf !== null && currency.asOf > asOf)
    report(book, ['currency', 'asOf'], 'future-rate', `this rate of exchange is of a day after ${asOf}`);
}

/** The place of an entry and what its writer says of it. */
const sourceOf = ({ book, path, source }: Entry): string =>
  `${book.name} (${book.where(path)}${source === undefined ? '' : `, ${source}`})`;

const proseOf = (source: string, { book }: Entry): RowProse => ({
  source: `${ownSource}${source}`,
  date: book.prices.currency?.asOf ?? '',
  note: '',
});

function repricedProse(row: ApiRow, rate: FixedTokens | null, less: Off | null, list: RowProse): RowProse {
  if (rate === null) return less === null ? list : lessProse(less, list);
  const fixed = tokenPriceNames.filter((name) => rate.usd.has(name));
  const open = tokenPriceNames.some((name) => !rate.usd.has(name) && row[tokenFields[name]] !== null);
  const after = rate.until === null ? [] : [`until ${rate.until}`];
  const own = proseOf([sourceOf(rate.entry), fixed.join(', '), ...after].join('; '), rate.entry);
  if (!open && rate.until === null) return own;
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
