import {
  declinedIn,
  type PriceName,
  pricedMonths,
  type TokenPrices,
  tierPrices,
  tokenPrices,
} from '../cost/token-prices.js';
import { tunedPrices, tunedUsd } from '../cost/tuning.js';
import type { Context } from '../places/placement.js';
import { boundTo } from '../places/regions.js';
import { upliftOf } from '../places/token-api.js';
import type { ApiRow } from '../tables/rows.js';
import { columns } from '../units/columns.js';
import { madeOnce, memoized } from '../units/memo.js';
import { type TaskPart, tierFor } from '../workload/workload.js';
import { type Apis, type PriceSteps, priceNames } from './apis.js';

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
