import { priceColumns } from './price-columns.js';
import type { ApiRow } from './rows.js';

/** Prices that move with the first ones when an introduction or a rate ends. */
export const followed = priceColumns.api.flatMap(({ field, side, settable }) =>
  side === undefined || settable === undefined ? [] : [{ field, side }],
);

type Field = (typeof followed)[number]['field'];

/** The field with what follows a price, where that is stated. */
export const nextOf = <Name extends Field>(field: Name) =>
  `next${field.charAt(0).toUpperCase()}${field.slice(1)}` as `next${Capitalize<Name>}`;

/**
 * The row after its introduction: the next prices, and others without a next one by the same ratio; unknown where the
 * introduction was free.
 */
export function pricesAfter(row: ApiRow): ApiRow {
  const input = row.nextInputUsdPerMTok ?? row.inputUsdPerMTok;
  const output = row.nextOutputUsdPerMTok ?? row.outputUsdPerMTok;
  const by = { input: moved(row.inputUsdPerMTok, input), output: moved(row.outputUsdPerMTok, output) };
  const after: ApiRow = { ...row, cacheWrite1hUsdPerMTok: by.input(row.cacheWrite1hUsdPerMTok) };
  for (const { field, side } of followed) {
    const next = row[nextOf(field)];
    // A cell known to be empty replaces the earlier price too.
    Object.assign(after, { [field]: next === undefined ? by[side](row[field]) : next });
  }
  const furtherTiers = row.furtherTiers.map((step) => ({
    ...step,
    input: by.input(step.input) ?? input,
    output: by.output(step.output) ?? output,
  }));
  return { ...after, inputUsdPerMTok: input, outputUsdPerMTok: output, furtherTiers };
}

const moved =
  (from: number, to: number) =>
  (usdPerMTok: number | null): number | null => {
    if (usdPerMTok === null || from === to) return usdPerMTok;
    return from > 0 ? (usdPerMTok * to) / from : null;
  };
