import type { Demand, Server } from './model.js';
import { normalBelow } from './percentiles.js';
import {
  busyS,
  cacheInUse,
  fullStepS,
  meanExtra,
  type Saturation,
  sharedIterations,
  stepS,
  visits,
} from './saturation.js';

/** How many requests are on a replica, in the long run. */
type InFlight = {
  /** Mean number in service as an arrival finds it. */
  found: number;
  foundDeviation: number;
  /** Mean number on the replica an arrival is sent to, the least loaded. */
  least: number;
  /** Mean number, and its standard deviation, seen by a request in service, itself included. */
  seen: number;
  seenDeviation: number;
  /** Share of arrivals that find the replica empty, and without room for their prompt. */
  empty: number;
  blocked: number;
};

const nodes = 16;
/** States with a smaller share than this are left out. */
const negligible = 1e-7;

/**
 * A birth-death chain over the requests on one replica (on all `replicas`, in steps of 1 / replicas, where the router
 * keeps them even): up with `ratePerS`, down with the replica's rate at that number in service, at most saturation.
 * Summed from the most likely state to both sides; a geometric tail beyond what the replica holds.
 *
 * @param share iterations with prefill per prompt
 */
export function inFlight(
  server: Server,
  demand: Demand,
  limit: Saturation,
  ratePerS: number,
  share: number,
  replicas: number,
): InFlight {
  const { sequences } = limit;
  const busy = new Float64Array(nodes + 1);
  for (let node = 0; node <= nodes; node++) {
    busy[node] = busyS(server, demand, sequences * (node / nodes) ** 2, share);
  }
  /** Completions of one replica with `held` in service. */
  const rateAt = (held: number): number => {
    if (held >= sequences) return limit.ratePerS;
    const place = Math.sqrt(held / sequences) * nodes;
    const node = Math.min(nodes - 1, Math.floor(place));
    const low = (node / nodes) ** 2;
    const high = ((node + 1) / nodes) ** 2;
    const part = (held / sequences - low) / (high - low);
    const seconds = (busy[node] as number) * (1 - part) + (busy[node + 1] as number) * part;
    return Math.min(limit.ratePerS, held / seconds);
  };

  const last = Math.ceil(sequences * replicas);
  let mode = 0;
  for (let step = 2 ** Math.ceil(Math.log2(last + 1)); step >= 1; step /= 2) {
    if (mode + step < last && rateAt((mode + step) / replicas) <= ratePerS) mode += step;
  }
  const isBlocked = blocking(server, demand);
  let total = 0;
  let first = 0;
  let second = 0;
  let third = 0;
  let blocked = 0;
  let empty = 0;
  let least = 0;
  let full = Number.POSITIVE_INFINITY;
  const add = (state: number, weight: number): void => {
    const present = state / replicas;
    const held = Math.min(present, sequences, full);
    total += weight;
    first += weight * held;
    second += weight * held * held;
    third += weight * held * held * held;
    blocked += weight * isBlocked(Math.floor(present));
    least += weight * Math.min(Math.floor(present), sequences, full);
    if (state < replicas) empty += weight;
  };
  add(mode, 1);
  for (let state = mode, weight = 1; state > 0 && weight > negligible; state--) {
    weight *= rateAt(state / replicas) / ratePerS;
    add(state - 1, weight);
  }
  let weight = 1;
  for (let state = mode + 1; weight > negligible; state++) {
    const down = rateAt(state / replicas);
    // More requests than that only wait for their prefill.
    if (down >= limit.ratePerS) full = Math.min(full, state / replicas);
    weight *= ratePerS / down;
    if (state > 2 * last + 50) {
      const tail = weight / (1 - ratePerS / limit.ratePerS);
      const held = Math.min(sequences, full);
      total += tail;
      first += tail * held;
      least += tail * held;
      second += tail * held * held;
      third += tail * held * held * held;
      blocked += tail * isBlocked(state / replicas);
      break;
    }
    add(state, weight);
  }
  const seen = first > 0 ? second / first : 0;
  return {
    found: first / total,
    foundDeviation: Math.sqrt(Math.max(0, second / total - (first / total) ** 2)),
    seen,
    seenDeviation: first > 0 ? Math.sqrt(Math.max(0, third / first - seen * seen)) : 0,
    least: Math.min(least, first) / total,
    empty: empty / total,
    blocked: Math.min(1, blocked / total),
  };
}

/**
 * Probability that a prompt finds no room with `present` requests: all contexts as a gamma (by Wilson and Hilferty's
 * cube root), against the cache in use.
 */
function blocking({ cacheBytes, maxSequences }: Server, demand: Demand): (present: number) => number {
  const { meanInput, inputSquare, meanOutput, outputSquare, outputCube, cache } = demand;
  const room = cacheInUse * cacheBytes;
  const prompt = cache.own + cache.perToken * meanInput;
  const squared = cache.perToken ** 2;
  const ofInput = Math.max(0, inputSquare - meanInput ** 2);
  const ofContext = ofInput + Math.max(0, outputCube / meanOutput / 3 - (outputSquare / meanOutput / 2) ** 2);
  return (present) => {
    if (present >= maxSequences) return 1;
    if (room === Number.POSITIVE_INFINITY) return 0;
    const mean = present * cache.inFlight + prompt;
    const variance = squared * (present * ofContext + ofInput) + 1e-9 * mean ** 2;
    const ninth = variance / mean ** 2 / 9;
    return normalBelow((1 - ninth - Math.cbrt(room / mean)) / Math.sqrt(ninth));
  };
}

