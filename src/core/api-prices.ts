import { type PriceName, pricedMonths, type TokenPrices, tokenPrices } from '../cost/token-prices.js';
import { tunedPrices, tunedUsd } from '../cost/tuning.js';
import { regionUplifts } from '../places/api.js';
import type { Context } from '../places/placement.js';
import { regionalUplift } from '../places/token-api.js';
import type { ApiRow } from '../tables/rows.js';
import type { TaskPart } from '../workload/workload.js';
import type { Apis } from './apis.js';
import { columns } from './columns.js';
import { numberOf } from './kinds.js';

/** Prices of a step: place in its part of `perToken`. */
const names = ['input', 'output', 'cached', 'write', 'write1h', 'batchInput', 'batchOutput'] as const;
export const inputAt = names.indexOf('input');
export const outputAt = names.indexOf('output');
export const cachedAt = names.indexOf('cached');
export const writeAt = names.indexOf('write');
export const write1hAt = names.indexOf('write1h');
export const batchInputAt = names.indexOf('batchInput');
export const batchOutputAt = names.indexOf('batchOutput');
export const width = names.length;

/** Prices of the tables are for so many tokens. */
const tokensPerPrice = 1e6;

/**
 * Price rows as a task pays them, USD per token, means over the horizon: index = API. Steps by the
 * size of a prompt are `firstStep[api]` up to `firstStep[api + 1]`, each with the tokens above
 * which it begins; NaN: not sold so.
 */
export type ApiPrices = {
  firstStep: Int32Array;
  stepAbove: Float64Array;
  perToken: Float64Array;
  /** By step: prices of every month over their means; null: all months are alike. */
  months: readonly (Float64Array | null)[];
  /** What an endpoint bound to a region costs above the list, as a share. */
  upliftInput: Float64Array;
  upliftOutput: Float64Array;
  /** USD a month of a tuned model, whatever is asked of it. */
  fixed: Float64Array;
  /** The row with the prices of a tuned model; null: not asked. */
  row: readonly (ApiRow | null)[];
};

export function apiPrices(apis: Apis, chosen: Int32Array, taskPart: TaskPart, context: Context): ApiPrices {
  const { workload, tables } = context;
  const firstStep = new Int32Array(apis.count + 1);
  const [above, perToken]: [number[], number[]] = [[], []];
  const months: (Float64Array | null)[] = [];
  const found = columns({ upliftInput: 'f', upliftOutput: 'f', fixed: 'f' }, apis.count);
  const row: (ApiRow | null)[] = Array.from({ length: apis.count }, () => null);
  const usualMonths = pricedMonths({ until: null }, workload);
  let next = 0;
  for (const api of chosen) {
    for (; next <= api; next++) firstStep[next] = above.length;
    const listed = apis.rows[api] as ApiRow;
    const tuned = tunedPrices(listed, taskPart, tables);
    const kind = apis.kind[api] === numberOf('cloud-api') ? 'cloud-api' : 'open-model-api';
    const { input, output } = regionalUplift(listed, { kind, uplift: regionUplifts[kind] }, taskPart, context);
    row[api] = tuned;
    found.fixed[api] = tunedUsd(listed, [taskPart], context);
    found.upliftInput[api] = input;
    found.upliftOutput[api] = output;
    const { tierAboveInputTokens: first, furtherTiers } = tuned;
    for (const from of [0, ...(first === null ? [] : [first]), ...furtherTiers.map((step) => step.above)]) {
      const prices = tokenPrices(tuned, from + 1, workload, tuned.until === null ? usualMonths : undefined);
      above.push(from);
      perToken.push(...names.map((name) => (priceOf(prices, name) ?? Number.NaN) / tokensPerPrice));
      months.push(monthsOf(prices));
    }
  }
  for (; next <= apis.count; next++) firstStep[next] = above.length;
  return {
    firstStep,
    stepAbove: Float64Array.from(above),
    perToken: Float64Array.from(perToken),
    months,
    ...found,
    row,
  };
}

function priceOf({ batch, ...prices }: TokenPrices, name: PriceName): number | null | undefined {
  if (name === 'batchInput') return batch?.input;
  return name === 'batchOutput' ? batch?.output : prices[name];
}

function monthsOf({ weights }: TokenPrices): Float64Array | null {
  if (weights === null) return null;
  const count = weights.input.length;
  const factors = new Float64Array(count * width);
  for (const [at, name] of names.entries()) factors.set(weights[name], at * count);
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
