import type { ApiRow } from '../tables/rows.js';
import type { Problem } from '../units/problem.js';
import { promptTier } from './prompt-tier.js';
import { quoteWarning } from './quote-problem.js';

/** A price per 1e6 tokens, and what to say of it where the tables do not state it as such. */
export type QuoteRate = { usdPerMTok: number; warning: Problem | null };
export type QuoteRates = Record<'input' | 'cached' | 'cacheWrite' | 'output', QuoteRate>;

const known = (usdPerMTok: number): QuoteRate => ({ usdPerMTok, warning: null });

/**
 * The prices of a call at the tier of its prompt; null for a batch whose price is not known, as no other price is one.
 *
 * A cached or write price that is not known is the price of other input. Within a batch neither is stated anywhere, and
 * the discount is taken to hold for the whole bill: some providers say it does, others give none on cached tokens.
 */
export function quoteRates(row: ApiRow, promptTokens: number, batch: boolean): QuoteRates | null {
  const tier = promptTier(row, promptTokens);
  const name = `${row.provider}/${row.modelId}`;
  const { batchInputUsdPerMTok, batchOutputUsdPerMTok } = row;
  if (batch && (batchInputUsdPerMTok === null || batchOutputUsdPerMTok === null)) return null;
  const input = batch ? (batchInputUsdPerMTok ?? Number.NaN) * tier.inputRatio : tier.input;
  const output = batch ? (batchOutputUsdPerMTok ?? Number.NaN) * tier.outputRatio : tier.output;

  const ofCache = (usdPerMTok: number | null, kind: 'cached' | 'cache-write', tokens: string): QuoteRate => {
    if (usdPerMTok === null) {
      const message = `the tables know no ${kind} price of ${name}: ${tokens} are billed as other input`;
      return { usdPerMTok: input, warning: quoteWarning(`no-${kind}-price`, message) };
    }
    const online = usdPerMTok * tier.inputRatio;
    if (!batch || tier.input === 0) return known(online);
    const message =
      `the tables know no ${kind} price of ${name} within a batch: ${tokens} are taken to have the same discount as ` +
      'other input, which some providers give and others do not';
    return {
      usdPerMTok: (online * input) / tier.input,
      warning: quoteWarning(`no-batch-${kind}-price`, message),
    };
  };
  return {
    input: known(input),
    cached: ofCache(row.cachedInputUsdPerMTok, 'cached', 'cached tokens'),
    cacheWrite: ofCache(row.cacheWriteUsdPerMTok, 'cache-write', 'tokens written to the cache'),
    output: known(output),
  };
}
