import type { Working } from './cycle.js';
import { partlyZero } from './model.js';

/** Exponent of the remaining prompts around the own one by even replicas, and variation of later prompts (fitted). */
const backlogPooling = -1.5;
const variancePooling = -0.7;
/** A batch can be so much smaller than its mean, at most. */
const smallestBatch = 0.2;

/** A request's ranks for its decode: later prompts (and their deviate), and its batch. */
export type DecodeTime = (
  decodes: number,
  prefillS: number,
  age: number,
  rank: number,
  rankZ: number,
  batchZ: number,
) => number;

/**
 * Seconds of the `decodes` tokens after the first: iterations as seen by a request in flight, and others' prompts.
 * These arrive during the last prefill iteration of the own prompt and all decode iterations but the last; each
 * iteration they lengthen lets more arrive, so the mean is rho / (1 - rho) of the time, more at first after a long
 * prefill iteration, and the backlog left behind.
 *
 * Of the function returned: `prefillS` is the time to first token without a wait for room; `age` output tokens over the
 * mean (a long request meets many batches, a short one only one); then ranks and deviates among all requests.
 */
export function decodeTimes({
  cycle,
  flightStepS,
  flightAbove,
  flightBelow,
  flightMost,
  ratePerS,
  calm,
  pooled,
}: Working): DecodeTime {
  const { fullS, longestS, extraSquare } = cycle;
  const load = cycle.prefillLoad * calm;
  const rate = ratePerS * calm;
  const idle = 1 - load;
  const fewer = pooled ** backlogPooling;
  const logLoad = Math.log(load);
  const steadyS = (flightStepS * load) / idle;
  const firstS = flightStepS / idle;
  const firstFactor = (fewer * load) / idle;
  const varianceFactor = ((rate * extraSquare) / idle ** 3) * pooled ** variancePooling;
  const mostS = Math.max(flightStepS * (1 + flightAbove), longestS);
  return (decodes, prefillS, age, rank, rankZ, batchZ) => {
    const lastS = Math.min(Math.max(prefillS - flightStepS / 2, flightStepS), mostS);
    const backlogS = (Math.max(0, load * (prefillS - lastS) - fullS / 2) / idle) * fewer;
    const fading = load > 0 ? -Math.expm1(decodes * logLoad) : 1;
    const meanS = decodes * steadyS + (lastS - firstS) * firstFactor * fading;
    const windowS = (decodes - 1) * flightStepS + lastS;
    const variance = (windowS + backlogS) * varianceFactor * fading * fading;
    const none = Math.exp(-rate * (windowS + backlogS));
    const added = backlogS + partlyZero(rank, rankZ, none, meanS, variance);
    // Variance of a mean over a time in which the batch is forgotten exponentially.
    const kept = (2 * (age - 1 + Math.exp(-age))) / (age * age);
    const spread = batchZ > 0 ? flightAbove : flightBelow;
    const batch = Math.min(flightMost, Math.max(smallestBatch, 1 + batchZ * spread * Math.sqrt(kept)));
    return Math.min((decodes * flightStepS + added) * batch, decodes * mostS);
  };
}
