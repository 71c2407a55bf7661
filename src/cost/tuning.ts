import { monthly } from '../formula/formula.js';
import { given, parameter, product } from '../formula/traced.js';
import type { ApiRow } from '../tables/rows.js';
import { scaledPrices } from '../tables/service-tiers.js';
import type { Origin, Tables } from '../tables/tables.js';
import { trainingPrice, tuningOf } from '../tables/tuning.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { CostLine } from './curve.js';
import { fixedLine, onceLine } from './lines.js';
import { hoursInMonth } from './task-trace.js';

const training = monthly(
  'other.training',
  'Training of the tuned model, once',
  'tokens to train on x USD per 1e6 tokens / 1e6 / months',
);
const hosting = monthly('other.tunedHosting', 'Hosting of the tuned model', 'hours in a month x USD per hour');
const tokensPerPrice = 1e6;

/** Cost lines of a tuned model that are paid at any volume. */
export const isOfTunedModel = ({ part }: Pick<CostLine, 'part'>): boolean =>
  part === training.id || part === hosting.id;

/**
 * Costs of a tuned model at an API beyond tokens: training, once, at the highest price in the tables where they have
 * none of this model, and hosting by the hour. One model is tuned for all tasks there; `tuned.cost` of the scenario
 * replaces it.
 */
export function tunedLines(
  api: ApiRow,
  taskParts: readonly TaskPart[],
  context: { workload: Workload; tables: Tables },
): CostLine[] {
  const tuned = taskParts.filter(({ needs }) => needs.fineTuning);
  const [first] = tuned;
  if (first === undefined) return [];
  const row = tuningOf(api, first.needs.residency, context.tables);
  const lines: CostLine[] = [];
  const price = trainingPrice(row, context.tables);
  if (price !== null && tuned.some(({ tuningUsd }) => tuningUsd === undefined)) {
    const once = product(
      training.label,
      'USD',
      parameter('tokens to train on', 'fineTuningTokens', context),
      given(
        price.row === row ? `price of training at ${api.provider}` : 'highest price of training that is known',
        price.usdPerMTok,
        'USD/1M tokens',
        { table: 'tuning', row: price.row.row },
      ),
      given('prices are per 1M tokens', 1 / tokensPerPrice, '1M/token'),
    );
    lines.push(onceLine(training, once, context.workload));
  }
  if (row?.servingMode === 'hourly_plus_tokens' && row.servingHourlyUsdHigh !== null) {
    const origin: Origin = { table: 'tuning', row: row.row };
    const fee = given(`hosting of a tuned model at ${api.provider}`, row.servingHourlyUsdHigh, 'USD/hour', origin);
    lines.push(fixedLine(hosting, product(hosting.label, 'USD/month', hoursInMonth(context.workload), fee)));
  }
  return lines;
}

/** The same in USD a month. */
export const tunedUsd = (...asked: Parameters<typeof tunedLines>): number =>
  tunedLines(...asked).reduce((usd, { curve }) => usd + curve.fixed, 0);

/**
 * A price row for a tuned model: all prices of a side by the ratio of its tuned to its base price, at least 1. The row
 * itself where equal, or not known.
 */
export function tunedPrices(api: ApiRow, { needs }: TaskPart, tables: Tables): ApiRow {
  const row = needs.fineTuning ? tuningOf(api, needs.residency, tables) : null;
  if (row === null) return api;
  const input = ratio(row.servingInputUsdPerMTok, api.inputUsdPerMTok);
  const output = ratio(row.servingOutputUsdPerMTok, api.outputUsdPerMTok);
  if (input === 1 && output === 1) return api;
  return { ...scaledPrices(api, input, output), tunedRow: row.row };
}

const ratio = (tuned: number | null, base: number): number =>
  tuned === null || base === 0 ? 1 : Math.max(1, tuned / base);
