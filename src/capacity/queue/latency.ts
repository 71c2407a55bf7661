import { madeOnce } from '../../units/memo.js';
import { wholeOf } from '../step-times.js';
import { type Admission, admissionOf, cycleAt, type Working, workingAt } from './cycle.js';
import { type Demand, demandOf, lengthsAt, type Server, type Traffic } from './model.js';
import { lattice, type Percentiles, percentileOf, percentilesOf, points } from './percentiles.js';
import { type Saturation, saturation } from './saturation.js';
import { decodeTimes, firstTokens, type Prompts, promptsOf } from './wait.js';

/** A target: a percentile (or the mean) of a latency of `latencyAt` is at most `limitS`. */
export type Target = { of: 'ttft' | 'tpot' | 'request'; at: keyof Percentiles; limitS: number };

const fields = { ttft: 'ttftS', tpot: 'tpotS', request: 'requestS' } as const;

/** What a target limits. */
export const reachedS = (latency: Latency, { of, at }: Target): number => latency[fields[of]][at];

/** Are all targets kept? No where the fleet cannot keep up (null). */
export const keeps = (latency: Latency | null, targets: readonly Target[]): latency is Latency =>
  latency !== null && targets.every((target) => reachedS(latency, target) <= target.limitS);

/** Relied-on share of a predicted rate, as predictions tend to be too high. */
export const cautious = 0.95;

/** Step down to which loads are halved, whatever the targets; smaller near idle, where latencies jump. */
const step = 2 ** -7;
const leastLoad = 2 ** -16;
/** A latency further over its limit one step of load on jumps there. */
const smooth = 1.05;

/** Largest load that keeps all targets; 0 where even an idle machine misses one. */
function largestLoad(prepared: Prepared, targets: readonly Target[], replicas: number): number {
  const at = (load: number): Latency | null => latencyOf(prepared, load * prepared.limit.ratePerS, replicas);
  let low = 0;
  let high = 1;
  let kept: Latency | null = null;
  let missed: Latency | null = null;
  while (high - low > (low === 0 ? leastLoad : step)) {
    const middle = (low + high) / 2;
    const latency = at(middle);
    if (keeps(latency, targets)) {
      low = middle;
      kept = latency;
    } else {
      high = middle;
      missed = latency;
    }
  }
  kept ??= at(0);
  if (!keeps(kept, targets)) return 0;
  // Between two loads waits grow about as 1 / (1 - load), so reciprocals are linear without a jump.
  let inside = 1;
  for (const target of targets) {
    const above = missed === null ? Number.POSITIVE_INFINITY : reachedS(missed, target);
    if (above <= target.limitS) continue;
    if (above > target.limitS * smooth) return low;
    const below = 1 / reachedS(kept, target);
    inside = Math.min(inside, (below - 1 / target.limitS) / (below - 1 / above));
  }
  return low + inside * (high - low);
}

/**
 * Largest total requests a second at which `replicas` equal servers keep every target, times `cautious`. 0 where an
 * idle machine misses a target, or not one request fits.
 */
export const largestRate = (server: Server, traffic: Traffic, targets: readonly Target[], replicas: number): number =>
  rateOf(prepare(server, traffic), targets, replicas);

function rateOf(prepared: Prepared, targets: readonly Target[], replicas: number): number {
  if (prepared.limit.ratePerS === 0) return 0;
  return cautious * replicas * prepared.limit.ratePerS * largestLoad(prepared, targets, replicas);
}

/**
 * Largest rate by number of replicas, from 0 to `upTo`, with a router that keeps them even and so gets more of each.
 * Predicted for 1, 2, 4, 8 and 16 replicas, per replica linear in the logarithm between them, constant beyond.
 */
export function ratesHeld(server: Server, traffic: Traffic, targets: readonly Target[], upTo: number): Float64Array {
  const prepared = prepare(server, traffic);
  const each: number[] = [];
  const last = Math.min(mostPooled, upTo);
  for (let replicas = 1; each.length === 0 || replicas < 2 * last; replicas *= 2) {
    each.push(Math.max(each.at(-1) ?? 0, rateOf(prepared, targets, replicas) / replicas));
  }
  const rates = new Float64Array(upTo + 1);
  for (let replicas = 1; replicas <= upTo; replicas++) {
    const place = Math.min(each.length - 1, Math.log2(replicas));
    const low = Math.floor(place);
    const below = each[low] as number;
    rates[replicas] = replicas * (below + (place - low) * ((each[low + 1] ?? below) - below));
  }
  return rates;
}

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
