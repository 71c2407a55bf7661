import { monthsPerYear } from '../../units/clock.js';
import { apiRowsNamed } from '../aliases.js';
import { pricedTiers } from '../catalog-columns.js';
import { priceColumns, rentalForms, settablePrices } from '../price-columns.js';
import { followed, nextOf, pricesAfter } from '../prices-after.js';
import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Tables } from '../tables.js';
import {
  type Cell,
  cellOf,
  type Discount,
  type Entry,
  entriesOf,
  type LaidRow,
  likelyOf,
  type Price,
  type PriceBook,
  type Rate,
  type ReportProblem,
  sameCell,
  unknown,
} from './price-book.js';

type Priced = ApiRow | RentalRow | HostingRow;

/** Prices of one row that rates fix, by field; of tokens, until when they hold. */
export type Fixed = { cells: Map<string, Cell & { entry: Entry; count: number | null }>; until: string | null };
/** What is left to pay is `factor` of the list price; of a range of discounts, the likely one. */
export type Off = { entry: Entry; percent: Price; factor: number; ranges: Cell['ranges'] };
/** A row with other prices, and the cells that ranges may move. */
export type Laid<Row> = { row: Row; laid: LaidRow };

/** Columns that an entry names a row by. */
const names = { provider: 'provider', instance: 'instanceType', accelerator: 'accelerator', region: 'region' } as const;

/** The rows that an entry names, column by column; a name that leaves none is an error. */
function rowsNamed(rows: readonly Priced[], entry: Entry, item: Partial<Rate>, tables: Tables, report: ReportProblem) {
  let left = rows;
  const narrow = (key: string, name: string, found: readonly Priced[], among: readonly string[]): boolean => {
    if (found.length === 0) {
      const at = key === 'provider' || item.provider === undefined ? '' : ` at ${item.provider}`;
      const message = `the tables of ${tables.snapshot.date} price no ${key} \`${name}\`${at}`;
      report(entry, [key], `unknown-${key}`, message, { name, among });
    }
    left = found;
    return found.length > 0;
  };
  for (const [key, field] of Object.entries(names) as [keyof typeof names, string][]) {
    const name = item[key];
    const valueIn = (row: Priced) => (row as unknown as Record<string, string>)[field] ?? '';
    const found = left.filter((row) => valueIn(row) === name);
    if (name !== undefined && !narrow(key, name, found, left.map(valueIn))) return [];
  }
  const { model } = item;
  if (model === undefined) return left;
  const sold = left.filter((row): row is ApiRow => 'modelId' in row);
  const sellers = [...new Set(sold.map(({ provider }) => provider))];
  const found = sellers.flatMap((seller) => apiRowsNamed(tables, seller, model).map(({ row }) => row));
  const among = sold.flatMap(({ modelId, family }) => [modelId, family]);
  return narrow('model', model, found, among) ? found : [];
}

/**
 * Prices that rates and contracts fix, by row. A later book's rate of a model replaces an earlier one's as a whole, that of a
 * machine price by price; two of one book are an error.
 */
export function fixedPrices(books: readonly PriceBook[], tables: Tables, asOf: string | null, report: ReportProblem) {
  const fixed = new Map<Priced, Fixed>();
  const fix = (entry: Entry, item: Rate, inDollars: string | null, count: number | null) => {
    const isOfTokens = item.model !== undefined;
    const all = isOfTokens ? settablePrices('api') : settablePrices('rental');
    for (const row of rowsNamed(isOfTokens ? tables.api : tables.rental, entry, item, tables, report)) {
      if ('modelId' in row) checkTokens(row, item, entry, report);
      const units = item.accelerator === undefined || !('gpuCount' in row) ? 1 : (row.gpuCount ?? 1);
      const earlier = fixed.get(row)?.cells ?? new Map();
      const isOfBook = [...earlier.values()].some((cell) => cell.entry.book === entry.book);
      const cells: Fixed['cells'] = isOfTokens && !isOfBook ? new Map() : earlier;
      for (const { settable, field, word } of all) {
        const price = item[settable];
        if (price === undefined) continue;
        const known = isOfTokens ? [...cells.values()][0] : cells.get(field);
        if (known !== undefined && known.entry !== entry && known.entry.book === entry.book) {
          const name = 'modelId' in row ? `${row.provider} / ${row.modelId}` : `${word} of ${row.provider}`;
          const message = `${name} has a rate already, at ${entry.book.where(known.entry.path)}`;
          report(entry, [], 'duplicate-rate', message);
          break;
        }
        const cell = cellOf(price, entry.book, [...entry.path, inDollars ?? settable], inDollars === 'usdPerHour');
        cells.set(field, { ...cell, usd: (cell.usd ?? 0) * units, entry, count });
      }
      fixed.set(row, { cells, until: item.until ?? null });
    }
  };
  for (const { entry, item } of entriesOf(books, 'rates')) {
    if (asOf !== null && item.until !== undefined && item.until < asOf)
      report(entry, ['until'], 'ended-rate', `this rate ended on ${item.until}: the list price holds after that`, {
        severity: 'warning',
      });
    fix(entry, item, null, null);
  }
  for (const { entry, item } of entriesOf(books, 'reserved')) {
    const { term, usdPerHour, perHour, count = null, ...machine } = item;
    const form = settablePrices('rental').find(({ months = 0 }) => months > 0 && months === term * monthsPerYear);
    const message = 'a contract runs for 1 year or 3 years: the tables have no others';
    if (form === undefined) report(entry, ['term'], 'bad-value', message);
    else {
      const rate = { ...machine, [form.settable]: usdPerHour ?? perHour };
      fix(entry, rate, usdPerHour === undefined ? 'perHour' : 'usdPerHour', count);
    }
  }
  for (const [row, { cells }] of fixed) {
    const spot = cells.get('spotUsdPerHour');
    if (spot === undefined || !('instanceType' in row) || cells.has('onDemandUsdPerHour')) continue;
    const message = `a spot price of ${row.provider} ${row.instanceType} needs one on demand for the hours without a spot machine, and the tables have none`;
    if (row.onDemandUsdPerHour === null) report(spot.entry, [], 'no-effect', message, { severity: 'warning' });
  }
  return fixed;
}

