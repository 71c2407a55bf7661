import type { ApiRow, HostingRow, RentalRow } from '../rows.js';
import type { Off } from './discounts.js';
import type { FixedHours, FixedTokens } from './fixed-prices.js';
import { machineFields, machinePriceNames, tokenFields, tokenPriceNames } from './price-book.js';

/**
 * A row of the price list with what a rate fixes, and a discount on the rest. A row has one change of its prices: a rate
 * that ends is followed by the list price of that day, less the discount.
 */
export function repricedTokens(row: ApiRow, rate: FixedTokens | null, off: Off | null): ApiRow {
  const factor = off?.factor ?? 1;
  const less = (usd: number | null) => (usd === null ? null : usd * factor);
  const prices = Object.fromEntries(
    tokenPriceNames.map((name) => [tokenFields[name], rate?.usd.get(name) ?? less(row[tokenFields[name]])]),
  );
  const own = { ...row, ...prices } as ApiRow;
  if (rate?.usd.has('input') && rate.usd.has('output')) own.confidence = 'high';
  const ends = rate?.until ?? null;
  const open = { input: less(row.nextInputUsdPerMTok), output: less(row.nextOutputUsdPerMTok) };
  if (ends !== null) {
    const changed = row.until !== null && row.until <= ends;
    own.until = ends;
    own.nextInputUsdPerMTok = (changed ? open.input : null) ?? less(row.inputUsdPerMTok);
    own.nextOutputUsdPerMTok = (changed ? open.output : null) ?? less(row.outputUsdPerMTok);
  } else if (row.until !== null) {
    own.nextInputUsdPerMTok = rate?.usd.get('input') ?? open.input;
    own.nextOutputUsdPerMTok = rate?.usd.get('output') ?? open.output;
  }
  const same = own.nextInputUsdPerMTok === own.inputUsdPerMTok && own.nextOutputUsdPerMTok === own.outputUsdPerMTok;
  return same ? { ...own, until: null, nextInputUsdPerMTok: null, nextOutputUsdPerMTok: null } : own;
}

/** The fixed prices of a machine as a row of their own, so that every other price keeps its source. */
export function fixedMachine(row: RentalRow, prices: FixedHours, number: number): RentalRow {
  const own = machinePriceNames.map((name) => [machineFields[name], prices.get(name)?.usd ?? null]);
  return { ...row, ...Object.fromEntries(own), row: number, confidence: 'high' };
}

/** What is not fixed of a machine, less the discount; null if nothing is left. */
export function otherMachine(row: RentalRow, prices: FixedHours | null, off: Off | null): RentalRow | null {
  const factor = off?.factor ?? 1;
  const left = machinePriceNames.map((name) => {
    const usd = prices?.has(name) ? null : row[machineFields[name]];
    return [machineFields[name], usd === null ? null : usd * factor] as const;
  });
  return left.every(([, usd]) => usd === null) ? null : { ...row, ...Object.fromEntries(left) };
}

export const repricedHosting = (row: HostingRow, { factor }: Off): HostingRow => ({
  ...row,
  usdPerUnit: row.usdPerUnit === null ? null : row.usdPerUnit * factor,
});
