import type { Slowest } from '../capacity/ceiling.js';
import { inStages, type Latency, type Prepared } from '../capacity/queue/latency.js';
import {
  type Engine,
  predictReplica,
  queueOf,
  type Replica,
  type RequestShape,
  replicaOn,
  type Spread,
  type Weights,
} from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import type { Limits, Serving } from '../capacity/serving.js';
import type { Demand, Slice, Target } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Case, SliceService } from './placement.js';

const msPerSecond = 1000;

/**
 * Slowest speed a slice may see: what the user asked for is a rule; else a machine is sized so that answers somebody waits
 * for do not stall, and batch work may take its time.
 */
export const slowestFor = (slice: Slice, { demand }: Case): Omit<Limits, 'maxSequences'> => ({
  tpotS: slowestTokenS(slice, demand),
  strict: slice.needs.tokensPerSecond?.by === 'user',
});

/** Slowest time per token a batch is sized for. */
function slowestTokenS({ needs, batchable }: Slice, demand: Demand): number {
  if (needs.tokensPerSecond?.by === 'user') return 1 / needs.tokensPerSecond.value;
  return batchable ? Number.POSITIVE_INFINITY : 1 / demand.assume('interactiveTokensPerS');
}

/** Standard deviations below which 95 % of a normal distribution lie. */
const z95 = 1.6449;

/** What a machine must keep to be worth sizing for a slice: the targets only where they are asked for (`timed`). */
export function slowestOf(slice: Slice, timed: boolean, demand: Demand): Slowest {
  const limitS = (target: Target | null): number =>
    timed && target?.by === 'user'
      ? (target.value - demand.assume('rttSameRegion')) / msPerSecond
      : Number.POSITIVE_INFINITY;
  const { ttftP95Ms, totalP95Ms } = slice.needs;
  const spread = demand.assume('inputLengthSpread');
  return {
    tpotS: slowestTokenS(slice, demand),
    firstS: limitS(ttftP95Ms),
    wholeS: limitS(totalP95Ms),
    longPrompt: Math.max(1, Math.exp(z95 * spread - spread ** 2 / 2)),
  };
}

/** What a slice sees on a unit cut into replicas of `gpus` cards; null where it does not fit or is too slow. */
export function serviceOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  replicas: number,
  shape: RequestShape,
  slice: Slice,
  engine: Engine,
  of: Case,
): SliceService | null {
  const replica = replicaOn(weights, accelerator, gpus, support, engine);
  const serving = replica && predictReplica(replica, shape, slowestFor(slice, of), engine);
  return serving && withinTargets(replica, serving, replicas, shape, slice, true, engine, of);
}

/** What a slice sees on one of our own machines, whose rate is always known; a latency is worked out when it is asked for. */
type OwnService = SliceService & { unitRequestsPerS: number };

/**
 * What users see at the highest load a fleet is sized for, or at the largest below it that keeps the targets the user wrote
 * on the first token and the whole answer; the rate is lowered in proportion. Targets that even a nearly idle replica
 * misses, and those not asked for (`timed`), lower nothing.
 */
export function withinTargets(
  replica: Replica,
  serving: Serving,
  replicas: number,
  shape: RequestShape,
  slice: Slice,
  timed: boolean,
  engine: Engine,
  of: Case,
): OwnService {
  const { demand } = of;
  const highest = demand.assume('highestLoad');
  const { load, seen, firstP95Ms } = timed
    ? loadOf(replica, serving, shape, slice, engine, of)
    : untimed(replica, serving, shape, slice, engine, of);
  return {
    get ttftP95Ms() {
      return firstP95Ms();
    },
    get tokensPerSecond() {
      return seen().tokensPerSecond;
    },
    get totalP95Ms() {
      return seen().totalP95Ms;
    },
    unitRequestsPerS: (serving.requestsPerS * replicas * load) / highest,
    limitedBy: serving.limitedBy,
  };
}

type Seen = Pick<SliceService, 'ttftP95Ms' | 'tokensPerSecond' | 'totalP95Ms'>;
type AtLoad = { load: number; seen: () => Seen; firstP95Ms: () => number | null };

/** By where assumptions come from, which demands of one scenario at several volumes share. */
const known = new WeakMap<Demand['assume'], Map<string, AtLoad>>();

/** The largest load that keeps the targets, once for each replica: units of any size are cut into the same ones. */
function loadOf(
  replica: Replica,
  serving: Serving,
  shape: RequestShape,
  slice: Slice,
  engine: Engine,
  of: Case,
): AtLoad {
  const { weights, accelerator, gpus } = replica;
  const thinks = shape.outputTokens > slice.tokens.output;
  const key = [weights.model.row, weights.scheme.row, accelerator.row, gpus, slice.id, thinks].join();
  const { near } = of.demand;
  const nearby = near && known.get(near.assume)?.get(key);
  if (nearby !== undefined)
    return seenAtLoad(nearby.load, queueFor(replica, shape, engine, of), replica, serving, shape, slice, of);
  let loads = known.get(of.demand.assume);
  if (loads === undefined) {
    loads = new Map();
    known.set(of.demand.assume, loads);
  }
  let found = loads.get(key);
  if (found === undefined) {
    found = searchLoad(replica, serving, shape, slice, engine, of);
    loads.set(key, found);
  }
  return found;
}

