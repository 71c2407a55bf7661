import type { ApiRow } from './rows.js';

/**
 * The row once its introduction has ended: the next prices hold, and cached, write, batch and tier prices of which no next
 * ones are stated move by the same ratio; where the introduction was free they are unknown.
 */
export function pricesAfter(row: ApiRow): ApiRow {
  const input = row.nextInputUsdPerMTok ?? row.inputUsdPerMTok;
  const output = row.nextOutputUsdPerMTok ?? row.outputUsdPerMTok;
  const byInput = moved(row.inputUsdPerMTok, input);
  const byOutput = moved(row.outputUsdPerMTok, output);
  return {
    ...row,
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    cachedInputUsdPerMTok: stated(row.nextCachedInputUsdPerMTok, byInput(row.cachedInputUsdPerMTok)),
    cacheWrite1hUsdPerMTok: byInput(row.cacheWrite1hUsdPerMTok),
    cacheWriteUsdPerMTok: stated(row.nextCacheWriteUsdPerMTok, byInput(row.cacheWriteUsdPerMTok)),
    batchInputUsdPerMTok: stated(row.nextBatchInputUsdPerMTok, byInput(row.batchInputUsdPerMTok)),
    batchOutputUsdPerMTok: stated(row.nextBatchOutputUsdPerMTok, byOutput(row.batchOutputUsdPerMTok)),
    tierInputUsdPerMTok: stated(row.nextTierInputUsdPerMTok, byInput(row.tierInputUsdPerMTok)),
    tierOutputUsdPerMTok: stated(row.nextTierOutputUsdPerMTok, byOutput(row.tierOutputUsdPerMTok)),
    furtherTiers: row.furtherTiers.map((step) => ({
      ...step,
      input: byInput(step.input) ?? input,
      output: byOutput(step.output) ?? output,
    })),
  };
}

/** Known not to be there is known too. */
const stated = (next: number | null | undefined, otherwise: number | null): number | null =>
  next === undefined ? otherwise : next;

const moved =
  (from: number, to: number) =>
  (usdPerMTok: number | null): number | null => {
    if (usdPerMTok === null || from === to) return usdPerMTok;
    return from > 0 ? (usdPerMTok * to) / from : null;
  };
