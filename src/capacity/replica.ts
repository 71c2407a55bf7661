import type {
  AcceleratorRow,
  EfficiencyRow,
  EngineRow,
  ModelRow,
  QuantizationRow,
  ResidualRow,
} from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import { turnBetween } from '../units/numeric.js';
import {
  cacheSplitOf,
  efficiencyOf,
  type Format,
  linkOf,
  type NeighborQuery,
  neighborsOf,
  type Setting,
  stepTimes,
} from './machine.js';
import {
  activationsOf,
  bytesAt,
  kvBytesPerSequence,
  kvCopies,
  type MemoryFit,
  type MemoryReserve,
  maxSequences,
  neededBytes,
  type Reserves,
  type SequenceBytes,
  sequenceBytes,
  splitsHeads,
  usableBytes,
  weightBytes,
} from './memory.js';
import { modelWork } from './model-work.js';
import { type Prepared, prepare } from './queue/latency.js';
import type { Server, Traffic } from './queue/model.js';
import { type AtBest, atBest } from './queue/saturation.js';
import { type CapacityAssumptions, usualEngine } from './run.js';
import type { SchemeSupport } from './scheme.js';
import { corrected, prefillS, type RequestTokens, type StepTimes, steadyRate, steadyTpotS } from './step-times.js';

export type Limits = {
  maxSequences: number;
  /** Time per output token not to be exceeded; Infinity: none. */
  tpotS: number;
  /** Whether a single sequence over the limit excludes a machine, or it serves one at a time. */
  strict: boolean;
};

/** What one replica does with one class of requests. */
export type Serving = {
  /** Saturation rate of one replica, requests/s, and the batch in flight at it. */
  requestsPerS: number;
  batch: number;
  limitedBy: 'memory' | 'engine' | 'speed';
  prefillS: number;
};

/**
 * Steady state of continuous batching with chunked prefill; see `steadyTpotS`. Time per token and rate rise with the
 * batch; memory, the engine and the slowest speed limit it. Null: not one sequence is permitted.
 */
export function serve(
  times: StepTimes,
  tokens: RequestTokens,
  limits: Limits,
  engine: { maxSequences: number; chunkTokens: number },
): Serving | null {
  const prefill = prefillS(times, tokens.fresh, tokens.before, engine.chunkTokens);
  const tpotOf = (batch: number) => steadyTpotS(times, tokens, batch, engine.chunkTokens);
  const most = Math.min(limits.maxSequences, engine.maxSequences);
  if (most < 1) return null;
  let batch = most;
  let limitedBy: Serving['limitedBy'] = limits.maxSequences <= engine.maxSequences ? 'memory' : 'engine';
  const slowest = limits.tpotS;
  if (tpotOf(most) > slowest) {
    if (limits.strict && tpotOf(1) > limits.tpotS) return null;
    limitedBy = 'speed';
    batch = largest(1, most, (n) => tpotOf(n) <= slowest);
  }
  return {
    requestsPerS: steadyRate(batch, prefill, tokens.output, tpotOf(batch)),
    batch,
    limitedBy,
    prefillS: prefill,
  };
}

/** Seconds per output token of a replica at a share (`load`) of its saturation rate. */
export function tpotAtLoadS(
  { requestsPerS, batch, prefillS: prefill }: Serving,
  times: StepTimes,
  tokens: RequestTokens,
  chunkTokens: number,
  load: number,
): number {
  const tpotOf = (n: number) => steadyTpotS(times, tokens, n, chunkTokens);
  const rateOf = (n: number) => steadyRate(n, prefill, tokens.output, tpotOf(n));
  // One alone needs no search: no rate is below none.
  return tpotOf(
    load <= 0 ? Math.min(batch, 1) : Math.min(batch, 1 + largest(0, batch, (n) => rateOf(n) < load * requestsPerS)),
  );
}

/** The largest whole number in [low, high] for a condition, by bisection; `low` if none. */
function largest(low: number, high: number, holds: (n: number) => boolean): number {
  return turnBetween(low, high + 1, (n) => !holds(n)).last;
}

/** An own serving engine: usual settings, calibrated factors, assumptions. */
export type Engine = CapacityAssumptions & {
  row: EngineRow;
  efficiency: readonly EfficiencyRow[];
  residuals: readonly ResidualRow[];
  kvCacheBits: number;
  embeddingBits: number;
  maxSequences: number;
  chunkTokens: number;
  /** See `CapacityError`; absent: as predicted. */
  capacityError?: CapacityError;
};

/** Rates over the predicted, by model and card: one error for each, drawn from the bands. */
export type CapacityError = (family: string, accelerator: string) => number;

/** Where assumptions come from, and errors of predictions where those are drawn. */
type Source = { assume(name: string): number; capacityError?: CapacityError };

const fullBits = 16;
const enginesBy = perObject((_: (name: string) => number) => new Map<string, Engine>());

