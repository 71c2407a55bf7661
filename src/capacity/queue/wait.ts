import { type Cycle, cycleAt, type Working } from './cycle.js';
import { type Demand, lengthsAt, limitedMoment, partlyZero, promptOf, type Server } from './model.js';
import { type Arrivals, lattice, points } from './percentiles.js';
import { freeTokens, workS } from './saturation.js';

/** Exponent of the remaining prompts around the own one by even replicas, and variation of later prompts (fitted). */
const backlogPooling = -1.5;
const variancePooling = -0.7;
/** A batch can be so much smaller than its mean, at most. */
const smallestBatch = 0.2;

/** A request's ranks for its decode: later prompts (and their deviate), and its batch. */
type DecodeTime = (
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

/** Remaining tokens of a prompt in prefill at an arrival: mean, and shares up to nodes. */
export type Residual = { mean: number; below: Float64Array };

const nodes = 40;
/** The nodes reach so many means of the residual, and lie closer together near zero. */
const nodesReach = 40;

/** Equilibrium distribution of prompt lengths: E[min(length, tokens)] / E[length]. */
export function residualOf({ input, hitTokens, meanFresh, freshSquare }: Demand): Residual {
  const mean = freshSquare / meanFresh / 2;
  const ofHits = limitedMoment(input, 1, hitTokens);
  const below = new Float64Array(nodes + 1);
  for (let node = 1; node <= nodes; node++) {
    const tokens = nodesReach * mean * (node / nodes) ** 2;
    const share = Math.min(1, (limitedMoment(input, 1, hitTokens + tokens) - ofHits) / meanFresh);
    below[node] = Math.max(below[node - 1] as number, share);
  }
  below[nodes] = 1;
  return { mean, below };
}

function belowAt({ mean, below }: Residual, tokens: number): number {
  const place = Math.sqrt(tokens / (nodesReach * mean)) * nodes;
  if (place >= nodes) return 1;
  const node = Math.floor(place);
  const low = node * node;
  const part = (place * place - low) / (2 * node + 1);
  return (below[node] as number) * (1 - part) + (below[node + 1] as number) * part;
}

/** Waits for the prompts ahead on a grid: share that waits, and shares up to k steps; 1 beyond the highest rank. */
type PrefillWait = { busy: number; stepS: number; upTo: Float64Array };

const steps = 96;
/** The grid reaches so many mean waits of those who wait. */
const reach = 7;

/**
 * Wait for the prompts ahead, M/G/1 with a service of `secondsPerToken` for each prompt token (Pollaczek and
 * Khinchine): a geometric number of residual services, w_k = busy x sum of h_j w_(k-j), h their equilibrium density.
 *
 * @param most highest rank needed
 */
function prefillWait(residual: Residual, busy: number, secondsPerToken: number, most: number): PrefillWait {
  const stepTokens = (reach * residual.mean) / (1 - busy) / steps;
  const density = new Float64Array(steps);
  let before = belowAt(residual, 0.5 * stepTokens);
  density[0] = before;
  const stay = 1 / (1 - busy * (density[0] as number));
  const wait = new Float64Array(steps);
  const upTo = new Float64Array(steps).fill(1);
  wait[0] = (1 - busy) * stay;
  upTo[0] = wait[0] as number;
  for (let step = 1; step < steps && (upTo[step - 1] as number) < most; step++) {
    const up = belowAt(residual, (step + 0.5) * stepTokens);
    density[step] = up - before;
    before = up;
    let sum = 0;
    for (let back = 1; back <= step; back++) sum += (density[back] as number) * (wait[step - back] as number);
    wait[step] = busy * sum * stay;
    upTo[step] = (upTo[step - 1] as number) + (wait[step] as number);
  }
  return { busy, stepS: stepTokens * secondsPerToken, upTo };
}

/**
 * The wait at a rank; exponential beyond the grid.
 *
 * @param step the first up to which as many wait, or the last
 */
function waitAt({ busy, stepS, upTo }: PrefillWait, rank: number, step: number): number {
  if (rank < 1 - busy) return 0;
  const last = upTo[steps - 1] as number;
  if (rank >= last) {
    const meanS = (steps * stepS) / reach;
    return (steps - 0.5) * stepS + meanS * Math.log((1 - last) / (1 - rank));
  }
  const from = step === 0 ? 1 - busy : (upTo[step - 1] as number);
  const part = ((rank - from) / ((upTo[step] as number) - from)) * stepS;
  return step === 0 ? part / 2 : (step - 0.5) * stepS + part;
}

/** Prompts at any rate: the residual of those ahead, and own ones by lattice arrivals. */
export type Prompts = { residual: Residual; own: readonly OwnPrompts[] };
type OwnPrompts = { tokens: Float64Array; attentionS: Float64Array };

export function promptsOf({ times }: Server, demand: Demand): Prompts {
  const own = lattice().arrivals.map(({ promptZ }): OwnPrompts => {
    const lengths = lengthsAt(demand.input, promptZ);
    const tokens = new Float64Array(lengths.length);
    const attentionS = new Float64Array(lengths.length);
    for (let point = 0; point < lengths.length; point++) {
      const prompt = promptOf(times, lengths[point] as number, demand.hitTokens);
      tokens[point] = prompt.tokens;
      attentionS[point] = prompt.attentionS;
    }
    return { tokens, attentionS };
  });
  return { residual: residualOf(demand), own };
}

/** Exponent of the wait for prefill by replicas that a router keeps even (fitted). */
const pooling = -0.5;
/** Keeps waits finite. */
const nearlyOne = 0.999;

/**
 * Time to first token of every point, without the wait for room, unsorted. Batches vary more slowly than prompts, so
 * each batch size has its own points; a large batch has at least half of the mean's spare time.
 */
export function firstTokens(server: Server, demand: Demand, prompts: Prompts, working: Working): Float64Array {
  const { limit, cycle, foundDeviation, ratePerS, share } = working;
  const times = new Float64Array(points);
  const mostBusy = (1 + busyShare(server, demand, ratePerS, cycle)) / 2;
  let from = 0;
  for (const [at, arrivals] of lattice().arrivals.entries()) {
    const found = Math.min(limit.sequences, Math.max(0, cycle.found + arrivals.batchZ * foundDeviation));
    const met = cycleAt(server, demand, ratePerS, found, share);
    const own = prompts.own[at] as OwnPrompts;
    const into = times.subarray(from, from + arrivals.count);
    fill(into, server, demand, working, met, arrivals, prompts.residual, own, mostBusy);
    from += arrivals.count;
  }
  return times;
}

/** Share of time with prompts in or waiting for prefill, if iterations are full then. */
const busyShare = (server: Server, { meanFresh }: Demand, ratePerS: number, { found, fullS }: Cycle): number =>
  Math.min(nearlyOne, (ratePerS * meanFresh * fullS) / freeTokens(server, found));

/**
 * Passed or remaining part of the iteration at an arrival, at a rank: with probability 1 - rho even within decode, else
 * all of it and an exponential share of its prompts; the mean is half of the iteration.
 */
function partAt(rank: number, { stepS, metS, longestS, prefillLoad }: Cycle, calm: number): number {
  const prompts = prefillLoad * calm;
  const decodeOnly = 1 - prompts;
  if (rank < decodeOnly) return (rank / decodeOnly) * stepS;
  const meanS = Math.max(0, (metS - stepS * (1 + prefillLoad)) / 2) / Math.max(1e-9, prefillLoad);
  return Math.min(longestS, stepS + meanS * Math.log(prompts / Math.max(1e-12, 1 - rank)));
}

/**
 * For each point: the rest of the current iteration; those filled by prompts ahead and the own one; in the last, later
 * prompts with room. Ahead: arrivals of the current iteration, or the prefill queue if larger.
 */
function fill(
  into: Float64Array,
  server: Server,
  demand: Demand,
  { ratePerS, states, calm, pooled }: Working,
  cycle: Cycle,
  { count, beforeRank, beforeZ, afterRank, afterZ, elapsedRank }: Arrivals,
  residual: Residual,
  own: OwnPrompts,
  mostBusy: number,
): void {
  const { found, stepS, fullS } = cycle;
  const { meanFresh, freshSquare } = demand;
  const { times } = server;
  const free = freeTokens(server, found);
  const busy = Math.min(mostBusy, busyShare(server, demand, ratePerS, cycle));
  const wait = prefillWait(residual, busy, fullS / free, 1 - (1 - (count - 0.5) / count) / calm);
  const perTokenS = demand.attentionPerTokenS + times.linkS;
  const decodeS = workS(times, found, 0);
  const shrink = pooled ** pooling;
  const arrived = (rank: number, z: number, prompts: number): number =>
    partlyZero(rank, z, Math.exp(-prompts), prompts * meanFresh, prompts * freshSquare);
  let step = 0;
  for (let point = 0; point < count; point++) {
    const rank = (point + 0.5) / count;
    let restS = 0;
    let ahead = 0;
    if (rank >= states.empty) {
      restS = partAt((rank - states.empty) / (1 - states.empty), cycle, calm);
      const passedS = partAt(elapsedRank[point] as number, cycle, calm);
      ahead = arrived(beforeRank[point] as number, beforeZ[point] as number, ratePerS * calm * passedS);
    }
    const among = 1 - (1 - rank) / calm;
    // Ranks rise from point to point.
    while (step < steps - 1 && (wait.upTo[step] as number) < among) step++;
    const waitS = shrink * waitAt(wait, among, step);
    if (waitS > restS) ahead = Math.max(ahead, ((waitS - restS) / fullS) * free);
    const tokens = own.tokens[point] as number;
    const iterations = Math.max(1, Math.ceil((ahead + tokens) / free));
    const last = ahead + tokens - (iterations - 1) * free;
    const later = arrived(afterRank[point] as number, afterZ[point] as number, ratePerS * restS);
    const after = Math.min(free - last, later);
    into[point] =
      restS +
      (iterations - 1) * (fullS - free * perTokenS) +
      (stepS + workS(times, found, last + after) - decodeS) +
      (ahead + after) * perTokenS +
      tokens * times.linkS +
      (own.attentionS[point] as number);
  }
}
