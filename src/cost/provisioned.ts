import type { Figures } from '../formula/traced.js';
import {
  difference,
  given,
  monthly,
  parameter,
  product,
  productOf,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { ApiRow, ProvisionedThroughputRow } from '../tables/columns.js';
import type { Origin, Tables } from '../tables/tables.js';
import { secondsPerDay } from '../units/month.js';
import { type TurnsAlike, turnsAlike } from '../workload/conversation.js';
import type { CostTerms, TaskPart, Workload } from '../workload/workload.js';
import type { FleetCosts } from './fleet-bill.js';
import { imageTokens, sessionHits, tracedImages } from './prompt.js';
import { hours } from './rented.js';
import { prefixOf, tokensOf } from './task-trace.js';
import { cacheable } from './tokens.js';

type Of = { workload: Workload; tables: Tables };
/** The API that throughput is bought of, and how units of it count tokens. */
export type Counted = { throughput: ProvisionedThroughputRow; api: ApiRow };

/** Turns of a conversation with equal weights of tokens. */
function stretchesOf({ throughput, api }: Counted, taskPart: TaskPart, context: Of): TurnsAlike[] {
  const { tokens } = taskPart;
  const images = imageTokens(api.family, taskPart, context);
  const least = context.workload.assume('promptCacheMinTokens');
  return turnsAlike(tokens, (prompt) => {
    const { shared, history } = cacheable(prompt, tokens.history > 0, least);
    return 2 * Number(isLong(throughput, prompt.input + images)) + Number(shared + history > 0);
  });
}

const isLong = ({ longAboveTokens }: ProvisionedThroughputRow, promptTokens: number): boolean =>
  longAboveTokens !== null && promptTokens > longAboveTokens;

/** How many tokens of input one counts as, of input and of output. */
function weightsOf(row: ProvisionedThroughputRow, promptTokens: number): { input: number; output: number } {
  const { outputWeight, longInputWeight, longOutputWeight } = row;
  return isLong(row, promptTokens)
    ? { input: longInputWeight ?? 1, output: longOutputWeight ?? outputWeight }
    : { input: 1, output: outputWeight };
}

/** Share of a prefix found in the cache in the busiest hour; 1 for a shared one where throughput is bought. */
const foundOf = ({ tokens }: TaskPart): number => tokens.cacheHitRate ?? 1;

/**
 * Tokens of the mean request as a unit counts them: input - cached x (1 - its weight) + output x its weight.
 *
 * @param written tokens of the answer, reasoning included
 */
export function countedTokens(of: Counted, taskPart: TaskPart, written: number, context: Of): number {
  const { throughput, api } = of;
  const { workload } = context;
  const { tokens } = taskPart;
  const images = imageTokens(api.family, taskPart, context);
  const least = workload.assume('promptCacheMinTokens');
  const isCached = api.cachedInputUsdPerMTok !== null;
  const ofSession = tokens.history > 0 ? sessionHits(taskPart, 'promptCacheLifeS', workload) : 0;
  let counted = 0;
  for (const stretch of stretchesOf(of, taskPart, context)) {
    const { input, shared, history } = cacheable(stretch, tokens.history > 0, least);
    const weights = weightsOf(throughput, input + images);
    const cached = isCached ? shared * foundOf(taskPart) + history * ofSession : 0;
    const read = input + images - cached * (1 - throughput.cachedWeight);
    counted += stretch.share * (read * weights.input + written * weights.output);
  }
  return counted;
}

/** What these are made of. */
export function tracedCounted(of: Counted, taskPart: TaskPart, reasoning: Traced, context: Of): Traced {
  const { throughput, api } = of;
  const { workload } = context;
  const origin: Origin = { table: 'provisionedThroughput', row: throughput.row };
  const unit = 'tokens/request';
  const images = tracedImages(api.family, taskPart, context);
  const { tokens } = taskPart;
  const least = workload.assume('promptCacheMinTokens');
  const found = stated(
    'share found in the cache',
    foundOf(taskPart),
    'fraction',
    `tasks.${taskPart.task}.tokens.cacheHitRate`,
  );
  const foundOfSession = given('share found', sessionHits(taskPart, 'promptCacheLifeS', workload), 'fraction');
  const parts = stretchesOf(of, taskPart, context).map((stretch) => {
    const own = cacheable(stretch, tokens.history > 0, least);
    const weights = weightsOf(throughput, stretch.input + images.value);
    const { input, output } = tokensOf(taskPart, workload, stretch);
    const { shared, history } = prefixOf(taskPart, workload, stretch, own);
    const cached = [
      own.shared === 0 ? null : product('found of what all share', unit, shared, found),
      own.history === 0 ? null : product('found of what the session sent', unit, history, foundOfSession),
    ];
    const prompt = sumOf('prompt', unit, [input, images.value === 0 ? null : images]);
    const read =
      own.shared + own.history === 0 || api.cachedInputUsdPerMTok === null
        ? prompt
        : difference(
            'input as it counts',
            unit,
            prompt,
            product(
              'cached input that does not count',
              unit,
              sumOf('cached input', unit, cached),
              given('share of it that does not count', 1 - throughput.cachedWeight, 'fraction', origin),
            ),
          );
    const written = sumOf('written', unit, [output, reasoning.value === 0 ? null : reasoning]);
    const weighted = (label: string, part: Traced, weight: number): Traced =>
      productOf(label, unit, [part, weight === 1 ? null : given('counts as tokens of input', weight, 'ratio', origin)]);
    const all = sum(
      'tokens of a request as a unit counts them',
      unit,
      weighted('input of a long prompt', read, weights.input),
      weighted('output', written, weights.output),
    );
    const ofTurns = stretch.share === 1 ? null : given('share of the turns', stretch.share, 'fraction');
    return productOf('of turns that count alike', unit, [ofTurns, all]);
  });
  return sumOf('tokens of a request as a unit counts them', unit, parts);
}

/**
 * Purchase steps for a task part at multiple 1: its tokens a minute over those of a step; for the busiest minute by
 * `provisionedInHourFactor`.
 */
export const stepsNeeded = (
  { requestsPerDay }: Pick<TaskPart, 'requestsPerDay'>,
  stepRequestsPerS: number,
  { assume }: Pick<Workload, 'assume'>,
): number => (requestsPerDay * assume('provisionedInHourFactor')) / (secondsPerDay * stepRequestsPerS);

export const tracedBusiest = (context: Of): Traced =>
  parameter('busiest minute that is bought, over its hour', 'provisionedInHourFactor', context);

const formulas = {
  units: monthly(
    'compute.provisioned',
    'Provisioned throughput',
    'steps that hold the busiest tokens a minute, up to the smallest purchase x units of a step x hours/month x USD per unit-hour',
  ),
  overhang: monthly(
    'compute.commitment',
    'Commitment beyond the horizon',
    'provisioned units x (months paid / months of the horizon - 1)',
  ),
};

/** What a purchase step costs: its hours, and a commitment paid whole. */
export function provisionedCosts<Figure>(
  { usdPerHour, termHours, rows }: { usdPerHour: number; termHours: number; rows: readonly Origin[] },
  workload: CostTerms,
  figures: Figures<Figure>,
): FleetCosts<Figure> {
  const { units: machine, overhang } = formulas;
  const termMonths = termHours / workload.hoursPerMonth;
  return {
    unitHour: hours(usdPerHour, termMonths, { machine, overhang, rows }, workload, figures),
    beyondOwned: null,
    fleet: [],
    request: () => [],
  };
}
