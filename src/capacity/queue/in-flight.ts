import type { Demand } from './demand.js';
import { normalBelow } from './normal.js';
import { busyS, cacheInUse, type Saturation } from './saturation.js';
import type { Server } from './server.js';

/** How many requests are on a replica, in the long run. */
export type InFlight = {
  /** Mean number in service as an arrival finds it. */
  found: number;
  foundDeviation: number;
  /** Mean number on the replica an arrival is sent to, the least loaded. */
  least: number;
  /** Mean number, and its standard deviation, as a request in service sees it; it counts itself. */
  seen: number;
  seenDeviation: number;
  /** Share of arrivals that find the replica empty, and that find no room for their prompt. */
  empty: number;
  blocked: number;
};

const nodes = 16;
/** States with a smaller share than this are left out. */
const negligible = 1e-7;

/**
 * A birth-death chain over the requests on one replica (on all `replicas`, in steps of 1 / replicas, where the router
 * keeps them even): up with `ratePerS`, down with what a replica completes with that many in service, at most its
 * saturation rate. Summed from the most likely state to both sides; a geometric tail beyond what the replica holds.
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
 * Probability that a prompt finds no room beside `present` requests: their contexts and the prompt together as a gamma
 * (by Wilson and Hilferty's cube root), against the cache in use.
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