/** Successive iterations of a replica with `found` sequences in decode. */
export type Cycle = {
  found: number;
  /** An iteration that only decodes, and one with a full chunk. */
  stepS: number;
  fullS: number;
  /** The longest iteration: with a full chunk, of which decode may take nothing. */
  longestS: number;
  /** What a prompt adds, mean and mean square. */
  extraS: number;
  extraSquare: number;
  /** Share of time that prompts add. */
  prefillLoad: number;
  /** Mean length of the iteration at an arrival: long ones are hit more often. */
  metS: number;
};

/** The load of a replica at one rate: what the parts of a latency are made of. */
export type Working = {
  ratePerS: number;
  /** Replicas the router keeps even; 1 where it does not. */
  pooled: number;
  limit: Saturation;
  states: InFlight;
  /** Iterations with prefill per prompt. */
  share: number;
  /** Mean cycle at an arrival; and the standard deviation of the number in decode. */
  cycle: Cycle;
  foundDeviation: number;
  /** A decode-only iteration seen by a request in flight, and its relative standard deviation up and down. */
  flightStepS: number;
  flightAbove: number;
  flightBelow: number;
  /** With all the sequences there is room for: times as long. */
  flightMost: number;
  /** Share of the mean requests on the replica that an arrival is sent to. */
  calm: number;
};

/** Keeps quotients finite where a rate is all but the most. */
const nearlyOne = 0.999;
const rounds = 8;
/** Rounds end earlier at this relative distance. */
const close = 1e-7;

/**
 * Arrivals join the iteration after theirs. Its length is a fixed point: decode, and the prompts that came in the one
 * before, so a / (1 - rho) on average, and a / (1 - rho) + lambda E[x^2] / (1 - rho^2) at an arrival; at most a full
 * chunk.
 */
export function cycleAt(server: Server, demand: Demand, ratePerS: number, found: number, share: number): Cycle {
  const step = stepS(server, demand, found);
  const { mean, square } = meanExtra(server, demand, found, share);
  const prefillLoad = Math.min(nearlyOne, ratePerS * mean);
  const fullS = fullStepS(server, demand, found);
  const longestS = Math.max(fullS, fullStepS(server, demand, 0));
  const metS = step / (1 - prefillLoad) + (ratePerS * square) / (1 - prefillLoad ** 2);
  return { found, stepS: step, fullS, longestS, extraS: mean, extraSquare: square, prefillLoad, metS };
}

/** Requests in service: rate x time in service, which grows about evenly with them. */
function meanInService(server: Server, demand: Demand, most: number, ratePerS: number, share: number): number {
  const idleS = busyS(server, demand, 0, share);
  let mean = ratePerS * idleS;
  for (let round = 0; round < 2; round++) {
    if (mean >= most) return most;
    const growth = (busyS(server, demand, mean, share) - idleS) / mean;
    mean = ratePerS * growth < 1 ? (ratePerS * idleS) / (1 - ratePerS * growth) : most;
  }
  return Math.min(most, mean);
}

/**
 * Prompts that arrive in the cycle at an arrival: more share an iteration and each adds less, so there is one fixed
 * point (regula falsi, Illinois).
 */
function arrivalsPerCycle(
  server: Server,
  demand: Demand,
  { sequences }: Saturation,
  ratePerS: number,
  decoding: number,
): number {
  const excess = (arrivals: number): number => {
    const share = sharedIterations(arrivals);
    const found = meanInService(server, demand, sequences, ratePerS, share) * decoding;
    const cycle = cycleAt(server, demand, ratePerS, found, share);
    return ratePerS * Math.min(cycle.metS, cycle.longestS) - arrivals;
  };
  let low = 0;
  let atLow = excess(0);
  let high = atLow;
  let atHigh = excess(high);
  for (let round = 0; round < rounds && atHigh < 0; round++) {
    const middle = high - (atHigh * (high - low)) / (atHigh - atLow);
    const at = excess(middle);
    if (Math.abs(at) < close * middle) return middle;
    if (at > 0) {
      low = middle;
      atLow = at;
      atHigh /= 2;
    } else {
      high = middle;
      atHigh = at;
      atLow /= 2;
    }
  }
  return high;
}

export function workingAt(
  server: Server,
  demand: Demand,
  limit: Saturation,
  ratePerS: number,
  pooled: number,
): Working {
  const { prefill, decode } = visits(server, demand, limit.sequences);
  const decoding = decode / (decode + prefill);
  const share = sharedIterations(arrivalsPerCycle(server, demand, limit, ratePerS, decoding));
  const states = inFlight(server, demand, limit, ratePerS, share, pooled);
  const cycle = cycleAt(server, demand, ratePerS, states.found * decoding, share);
  const seen = Math.max(1, states.seen * decoding);
  const apart = states.seenDeviation * decoding;
  const flightStepS = stepS(server, demand, seen);
  return {
    ratePerS,
    pooled,
    limit,
    states,
    share,
    cycle,
    foundDeviation: states.foundDeviation * decoding,
    flightStepS,
    flightAbove: stepS(server, demand, seen + apart) / flightStepS - 1,
    flightMost: Math.max(1, stepS(server, demand, limit.sequences * decoding) / flightStepS),
    flightBelow: 1 - stepS(server, demand, Math.max(1, seen - apart)) / flightStepS,
    calm: states.found > 0 ? states.least / states.found : 1,
  };
}

/** Waits for cache room or a free sequence: share of arrivals, and the mean of their (exponential) wait. */
export type Admission = { blocked: number; meanWaitS: number };

/** Exponent of the wait by replicas that a router keeps even (fitted). */
const pooling = -0.7;
/** One long prompt delays all behind it: the share raised to spread^-0.25 (fitted). */
const heldUp = -0.25;

/** Squared variation of a request's use of the limit: byte-seconds for room, time for sequences. */
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
