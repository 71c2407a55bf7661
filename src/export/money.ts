import { at, requestsPerMonthPerDaily } from '../cost/curve.js';
import { rounded } from '../decide/round.js';
import { requestShapeOf } from '../places/own-weights.js';
import type { Context } from '../places/placement.js';
import type { TaskPart } from '../workload/workload.js';
import type { Place } from './places.js';

/** USD a month, mean of the horizon, of a place alone, without people and common costs of tasks. */
export const placeUsd = ({ lines }: Pick<Place, 'lines'>, { workload }: Context): number =>
  lines.reduce((usd, { curve }) => usd + at(curve, workload.requestsPerDay), 0);

/** Share of its task parts' requests that a place serves: the second takes the rest. */
function shareOf({ deployment, second }: Place, { workload }: Context): number {
  const beside = deployment.second?.share(workload.requestsPerDay) ?? 0;
  return second === null ? 1 - beside : beside;
}

/** Tokens a month, mean of the horizon, in and out of a place, with reasoning. */
export function placeTokens(place: Place, context: Context): { input: number; output: number } {
  const { option, taskParts } = place;
  let [input, output] = [0, 0];
  for (const taskPart of taskParts) {
    const requests = monthlyRequests(taskPart, context) * shareOf(place, context);
    const shape = requestShapeOf(option, taskPart, context);
    input += requests * shape.inputTokens;
    output += requests * shape.outputTokens;
  }
  return { input, output };
}

/** Requests a month, mean of the horizon. */
export const monthlyRequests = (taskPart: TaskPart, { workload }: Context): number =>
  taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);

/** USD per token. */
export type PricePerToken = { input: number; output: number };

/**
 * Machine cost per token: the mean monthly cost over the tokens of a month, output weighted by the ratio of prices at
 * the model's cheapest API, else the usual ratio. Null: no tokens.
 */
export function machinePrice(place: Place, context: Context): PricePerToken | null {
  const { tables, workload } = context;
  const { input, output } = placeTokens(place, context);
  const rows = tables.api.filter(({ family, speed }) => family === place.option.family && speed === null);
  const cheapest = rows.reduce<(typeof rows)[number] | null>(
    (least, row) => (least === null || blended(row) < blended(least) ? row : least),
    null,
  );
  const ratio =
    cheapest === null || cheapest.inputUsdPerMTok === 0
      ? workload.assume('outputPriceRatio')
      : cheapest.outputUsdPerMTok / cheapest.inputUsdPerMTok;
  const weighted = input + ratio * output;
  if (weighted === 0) return null;
  const perInput = placeUsd(place, context) / weighted;
  return { input: rounded(perInput), output: rounded(perInput * ratio) };
}

const blended = ({ inputUsdPerMTok, outputUsdPerMTok }: { inputUsdPerMTok: number; outputUsdPerMTok: number }) =>
  inputUsdPerMTok + outputUsdPerMTok;
