import { apiRowsNamed } from '../aliases.js';
import { pricedTiers } from '../catalog-columns.js';
import { pricesAfter } from '../prices-after.js';
import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Tables } from '../tables.js';
import type { FixedHours, FixedTokens } from './fixed-prices.js';
import {
  type Discount,
  type DiscountTarget,
  type Entry,
  likelyOf,
  type MachinePrice,
  machineFields,
  machinePriceNames,
  type Price,
  type PriceBook,
  type ReportProblem,
  type TokenPrice,
  tokenFields,
  tokenPriceNames,
} from './price-book.js';
import { type Moved, rangeOfDiscount, sameRanges, type WrittenRange } from './ranges.js';

type Priced = ApiRow | RentalRow | HostingRow;
/** What is left to pay is `factor` of the list price; of a range of discounts, the likely one. */
export type Off = { entry: Entry; percent: Price; factor: number; range: WrittenRange | null };

/** How closely a discount names a row: its model before its provider, its provider before what it is on. */
const weights = { model: 4, provider: 2, on: 1 };

/**
 * The discount on each row that has one: of the latest book that speaks of the row, the entry that names it most
 * closely. Discounts never add up; two of one book that name a row equally closely are an error.
 */
export function discounts(books: readonly PriceBook[], tables: Tables, report: ReportProblem): Map<Priced, Off> {
  const off = new Map<Priced, Off>();
  for (const book of books) {
    const closest = new Map<Priced, { closeness: number; off: Off }>();
    for (const [index, discount] of (book.prices.discounts ?? []).entries()) {
      const path = ['discounts', index];
      const rows = rowsOf(discount, path, book, tables, report);
      const closeness = closenessOf(discount);
      const entry = { book, path, source: discount.source };
      const { percent } = discount;
      const range = rangeOfDiscount(percent, [...path, 'percent'], book);
      const one = { entry, percent, factor: (100 - likelyOf(percent)) / 100, range };
      let twin: Entry | null = null;
      for (const row of rows) {
        const known = closest.get(row);
        if (known?.closeness === closeness) twin = known.off.entry;
        else if (known === undefined || known.closeness < closeness) closest.set(row, { closeness, off: one });
      }
      if (twin !== null)
        report(
          book,
          path,
          'duplicate-discount',
          `${book.where(twin.path)} gives a discount on the same prices already`,
        );
    }
    for (const [row, { off: one }] of closest) off.set(row, one);
  }
  return off;
}

const closenessOf = ({ model, provider, on }: Discount): number =>
  (model === undefined ? 0 : weights.model) +
  (provider === undefined ? 0 : weights.provider) +
  (on === undefined ? 0 : weights.on);

function rowsOf(
  { provider, model, on }: Discount,
  path: readonly (string | number)[],
  book: PriceBook,
  tables: Tables,
  report: ReportProblem,
): Priced[] {
  const { api, rental, hosting, providerOf, snapshot } = tables;
  const targets: readonly DiscountTarget[] = on ?? (model === undefined ? ['tokens', 'rental', 'hosting'] : ['tokens']);
  const all: readonly Priced[] = [...api, ...rental, ...hosting];
  const providers = new Set(all.map((row) => row.provider));
  if (provider !== undefined && !providers.has(provider) && !providerOf.has(provider)) {
    const near = { name: provider, among: [...new Set([...providers, ...providerOf.keys()])] };
    const message = `the tables of ${snapshot.date} have no provider \`${provider}\``;
    report(book, [...path, 'provider'], 'unknown-provider', message, { near });
    return [];
  }
  const at = provider === undefined ? providers : new Set([provider]);
  if (model !== undefined) {
    const found = [...at].flatMap((each) => apiRowsNamed(tables, each, model).map(({ row }) => row));
    if (found.length === 0) {
      const known = api.filter((row) => at.has(row.provider)).flatMap(({ modelId, family }) => [modelId, family]);
      const where = provider === undefined ? '' : ` at ${provider}`;
      const message = `the tables of ${snapshot.date} price no model \`${model}\`${where}`;
      const near = { name: model, among: [...new Set(known)] };
      report(book, [...path, 'model'], 'unknown-model', message, { near });
    }
    return found;
  }
  const tablesOf: Record<DiscountTarget, readonly Priced[]> = { tokens: api, rental, hosting };
  const found = targets.flatMap((target) => tablesOf[target]).filter((row) => at.has(row.provider));
  if (found.length === 0) {
    const message = `the tables of ${snapshot.date} have no such price${provider === undefined ? '' : ` of ${provider}`}, so this discount has no effect`;
    report(book, path, 'no-effect', message, { severity: 'warning' });
  }
  return found;
}

