import { type MemoryFit, mayFit, reservesOf } from '../capacity/memory.js';
import { inStages, type Prepared, type TargetedLatency } from '../capacity/queue/latency.js';
import {
  bestOf,
  type Engine,
  type Limits,
  memoryFit,
  predictReplica,
  queueOf,
  type Replica,
  type RequestShape,
  replicaOn,
  replicaTpotS,
  type Serving,
  type Spread,
} from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { Unpriced } from '../cost/curve.js';
import { highestLoadOf } from '../cost/fleet.js';
import type { Tables } from '../tables/tables.js';
import { madeOnce, perObject, recent } from '../units/memo.js';
import { msPerSecond } from '../units/month.js';
import { certainlyAbove, certainlyBelow, fixedWords, lastWithin, type Tried } from '../units/numeric.js';
import type { LatencyFigure, TaskPart, Workload } from '../workload/workload.js';
import type { FleetUnit } from './option.js';
import { nameOf } from './option.js';
import type { Context, MachineMemory, TaskService } from './placement.js';

/**
 * Slowest permitted speed: the user's rule; else so that answers somebody waits for do not stall, and none for batch
 * work.
 */
export const slowestFor = (taskPart: TaskPart, { workload }: Context): Omit<Limits, 'maxSequences'> => ({
  tpotS: slowestTokenS(taskPart, workload),
  strict: taskPart.needs.tokensPerSecond?.by === 'user',
});

/** Slowest time per token a batch is sized for. */
function slowestTokenS({ needs, batchable }: TaskPart, workload: Workload): number {
  if (needs.tokensPerSecond?.by === 'user') return 1 / needs.tokensPerSecond.value;
  return batchable ? Number.POSITIVE_INFINITY : 1 / workload.assume('interactiveTokensPerS');
}

/** A task part on a replica, whose rate is known. */
export type Served = {
  replica: Replica;
  serving: Serving;
  shape: RequestShape;
  taskPart: TaskPart;
  engine: Engine;
  context: Context;
};

/** A model on cards of one group. */
type Group = Pick<FleetUnit, 'weights' | 'accelerator' | 'gpusPerReplica'>;

/** A task part on such a group; null where it does not run or fit, or is too slow. */
export function servedOn(
  { weights, accelerator, gpusPerReplica }: Group,
  shape: RequestShape,
  taskPart: TaskPart,
  engine: Engine,
  context: Context,
): Served | null {
  const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, context.tables.architectures);
  const replica = replicaOn(weights, accelerator, gpusPerReplica, support, engine);
  return replica && servedBy(replica, shape, taskPart, engine, context);
}

/** The same of a replica. */
export function servedBy(
  replica: Replica,
  shape: RequestShape,
  taskPart: TaskPart,
  engine: Engine,
  context: Context,
): Served | null {
  const serving = predictReplica(replica, shape, slowestFor(taskPart, context), engine);
  return serving && { replica, serving, shape, taskPart, engine, context };
}

/** Memory of a request on a group; none where the scheme does not run or the layers are unknown. */
export function memoryOnUnit(
  { weights, accelerator, gpusPerReplica: gpus }: Group,
  { contextTokens }: RequestShape,
  engine: Engine,
  { workload, tables }: Context,
): MachineMemory[] {
  if (schemeSupport(weights.scheme.runsOn, accelerator.architecture, tables.architectures) === 'none') return [];
  const reserves = reservesOf(engine, workload.assume('memoryError'), tables);
  const fit = memoryFit(weights, accelerator, gpus, contextTokens, engine, reserves);
  return fit === null ? [] : [{ ...fit, accelerator: accelerator.accelerator, gpus }];
}

/** Why a model has no service on machines: missing memory, if nothing else is in the way. */
export function notServed(
  group: Group,
  shape: RequestShape,
  taskPart: TaskPart,
  engine: Engine,
  context: Context,
): Unpriced {
  const [memory] = memoryOnUnit(group, shape, engine, context);
  const lacks = memory !== undefined && memory.neededBytes > memory.usableBytes;
  const roomy = { ...group, accelerator: { ...group.accelerator, memoryGib: Number.POSITIVE_INFINITY } };
  if (!lacks || servedOn(roomy, shape, taskPart, engine, context) === null)
    return { unpriced: 'does not fit, or is too slow' };
  const verdict = mayFit(memory) ? 'may not fit: measure' : 'does not fit';
  return { unpriced: `${verdict} (${lackWords(memory, machineWords(memory, context.tables))})` };
}