/** The assumptions that capacity is predicted with. */
export const capacityAssumptions = (assume: (name: string) => number): CapacityAssumptions => ({
  activationFactor: assume('activationFactor'),
  runtimeGbPerGpu: assume('runtimeGbPerGpu'),
  pagedKvOverhead: assume('pagedKvOverhead'),
  tiedUpToB: assume('tiedEmbeddingUpToB'),
  slowScheme: assume('slowSchemeFactor'),
  publishedBatchSpread: assume('publishedBatchSpread'),
  publishedFormulaWeight: assume('publishedFormulaWeight'),
  publishedLargestError: assume('publishedLargestError'),
});

/** A machine's usual engine with the assumptions, cached by their source. */
export function engineOf(
  { assume, capacityError }: Source,
  tables: Pick<Tables, 'engines' | 'efficiency' | 'residuals'>,
  kind?: AcceleratorRow['kind'],
): Engine {
  const known = enginesBy(assume);
  const row = usualEngine(tables.engines, kind);
  let engine = known.get(row.engine);
  if (engine === undefined) {
    engine = {
      row,
      efficiency: tables.efficiency,
      residuals: tables.residuals,
      kvCacheBits: assume('kvCacheBits'),
      embeddingBits: fullBits,
      maxSequences: row.maxSequences,
      chunkTokens: row.chunkTokens,
      ...capacityAssumptions(assume),
      ...(capacityError && { capacityError }),
    };
    if (capacityError === undefined) engine = sameEngine(engine);
    known.set(row.engine, engine);
  }
  return engine;
}

const usualOf = perObject((_: EngineRow): Engine[] => []);
const mostUsual = 16;

/** The cached engine of equal assumptions, so that scenarios share its caches. */
function sameEngine(engine: Engine): Engine {
  const known = usualOf(engine.row);
  const names = Object.keys(engine) as (keyof Engine)[];
  const found = known.find((one) => names.every((name) => one[name] === engine[name]));
  if (found === undefined && known.length < mostUsual) known.push(engine);
  return found ?? engine;
}

/** A model in one scheme: what does not depend on the machine. */
export type Weights = { model: ModelRow; scheme: QuantizationRow; bytes: number; bits: number };

/** Weights in a scheme, or null where the tables say nothing about its bits. */
export function weightsOf(model: ModelRow, scheme: QuantizationRow): Weights | null {
  if (scheme.bitsPerWeight === null || model.layers === null) return null;
  return { model, scheme, bits: scheme.bitsPerWeight, bytes: weightBytes(model, scheme.bitsPerWeight) };
}

/** Tokens of one request as the machine sees them. */
export type RequestShape = { inputTokens: number; cachedTokens: number; outputTokens: number; contextTokens: number };

/** Bytes for weights and cache on `gpus` cards in one group. */
const roomOn = ({ model }: Weights, accelerator: AcceleratorRow, gpus: number, engine: Engine): number =>
  usableBytes(accelerator, gpus, engine, engine.row.memoryFraction) - gpus * activationsOf(model, gpus, engine);

/** Sequences of `contextTokens` that fit with the weights on one group of `gpus` cards; 0: none. */
export function sequencesThatFit(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  contextTokens: number,
  engine: Engine,
): number {
  if (!splitsHeads(weights.model, gpus)) return 0;
  const usable = roomOn(weights, accelerator, gpus, engine);
  if (usable <= weights.bytes) return 0;
  const kv = kvBytesPerSequence(weights.model, contextTokens, engine.kvCacheBits);
  if (kv === null) return 0;
  return maxSequences(usable, weights.bytes, kv, engine.pagedKvOverhead, kvCopies(weights.model, gpus));
}

/**
 * Memory of one group of `gpus` cards: the weights and one sequence of `contextTokens`; null: heads do not divide, or
 * no layers in the tables.
 */
export function memoryFit(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  contextTokens: number,
  engine: Engine,
  { least, most, errorShare = 0 }: Reserves,
): MemoryFit | null {
  const { model, bytes } = weights;
  const kv = kvBytesPerSequence(model, contextTokens, engine.kvCacheBits);
  if (kv === null || !splitsHeads(model, gpus)) return null;
  const roomWith = (reserve: MemoryReserve) => roomOn(weights, accelerator, gpus, { ...engine, ...reserve });
  const room = roomWith(engine);
  return {
    neededBytes: neededBytes(bytes, 1, engine.pagedKvOverhead * kv * kvCopies(model, gpus), 0),
    usableBytes: room,
    leastBytes: roomWith(most) - errorShare * room,
    mostBytes: roomWith(least) + errorShare * room,
  };
}

/** Where the factors of an engine on a machine are looked up. */
export const settingOn = (accelerator: AcceleratorRow, { row }: Engine): Setting => ({
  engineGroup: row.group,
  servingClass: accelerator.servingClass,
  link: linkOf(accelerator),
});

export const formatOn = (
  { compute, bitsPerWeight }: Pick<QuantizationRow, 'compute' | 'bitsPerWeight'>,
  support: SchemeSupport,
  { row, slowScheme }: Engine,
): Format => ({
  compute,
  bits: bitsPerWeight ?? fullBits,
  support,
  kernels: row.kernels,
  slow: slowScheme,
});