/** A repriced row, and the cells of it that ranges move. */
type Repriced<Row> = { row: Row; moved: Moved[] };

/**
 * A row of the price list with what a rate fixes, and a discount on the rest. A row has one change of its prices: a rate
 * that ends is followed by the list price of that day, less the discount.
 */
export function repricedTokens(row: ApiRow, rate: FixedTokens | null, off: Off | null): Repriced<ApiRow> {
  const cell = (name: TokenPrice, list: number | null): Cell => {
    const fixed = rate?.usd.get(name);
    return fixed === undefined ? less(list, off) : { usd: fixed, ranges: rate?.ranges.get(name) ?? [] };
  };
  const cells = Object.fromEntries(
    tokenPriceNames.map((name) => [tokenFields[name], cell(name, row[tokenFields[name]])]),
  ) as Record<(typeof tokenFields)[TokenPrice], Cell>;
  const ends = rate?.until ?? null;
  let until = ends ?? row.until;
  let next: Partial<Record<keyof typeof nextFields, Cell>> = {};
  if (ends !== null) {
    const list = row.until !== null && row.until <= ends ? pricesAfter(row) : row;
    next = Object.fromEntries(followed.map((name) => [name, less(list[tokenFields[name]], off)]));
  } else if (row.until !== null) {
    // What a rate fixes without an end stays when the list moves on.
    const list = pricesAfter(row);
    const moving = rate === null ? (['input', 'output'] as const) : followed;
    next = Object.fromEntries(moving.map((name) => [name, cell(name, list[tokenFields[name]])]));
  }
  const told = Object.entries(next) as [keyof typeof nextFields, Cell][];
  if (told.every(([name, each]) => sameCell(each, cells[tokenFields[name]]))) {
    until = null;
    next = {};
  }
  const { tierRows = {} } = row;
  const listedTiers = pricedTiers.filter((tier) => tierRows[tier] !== undefined && !rate?.usd.has(`${tier}Input`));
  const sure = rate?.usd.has('input') && rate.usd.has('output');
  return repriced(
    'api',
    {
      ...row,
      tierRows: Object.fromEntries(listedTiers.map((tier) => [tier, tierRows[tier]])),
      until,
      ...scaledAlong(row, cells),
      ...(sure && { confidence: 'high' as const }),
      ...(rate !== null && listedTier(row)),
    },
    {
      ...cells,
      nextInputUsdPerMTok: unknown,
      nextOutputUsdPerMTok: unknown,
      ...Object.fromEntries(told.map(([name, each]) => [nextFields[name], each])),
    },
  );
}

/**
 * A machine with what rates fix, and a discount on the rest: the fixed prices as a row of their own, so that every other
 * price keeps its source, and what is left of the list's, if anything is.
 *
 * @param number of the row of fixed prices
 */
export function repricedMachine(
  row: RentalRow,
  prices: FixedHours | null,
  off: Off | null,
  number: number,
): { fixed: Repriced<RentalRow> | null; rest: Repriced<RentalRow> | null } {
  const open = (name: MachinePrice): Cell => (prices?.has(name) ? unknown : less(row[machineFields[name]], off));
  const fixed = (name: MachinePrice): Cell => prices?.get(name) ?? unknown;
  return {
    fixed: prices && machineOf({ ...row, row: number, confidence: 'high' }, fixed, open, row.row),
    rest: machinePriceNames.every((name) => open(name).usd === null) ? null : machineOf(row, open, fixed, number),
  };
}

type CellNamed = (name: MachinePrice) => Cell;