/** Cards of one group in words. */
export const machineWords = (
  { accelerator, gpus }: Pick<MachineMemory, 'accelerator' | 'gpus'>,
  tables: Pick<Tables, 'names'>,
): string => `${gpus > 1 ? `${gpus} × ` : ''}${nameOf('accelerator', accelerator, tables)}`;

const bytesPerGb = 1e9;
const gbWords = (bytes: number): string => {
  const gb = bytes / bytesPerGb;
  return `${fixedWords(gb < 10 ? 1 : 0)(gb)} GB`;
};

/** What a model takes, and what there is. */
export const lackWords = ({ neededBytes, usableBytes }: MemoryFit, machine: string): string =>
  `${gbWords(neededBytes)} with the cache of its longest request, where ${machine} has room for ${gbWords(usableBytes)}`;

/** Service on an own machine, with a known rate; latency is computed on demand. */
type OwnService = TaskService & { unitRequestsPerS: number };

/**
 * Service at the highest permitted load, or at the largest below it that keeps the user's targets on the first token
 * and the whole answer; the rate is lowered in proportion. Targets that even a nearly idle replica misses, and those
 * not requested (`timed`), lower nothing.
 *
 * @param spareMs required rest of a target on the first token; where no load leaves as much, the load is nearly idle or
 * one that leaves less, and the rate means nothing
 */
export function withinTargets(served: Served, replicas: number, timed = true, spareMs = 0): OwnService {
  const { serving, shape, taskPart, context } = served;
  const highest = highestLoadOf(taskPart, context.workload);
  const { result, seen, firstP95Ms } = timed ? loadOf(served, spareMs) : atLoad({ load: highest }, served);
  return {
    get ttftP95AloneMs() {
      const written = Math.max(1, shape.outputTokens);
      return ttftP95AloneMs(serving.prefillS, aloneS(served), written, taskPart, context.workload);
    },
    get ttftP95Ms() {
      return firstP95Ms();
    },
    get tokensPerSecond() {
      return seen().tokensPerSecond;
    },
    get totalP95Ms() {
      return seen().totalP95Ms;
    },
    unitRequestsPerS: (serving.requestsPerS * replicas * result.load) / highest,
    limitedBy: serving.limitedBy,
  };
}

/** Seconds of a request that has a replica to itself. */
export const aloneS = ({ replica, serving, shape, engine }: Served): number =>
  serving.prefillS + Math.max(1, shape.outputTokens) * replicaTpotS(replica, shape, serving, 0, engine);

/**
 * The best service of a replica at any load, so that rules exclude only what they always would. A whole answer takes no
 * less than its first token, with reasoning where there is room.
 */
export function bestSeen({ replica, shape, taskPart, engine, context: { workload } }: Served): TaskService {
  const { firstTokenP95S, tpotS } = bestOf(replica, shape, spreadOf(workload), engine);
  const thinkingS = (shape.outputTokens - taskPart.tokens.output) * tpotS;
  const ms = (seconds: number) => (beforeMs(replica, workload) + seconds * msPerSecond) * certainlyBelow;
  return {
    ttftP95Ms: ms(firstTokenP95S + thinkingS),
    tokensPerSecond: 1 / (tpotS * certainlyBelow),
    totalP95Ms: ms(firstTokenP95S),
    unitRequestsPerS: null,
    limitedBy: null,
  };
}

/**
 * First token (p95, ms) of a prompt alone on a machine: the 95th percentile of prompt lengths, and the reasoning before
 * it. Without a queue, for thousands of machines.
 *
 * @param promptS prefill of the mean prompt
 * @param aloneS that and all that is written after it
 * @param written tokens of that, reasoning among them
 */