/** A model set up on a tensor-parallel group of cards. */
export type Replica = {
  weights: Weights;
  accelerator: AcceleratorRow;
  gpus: number;
  times: StepTimes;
  /** What one sequence takes of the cache, however often it stands there. */
  sequence: SequenceBytes;
  firstTokenS: number;
};

/** A model on `gpus` cards; null: the scheme does not run, or no layers in the tables. */
export function replicaOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  engine: Engine,
): Replica | null {
  const { model, scheme, bits } = weights;
  const work = support === 'none' ? null : modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
  const sequence = sequenceBytes(model, engine.kvCacheBits);
  if (work === null || sequence === null) return null;
  const cards = { accelerator, tensor: gpus, cacheSplit: cacheSplitOf(model, gpus) };
  const e = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
  const predicted = stepTimes(model, work, cards, formatOn(scheme, support, engine), engine.kvCacheBits, e);
  const slower = 1 / errorOn(engine, model, accelerator);
  const decode = slower * measuredDecode(engine, model, accelerator);
  const times = corrected(predicted, { decode, prefill: slower, firstToken: 1 });
  return { weights, accelerator, gpus, times, sequence, firstTokenS: e.firstTokenS };
}

/** Rates over those predicted. */
export const errorOn = ({ capacityError }: Engine, { family }: ModelRow, { accelerator }: AcceleratorRow): number =>
  capacityError?.(family, accelerator) ?? 1;

/** Published factor on decode time of the model and engine on such cards, at a full batch. */
export const measuredDecode = (engine: Engine, model: Pick<ModelRow, 'family'>, accelerator: AcceleratorRow): number =>
  neighborsOf(engine.residuals, neighborQuery(engine, model, accelerator), engine).decode;

/** The keys by which such measurements are looked up. */
export const neighborQuery = (
  { row, maxSequences: batch }: Engine,
  { family }: Pick<ModelRow, 'family'>,
  { accelerator, servingClass }: AcceleratorRow,
): NeighborQuery => ({ family, accelerator, servingClass, engineGroup: row.group, batch });

const contextInFlight = ({ inputTokens, outputTokens }: RequestShape): number => inputTokens + outputTokens / 2;

/**
 * A replica's service for one class of requests, in rates and latencies alone. Null: does not fit, or is never fast
 * enough.
 *
 * @param slowest time per output token not to be exceeded, and whether it is a rule; see `Limits`
 */
export function predictReplica(
  { weights, accelerator, gpus, times }: Replica,
  shape: RequestShape,
  slowest: Omit<Limits, 'maxSequences'>,
  engine: Engine,
): Serving | null {
  if (sequencesThatFit(weights, accelerator, gpus, shape.contextTokens, engine) < 1) return null;
  const sequences = sequencesThatFit(weights, accelerator, gpus, contextInFlight(shape), engine);
  return serve(times, tokensOf(shape), { maxSequences: sequences, ...slowest }, engine);
}

function tokensOf({ inputTokens, cachedTokens, outputTokens }: RequestShape): RequestTokens {
  const fresh = Math.max(1, inputTokens - cachedTokens);
  return { fresh, before: inputTokens - fresh, context: inputTokens, output: Math.max(1, outputTokens) };
}

/** Seconds per output token of a replica for a class of requests, at a share of its saturation rate. */
export const replicaTpotS = (
  { times }: Replica,
  shape: RequestShape,
  serving: Serving,
  load: number,
  { chunkTokens }: Engine,
): number => tpotAtLoadS(serving, times, tokensOf(shape), chunkTokens, load);

/** Standard deviations of the logarithms of prompt and answer lengths. */
export type Spread = { input: number; output: number };

/** A replica and its traffic as a queue sees them. */
function queued(
  { weights, accelerator, gpus, times, sequence }: Replica,
  shape: RequestShape,
  spread: Spread,
  engine: Engine,
): [Server, Traffic] {
  const context = contextInFlight(shape);
  const room = sequencesThatFit(weights, accelerator, gpus, context, engine);
  const { maxSequences, chunkTokens } = engine;
  return [
    { times, chunkTokens, maxSequences, cacheBytes: room * bytesAt(sequence, context), sequence },
    {
      input: { mean: shape.inputTokens, sigma: spread.input, max: null },
      output: { mean: Math.max(1, shape.outputTokens), sigma: spread.output, max: null },
      hitTokens: Math.min(shape.cachedTokens, shape.inputTokens - 1),
    },
  ];
}

/** A replica for its queue, which gives latency at a rate. */
export const queueOf = (replica: Replica, shape: RequestShape, spread: Spread, engine: Engine): Prepared =>
  prepare(...queued(replica, shape, spread, engine));

/** What users see of a replica at no load better than this. */
export const bestOf = (replica: Replica, shape: RequestShape, spread: Spread, engine: Engine): AtBest =>
  atBest(...queued(replica, shape, spread, engine));
