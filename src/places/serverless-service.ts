import {
  type Engine,
  predictReplica,
  type RequestShape,
  replicaOn,
  replicaTpotS,
  type Weights,
} from '../capacity/replica.js';
import type { SchemeSupport } from '../capacity/scheme.js';
import { windowsOf } from '../cost/gathered.js';
import { coldShares, coldWaitS, type Sleeper, spellsOf } from '../cost/serverless.js';
import type { ServerlessWork } from '../cost/serverless-costs.js';
import { requestsPerSecondOf } from '../cost/slice-trace.js';
import { unitsNeeded } from '../cost/units-needed.js';
import { predicted, type Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Demand, Slice } from '../workload/demand.js';
import { bestSeen, slowestFor, withinTargets } from './fleet-service.js';
import type { Case, SliceService } from './placement.js';

const msPerSecond = 1000;
const secondsPerDay = 86_400;
/** What a 95th percentile leaves out. */
const tail = 0.05;

/** A slice on a worker of its own: what it sees once the worker runs, and what it asks of it. */
export type Worker = { warm: SliceService; work: ServerlessWork };

/** The same as far as it is asked for: a queue takes far longer to tell than a rate. */
export type Drafted = {
  /** What it asks of a worker at the least: targets on latency only add to it. */
  least: ServerlessWork;
  /** What it sees of a worker that runs at the very best. */
  best(): SliceService;
  /** On a worker that keeps its targets, where it can. */
  worker(): Worker;
};

/** A worker's time for one request: work that is gathered has neither busy minutes nor anybody who waits for an answer. */
export const workerSeconds = (slice: Slice, requestsPerS: number, demand: Demand): number =>
  windowsOf(slice) === null
    ? (unitsNeeded(slice, requestsPerS, demand) * secondsPerDay) / slice.requestsPerDay
    : 1 / requestsPerS;

/** Null where the model does not fit on one worker, or is too slow. */
export function workerOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  shape: RequestShape,
  slice: Slice,
  timed: boolean,
  engine: Engine,
  of: Case,
): Drafted | null {
  const replica = replicaOn(weights, accelerator, gpus, support, engine);
  const serving = replica && predictReplica(replica, shape, slowestFor(slice, of), engine);
  if (replica === null || serving === null) return null;
  const aloneS = serving.prefillS + Math.max(1, shape.outputTokens) * replicaTpotS(replica, shape, serving, 0, engine);
  const workAt = (requestsPerS: number): ServerlessWork => ({
    slice,
    aloneS,
    workerSPerRequest: workerSeconds(slice, requestsPerS, of.demand),
  });
  let known: Worker | null = null;
  return {
    least: workAt(serving.requestsPerS),
    best: () => bestSeen(replica, shape, slice, engine, of),
    worker() {
      if (known === null) {
        const warm = withinTargets(replica, serving, 1, shape, slice, timed, engine, of);
        known = { warm, work: workAt(warm.unitRequestsPerS) };
      }
      return known;
    },
  };
}

/**
 * What a slice sees where its worker sleeps while nobody asks, in the quietest month of the horizon: the 95th percentile
 * on a worker that runs, and what 95 % of the requests wait for a start at most. A sum of percentiles is above that of the
 * sum unless one of the two is small beside the other, as here: a cold start takes far longer than a first token. Work that
 * may wait does not see the start: it is gathered anyway.
 */
export function withColdStarts(warm: SliceService, sleeper: Sleeper, slice: Slice, demand: Demand): SliceService {
  if (windowsOf(slice) !== null) return warm;
  const shares = sharesOf(sleeper, slice, demand);
  const waitMs = coldWaitS(shares, sleeper.coldS, tail) * msPerSecond;
  const later = (ms: number | null): number | null => (ms === null ? null : ms + waitMs);
  return {
    get ttftP95Ms() {
      return later(warm.ttftP95Ms);
    },
    get tokensPerSecond() {
      return warm.tokensPerSecond;
    },
    get totalP95Ms() {
      return later(warm.totalP95Ms);
    },
    unitRequestsPerS: warm.unitRequestsPerS,
    limitedBy: warm.limitedBy,
    coldStarts: { share: shares.off + shares.starting, seconds: sleeper.coldS },
  };
}

/** Shares of the requests of the quietest month that find their worker off, or starting. */
const sharesOf = (sleeper: Sleeper, slice: Slice, demand: Demand) =>
  coldShares(sleeper, spellsOf(slice.hours, quietest(demand.growth)), slice.requestsPerDay);

/** The wait that `withColdStarts` adds, and what it is told from; null: work that may wait sees none. */
export function tracedColdWait(
  sleeper: Sleeper,
  slice: Slice,
  inputs: readonly Traced[],
  demand: Demand,
): Traced | null {
  if (windowsOf(slice) !== null) return null;
  const seconds = coldWaitS(sharesOf(sleeper, slice, demand), sleeper.coldS, tail);
  return predicted(
    'wait for a worker to start, p95',
    seconds * msPerSecond,
    'ms',
    'in the quietest month: none where 95 % of the requests find a worker that runs, else as much of the cold start as they wait for',
    [requestsPerSecondOf(slice, demand.requestsPerDay, demand), ...inputs],
  );
}

const months = new WeakMap<Float64Array, Float64Array>();

/** The month of least volume alone. */
function quietest(growth: Float64Array): Float64Array {
  let month = months.get(growth);
  if (month === undefined) {
    month = Float64Array.of(growth.reduce((least, factor) => Math.min(least, factor), Number.POSITIVE_INFINITY));
    months.set(growth, month);
  }
  return month;
}