/** What a rate cannot say of a row. */
function checkTokens(row: ApiRow, rate: Rate, entry: Entry, report: ReportProblem): void {
  const named = `${row.provider} / ${row.modelId}`;
  if (rate.tierInput !== undefined && row.tierAboveInputTokens === null)
    report(entry, ['tierInput'], 'no-tier', `the tables know no prompt size above which ${named} costs more`);
  if (rate.until === undefined) return;
  const staying = settablePrices('api').find(({ side, settable }) => !side && rate[settable] !== undefined);
  const message = 'a price of this kind stays: give it in a rate without `until`';
  if (staying !== undefined) report(entry, [staying.settable], 'tier-until', message);
  if (row.until !== null && row.until > rate.until)
    report(
      entry,
      [],
      'two-changes',
      `the list price of ${named} changes after ${row.until} too: only the end of this rate is followed`,
      { severity: 'warning' },
    );
}

/**
 * The discount on each row that has one: of the latest book that speaks of the row, the entry that names it most
 * closely (its model before its provider, its provider before what it is on). Discounts never add up; two of one book that
 * name a row equally closely are an error.
 */
export function discounts(books: readonly PriceBook[], tables: Tables, report: ReportProblem): Map<Priced, Off> {
  const off = new Map<Priced, Off & { closeness: number }>();
  const tablesOf = { tokens: tables.api, rental: tables.rental, hosting: tables.hosting };
  for (const { entry, item } of entriesOf(books, 'discounts')) {
    const { provider, model, on, percent } = item;
    const closeness = Number(model !== undefined) * 4 + Number(provider !== undefined) * 2 + Number(on !== undefined);
    const one = { entry, percent, factor: (100 - likelyOf(percent)) / 100, ranges: rangesOff(item, entry), closeness };
    const targets = on ?? (model === undefined ? (['tokens', 'rental', 'hosting'] as const) : (['tokens'] as const));
    const rows: readonly Priced[] = targets.flatMap((target): readonly Priced[] => tablesOf[target]);
    const sells = rows.some((row) => row.provider === provider);
    if (provider !== undefined && !sells && tables.providerOf.has(provider)) {
      const message = `the tables of ${tables.snapshot.date} have no such price of ${provider}, so this discount has no effect`;
      report(entry, [], 'no-effect', message, { severity: 'warning' });
      continue;
    }
    let twin: Entry | null = null;
    for (const row of rowsNamed(rows, entry, { provider, model } as Rate, tables, report)) {
      const known = off.get(row);
      const isSameBook = known?.entry.book === entry.book;
      if (isSameBook && known.closeness === closeness) twin = known.entry;
      if (!isSameBook || known.closeness < closeness) off.set(row, one);
    }
    const message = (of: Entry) => `${of.book.where(of.path)} gives a discount on the same prices already`;
    if (twin !== null) report(entry, [], 'duplicate-discount', message(twin));
  }
  return off;
}

/** The range of a discount of 0 to 100 %; none of one number, and where the likely one leaves nothing to multiply. */
function rangesOff({ percent }: Discount, { book, path }: Entry): Cell['ranges'] {
  if (typeof percent === 'number' || percent.likely >= 100) return [];
  const { low, likely, high } = percent;
  return [{ book, path: [...path, 'percent'], low, likely, high, unit: '%' }];
}

const less = (usd: number | null, off: Off | null): Cell =>
  usd === null ? unknown : { usd: usd * (off?.factor ?? 1), ranges: off?.ranges ?? [] };

