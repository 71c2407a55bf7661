import { listedPrices } from '../cost/token-prices.js';
import type { Option } from '../places/option.js';
import { provisionedOptions } from '../places/provisioned.js';
import { apiOptions } from '../places/token-api.js';
import { apiKindOf } from '../tables/query.js';
import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type Numbered, numbered } from '../units/columns.js';
import { numberOf } from './kinds.js';

/** APIs with their prices in the modes of their models: closed, open, provisioned throughput; index = API. */
export type Apis = {
  count: number;
  kind: Uint8Array;
  /** Place among `providers`. */
  provider: Int32Array;
  providers: readonly string[];
  contextTokens: Float64Array;
  maxOutput: Float64Array;
  /** Median first token (ms) and tokens a second of the provider; NaN: unknown. */
  firstTokenMs: Float64Array;
  perSecond: Float64Array;
  rows: readonly ApiRow[];
  option: readonly Option[];
  /** Numbers of places and models that are equal for rules, and one API of each. */
  place: Int32Array;
  placeOptions: readonly Option[];
  model: Int32Array;
  modelOptions: readonly Option[];
  steps: PriceSteps;
  /** Of provisioned throughput the API of its tokens; -1: it is sold by tokens itself. */
  byTokens: Int32Array;
};

/** Prices of a step: place in its part of `perMTok`. */
export const priceNames = ['input', 'output', 'cached', 'write', 'write1h', 'batchInput', 'batchOutput'] as const;

/**
 * Listed prices, USD per 1e6 tokens. Steps by the size of a prompt are `firstStep[api]` up to
 * `firstStep[api + 1]`, each with the tokens above which it begins; NaN: not sold so.
 */
export type PriceSteps = { firstStep: Int32Array; stepAbove: Float64Array; perMTok: Float64Array };

/** What is on sale per token. */
export function apisOf(tables: Tables): Apis {
  const { api, capability, services, processing, hosting, provisionedThroughput, provisionedOffers } = tables;
  const from = [api, capability, services, processing, hosting, provisionedThroughput, provisionedOffers];
  return tables.columnCache.of(['apis', ...from], () => madeOf(tables));
}

/** Geometric middle of a band. */
const middle = (low: number | null | undefined, high: number | null | undefined): number =>
  low === null || low === undefined || high === null || high === undefined ? Number.NaN : Math.sqrt(low * high);

function madeOf(tables: Tables): Apis {
  const byToken = (['cloud-api', 'open-model-api'] as const).flatMap((kind) =>
    tables.api
      .filter((row) => apiKindOf(row) === kind)
      .flatMap((row) => apiOptions(kind, row, { tables }).map((option) => ({ row, option }))),
  );
  const provisioned = provisionedOptions(tables).map((option) => ({ row: option.api as ApiRow, option }));
  const sold = [...byToken, ...provisioned];
  const tokensOf = ({ api, mode }: Option): number =>
    byToken.findIndex(({ row, option }) => row === api && option.mode === mode);
  const providers: Numbered<string> = numbered((name) => name);
  const byModel = new Set(tables.processing.map(({ provider }) => provider));
  const places = numbered<Option>((option) => placeKey(option, byModel));
  const models = numbered<Option>(({ family, mode }) => `${family} ${mode}`);
  const column = (of: (option: Option) => number): Float64Array => Float64Array.from(sold, ({ option }) => of(option));
  const bandOf = ({ provider }: Option) => tables.serviceOf.get(provider);
  return {
    count: sold.length,
    kind: Uint8Array.from(sold, ({ option }) => numberOf(option.kind)),
    provider: Int32Array.from(sold, ({ option }) => providers.of(option.provider)),
    providers: providers.all,
    contextTokens: column(({ contextTokens }) => contextTokens ?? Number.NaN),
    maxOutput: column(({ maxOutputTokens }) => maxOutputTokens ?? Number.POSITIVE_INFINITY),
    firstTokenMs: column((one) => middle(bandOf(one)?.ttftP50LowMs, bandOf(one)?.ttftP50HighMs)),
    perSecond: column((one) => middle(bandOf(one)?.tokensPerSecondLow, bandOf(one)?.tokensPerSecondHigh)),
    rows: sold.map(({ row }) => row),
    option: sold.map(({ option }) => option),
    place: Int32Array.from(sold, ({ option }) => places.of(option)),
    placeOptions: places.all,
    model: Int32Array.from(sold, ({ option }) => models.of(option)),
    modelOptions: models.all,
    steps: stepsOf(sold.map(({ row }) => row)),
    byTokens: Int32Array.from(sold, ({ option }) => (option.provisioned === null ? -1 : tokensOf(option))),
  };
}

function stepsOf(rows: readonly ApiRow[]): PriceSteps {
  const [above, perMTok]: [number[], number[]] = [[], []];
  const firstStep = new Int32Array(rows.length + 1);
  for (const [api, row] of rows.entries()) {
    firstStep[api] = above.length;
    const { tierAboveInputTokens: first, furtherTiers } = row;
    for (const from of [0, ...(first === null ? [] : [first]), ...furtherTiers.map((step) => step.above)]) {
      const prices = listedPrices(row, from + 1);
      if (prices.batchInput === null || prices.batchOutput === null) prices.batchInput = prices.batchOutput = null;
      above.push(from);
      for (const name of priceNames) perMTok.push(prices[name] ?? Number.NaN);
    }
  }
  firstStep[rows.length] = above.length;
  return { firstStep, stepAbove: Float64Array.from(above), perMTok: Float64Array.from(perMTok) };
}

/** @param byModel providers that do not process all models in the same places */
function placeKey({ kind, provider, region, api, provisioned }: Option, byModel: ReadonlySet<string>): string {
  const own = api !== null && (api.dataUsed || byModel.has(provider)) ? api.modelId : '';
  const bound = provisioned === null ? '' : `${provisioned.offer.scope} ${provisioned.offer.regions}`;
  return [kind, provider, region, own, api?.speed ?? '', bound].join(' ');
}
