import type { Demand } from './demand.js';
import { type InFlight, inFlight } from './in-flight.js';
import { fullStepS, meanExtra, sharedIterations, stepS } from './iteration.js';
import { busyS, type Saturation, visits } from './saturation.js';
import type { Server } from './server.js';

/** Iterations of a replica as they follow each other with `found` sequences in decode. */
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
  /** Mean length of the iteration an arrival falls into: long ones are hit more often. */
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
  /** As arrivals meet it, on average; and the standard deviation of the number in decode. */
  cycle: Cycle;
  foundDeviation: number;
  /** An iteration that only decodes, as a request in flight meets it, and its relative standard deviation up and down. */
  flightStepS: number;
  flightAbove: number;
  flightBelow: number;
  /** With all the sequences there is room for: times as long. */
  flightMost: number;
  /** An arrival goes to a replica with fewer requests than the mean: the share of the mean. */
  calm: number;
};

/** Keeps quotients finite where a rate is all but the most. */
const nearlyOne = 0.999;
const rounds = 8;
/** Rounds end earlier at this relative distance. */
const close = 1e-7;

/**
 * Arrivals join the iteration after the one they fall into. Its length is a fixed point: decode, and the prompts that came
 * in the one before, so a / (1 - rho) on average, and a / (1 - rho) + lambda E[x^2] / (1 - rho^2) as an arrival meets it;
 * at most a full chunk.
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

/** Requests in service, from rate x time in service; that time grows about evenly with them. */
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
 * Prompts that arrive in the cycle an arrival meets: the more there are, the more of them share an iteration and the less
 * each adds to it, so there is one number that brings itself about (by regula falsi, Illinois).
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