/** A row with some of its cells replaced. */
function laidRow<Row extends Priced>(table: LaidRow['table'], row: Row, cells: LaidRow['cells']): Laid<Row> {
  const usd = Object.fromEntries(Object.entries(cells).map(([column, cell]) => [column, cell.usd]));
  return { row: { ...row, ...usd }, laid: { table, row: row.row, cells } };
}

/**
 * A row of the price list with what a rate fixes, and a discount on the rest. A row has one change of its prices: a rate
 * that ends is followed by the list price of that day, less the discount; one without an end stays when the list moves on.
 */
export function laidTokens(row: ApiRow, rate: Fixed | null, off: Off | null): Laid<ApiRow> {
  const laid = (field: string, list: number | null): Cell => rate?.cells.get(field) ?? less(list, off);
  const cells: Record<string, Cell> = {};
  for (const { field } of settablePrices('api')) cells[field] = laid(field, row[field]);
  const ends = rate?.until ?? null;
  const changes = ends ?? row.until;
  const after = changes !== null && row.until !== null && row.until <= changes ? pricesAfter(row) : row;
  const next = followed.map(
    ({ field }) => [field, ends === null ? laid(field, after[field]) : less(after[field], off)] as const,
  );
  const isLasting = changes === null || next.every(([field, cell]) => sameCell(cell, cells[field] ?? unknown));
  const { tierRows = {} } = row;
  const ofCatalog = pricedTiers.filter(
    (tier) => tierRows[tier] !== undefined && !rate?.cells.has(`${tier}InputUsdPerMTok`),
  );
  const by = {
    input: row.inputUsdPerMTok > 0 ? (cells.inputUsdPerMTok?.usd ?? 0) / row.inputUsdPerMTok : 1,
    output: row.outputUsdPerMTok > 0 ? (cells.outputUsdPerMTok?.usd ?? 0) / row.outputUsdPerMTok : 1,
  };
  const isSure = priceColumns.api.every(({ field, required }) => !required || rate?.cells.has(field));
  // Prices that no rate names move as the first ones do.
  const along = priceColumns.api.flatMap(({ field, side, settable }) =>
    settable === undefined && side !== undefined && row[field] !== null ? [[field, row[field] * by[side]]] : [],
  );
  return laidRow(
    'api',
    {
      ...row,
      ...Object.fromEntries(along),
      furtherTiers: row.furtherTiers.map(({ above, input, output }) => ({
        ...{ above, input: input * by.input, output: output * by.output },
      })),
      tierRows: Object.fromEntries(ofCatalog.map((tier) => [tier, tierRows[tier]])),
      until: isLasting ? null : changes,
      ...(isSure && { confidence: 'high' as const }),
      ...(rate !== null && row.tierAboveInputTokens !== null && { tierRatios: listedRatios(row) }),
    },
    {
      ...cells,
      nextInputUsdPerMTok: unknown,
      nextOutputUsdPerMTok: unknown,
      ...(!isLasting && Object.fromEntries(next.map(([field, cell]) => [nextOf(field), cell]))),
    },
  );
}

/** How the tier of long prompts stands to the first prices of the list. */
function listedRatios(row: ApiRow): { input: number; output: number } {
  const over = (tier: number | null, first: number) => (tier === null || first === 0 ? 1 : tier / first);
  return {
    input: over(row.tierInputUsdPerMTok, row.inputUsdPerMTok),
    output: over(row.tierOutputUsdPerMTok, row.outputUsdPerMTok),
  };
}

/**
 * A machine with what rates fix, and a discount on the rest: the fixed prices as a row of their own, so that every other
 * price keeps its source, and what is left of the list's, if anything is.
 *
 * @param number of the row of fixed prices
 */
export function laidMachine(row: RentalRow, rate: Fixed | null, off: Off | null, number: number) {
  type CellIn = (field: (typeof rentalForms)[number]['field']) => Cell;
  const open: CellIn = (field) => (rate?.cells.has(field) ? unknown : less(row[field], off));
  const fixed: CellIn = (field) => rate?.cells.get(field) ?? unknown;
  /** A spot price takes along the one that stands in for it, if that is of the other row. */
  const machine = (of: RentalRow, own: CellIn, other: CellIn, otherRow: number): Laid<RentalRow> => {
    const cells = Object.fromEntries(rentalForms.map(({ field }) => [field, own(field)]));
    const standIn = other('onDemandUsdPerHour');
    return own('spotUsdPerHour').usd === null || standIn.usd === null
      ? laidRow('rental', of, cells)
      : laidRow('rental', { ...of, standInRow: otherRow }, { ...cells, standInUsdPerHour: standIn });
  };
  return {
    fixed: rate && machine({ ...row, row: number, confidence: 'high' }, fixed, open, row.row),
    rest: rentalForms.every(({ field }) => open(field).usd === null) ? null : machine(row, open, fixed, number),
  };
}

export const laidHosting = (row: HostingRow, off: Off): Laid<HostingRow> =>
  laidRow('hosting', row, Object.fromEntries(priceColumns.hosting.map(({ field }) => [field, less(row[field], off)])));
