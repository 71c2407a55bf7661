import { given, monthly, parameter, predicted, product, type Source, type Traced } from '../formula/traced.js';
import type { ApiRow, DateText } from '../tables/columns.js';
import { apiKindOf } from '../tables/query.js';
import { assumedTier, inTier, pricesAfter, scaledPrices, trainingPrice, tuningOf } from '../tables/service-tiers.js';
import type { Origin, Tables } from '../tables/tables.js';
import { daysBetween, monthAfter } from '../units/month.js';
import { waitingOf } from '../workload/load.js';
import { mayBatch, type TaskPart, tierFor, type Workload } from '../workload/workload.js';
import { type CostLine, fixedLine, onceLine } from './curve.js';
import { hoursInMonth } from './task-trace.js';

type HourlyPrices = Pick<ApiRow, 'row' | 'peakHours' | 'offPeakRatio'>;

/**
 * Share of requests sent outside a row's peak hours. Deferrable work is sent in the first off-peak hour within its
 * deadline. Load hours are local, the row's UTC; `utcOffsetHours` is the difference.
 */
function offPeakShare(
  { peakHours }: HourlyPrices,
  taskPart: Pick<TaskPart, 'hours' | 'waits'>,
  workload: Pick<Workload, 'assume'>,
): number {
  const { arrivals, deadlineHours } = waitingOf(taskPart);
  const week = arrivals.length;
  const offset = Math.round(workload.assume('utcOffsetHours'));
  const peak = new Set(peakHours);
  const isPeak = (localHour: number): boolean => peak.has((((localHour - offset) % week) + week) % week);
  let [off, all] = [0, 0];
  for (let hour = 0; hour < week; hour++) {
    const requests = arrivals[hour] as number;
    all += requests;
    for (let later = 0; later <= deadlineHours; later++) {
      if (isPeak(hour + later)) continue;
      off += requests;
      break;
    }
  }
  return all === 0 ? 0 : off / all;
}

/** Share of the hours of a week that lie outside a row's peak. */
export const offPeakShareOfWeek = ({ peakHours }: Pick<ApiRow, 'peakHours'>): number => 1 - peakHours.length / 168;

const aMonday = '2024-01-01';

/** What a row's prices are multiplied by at a moment, `YYYY-MM-DDTHH:MMZ`. */
export function priceRatioAt({ peakHours, offPeakRatio }: HourlyPrices, moment: string): number {
  const [day = '', time = ''] = moment.split('T');
  const weekday = ((daysBetween(aMonday, day) % 7) + 7) % 7;
  const hour = weekday * 24 + Number(time.slice(0, 2));
  return offPeakRatio === null || peakHours.includes(hour) ? 1 : offPeakRatio;
}

/** Savings at off-peak hours as a share of the whole bill; 0 where prices do not vary by hour. */
export function offPeakSaving(
  row: HourlyPrices,
  taskPart: Pick<TaskPart, 'hours' | 'waits'>,
  workload: Pick<Workload, 'assume'>,
): number {
  return row.offPeakRatio === null ? 0 : offPeakShare(row, taskPart, workload) * (1 - row.offPeakRatio);
}

/** How `offPeakSaving` comes about, as the factor on a bill at peak prices. */
export function tracedOffPeak(row: HourlyPrices, taskPart: TaskPart, context: Source): Traced {
  return predicted(
    'what off-peak hours change',
    -offPeakSaving(row, taskPart, context.workload),
    'fraction',
    '(off-peak price over peak price - 1) x share of requests at off-peak hours',
    [
      given('off-peak price over peak price', row.offPeakRatio ?? 1, 'ratio', { table: 'api', row: row.row }),
      given('requests at off-peak hours', offPeakShare(row, taskPart, context.workload), 'fraction'),
      parameter('local time ahead of UTC', 'utcOffsetHours', context),
    ],
  );
}

/** Prices of a request by size of its prompt, USD per 1e6 tokens, and over the row's first prices. */
type PromptTier = { input: number; output: number; inputRatio: number; outputRatio: number };

type TieredPrices = Pick<
  ApiRow,
  | 'inputUsdPerMTok'
  | 'outputUsdPerMTok'
  | 'tierAboveInputTokens'
  | 'tierInputUsdPerMTok'
  | 'tierOutputUsdPerMTok'
  | 'furtherTiers'
  | 'tierRatios'
