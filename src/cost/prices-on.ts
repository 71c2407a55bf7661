import type { ApiRow, DateText } from '../tables/rows.js';

/** Whether the row's introductory prices have ended by a day; their last day (or month) is still part of them. */
export function introductionEnded({ until }: ApiRow, day: DateText): boolean {
  return until !== null && day.slice(0, until.length) > until;
}

/**
 * The row with the prices of a day. After an introduction the next prices hold, and the cached, write, batch and tier
 * prices, of which no next ones are stated, move by the same ratio; where the introduction was free they are unknown.
 */
export function pricesOn(row: ApiRow, day: DateText): ApiRow {
  if (!introductionEnded(row, day)) return row;
  const input = row.nextInputUsdPerMTok ?? row.inputUsdPerMTok;
  const output = row.nextOutputUsdPerMTok ?? row.outputUsdPerMTok;
  const byInput = moved(row.inputUsdPerMTok, input);
  const byOutput = moved(row.outputUsdPerMTok, output);
  return {
    ...row,
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    cachedInputUsdPerMTok: byInput(row.cachedInputUsdPerMTok),
    cacheWriteUsdPerMTok: byInput(row.cacheWriteUsdPerMTok),
    batchInputUsdPerMTok: byInput(row.batchInputUsdPerMTok),
    batchOutputUsdPerMTok: byOutput(row.batchOutputUsdPerMTok),
    tierInputUsdPerMTok: byInput(row.tierInputUsdPerMTok),
    tierOutputUsdPerMTok: byOutput(row.tierOutputUsdPerMTok),
  };
}

const moved =
  (from: number, to: number) =>
  (usdPerMTok: number | null): number | null => {
    if (usdPerMTok === null || from === to) return usdPerMTok;
    return from > 0 ? (usdPerMTok * to) / from : null;
  };
