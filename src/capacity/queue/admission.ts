import type { Working } from './cycle.js';
import type { Demand } from './demand.js';
import { meanExtra, stepS } from './iteration.js';
import type { Saturation } from './saturation.js';
import type { Server } from './server.js';

/** Waiting for room in the cache, or for a free sequence: share of arrivals that do, and the mean of their (exponential) wait. */
export type Admission = { blocked: number; meanWaitS: number };

/** How the wait shrinks with the replicas a router keeps even: replicas^-0.7 (fitted). */
const pooling = -0.7;
/** One long prompt holds up all that come behind it: the share raised to spread^-0.25 (fitted). */
const heldUp = -0.25;

/** Squared variation of what a request holds of the limit: byte-seconds where room binds, time where sequences do. */
function heldVariation(server: Server, demand: Demand, { sequences }: Saturation): number {
  const { meanInput, inputSquare, meanOutput, outputSquare, outputCube, outputFourth } = demand;
  if (sequences >= server.maxSequences) return Math.max(0, outputSquare / meanOutput ** 2 - 1);
  const { own, perToken } = demand.cache;
  const grown = meanOutput * meanInput + outputSquare / 2;
  const mean = own * meanOutput + perToken * grown;
  const square =
    own ** 2 * outputSquare +
    own * perToken * (2 * outputSquare * meanInput + outputCube) +
    perToken ** 2 * (outputSquare * inputSquare + outputCube * meanInput + outputFourth / 4);
  return Math.max(0, square / mean ** 2 - 1);
}

/**
 * As in a queue whose server is the full batch: the mean wait is spread / (saturation rate - rate), with the spread of
 * Pollaczek and Khinchine, (1 + squared variation) / 2, for the part of the cycle that is decode.
 */
export function admissionOf(
  server: Server,
  demand: Demand,
  { limit, states, share, ratePerS, pooled }: Working,
): Admission {
  const decodeS = demand.meanOutput * stepS(server, demand, limit.sequences);
  const prefillS = limit.sequences * meanExtra(server, demand, limit.sequences, share).mean;
  const decodeShare = decodeS / (decodeS + prefillS);
  const spread = 1 + decodeShare * ((1 + heldVariation(server, demand, limit)) / 2 - 1);
  return {
    blocked: states.blocked ** (spread ** heldUp),
    meanWaitS: (spread / (limit.ratePerS - ratePerS)) * pooled ** pooling,
  };
}
