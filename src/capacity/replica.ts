import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import { kvBytesPerSequence, kvCopies, maxSequences, splitsHeads, usableBytes, weightBytes } from './memory.js';
import { machine } from './roofline.js';
import { peakFlops, schemeSupport } from './scheme.js';
import { type Limits, type Serving, serve } from './serving.js';

/** The assumptions the capacity model reads, by name. */
export type Assume = (name: string) => number;

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
export function sequencesThatFit(weights: Weights, accelerator: AcceleratorRow, gpus: number, contextTokens: number, assume: Assume): number {
  if (!splitsHeads(weights.model, gpus)) return 0;
  const usable = usableBytes(accelerator, gpus, {
    activationGbPerGpu: assume('activationGbPerGpu'),
    runtimeGbPerGpu: assume('runtimeGbPerGpu'),
  });
  if (usable <= weights.bytes) return 0;
  const kv = kvBytesPerSequence(weights.model, contextTokens, assume('kvCacheBits'));
  if (kv === null) return 0;
  return maxSequences(usable, weights.bytes, kv, assume('pagedKvOverhead'), kvCopies(weights.model, gpus));
}

/**
 * What one replica (a tensor-parallel group of `gpus` cards) does with one class of requests. The seam of the capacity
 * model: everything right of it only sees rates and latencies. Null: does not fit, does not run, or is never fast enough.
 */
export function predictReplica(
  weights: Weights,
  accelerator: AcceleratorRow,
  gpus: number,
  shape: RequestShape,
  tpotTargetS: number,
  architectures: readonly ArchitectureRow[],
  assume: Assume,
): Serving | null {
  const { model, scheme, bits } = weights;
  const support = schemeSupport(scheme.runsOn, accelerator.architecture, architectures);
  if (support === 'none' || sequencesThatFit(weights, accelerator, gpus, shape.contextTokens, assume) < 1) return null;
  const inFlight = shape.inputTokens + shape.outputTokens / 2;
  const kvBytes = kvBytesPerSequence(model, inFlight, assume('kvCacheBits'));
  if (kvBytes === null) return null;
  const limits: Limits = { maxSequences: sequencesThatFit(weights, accelerator, gpus, inFlight, assume), tpotS: tpotTargetS };
  const fast = accelerator.interconnect !== 'pcie' && accelerator.interconnect !== 'none';
  const of = machine(model, bits, accelerator, gpus, peakFlops(accelerator, scheme.compute, support), {
    bandwidth: assume('decodeBandwidthEfficiency'),
    compute: assume('computeEfficiency'),
    stepOverheadS: assume('stepOverheadMs') / 1000,
    lossPerGpu: assume(fast ? 'tensorParallelLossFastLink' : 'tensorParallelLossPcie'),
    scheme: support === 'slow' ? assume('slowSchemeFactor') : 1,
    longPromptTokens: assume('longPromptTokens'),
  });
  const work = {
    freshInputTokens: Math.max(1, shape.inputTokens - shape.cachedTokens),
    outputTokens: shape.outputTokens,
    kvBytes: kvBytes * kvCopies(model, gpus),
  };
  return serve(of, work, limits, assume('engineMaxSequences'));
}
