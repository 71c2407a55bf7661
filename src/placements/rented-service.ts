import type { Slowest } from '../capacity/ceiling.js';
import { type Latency, latencyOf, type Prepared } from '../capacity/queue/latency.js';
import {
  engineOf,
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

/** What a machine must keep to be worth sizing for a slice: the targets only where they are asked for (`timed`). */
export function slowestOf(slice: Slice, timed: boolean, demand: Demand): Slowest {
  const limitS = (target: Target | null): number =>
    timed && target?.by === 'user'
      ? (target.value - demand.assume('rttSameRegion')) / msPerSecond
      : Number.POSITIVE_INFINITY;
  const { ttftP95Ms, totalP95Ms } = slice.needs;
  return { tpotS: slowestTokenS(slice, demand), firstS: limitS(ttftP95Ms), wholeS: limitS(totalP95Ms) };
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
  of: Case,
): SliceService | null {
  const engine = engineOf(of.demand.assume, of.tables);
  const replica = replicaOn(weights, accelerator, gpus, support, engine);
  const serving = replica && predictReplica(replica, shape, slowestFor(slice, of), engine);
  return serving && withinTargets(replica, serving, replicas, shape, slice, true, of);
}

/** What a slice sees on one of our own machines, whose rate is always known; a latency is worked out when it is asked for. */
type OwnService = SliceService & { unitRequestsPerS: number };

/** Halvings of the load in search of the largest that keeps the targets. */
const halvings = 5;

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
  of: Case,
): OwnService {
  const { demand } = of;
  const highest = demand.assume('highestLoad');
  const rate = serving.requestsPerS * replicas;
  const limits = [slice.needs.ttftP95Ms, slice.needs.totalP95Ms].map((target) =>
    target?.by === 'user' ? target.value : Number.POSITIVE_INFINITY,
  );
  let queue: Prepared | null = null;
  const at = (load: number): OwnService => {
    // A queue takes a thousand times as long as a rate.
    const seen = remembered(() => {
      queue ??= queueOf(replica, shape, spreadOf(demand), engineOf(demand.assume, of.tables));
      return seenAt(latencyOf(queue, load * serving.requestsPerS, 1, 'random'), replica, shape, slice, demand);
    });
    return {
      get ttftP95Ms() {
        return seen().ttftP95Ms;
      },
      get tokensPerSecond() {
        return seen().tokensPerSecond;
      },
      get totalP95Ms() {
        return seen().totalP95Ms;
      },
      unitRequestsPerS: (rate * load) / highest,
      limitedBy: serving.limitedBy,
    };
  };
  const keeps = ({ ttftP95Ms, totalP95Ms }: OwnService): boolean =>
    (ttftP95Ms ?? Number.POSITIVE_INFINITY) <= (limits[0] as number) &&
    (totalP95Ms ?? Number.POSITIVE_INFINITY) <= (limits[1] as number);
  const full = at(highest);
  if (!timed || limits.every((limit) => limit === Number.POSITIVE_INFINITY)) return full;
  if (keeps(full)) return full;
  let [low, high] = [highest / 2 ** halvings, highest];
  let kept = at(low);
  if (!keeps(kept)) return full;
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    const seen = at(middle);
    if (keeps(seen)) [low, kept] = [middle, seen];
    else high = middle;
  }
  return kept;
}

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
function seenAt(
  latency: Latency | null,
  { firstTokenS }: Replica,
  shape: RequestShape,
  slice: Slice,
  demand: Demand,
): Pick<SliceService, 'ttftP95Ms' | 'tokensPerSecond' | 'totalP95Ms'> {
  if (latency === null) return { ttftP95Ms: null, tokensPerSecond: null, totalP95Ms: null };
  const { ttftS, tpotS, requestS } = latency;
  const before = demand.assume('rttSameRegion') + firstTokenS * msPerSecond;
  const thinkingS = (shape.outputTokens - slice.tokens.output) * tpotS.mean;
  return {
    ttftP95Ms: before + (ttftS.p95 + thinkingS) * msPerSecond,
    tokensPerSecond: tpotS.mean === 0 ? null : 1 / tpotS.mean,
    totalP95Ms: before + requestS.p95 * msPerSecond,
  };
}