export function ttftP95AloneMs(
  promptS: number,
  aloneS: number,
  written: number,
  { tokens }: TaskPart,
  { assume }: Workload,
): number {
  const spread = assume('inputLengthSpread');
  const longS = promptS * Math.exp(p95Deviate * spread - spread ** 2 / 2);
  const thinkingS = (aloneS - promptS) * Math.max(0, 1 - tokens.output / written);
  return networkMs(assume) + (longS + thinkingS) * msPerSecond;
}

/** 95th percentile of a normal distribution, in standard deviations above its mean. */
const p95Deviate = 1.6449;

type Seen = Pick<TaskService, 'ttftP95Ms' | 'tokensPerSecond' | 'totalP95Ms'>;

/** Latency of a replica at a share of its saturation rate, as far as computed. */
type LoadResult = { load: number; seen?: Seen; firstP95Ms?: number | null };
type AtLoad = { result: LoadResult; seen: () => Seen; firstP95Ms: () => number | null };

/**
 * Loads are slow to find, and similar scenarios share them. Equal assumptions on capacity give the same engine; all
 * else that `searchLoad` and `atLoad` read must be in the key.
 */
const knownLoads = perObject((_: Engine) => perObject((_: Tables) => recent<LoadResult>(mostKnownLoads)));
const mostKnownLoads = 131_072;

/** Loads by replica and task part for simulations, by the source of assumptions. */
const loadsBy = perObject((_: Workload['assume']) => new Map<string, number>());

/** The largest load within the targets, cached by replica: units of any size share it. */
function loadOf(on: Served, spareMs: number): AtLoad {
  const { replica, serving, shape, taskPart, engine, context } = on;
  const { weights, accelerator, gpus } = replica;
  const { tokens, needs, batchable } = taskPart;
  const { near, assume } = context.workload;
  const highest = highestLoadOf(taskPart, context.workload);
  const machine = [engine.row.engine, weights.model.row, weights.scheme.row, accelerator.row, gpus].join();
  const own = `${machine},${taskPart.id},${thinksFirst(on)},${spareMs}`;
  const nearby = near && loadsBy(near.assume).get(own);
  if (nearby !== undefined) return atLoad({ load: Math.min(nearby, highest) }, on);
  const targets = [needs.ttftP95Ms, needs.totalP95Ms, needs.tokensPerSecond].map((one) =>
    one?.by === 'user' ? one.value : null,
  );
  const assumed = [...Object.values(spreadOf(context.workload)), networkMs(assume), serving.requestsPerS, highest];
  const key = [machine, ...Object.values(shape), tokens.output, ...targets, batchable, ...assumed, spareMs].join();
  const result = knownLoads(engine)(context.tables)(key, () => searchLoad(on, spareMs));
  loadsBy(assume).set(own, result.load);
  return atLoad(result, on);
}

const thinksFirst = ({ shape, taskPart }: Served): boolean => shape.outputTokens > taskPart.tokens.output;

/** A limited figure, in the unit of the limit; null: no steady state. */
type Target = { most: number; of: (at: AtLoad) => number | null };

function targetsOf({ needs }: TaskPart): Target[] {
  const asked: [TaskPart['needs'][LatencyFigure], (target: number) => number, Target['of']][] = [
    // By time to compute.
    [needs.ttftP95Ms, (ms) => ms, (at) => at.firstP95Ms()],
    [needs.totalP95Ms, (ms) => ms, (at) => at.seen().totalP95Ms],
    [needs.tokensPerSecond, (rate) => 1 / rate, (at) => 1 / (at.seen().tokensPerSecond ?? Number.POSITIVE_INFINITY)],
  ];
  return asked.flatMap(([target, limit, of]) => (target?.by === 'user' ? [{ most: limit(target.value), of }] : []));
}

