import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Off } from './discounts.js';
import type { FixedHours, FixedTokens } from './fixed-prices.js';
import { machineFields, machinePriceNames, type TokenPrice, tokenFields, tokenPriceNames } from './price-book.js';
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
  let next = { input: unknown, output: unknown };
  if (ends !== null) {
    const changed = row.until !== null && row.until <= ends;
    next = {
      input: less((changed ? row.nextInputUsdPerMTok : null) ?? row.inputUsdPerMTok, off),
      output: less((changed ? row.nextOutputUsdPerMTok : null) ?? row.outputUsdPerMTok, off),
    };
  } else if (row.until !== null)
    next = { input: cell('input', row.nextInputUsdPerMTok), output: cell('output', row.nextOutputUsdPerMTok) };
  if (sameCell(next.input, cells.inputUsdPerMTok) && sameCell(next.output, cells.outputUsdPerMTok)) {
    until = null;
    next = { input: unknown, output: unknown };
  }
  const sure = rate?.usd.has('input') && rate.usd.has('output');
  return repriced(
    'api',
    { ...row, until, ...(sure && { confidence: 'high' as const }) },
    { ...cells, nextInputUsdPerMTok: next.input, nextOutputUsdPerMTok: next.output },
  );
}

/** The fixed prices of a machine as a row of their own, so that every other price keeps its source. */
export function fixedMachine(row: RentalRow, prices: FixedHours, number: number): Repriced<RentalRow> {
  const cells = machinePriceNames.map((name): [string, Cell] => [machineFields[name], prices.get(name) ?? unknown]);
  return repriced('rental', { ...row, row: number, confidence: 'high' }, Object.fromEntries(cells));
}

/** What is not fixed of a machine, less the discount; null if nothing is left. */
export function otherMachine(row: RentalRow, prices: FixedHours | null, off: Off | null): Repriced<RentalRow> | null {
  const cells = machinePriceNames.map((name): [string, Cell] => [
    machineFields[name],
    prices?.has(name) ? unknown : less(row[machineFields[name]], off),
  ]);
  return cells.every(([, { usd }]) => usd === null) ? null : repriced('rental', row, Object.fromEntries(cells));
}

export const repricedHosting = (row: HostingRow, off: Off): Repriced<HostingRow> =>
  repriced('hosting', row, { usdPerUnit: less(row.usdPerUnit, off) });

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