>;
type Steps = Pick<ApiRow, 'tierAboveInputTokens' | 'furtherTiers'>;

/** How many price steps a prompt is above; 0: it takes the row's first prices. */
export function tierOf({ tierAboveInputTokens: above, furtherTiers }: Steps, promptTokens: number): number {
  if (above === null || promptTokens <= above) return 0;
  let steps = 1;
  for (const step of furtherTiers) if (promptTokens > step.above) steps++;
  return steps;
}

/**
 * The tier of a prompt, cached tokens included: above a threshold the whole request has that step's prices. Prices
 * stated once (cached, write, batch) follow the ratio.
 */
export function promptTier(row: TieredPrices, promptTokens: number): PromptTier {
  const tier = tierOf(row, promptTokens);
  const step =
    tier > 1 ? row.furtherTiers[tier - 2] : { input: row.tierInputUsdPerMTok, output: row.tierOutputUsdPerMTok };
  const input = (tier > 0 ? step?.input : null) ?? row.inputUsdPerMTok;
  const output = (tier > 0 ? step?.output : null) ?? row.outputUsdPerMTok;
  const ratio = (side: 'input' | 'output', inIt: number, first: number): number =>
    tier === 1 && row.tierRatios !== undefined ? row.tierRatios[side] : first > 0 ? inIt / first : 1;
  return {
    input,
    output,
    inputRatio: ratio('input', input, row.inputUsdPerMTok),
    outputRatio: ratio('output', output, row.outputUsdPerMTok),
  };
}

/**
 * A price row of a closed API at the tier of a task part. For a tier without a published price flex is billed as
 * standard, priority at an assumed multiple.
 */
export function tierPrices(row: ApiRow, taskPart: TaskPart, { assume }: Pick<Workload, 'assume'>): ApiRow {
  const tier = tierFor(taskPart);
  if (tier === 'standard' || apiKindOf(row) !== 'cloud-api') return row;
  const published = inTier(row, tier);
  if (published !== null || taskPart.serviceTier === undefined) return published ?? row;
  return assumedTier(row, tier, tier === 'flex' ? 1 : assume(unpublishedPriority));
}
export const unpublishedPriority = 'unpublishedPriorityRatio';

/** Which price of a row is paid; `batch` ones are those of the batch tariff. */
export type PriceName = 'input' | 'output' | 'cached' | 'write' | 'write1h' | 'batchInput' | 'batchOutput';

/** USD per 1e6 tokens, averaged over the horizon. `null`: no such price is known. */
export type TokenPrices = {
  input: number;
  output: number;
  cached: number | null;
  write: number | null;
  /** A write that is kept for an hour. */
  write1h: number | null;
  batch: { input: number; output: number } | null;
  /** Null where all months are equal. */
  weights: MonthWeights | null;
};

/** What each price of every month of the volume is to its mean. */
type MonthWeights = Readonly<Record<PriceName, readonly number[]>>;

/** What sets a month's prices: its requests, the decline until then, whether an introduction has ended. */
type PricedMonth = { requests: number; decline: number; ended: boolean };

/** A month of the horizon (0 = first) as prices see it. */
export const pricedMonth = (row: Pick<ApiRow, 'until'>, month: number, workload: Workload): PricedMonth => ({
  requests: workload.growth[Math.min(month, workload.growth.length - 1)] as number,
  decline: (1 - workload.assume('priceDeclinePerYear')) ** ((workload.monthsBefore + month) / 12),
  ended: row.until !== null && hasEnded(row.until, monthAfter(workload.firstMonth, month), workload.asOf),
});

/** Whether introductory prices have ended by a month. Their last month has them, unless it is current and over. */
const hasEnded = (until: string, month: string, asOf: DateText): boolean =>
  month > until.slice(0, month.length) || (asOf.startsWith(month) && introductionEnded({ until }, asOf));

/** Every month of the horizon: the same for all rows without an introductory price. */
export const pricedMonths = (row: Pick<ApiRow, 'until'>, workload: Workload): readonly PricedMonth[] =>
  Array.from({ length: workload.months }, (_, month) => pricedMonth(row, month, workload));

