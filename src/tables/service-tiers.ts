import type { PricedTier } from './catalog-columns.js';
import type { ApiRow, ServiceTierRow } from './rows.js';

/** Where the prices of a tier stand in a row. */
export const tierFields = {
  flex: { input: 'flexInputUsdPerMTok', cached: 'flexCachedUsdPerMTok', output: 'flexOutputUsdPerMTok' },
  priority: {
    input: 'priorityInputUsdPerMTok',
    cached: 'priorityCachedUsdPerMTok',
    output: 'priorityOutputUsdPerMTok',
  },
} as const satisfies Record<PricedTier, Record<string, keyof ApiRow>>;

/** Price rows with what the catalog knows of their tiers; what a row says itself holds. */
export function withServiceTiers(api: readonly ApiRow[], tiers: readonly ServiceTierRow[]): ApiRow[] {
  const sold = new Set(tiers.map(({ modelId }) => modelId));
  return api.map((row) => {
    const known = sold.has(row.modelId) ? tiers.filter((one) => isOf(one, row)) : [];
    if (known.length === 0) return row;
    const prices = known.flatMap(({ tier, input, cached, output }) => {
      const fields = tierFields[tier];
      return [
        [fields.input, input],
        [fields.cached, cached],
        [fields.output, output],
      ];
    });
    const tierRows = Object.fromEntries(known.map(({ tier, row: at }) => [tier, at]));
    return { ...row, ...Object.fromEntries(prices), tierRows };
  });
}

const isOf = ({ provider, modelId, tier }: ServiceTierRow, row: ApiRow): boolean =>
  provider === row.provider && modelId === row.modelId && row[tierFields[tier].input] === null;

/**
 * The row with the published prices of a tier in place of the standard ones; what the tier has no price of moves as its input
 * or output does. Null: none are published. Flex is never dearer than the standard tier: prices that say so are none.
 */
export function inTier(row: ApiRow, tier: PricedTier): ApiRow | null {
  const fields = tierFields[tier];
  const [input, cached, output] = [row[fields.input], row[fields.cached], row[fields.output]];
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

/** Prices of requests that are sent another way. */
const sentOtherwise = /^(nextB|b)atch|^flex|^priority/;

/** A row with its prices of input and of output times two factors, but for those whose names are left out. */
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
