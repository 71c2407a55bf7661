import { findApiRow } from '../tables/aliases.js';
import type { DateText } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type Call, type CallTier, callTiers, isSentTwice, tierOfCall } from './call.js';
import { priceRatioAt } from './off-peak.js';
import { ratesAt } from './quote.js';
import { tierOf } from './token-prices.js';
import { billedParts } from './tokens.js';

/** A call without who serves it and when: that is given once, to `pricer`. */
export type PricedCall = Omit<Call, 'provider' | 'model' | 'at' | 'residency'>;

/**
 * A function that prices calls of one model, in USD: the total of `quote`, without parts and warnings, for millions of
 * calls. It returns null where `quote` has no bill: a batch or tier without a known price, negative tokens, a part of
 * the input larger than the whole. Null: the provider sells no such model, or the name is ambiguous.
 *
 * @param at the day or hour of the calls, as in `Call`; default: the day of the snapshot
 * @example const price = pricer(tables, 'openai', 'gpt-4o-mini'); price?.({ inputTokens: 1000, outputTokens: 200 }) //
 * USD
 */
export function pricer(
  tables: Tables,
  provider: string,
  model: string,
  at: DateText = tables.snapshot.date,
): ((call: PricedCall) => number | null) | null {
  const found = findApiRow(tables, provider, model);
  if (found === null) return null;
  const ratio = at.includes('T') ? priceRatioAt(found, at) : 1;
  const above = found.tierAboveInputTokens === null ? [] : [found.tierAboveInputTokens];
  const prompts = [0, ...above, ...found.furtherTiers.map((step) => step.above)].map((tokens) => tokens + 1);
  /** USD per token of each part, by the tier of the prompt; null: not sold so. */
  const usdPerToken = (tier: CallTier) =>
    prompts.map((prompt) => {
      const rates = ratesAt(found, tier, at, prompt);
      return rates && billedParts.map((part) => (rates[part].usdPerMTok * ratio) / 1e6);
    });
  const usdAt = new Map(callTiers.map((tier) => [tier, usdPerToken(tier)]));

  return ({ inputTokens, cachedTokens = 0, cacheWriteTokens = 0, cacheWrite1hTokens = 0, outputTokens, ...call }) => {
    const { convention, requests = 1 } = call;
    const others = cachedTokens + cacheWriteTokens + cacheWrite1hTokens;
    const fresh = convention === 'exclusive' ? inputTokens : inputTokens - others;
    const rates = usdAt.get(tierOfCall(call))?.[tierOf(found, fresh + others)];
    const least = Math.min(fresh, cachedTokens, cacheWriteTokens, cacheWrite1hTokens, outputTokens, requests);
    if (!rates || !(least >= 0) || isSentTwice(call)) return null;
    const [input = 0, cached = 0, write = 0, write1h = 0, output = 0] = rates;
    const usd =
      fresh * input +
      cachedTokens * cached +
      cacheWriteTokens * write +
      cacheWrite1hTokens * write1h +
      outputTokens * output;
    return Number.isFinite(usd * requests) ? usd * requests : null;
  };
}
