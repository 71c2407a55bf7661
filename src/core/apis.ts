import {
  declinedIn,
  listedPrices,
  type PriceName,
  pricedMonths,
  type TokenPrices,
  tierPrices,
  tokenPrices,
  tunedPrices,
  tunedUsd,
} from '../cost/token-prices.js';
import type { Option } from '../places/option.js';
import { boundTo, type Context } from '../places/placement.js';
import { provisionedOptions } from '../places/provisioned.js';
import { apiOptions, upliftOf } from '../places/token-api.js';
import { type Kind, kinds } from '../tables/column.js';
import type { ApiRow } from '../tables/columns.js';
import { apiKindOf } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { columns, type Numbered, numbered } from '../units/columns.js';
import { madeOnce, memoized } from '../units/memo.js';
import { type TaskPart, tierFor } from '../workload/workload.js';

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
type PriceSteps = { firstStep: Int32Array; stepAbove: Float64Array; perMTok: Float64Array };

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

/** Deployment types by their number in columns. */
export const kindOf = kinds;
export const kindCount = kindOf.length;

export const numberOf = (kind: Kind): number => kindOf.indexOf(kind);

export const inputAt = priceNames.indexOf('input');
export const outputAt = priceNames.indexOf('output');
export const cachedAt = priceNames.indexOf('cached');
export const writeAt = priceNames.indexOf('write');
export const write1hAt = priceNames.indexOf('write1h');
export const batchInputAt = priceNames.indexOf('batchInput');
export const batchOutputAt = priceNames.indexOf('batchOutput');
export const width = priceNames.length;

/** Prices of the tables are for so many tokens. */
const tokensPerPrice = 1e6;

/** Prices of a task, USD per token, means over the horizon: steps as `PriceSteps`. */
export type ApiPrices = Pick<PriceSteps, 'firstStep' | 'stepAbove'> & {
  perToken: Float64Array;
  /** By step: prices of every month over their means; null: constant. */
  months: readonly (Float64Array | null)[];
  /** Uplift of an endpoint bound to a region, as a share. */
  upliftInput: Float64Array;
  upliftOutput: Float64Array;
  /** USD a month of a tuned model at any volume. */
  fixed: Float64Array;
  /** The row with the prices of a tuned model, and of the service tier. */
  row: readonly ApiRow[];
};

export function apiPrices(apis: Apis, chosen: Int32Array, taskPart: TaskPart, context: Context): ApiPrices {
  const { workload, tables } = context;
  const { firstStep, stepAbove, perMTok } = apis.steps;
  const monthsUntil = memoized((until: ApiRow['until']) => pricedMonths({ until }, workload));
  const declined = declinedIn(monthsUntil(null));
  const declines = monthsUntil(null).some(({ decline }) => decline !== 1);
  const isTuned = taskPart.needs.fineTuning;
  const isRepriced = isTuned || tierFor(taskPart) !== 'standard';
  const perToken = new Float64Array(perMTok.length);
  for (let at = 0; at < perToken.length; at++) perToken[at] = ((perMTok[at] as number) * declined) / tokensPerPrice;
  const months = new Array<Float64Array | null>(stepAbove.length).fill(null);
  const row = isRepriced ? [...apis.rows] : apis.rows;
  const fixed = new Float64Array(apis.count);
  for (const api of chosen) {
    const listed = apis.rows[api] as ApiRow;
    const moves = listed.until !== null || (declines && workload.growth.length > 1);
    const priced = isRepriced ? tierPrices(tunedPrices(listed, taskPart, tables), taskPart, workload) : listed;
    if (isTuned) fixed[api] = tunedUsd(listed, [taskPart], context);
    if (priced === listed && !moves) continue;
    if (isRepriced) (row as ApiRow[])[api] = priced;
    for (let step = firstStep[api] as number; step < (firstStep[api + 1] as number); step++) {
      const promptTokens = (stepAbove[step] as number) + 1;
      const prices = tokenPrices(priced, promptTokens, workload, monthsUntil(priced.until));
      for (const [at, name] of priceNames.entries())
        perToken[step * width + at] = (priceOf(prices, name) ?? Number.NaN) / tokensPerPrice;
      months[step] = monthsOf(prices);
    }
  }
  return { firstStep, stepAbove, perToken, months, fixed, row, ...upliftsOf(apis, chosen, taskPart, context) };
}

/** Price uplifts for requests bound to a region. */
function upliftsOf(
  apis: Apis,
  chosen: Int32Array,
  { needs }: TaskPart,
  context: Context,
): Pick<ApiPrices, 'upliftInput' | 'upliftOutput'> {
  const { upliftInput, upliftOutput } = columns({ upliftInput: 'f', upliftOutput: 'f' }, apis.count);
  if (needs.residency.length === 0 && needs.regimes.length === 0) return { upliftInput, upliftOutput };
  const regionsAt = apis.placeOptions.map((place) => madeOnce(() => boundTo(place, needs, context)));
  for (const api of chosen) {
    const regions = regionsAt[apis.place[api] as number]?.() ?? null;
    const { input, output } = upliftOf(apis.rows[api] as ApiRow, regions, context, apis.byTokens[api] === -1);
    upliftInput[api] = input;
    upliftOutput[api] = output;
  }
  return { upliftInput, upliftOutput };
}

function priceOf({ batch, ...prices }: TokenPrices, name: PriceName): number | null | undefined {
  if (name === 'batchInput') return batch?.input;
  return name === 'batchOutput' ? batch?.output : prices[name];
}

function monthsOf({ weights }: TokenPrices): Float64Array | null {
  if (weights === null) return null;
  const count = weights.input.length;
  const factors = new Float64Array(count * width);
  for (const [at, name] of priceNames.entries()) factors.set(weights[name], at * count);
  return factors;
}

/** Step of an API that a prompt is in. */
export function stepOf({ firstStep, stepAbove }: ApiPrices, api: number, promptTokens: number): number {
  const first = firstStep[api] as number;
  let step = first;
  for (let next = first + 1; next < (firstStep[api + 1] as number); next++)
    if (promptTokens > (stepAbove[next] as number)) step = next;
  return step;
}