/** A row of a machine with its prices. A spot price takes along the one that stands in for it, if that is of `otherRow`. */
function machineOf(row: RentalRow, own: CellNamed, other: CellNamed, otherRow: number): Repriced<RentalRow> {
  const cells = Object.fromEntries(machinePriceNames.map((name) => [machineFields[name], own(name)]));
  const standIn = other('onDemand');
  return own('spot').usd === null || standIn.usd === null
    ? repriced('rental', row, cells)
    : repriced('rental', { ...row, standInRow: otherRow }, { ...cells, standInUsdPerHour: standIn });
}

export const repricedHosting = (row: HostingRow, off: Off): Repriced<HostingRow> =>
  repriced('hosting', row, { usdPerUnit: less(row.usdPerUnit, off) });

/** Prices that no rate names move as the first ones do. */
function scaledAlong(
  row: ApiRow,
  cells: Readonly<Record<'inputUsdPerMTok' | 'outputUsdPerMTok', Cell>>,
): Pick<ApiRow, 'furtherTiers' | 'cacheWrite1hUsdPerMTok'> {
  const by = (field: 'inputUsdPerMTok' | 'outputUsdPerMTok') =>
    row[field] > 0 ? (cells[field].usd ?? 0) / row[field] : 1;
  const [input, output] = [by('inputUsdPerMTok'), by('outputUsdPerMTok')];
  return {
    furtherTiers: row.furtherTiers.map((step) => ({
      ...step,
      input: step.input * input,
      output: step.output * output,
    })),
    cacheWrite1hUsdPerMTok: row.cacheWrite1hUsdPerMTok && row.cacheWrite1hUsdPerMTok * input,
  };
}

/** How the tier of long prompts stands to the first prices of the list; nothing where there is none. */
function listedTier(row: ApiRow): Pick<ApiRow, 'tierRatios'> {
  const { inputUsdPerMTok: input, outputUsdPerMTok: output, tierInputUsdPerMTok, tierOutputUsdPerMTok } = row;
  const over = (tier: number | null, first: number) => (tier === null || first === 0 ? 1 : tier / first);
  return row.tierAboveInputTokens === null
    ? {}
    : { tierRatios: { input: over(tierInputUsdPerMTok, input), output: over(tierOutputUsdPerMTok, output) } };
}

/** What follows each price; those of tiers move as the first ones do. */
const nextFields = {
  input: 'nextInputUsdPerMTok',
  output: 'nextOutputUsdPerMTok',
  cached: 'nextCachedInputUsdPerMTok',
  cacheWrite: 'nextCacheWriteUsdPerMTok',
  batchInput: 'nextBatchInputUsdPerMTok',
  batchOutput: 'nextBatchOutputUsdPerMTok',
  tierInput: 'nextTierInputUsdPerMTok',
  tierOutput: 'nextTierOutputUsdPerMTok',
} as const satisfies Partial<Record<TokenPrice, keyof ApiRow>>;
const followed = Object.keys(nextFields) as (keyof typeof nextFields)[];

/** A price of a row, and the ranges that move it. */
type Cell = { usd: number | null; ranges: readonly WrittenRange[] };
const unknown: Cell = { usd: null, ranges: [] };

const less = (usd: number | null, off: Off | null): Cell =>
  usd === null ? unknown : { usd: usd * (off?.factor ?? 1), ranges: off?.range ? [off.range] : [] };

const sameCell = (one: Cell, other: Cell): boolean => one.usd === other.usd && sameRanges(one.ranges, other.ranges);

/** @param cells by the names of the fields of the row */
function repriced<Row extends ApiRow | RentalRow | HostingRow>(
  table: Moved['table'],
  row: Row,
  cells: Readonly<Record<string, Cell>>,
): Repriced<Row> {
  const all = Object.entries(cells);
  return {
    row: { ...row, ...Object.fromEntries(all.map(([column, { usd }]) => [column, usd])) },
    moved: all.flatMap(([column, { ranges }]) =>
      ranges.map((range): Moved => ({ range, table, row: row.row, column })),
    ),
  };
}
