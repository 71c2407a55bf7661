import { madeOnce } from '../../units/memo.js';
import { wholeOf } from '../step-times.js';
import { type Admission, admissionOf, cycleAt, type Working, workingAt } from './cycle.js';
import { decodeTimes } from './decode-time.js';
import { type Demand, demandOf, lengthsAt, type Server, type Traffic } from './model.js';
import { lattice, type Percentiles, percentileOf, percentilesOf, points } from './percentiles.js';
import { type Saturation, saturation } from './saturation.js';
import { firstTokens, type Prompts, promptsOf } from './wait.js';

/** Latency of a fleet at one rate, seconds, without an engine's fixed time per request and the network. */
export type Latency = {
  /** Share of the saturation rate. */
  load: number;
  /** Requests in service on one replica, mean. */
  inFlight: number;
  /** Arrival to the first token. */
  ttftS: Percentiles;
  /** Time per further token, over requests with more than one; 0 without any. */
  tpotS: Percentiles;
  /** Arrival to the last token. */
  requestS: Percentiles;
  /** Share of requests that wait for room in the cache or a free sequence. */
  waitingShare: number;
  /** Times a request loses its place in the cache and is computed again, mean. */
  lostPlaces: number;
  /** Many requests lose their place: waits move from the first token into later ones, and p95 is unreliable. */
  kvOvercommitted: boolean;
};

/** Most replicas that share a queue; more count as groups of so many. */
export const mostPooled = 16;
/** A tenth of all requests computed again. */
const overcommitted = 0.1;

/** Server and traffic with what does not depend on the rate. */
export type Prepared = {
  server: Server;
  demand: Demand;
  limit: Saturation;
  /** As prompts meet it; see `StepTimes.whole`. */
  whole: { server: Server; demand: Demand; prompts(): Prompts };
};

export function prepare(server: Server, traffic: Traffic): Prepared {
  const demand = demandOf(server, traffic);
  const times = wholeOf(server.times);
  const ofPrompts = times === server.times ? server : { ...server, times };
  const asked = ofPrompts === server ? demand : demandOf(ofPrompts, traffic);
  const whole = { server: ofPrompts, demand: asked, prompts: madeOnce(() => promptsOf(ofPrompts, asked)) };
  return { server, demand, limit: saturation(server, demand), whole };
}

/**
 * Latencies at `ratePerS` requests a second in all (Poisson) on `replicas` equal servers, each request to the one with
 * the fewest; null: overloaded.
 */
export const latencyAt = (server: Server, traffic: Traffic, ratePerS: number, replicas: number): Latency | null =>
  latencyOf(prepare(server, traffic), ratePerS / replicas, replicas);

/** As latencyAt, for a rate per replica. */
export const latencyOf = (prepared: Prepared, ratePerS: number, replicas: number): Latency | null =>
  inStages(prepared, ratePerS, replicas)?.all() ?? null;

/** Limited figures: p95 seconds to the first token and of a request, mean seconds per output token. */
export type TargetedLatency = { ttftP95S: number; tpotMeanS: number; requestP95S: number };

/**
 * Latencies at a rate per replica, in stages: the p95 of the first token alone takes half of the time, and targets need
 * fewer percentiles than all. Null: overloaded.
 *
 * @param pooled replicas that a router keeps even; 1 where none does
 */
export function inStages(
  { server, demand, limit, whole }: Prepared,
  ratePerS: number,
  pooled = 1,
): { firstTokenP95S(): number; targeted(): TargetedLatency; all(): Latency } | null {
  const load = ratePerS / limit.ratePerS;
  if (!(load < 1)) return null;
  const rate = Math.max(ratePerS, 1e-9 * limit.ratePerS);
  const working = workingAt(server, demand, limit, rate, Math.min(mostPooled, pooled));
  const first = firstTokens(whole.server, whole.demand, whole.prompts(), asMet(working, server, whole));
  const admission = admissionOf(server, demand, working);
  return {
    firstTokenP95S: () =>
      percentileOf(admission.blocked < leastBeyond ? first : withWaits(first.sort(), working, admission), 0.95),
    targeted: () => {
      const ttft = withWaits(first.sort(), working, admission);
      const { tpot, request } = decoded(demand, working, first, ttft);
      // Percentiles reorder what they are taken of.
      const mean = tpot.length === 0 ? 0 : tpot.reduce((sum, one) => sum + one, 0) / tpot.length;
      return { ttftP95S: percentileOf(ttft, 0.95), tpotMeanS: mean, requestP95S: percentileOf(request, 0.95) };
    },
    all: () => {
      const ttft = withWaits(first.sort(), working, admission);
      const { tpot, request } = decoded(demand, working, first, ttft);
      const lostPlaces = working.limit.lostPlaces * admission.blocked;
      return {
        load,
        inFlight: working.states.found,
        ttftS: percentilesOf(ttft),
        tpotS: percentilesOf(tpot),
        requestS: percentilesOf(request),
        waitingShare: admission.blocked,
        lostPlaces,
        kvOvercommitted: lostPlaces > overcommitted,
      };
    },
  };
}

/** The cycle of whole iterations that prompts meet, with requests by the time per token. */
function asMet(working: Working, server: Server, whole: Prepared['whole']): Working {
  if (whole.server === server) return working;
  const { ratePerS, cycle, share } = working;
  return { ...working, cycle: cycleAt(whole.server, whole.demand, ratePerS, cycle.found, share) };
}

/** Up to this share of requests waits at no point of the lattice. */
const leastBeyond = 1 / 2 / points;

/** Times to first token with the wait for room, by the order of those without it. */
function withWaits(first: Float64Array, { cycle }: Working, { blocked, meanWaitS }: Admission): Float64Array {
  const { admissionRank } = lattice();
  const ttft = new Float64Array(points);
  for (let point = 0; point < points; point++) {
    const beyond = 1 - (admissionRank[point] as number);
    const waitS = beyond < blocked ? meanWaitS * Math.log(blocked / beyond) + cycle.stepS + cycle.extraS : 0;
    ttft[point] = Math.max(first[point] as number, waitS);
  }
  return ttft;
}

/** Seconds per further token, for requests with one, and of whole requests, by lattice point. */
function decoded(
  demand: Demand,
  working: Working,
  first: Float64Array,
  ttft: Float64Array,
): { tpot: Float64Array; request: Float64Array } {
  const { outputZ, interferenceRank, interferenceZ, batchZ } = lattice();
  const tpot = new Float64Array(points);
  const request = new Float64Array(points);
  const decodeTime = decodeTimes(working);
  const outputs = lengthsAt(demand.output, outputZ);
  let several = 0;
  for (let point = 0; point < points; point++) {
    const prefillS = first[point] as number;
    const output = Math.max(1, Math.round(outputs[point] as number));
    let decodeS = 0;
    if (output > 1) {
      decodeS = decodeTime(
        output - 1,
        prefillS,
        output / demand.meanOutput,
        interferenceRank[point] as number,
        interferenceZ[point] as number,
        batchZ[point] as number,
      );
      tpot[several++] = decodeS / (output - 1);
    }
    request[point] = (ttft[point] as number) + decodeS;
  }
  return { tpot: tpot.subarray(0, several), request };
}
