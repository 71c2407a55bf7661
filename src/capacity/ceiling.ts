import type { AcceleratorRow } from '../tables/rows.js';
import { kvBytesPerSequence } from './memory.js';
import type { Engine, RequestShape, Weights } from './replica.js';
import { expertShare } from './roofline.js';
import { peakFlops, type SchemeSupport } from './scheme.js';

/** What one request costs a machine at best: a few sums per model and class of requests. */
export type LeastWork = { prefillFlops: number; decodeFlops: number; weightBytes: number; cacheBytes: number };

/** The least one request asks for: weights shared by the largest batch, and only the experts every token touches. */
export function leastWork(weights: Weights, shape: RequestShape, engine: Engine): LeastWork {
  const { model, bytes } = weights;
  const fresh = Math.max(1, shape.inputTokens - shape.cachedTokens);
  const kv =
    kvBytesPerSequence(model, shape.inputTokens + shape.outputTokens / 2, engine.kvCacheBits) ??
    Number.POSITIVE_INFINITY;
  return {
    prefillFlops: 2 * model.paramsActiveB * 1e9 * fresh,
    decodeFlops: 2 * model.paramsActiveB * 1e9 * shape.outputTokens,
    weightBytes: (shape.outputTokens * bytes * (1 - expertShare(model))) / engine.maxSequences,
    cacheBytes: shape.outputTokens * kv,
  };
}

/** Peak rates of a whole unit for a scheme, with the efficiencies that are assumed for every model. */
export type Peak = { flopsPerS: number; bytesPerS: number; support: SchemeSupport };

export function peakOf(
  accelerator: AcceleratorRow,
  gpus: number,
  compute: Weights['scheme']['compute'],
  support: SchemeSupport,
  engine: Engine,
): Peak {
  const scheme = support === 'slow' ? engine.slowScheme : 1;
  return {
    support,
    flopsPerS: peakFlops(accelerator, compute, support) * gpus * engine.computeEfficiency * scheme,
    bytesPerS: accelerator.bandwidthGBs * 1e9 * gpus * engine.bandwidthEfficiency * scheme,
  };
}

/**
 * Seconds of a whole unit that one request takes at the very least: the roofline of `serve` at the largest batch, without
 * fixed times, without loss to parallelism. Never above what `serve` finds, so a machine never serves more than 1 / this.
 */
export const leastSeconds = (
  work: LeastWork,
  { flopsPerS, bytesPerS }: Pick<Peak, 'flopsPerS' | 'bytesPerS'>,
): number =>
  work.prefillFlops / flopsPerS +
  Math.max(work.weightBytes / bytesPerS, work.decodeFlops / flopsPerS) +
  work.cacheBytes / bytesPerS;