/**
 * The price of a row over the horizon for prompts of a size: the tier of the whole prompt, the introductory price until
 * its month ends and the next price from then on, and the assumed yearly decline. Months are weighted by their
 * requests.
 *
 * @param months of `pricedMonths`
 */
export function tokenPrices(
  row: ApiRow,
  promptTokens: number,
  workload: Workload,
  months = pricedMonths(row, workload),
): TokenPrices {
  const first = listedPrices(row, promptTokens);
  const next = row.until === null ? first : listedPrices(pricesAfter(row), promptTokens);
  const weight = months.reduce((sum, { requests }) => sum + requests, 0);
  const declined = declinedIn(months);
  const names = Object.keys(first) as PriceName[];
  const mean = (name: PriceName): number | null => {
    const [before, after] = [first[name], next[name]];
    if (before === null || after === null)
      return months.some(({ ended }) => ended) ? null : before && before * declined;
    if (before === after) return before * declined;
    return (
      months.reduce((sum, { requests, decline, ended }) => sum + requests * decline * (ended ? after : before), 0) /
      weight
    );
  };
  const means = Object.fromEntries(names.map((name) => [name, mean(name)])) as Record<PriceName, number | null>;
  const { cached, write, write1h, batchInput, batchOutput } = means;
  const byMonth = (name: PriceName): number[] =>
    months.map(({ decline, ended }) =>
      means[name] ? (decline * ((ended ? next : first)[name] ?? 0)) / means[name] : 1,
    );
  // Without growth months differ in nothing but the price, and its mean says all.
  const moves = workload.growth.length > 1 && months.some(({ decline, ended }) => decline !== 1 || ended);
  const weights: [PriceName, number[]][] = moves ? names.map((name) => [name, byMonth(name)]) : [];
  return {
    input: means.input as number,
    output: means.output as number,
    cached,
    write,
    write1h,
    batch: batchInput === null || batchOutput === null ? null : { input: batchInput, output: batchOutput },
    weights: weights.every(([, factors]) => areAlike(factors))
      ? null
      : (Object.fromEntries(weights) as unknown as MonthWeights),
  };
}

/** The mean of a price without an introduction over months, as a share of the first. */
export const declinedIn = (months: readonly PricedMonth[]): number =>
  months.reduce((sum, { requests, decline }) => sum + requests * decline, 0) /
  months.reduce((sum, { requests }) => sum + requests, 0);

const areAlike = (factors: readonly number[]): boolean => factors.every((factor) => factor === factors[0]);

/** Prices of a row for prompts of a size, USD per 1e6 tokens, as it begins. */
export function listedPrices(row: ApiRow, promptTokens: number): Record<PriceName, number | null> {
  const { input, output, inputRatio, outputRatio } = promptTier(row, promptTokens);
  const times = (usd: number | null, ratio: number) => (usd === null ? null : usd * ratio);
  return {
    input,
    output,
    cached: times(row.cachedInputUsdPerMTok, inputRatio),
    write: times(row.cacheWriteUsdPerMTok, inputRatio),
    write1h: times(row.cacheWrite1hUsdPerMTok, inputRatio),
    batchInput: times(row.batchInputUsdPerMTok, inputRatio),
    batchOutput: times(row.batchOutputUsdPerMTok, outputRatio),
  };
}

/**
 * Whether the price of a request may differ by month: prices move, or the volume does, which cache hits and the tariff
 * may follow.
 */
export function mayMove(row: ApiRow, taskParts: readonly TaskPart[], workload: Workload): boolean {
  if (workload.assume('priceDeclinePerYear') !== 0 || row.until !== null) return true;
  if (workload.growth.length === 1) return false;
  return taskParts.some(
    (taskPart) => mayBatch(taskPart) || (taskPart.tokens.prefix > 0 && taskPart.tokens.cacheHitRate === null),
  );
}

/** Whether introductory prices have ended by a day; their last day (or month) still has them. */
export function introductionEnded({ until }: Pick<ApiRow, 'until'>, day: DateText): boolean {
  return until !== null && day.slice(0, until.length) > until;
}

/** The row with the prices of a day. */
export const pricesOn = (row: ApiRow, day: DateText): ApiRow => (introductionEnded(row, day) ? pricesAfter(row) : row);

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