const queueFor = (replica: Replica, shape: RequestShape, engine: Engine, { demand }: Case): (() => Prepared) =>
  remembered(() => queueOf(replica, shape, spreadOf(demand), engine));

const untimed = (
  replica: Replica,
  serving: Serving,
  shape: RequestShape,
  slice: Slice,
  engine: Engine,
  of: Case,
): AtLoad =>
  seenAtLoad(of.demand.assume('highestLoad'), queueFor(replica, shape, engine, of), replica, serving, shape, slice, of);

function searchLoad(
  replica: Replica,
  serving: Serving,
  shape: RequestShape,
  slice: Slice,
  engine: Engine,
  of: Case,
): AtLoad {
  const highest = of.demand.assume('highestLoad');
  const limits = [slice.needs.ttftP95Ms, slice.needs.totalP95Ms].map((target) =>
    target?.by === 'user' ? target.value : Number.POSITIVE_INFINITY,
  );
  const queue = queueFor(replica, shape, engine, of);
  const at = (load: number): AtLoad => seenAtLoad(load, queue, replica, serving, shape, slice, of);
  const keeps = ({ seen, firstP95Ms }: AtLoad): boolean =>
    (firstP95Ms() ?? Number.POSITIVE_INFINITY) <= (limits[0] as number) &&
    (limits[1] === Number.POSITIVE_INFINITY ||
      (seen().totalP95Ms ?? Number.POSITIVE_INFINITY) <= (limits[1] as number));
  const full = at(highest);
  if (limits.every((limit) => limit === Number.POSITIVE_INFINITY) || keeps(full)) return full;
  let low = at(highest * nearlyIdle);
  if (!keeps(low)) return full;
  let high = full;
  for (let step = 0; step < narrowings; step++) {
    const tried = at(between(low, high, limits));
    if (keeps(tried)) low = tried;
    else high = tried;
  }
  return low;
}

/** Share of the highest load that counts as idle, and loads tried between that and the highest. */
const nearlyIdle = 1 / 16;
const narrowings = 2;

/** A load between one that keeps the limits and one that does not: waits grow about as load / (1 - load). */
function between(low: AtLoad, high: AtLoad, limits: readonly number[]): number {
  const odds = ({ load }: AtLoad): number => load / (1 - load);
  const share = (limit: number, a: number | null, b: number | null): number =>
    a === null || b === null || b <= limit ? 1 : (limit - a) / (b - a);
  const [first, whole] = limits as [number, number];
  const least = Math.min(
    share(first, low.firstP95Ms(), high.firstP95Ms()),
    whole === Number.POSITIVE_INFINITY ? 1 : share(whole, low.seen().totalP95Ms, high.seen().totalP95Ms),
  );
  const at = odds(low) + (high.firstP95Ms() === null ? 1 / 2 : least) * (odds(high) - odds(low));
  return at / (1 + at);
}

/** What is seen at a share of the saturation rate, worked out when it is asked for: a queue takes a thousand times as long as a rate. */
const seenAtLoad = (
  load: number,
  queue: () => Prepared,
  replica: Replica,
  serving: Serving,
  shape: RequestShape,
  slice: Slice,
  { demand }: Case,
): AtLoad => {
  const stages = remembered(() => inStages(queue(), load * serving.requestsPerS));
  const seen = remembered(() => seenAt(stages()?.all() ?? null, replica, shape, slice, demand));
  const thinks = shape.outputTokens > slice.tokens.output;
  return {
    load,
    seen,
    // Without reasoning before it, the first token is told without the rest.
    firstP95Ms: () => {
      if (thinks) return seen().ttftP95Ms;
      const found = stages();
      return found && beforeMs(replica, demand) + found.firstTokenS().p95 * msPerSecond;
    },
  };
};

/** Network and the engine's fixed time, before every answer. */
const beforeMs = ({ firstTokenS }: Replica, demand: Demand): number =>
  demand.assume('rttSameRegion') + firstTokenS * msPerSecond;

function remembered<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const spreadOf = (demand: Demand): Spread => ({
  input: demand.assume('inputLengthSpread'),
  output: demand.assume('outputLengthSpread'),
});

/**
 * Latency in the terms of a slice, from a queue at a rate (null: it cannot keep up): reasoning is written before the first
 * token that is seen.
 */
function seenAt(latency: Latency | null, replica: Replica, shape: RequestShape, slice: Slice, demand: Demand): Seen {
  if (latency === null) return { ttftP95Ms: null, tokensPerSecond: null, totalP95Ms: null };
  const { ttftS, tpotS, requestS } = latency;
  const before = beforeMs(replica, demand);
  const thinkingS = (shape.outputTokens - slice.tokens.output) * tpotS.mean;
  return {
    ttftP95Ms: before + (ttftS.p95 + thinkingS) * msPerSecond,
    tokensPerSecond: tpotS.mean === 0 ? null : 1 / tpotS.mean,
    totalP95Ms: before + requestS.p95 * msPerSecond,
  };
}
