import { pricesAfter } from '../tables/prices-after.js';
import { apiKindOf } from '../tables/query.js';
import type { ApiRow, DateText } from '../tables/rows.js';
import { assumedTier, inTier } from '../tables/service-tiers.js';
import { monthAfter } from '../units/month.js';
import { mayBatch, type TaskPart, tierFor, type Workload } from '../workload/workload.js';

/** Prices of a request by size of its prompt, USD per 1e6 tokens, and over the row's first prices. */
export type PromptTier = { input: number; output: number; inputRatio: number; outputRatio: number };

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
export type MonthWeights = Readonly<Record<PriceName, readonly number[]>>;

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
