import type { Demand, Slice } from '../scenario/demand.js';
import type { ApiRow } from '../tables/rows.js';
import { monthAfter } from '../units/month.js';
import { promptTier } from './prompt-tier.js';

/** USD per 1e6 tokens, averaged over the horizon. `null`: the provider bills no such price that we know. */
export type TokenPrices = {
  input: number;
  output: number;
  cached: number | null;
  write: number | null;
  batch: { input: number; output: number } | null;
  /** What the input price of every month of the volume is to its mean; null where all months are alike. */
  weights: readonly number[] | null;
};

/** What tells the prices of a month from those of the list: its requests, the decline until then, whether an introduction has ended. */
type PricedMonth = { requests: number; decline: number; ended: boolean };

/** A month of the horizon (0 = first) as prices see it. */
export const pricedMonth = ({ until }: Pick<ApiRow, 'until'>, month: number, demand: Demand): PricedMonth => ({
  requests: demand.growth[Math.min(month, demand.growth.length - 1)] as number,
  decline: (1 - demand.assume('priceDeclinePerYear')) ** ((demand.monthsBefore + month) / 12),
  ended: until !== null && monthAfter(demand.firstMonth, month) > until.slice(0, 7),
});

/**
 * What a row costs over the horizon for prompts of a size: the tier of the prompt (the whole request takes the tier's
 * price once the prompt exceeds it), the introductory price until its month ends and the next price from then on, and
 * the assumed yearly decline. Months weigh as much as their requests.
 */
export function tokenPrices(row: ApiRow, promptTokens: number, demand: Demand): TokenPrices {
  const { input, output, inputRatio, outputRatio } = promptTier(row, promptTokens);
  let weight = 0;
  let inputFactor = 0;
  let outputFactor = 0;
  const inputFactors: number[] = [];
  for (let month = 0; month < demand.months; month++) {
    const { requests, decline, ended } = pricedMonth(row, month, demand);
    weight += requests;
    const factor =
      decline * (ended && row.nextInputUsdPerMTok !== null ? row.nextInputUsdPerMTok / row.inputUsdPerMTok : 1);
    inputFactors.push(factor);
    inputFactor += requests * factor;
    outputFactor +=
      requests *
      decline *
      (ended && row.nextOutputUsdPerMTok !== null ? row.nextOutputUsdPerMTok / row.outputUsdPerMTok : 1);
  }
  inputFactor /= weight;
  outputFactor /= weight;
  const scaled = (price: number | null, factor: number) => (price === null ? null : price * factor);
  const { batchInputUsdPerMTok: batchInput, batchOutputUsdPerMTok: batchOutput } = row;
  return {
    input: input * inputFactor,
    output: output * outputFactor,
    cached: scaled(row.cachedInputUsdPerMTok, inputRatio * inputFactor),
    write: scaled(row.cacheWriteUsdPerMTok, inputRatio * inputFactor),
    batch:
      batchInput === null || batchOutput === null
        ? null
        : {
            input: batchInput * inputRatio * inputFactor,
            output: batchOutput * outputRatio * outputFactor,
          },
    // Without growth months differ in nothing but the price, and its mean says all.
    weights:
      demand.growth.length === 1 || inputFactors.every((factor) => factor === inputFactors[0])
        ? null
        : inputFactors.map((factor) => factor / inputFactor),
  };
}

/**
 * Whether a request may cost more in one month than in another: prices move, or the volume does, which more hits of a cache
 * and the tariff may follow.
 */
export function mayMove(row: ApiRow, slices: readonly Slice[], demand: Demand): boolean {
  if (demand.assume('priceDeclinePerYear') !== 0 || row.until !== null) return true;
  if (demand.growth.length === 1) return false;
  return slices.some(({ tokens, batchable }) => batchable || (tokens.prefix > 0 && tokens.cacheHitRate === null));
}
