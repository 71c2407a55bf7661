import type { PricedTier } from './catalog-columns.js';
import type { ApiRow, ServiceTierRow } from './rows.js';

/** Price rows with their tiers from the catalog; the row's own prices win. */
export function withServiceTiers(api: readonly ApiRow[], tiers: readonly ServiceTierRow[]): ApiRow[] {
  const sold = new Set(tiers.map(({ modelId }) => modelId));
  return api.map((row) => {
    const known = sold.has(row.modelId) ? tiers.filter((one) => isOf(one, row)) : [];
    if (known.length === 0) return row;
    const prices = known.map(({ tier, input, cached, output }) => ({
      [`${tier}InputUsdPerMTok`]: input,
      [`${tier}CachedUsdPerMTok`]: cached,
      [`${tier}OutputUsdPerMTok`]: output,
    }));
    return Object.assign({ ...row }, ...prices, {
      tierRows: Object.fromEntries(known.map(({ tier, row: at }) => [tier, at])),
    });
  });
}

const isOf = ({ provider, modelId, tier }: ServiceTierRow, row: ApiRow): boolean =>
  provider === row.provider && modelId === row.modelId && row[`${tier}InputUsdPerMTok`] === null;

/**
 * The row with a tier's published prices; prices that the tier lacks follow its input or output. Null: none published.
 * Flex is never dearer than the standard tier: such prices do not count.
 */
export function inTier(row: ApiRow, tier: PricedTier): ApiRow | null {
  const [input, output] = [row[`${tier}InputUsdPerMTok`], row[`${tier}OutputUsdPerMTok`]];
  const cached = row[`${tier}CachedUsdPerMTok`];
  const { inputUsdPerMTok, outputUsdPerMTok, cachedInputUsdPerMTok } = row;
  if (input === null || output === null) return null;
  const isDearer =
    input > inputUsdPerMTok ||
    output > outputUsdPerMTok ||
    (cached ?? 0) > (cachedInputUsdPerMTok ?? Number.POSITIVE_INFINITY);
  if (tier === 'flex' && isDearer) return null;
  const over = (usd: number, standard: number): number => (standard > 0 ? usd / standard : 1);
  const scaled = scaledPrices(row, over(input, inputUsdPerMTok), over(output, outputUsdPerMTok), sentOtherwise);
  return {
    ...scaled,
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    cachedInputUsdPerMTok: cached ?? scaled.cachedInputUsdPerMTok,
    billedAs: { tier },
  };
}

/** The same where nobody published prices of it: so many times the standard ones. */
export const assumedTier = (row: ApiRow, tier: PricedTier, over: number): ApiRow => ({
  ...scaledPrices(row, over, over, sentOtherwise),
  billedAs: { tier, over },
});

/** Prices of requests at other tiers. */
const sentOtherwise = /^(nextB|b)atch|^flex|^priority/;

/** A row with its input and output prices times two factors, except the named ones. */
export function scaledPrices(row: ApiRow, input: number, output: number, leftOut?: RegExp): ApiRow {
  const scaled = Object.entries(row).flatMap(([name, usd]) =>
    name.endsWith('UsdPerMTok') && typeof usd === 'number' && !leftOut?.test(name)
      ? [[name, usd * (name.includes('utput') ? output : input)]]
      : [],
  );
  return {
    ...row,
    ...Object.fromEntries(scaled),
    furtherTiers: row.furtherTiers.map((step) => ({
      ...step,
      input: step.input * input,
      output: step.output * output,
    })),
  };
}
