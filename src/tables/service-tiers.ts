import type { PricedTier } from './catalog-columns.js';
import type { ApiRow, ServiceTierRow, TuningRow } from './columns.js';
import { priceColumns } from './columns.js';
import type { Tables } from './tables.js';

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

/** Methods of tuning by example; others need preferences, graders or code. */
const byExample: ReadonlySet<string> = new Set(['sft', 'lora', 'full']);

/** Whether a model is tuned to examples. */
export const learnsFromExamples = ({ methods }: TuningRow): boolean => methods.some((method) => byExample.has(method));

/** `up to 16B`, `17B-69B`, `above 300B`: parameters of an open model, 1e9. */
const sizes = /^(?:(up to|above) ([\d.]+)B|([\d.]+)B-([\d.]+)B)$/;

const isOfSize = (words: string, paramsB: number): boolean => {
  const [, side, end, from, to] = sizes.exec(words) ?? [];
  if (side !== undefined) return side === 'up to' ? paramsB <= Number(end) : paramsB > Number(end);
  return from !== undefined && paramsB >= Number(from) && paramsB <= Number(to);
};

/** How closely a row names a model: by family, by size, or with all others; 0: not at all. */
function closeness({ model }: TuningRow, family: string, paramsB: number | null): number {
  if (model.split(';').includes(family)) return 3;
  if (paramsB !== null && isOfSize(model, paramsB)) return 2;
  return model === '*' ? 1 : 0;
}

/** Whether a model is known to be trained and kept outside of all required regions. */
export const leavesRegions = ({ dataInRegion }: TuningRow, residency: readonly string[]): boolean =>
  residency.length > 0 && (dataInRegion === 'no' || (dataInRegion === 'us_only' && !residency.includes('us')));

/** USD per 1e6 training tokens on examples, the highest of a range; null: not in the tables. */
export const trainingUsdPerMTok = (row: TuningRow): number | null =>
  row.trainingUnit === 'usd_per_mtok' && learnsFromExamples(row) ? row.trainingUsdHigh : null;

/** The training price and its row: the given one, else the highest of all. Null: none. */
export function trainingPrice(
  row: TuningRow | null,
  { tuning }: Pick<Tables, 'tuning'>,
): { usdPerMTok: number; row: TuningRow } | null {
  const priced = (one: TuningRow) => {
    const usdPerMTok = trainingUsdPerMTok(one);
    return usdPerMTok === null ? [] : [{ usdPerMTok, row: one }];
  };
  const [own] = row === null ? [] : priced(row);
  const [first, ...others] = tuning.flatMap(priced);
  if (own !== undefined || first === undefined) return own ?? null;
  return others.reduce((most, one) => (one.usdPerMTok > most.usdPerMTok ? one : most), first);
}

/**
 * The tables' row on tuning a model at a provider: of those that name it most closely the cheapest that keeps the data
 * in the required regions, tunes by example and has a price. Null: none.
 */
export function tuningOf(
  { provider, family }: { provider: string; family: string },
  residency: readonly string[],
  { tuning, modelOf }: Pick<Tables, 'tuning' | 'modelOf'>,
): TuningRow | null {
  const paramsB = modelOf.get(family)?.paramsTotalB ?? null;
  const rank = (row: TuningRow): number[] => [
    -closeness(row, family, paramsB),
    Number(leavesRegions(row, residency)),
    Number(!learnsFromExamples(row)),
    trainingUsdPerMTok(row) ?? Number.MAX_VALUE,
  ];
  const [first] = tuning
    .filter((row) => row.provider === provider && closeness(row, family, paramsB) > 0)
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => a.rank.reduce((sign, own, i) => sign || own - (b.rank[i] as number), 0));
  return first?.row ?? null;
}