function searchLoad(on: Served, spareMs: number): LoadResult {
  const { taskPart, context } = on;
  const highest = highestLoadOf(taskPart, context.workload);
  const targets = targetsOf(taskPart);
  const queue = queueFor(on);
  const at = (x: number, load = Math.exp(x)): Tried<LoadResult> => {
    const value = atLoad({ load }, on, queue);
    return { x, over: overAt(value, targets), value: value.result };
  };
  const idle = madeOnce(() => at(Math.log(highest * nearlyIdle)));
  const { ttftP95Ms } = taskPart.needs;
  const mustLeaveTime = spareMs > 0 && ttftP95Ms?.by === 'user';
  const most = mustLeaveTime ? ttftP95Ms.value * certainlyAbove - spareMs : Number.POSITIVE_INFINITY;
  // The more there is to do, the later: no higher load leaves more.
  const leavesTooLittle = ({ value: { firstP95Ms } }: Tried<LoadResult>): boolean => (firstP95Ms ?? 0) > most;
  if (mustLeaveTime && leavesTooLittle(idle())) return idle().value;
  const full = at(Math.log(highest), highest);
  if (full.over <= 0) return full.value;
  return idle().over > 0 ? full.value : lastWithin(idle(), full, at, tolerance, leavesTooLittle).value;
}

/** Share of the highest load that counts as idle; precision of the largest load, as a share of it. */
const nearlyIdle = 1 / 16;
const tolerance = 0.02;

/**
 * Relative distance to the first missed target, or to the nearest one: waits grow about as 1 / (1 - load), so that this
 * is nearly linear; 1: no steady state.
 */
function overAt(at: AtLoad, targets: readonly Target[]): number {
  let over = Number.NEGATIVE_INFINITY;
  for (const { most, of } of targets) {
    const seen = of(at);
    if (seen === null) return 1;
    over = Math.max(over, 1 - most / seen);
    if (over > 0) break;
  }
  return over;
}

const queueFor = ({ replica, shape, engine, context }: Served): (() => Prepared) =>
  madeOnce(() => queueOf(replica, shape, spreadOf(context.workload), engine));

/** Service at a load, computed on demand: a queue takes a thousand times as long as a rate. */
function atLoad(result: LoadResult, on: Served, queue = queueFor(on)): AtLoad {
  const { replica, serving, shape, taskPart, context } = on;
  const stages = madeOnce(() => inStages(queue(), result.load * serving.requestsPerS));
  const seen = (): Seen => {
    result.seen ??= seenAt(stages()?.targeted() ?? null, replica, shape, taskPart, context.workload);
    return result.seen;
  };
  /** Without reasoning before it, the first token is computed alone. */
  const firstP95Ms = (): number | null => {
    if (thinksFirst(on)) return seen().ttftP95Ms;
    const found = stages();
    return found && beforeMs(replica, context.workload) + found.firstTokenP95S() * msPerSecond;
  };
  return {
    result,
    seen,
    firstP95Ms: () => {
      if (result.firstP95Ms === undefined) result.firstP95Ms = firstP95Ms();
      return result.firstP95Ms;
    },
  };
}

/** Parts of the way from users to a machine, milliseconds each. */
export const networkParameters = [
  { name: 'roundTripOfUsers', label: 'network of users, there and back' },
  { name: 'gatewayMs', label: 'gateway' },
  { name: 'rttSameRegion', label: 'network within the region, there and back' },
] as const;

export const networkMs = (assume: Workload['assume']): number =>
  networkParameters.reduce((sum, { name }) => sum + assume(name), 0);

/** Network and the engine's fixed time, before every answer. */
const beforeMs = ({ firstTokenS }: Replica, workload: Workload): number =>
  networkMs(workload.assume) + firstTokenS * msPerSecond;

const spreadOf = (workload: Workload): Spread => ({
  input: workload.assume('inputLengthSpread'),
  output: workload.assume('outputLengthSpread'),
});

/**
 * Latency of a task part, from a queue at a rate (null: overloaded); reasoning comes before the first visible token.
 */
function seenAt(
  latency: TargetedLatency | null,
  replica: Replica,
  shape: RequestShape,
  taskPart: TaskPart,
  workload: Workload,
): Seen {
  if (latency === null) return { ttftP95Ms: null, tokensPerSecond: null, totalP95Ms: null };
  const { ttftP95S, tpotMeanS, requestP95S } = latency;
  const before = beforeMs(replica, workload);
  const thinkingS = (shape.outputTokens - taskPart.tokens.output) * tpotMeanS;
  return {
    ttftP95Ms: before + (ttftP95S + thinkingS) * msPerSecond,
    tokensPerSecond: tpotMeanS === 0 ? null : 1 / tpotMeanS,
    totalP95Ms: before + requestP95S * msPerSecond,
  };
}
