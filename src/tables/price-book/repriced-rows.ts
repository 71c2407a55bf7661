import { pricesAfter } from '../prices-after.js';
import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Off } from './discounts.js';
import type { FixedHours, FixedTokens } from './fixed-prices.js';
import {
  type MachinePrice,
  machineFields,
  machinePriceNames,
  type TokenPrice,
  tokenFields,
  tokenPriceNames,
} from './price-book.js';
import { type Moved, sameRanges, type WrittenRange } from './ranges.js';

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
  let next: Partial<Record<TokenPrice, Cell>> = {};
  if (ends !== null) {
    const list = row.until !== null && row.until <= ends ? pricesAfter(row) : row;
    next = Object.fromEntries(tokenPriceNames.map((name) => [name, less(list[tokenFields[name]], off)]));
  } else if (row.until !== null) {
    // What a rate fixes without an end stays when the list moves on.
    const list = pricesAfter(row);
    const moving = rate === null ? (['input', 'output'] as const) : tokenPriceNames;
    next = Object.fromEntries(moving.map((name) => [name, cell(name, list[tokenFields[name]])]));
  }
  const told = Object.entries(next) as [TokenPrice, Cell][];
  if (told.every(([name, each]) => sameCell(each, cells[tokenFields[name]]))) {
    until = null;
    next = {};
  }
  const sure = rate?.usd.has('input') && rate.usd.has('output');
  return repriced(
    'api',
    { ...row, until, ...(sure && { confidence: 'high' as const }), ...(rate !== null && listedTier(row)) },
    {
      ...cells,
      nextInputUsdPerMTok: unknown,
      nextOutputUsdPerMTok: unknown,
      ...Object.fromEntries(Object.entries(next).map(([name, each]) => [nextFields[name as TokenPrice], each])),
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

/** How the tier of long prompts stands to the first prices of the list; nothing where there is none. */
function listedTier(row: ApiRow): Pick<ApiRow, 'tierRatios'> {
  const { inputUsdPerMTok: input, outputUsdPerMTok: output, tierInputUsdPerMTok, tierOutputUsdPerMTok } = row;
  const over = (tier: number | null, first: number) => (tier === null || first === 0 ? 1 : tier / first);
  return row.tierAboveInputTokens === null
    ? {}
    : { tierRatios: { input: over(tierInputUsdPerMTok, input), output: over(tierOutputUsdPerMTok, output) } };
}

/** What follows each price. */
const nextFields = {
  input: 'nextInputUsdPerMTok',
  output: 'nextOutputUsdPerMTok',
  cached: 'nextCachedInputUsdPerMTok',
  cacheWrite: 'nextCacheWriteUsdPerMTok',
  batchInput: 'nextBatchInputUsdPerMTok',
  batchOutput: 'nextBatchOutputUsdPerMTok',
  tierInput: 'nextTierInputUsdPerMTok',
  tierOutput: 'nextTierOutputUsdPerMTok',
} as const satisfies Record<TokenPrice, keyof ApiRow>;

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
