import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import { kvBytesPerSequence, kvCopies, maxSequences, splitsHeads, usableBytes, weightBytes } from './memory.js';
import { machine } from './roofline.js';
import { peakFlops, type SchemeSupport } from './scheme.js';
import { type Limits, type Serving, serve } from './serving.js';

/** The assumptions the capacity model reads. */
export type Engine = {
  activationGbPerGpu: number;
  runtimeGbPerGpu: number;
  pagedKvOverhead: number;
  kvCacheBits: number;
  maxSequences: number;
  bandwidthEfficiency: number;
  computeEfficiency: number;
  stepOverheadS: number;
  lossFastLink: number;
  lossPcie: number;
  slowScheme: number;
  longPromptTokens: number;
};

const engines = new WeakMap<(name: string) => number, Engine>();

/** Reads the capacity model's assumptions, once per source of them. */
export function engineOf(assume: (name: string) => number): Engine {
  let engine = engines.get(assume);
  if (engine === undefined) {
    engine = {
      activationGbPerGpu: assume('activationGbPerGpu'),
      runtimeGbPerGpu: assume('runtimeGbPerGpu'),
      pagedKvOverhead: assume('pagedKvOverhead'),
      kvCacheBits: assume('kvCacheBits'),
      maxSequences: assume('engineMaxSequences'),
      bandwidthEfficiency: assume('decodeBandwidthEfficiency'),
      computeEfficiency: assume('computeEfficiency'),
      stepOverheadS: assume('stepOverheadMs') / 1000,
      lossFastLink: assume('tensorParallelLossFastLink'),
      lossPcie: assume('tensorParallelLossPcie'),
      slowScheme: assume('slowSchemeFactor'),
      longPromptTokens: assume('longPromptTokens'),
    };
    engines.set(assume, engine);
  }
  return engine;
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

/** Sequences of `contextTokens` that fit beside the weights on `gpus` cards in one group; 0: does not fit. */
export function sequencesThatFit(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  contextTokens: number,
  engine: Engine,
): number {
  if (!splitsHeads(weights.model, gpus)) return 0;
  const usable = usableBytes(accelerator, gpus, engine);
  if (usable <= weights.bytes) return 0;
  const kv = kvBytesPerSequence(weights.model, contextTokens, engine.kvCacheBits);
  if (kv === null) return 0;
  return maxSequences(usable, weights.bytes, kv, engine.pagedKvOverhead, kvCopies(weights.model, gpus));
}

/**
 * What one replica (a tensor-parallel group of `gpus` cards) does with one class of requests. The seam of the capacity
 * model: everything right of it only sees rates and latencies. Null: does not fit, does not run, or is never fast enough.
 *
 * @param slowest time per output token not to be exceeded, and whether it is a rule; see `Limits`
 */
export function predictReplica(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  support: SchemeSupport,
  shape: RequestShape,
  slowest: Omit<Limits, 'maxSequences'>,
  engine: Engine,
): Serving | null {
  const { model, scheme, bits } = weights;
  if (support === 'none' || sequencesThatFit(weights, accelerator, gpus, shape.contextTokens, engine) < 1) return null;
  const inFlight = shape.inputTokens + shape.outputTokens / 2;
  const kvBytes = kvBytesPerSequence(model, inFlight, engine.kvCacheBits);
  if (kvBytes === null) return null;
  const limits: Limits = {
    maxSequences: sequencesThatFit(weights, accelerator, gpus, inFlight, engine),
    ...slowest,
  };
  const fast = accelerator.interconnect !== 'pcie' && accelerator.interconnect !== 'none';
  const of = machine(model, bits, accelerator, gpus, peakFlops(accelerator, scheme.compute, support), {
    bandwidth: engine.bandwidthEfficiency,
    compute: engine.computeEfficiency,
    stepOverheadS: engine.stepOverheadS,
    lossPerGpu: fast ? engine.lossFastLink : engine.lossPcie,
    scheme: support === 'slow' ? engine.slowScheme : 1,
    longPromptTokens: engine.longPromptTokens,
  });
  const work = {
    freshInputTokens: Math.max(1, shape.inputTokens - shape.cachedTokens),
    outputTokens: shape.outputTokens,
    kvBytes: kvBytes * kvCopies(model, gpus),
  };
  return serve(of, work, limits, engine.maxSequences);
}
