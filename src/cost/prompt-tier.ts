import type { ApiRow } from '../tables/rows.js';

/** Prices of a whole request whose prompt has a size, USD per 1e6 tokens, and how they stand to the row's first prices. */
export type PromptTier = { input: number; output: number; inputRatio: number; outputRatio: number };

type TieredPrices = Pick<
  ApiRow,
  | 'inputUsdPerMTok'
  | 'outputUsdPerMTok'
  | 'tierAboveInputTokens'
  | 'tierInputUsdPerMTok'
  | 'tierOutputUsdPerMTok'
  | 'tierRatios'
>;

/** Whether a prompt takes the prices of long ones. */
export const isLong = (
  { tierAboveInputTokens: above }: Pick<ApiRow, 'tierAboveInputTokens'>,
  promptTokens: number,
): boolean => above !== null && promptTokens > above;

/**
 * The tier of a prompt, cached tokens counted: once it exceeds the row's threshold the whole request takes the tier's
 * prices. A price the row states once (cached, write, batch) goes by the ratio.
 */
export function promptTier(row: TieredPrices, promptTokens: number): PromptTier {
  const inTier = isLong(row, promptTokens);
  const input = (inTier ? row.tierInputUsdPerMTok : null) ?? row.inputUsdPerMTok;
  const output = (inTier ? row.tierOutputUsdPerMTok : null) ?? row.outputUsdPerMTok;
  const ratio = (side: 'input' | 'output', inIt: number, first: number): number =>
    inTier && row.tierRatios !== undefined ? row.tierRatios[side] : first > 0 ? inIt / first : 1;
  return {
    input,
    output,
    inputRatio: ratio('input', input, row.inputUsdPerMTok),
    outputRatio: ratio('output', output, row.outputUsdPerMTok),
  };
}
