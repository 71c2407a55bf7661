import type { CallTokens } from './call.js';

const tokensPerPrice = 1e6;
export const billedParts = ['input', 'cached', 'cacheWrite', 'output'] as const;
export type BilledPart = (typeof billedParts)[number];

/** USD of each part of some like calls: tokens x calls x USD per 1e6 tokens / 1e6; parts without tokens are left out. */
export const tokenBill = (
  tokens: CallTokens,
  usdPerMTok: (part: BilledPart) => number,
  requests: number,
): { part: BilledPart; quantity: number; usd: number }[] =>
  billedParts
    .filter((part) => tokens[part] > 0)
    .map((part) => {
      const quantity = tokens[part] * requests;
      return { part, quantity, usd: (quantity * usdPerMTok(part)) / tokensPerPrice };
    });

/** Mean price of input and output tokens together, USD per 1e6 tokens; the amounts may be shares. */
export const blendedPrice = (
  input: { tokens: number; usdPerMTok: number },
  output: { tokens: number; usdPerMTok: number },
): number => (input.tokens * input.usdPerMTok + output.tokens * output.usdPerMTok) / (input.tokens + output.tokens);

/**
 * Factor of retries on a bill: 1 - f^(r+1) successes at full price and a billed share of every failed attempt, where an
 * attempt fails with probability f and is made again at most r times.
 */
export function retryFactor(failureRate: number, mostRetries: number, billedShare: number): number {
  const succeeded = 1 - failureRate ** (mostRetries + 1);
  const attempts = failureRate === 1 ? mostRetries + 1 : succeeded / (1 - failureRate);
  return succeeded + billedShare * (attempts - succeeded);
}

/**
 * Uses of a prefix from which caching it is cheaper than sending it each time: w + (n - 1) r < n, the write and read
 * multipliers of the input price; Infinity where reading saves nothing.
 */
export const cachePaysFromUses = (writeMultiplier: number, readMultiplier: number): number =>
  readMultiplier < 1
    ? Math.max(1, Math.floor((writeMultiplier - readMultiplier) / (1 - readMultiplier)) + 1)
    : Number.POSITIVE_INFINITY;

/** Factor of a batch tariff that a share of the work takes. */
export const batchFactor = (eligibleShare: number, tariff: number): number =>
  1 - eligibleShare + eligibleShare * tariff;

/** Provisioned throughput: units for a peak of tokens per minute, whole, in the vendor's steps. */
export const provisionedUnits = (peakTokensPerMinute: number, tokensPerMinutePerUnit: number, step: number): number =>
  Math.ceil(peakTokensPerMinute / tokensPerMinutePerUnit / step - 1e-9) * step;
