import type { AcceleratorRow } from '../tables/rows.js';
import { efficiencyOf } from './efficiency.js';
import { ratesOf } from './machine.js';
import { kvBytesPerSequence, usableBytes } from './memory.js';
import { attentionFlops, expertBytesRead, modelWork } from './model-work.js';
import { type Engine, formatOn, type RequestShape, settingOn, type Weights } from './replica.js';
import type { SchemeSupport } from './scheme.js';

/** What one request asks of any machine: a few sums per model and class of requests. */
export type LeastWork = {
  prefillFlops: number;
  attentionFlops: number;
  decodeFlops: number;
  cacheBytes: number;
  outputTokens: number;
  /** Weights: all bytes in memory, those an iteration reads for the dense part and for the experts of a batch, by batch. */
  heldBytes: number;
  denseBytes: number;
  expertBytes(batch: number): number;
  mixture: boolean;
  layers: number;
  /** Bytes that one sequence takes of the memory while it is served. */
  sequenceBytes: number;
};

/** Throws where the tables have no layers for the model: such a model has no weights to place. */
export function leastWork({ model, bytes, bits }: Weights, shape: RequestShape, engine: Engine): LeastWork {
  const work = modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
  const inFlight = shape.inputTokens + shape.outputTokens / 2;
  const kv = kvBytesPerSequence(model, inFlight, engine.kvCacheBits);
  if (work === null || kv === null) throw new Error(`no layers for ${model.family}`);
  const fresh = Math.max(1, shape.inputTokens - shape.cachedTokens);
  const before = shape.inputTokens - fresh;
  return {
    prefillFlops: 2 * work.prefillParams * fresh,
    attentionFlops: attentionFlops(work, before + fresh) - attentionFlops(work, before),
    decodeFlops: 2 * work.decodeParams * shape.outputTokens,
    cacheBytes: shape.outputTokens * kv,
    outputTokens: shape.outputTokens,
    heldBytes: bytes,
    denseBytes: work.denseBytes,
    expertBytes: (batch) => expertBytesRead(work, batch),
    mixture: work.expertBytes > 0,
    layers: work.layers,
    sequenceBytes: kv * engine.pagedKvOverhead,
  };
}

/** What a whole unit reaches for a scheme: rates with their calibrated efficiencies, fixed times, room. */
export type Peak = {
  support: SchemeSupport;
  prefillFlopsPerS: number;
  decodeFlopsPerS: number;
  attentionFlopsPerS: number;
  bytesPerS: number;
  cacheBytesPerS: number;
  /** Factors on compute and on bandwidth for experts. */
  expertCompute: number;
  expertBandwidth: number;
  /** Times of a single card over the number of cards: no split makes them smaller for the whole unit. */
  iterationS: number;
  layerS: number;
  expertLayerS: number;
  sequenceS: number;
  usableBytes: number;
  usableBytesPerCard: number;
  maxSequences: number;
};

export function peakOf(
  accelerator: AcceleratorRow,
  gpus: number,
  compute: Weights['scheme']['compute'],
  support: SchemeSupport,
  engine: Engine,
): Peak {
  const e = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
  const rates = ratesOf(accelerator, formatOn(compute, support, engine), false, e);
  return {
    support,
    prefillFlopsPerS: rates.prefill * gpus,
    decodeFlopsPerS: rates.decode * gpus,
    attentionFlopsPerS: rates.attention * gpus,
    bytesPerS: rates.bytes * gpus,
    cacheBytesPerS: rates.cacheBytes * gpus,
    expertCompute: e.expertCompute,
    expertBandwidth: e.expertBandwidth,
    iterationS: e.iterationS / gpus,
    layerS: e.layerS / gpus,
    expertLayerS: e.expertLayerS / gpus,
    sequenceS: e.sequenceS / gpus,
    usableBytes: usableBytes(accelerator, gpus, engine, engine.row.memoryFraction),
    usableBytesPerCard: usableBytes(accelerator, 1, engine, engine.row.memoryFraction),
    maxSequences: engine.maxSequences,
  };
}

/**
 * Seconds of a whole unit that one request takes at the very least, however the unit is cut into replicas: the steady
 * state at the largest batch that the engine and the memory of all cards together permit, without links between cards and
 * without copies of the cache. Never above what `serve` finds, so a machine never serves more than 1 / this.
 */
export function leastSeconds(work: LeastWork, peak: Peak): number {
  const compute = work.mixture ? peak.expertCompute : 1;
  const room = (peak.usableBytes - work.heldBytes) / work.sequenceBytes;
  const batch = Math.max(1, Math.min(peak.maxSequences, room));
  const weights =
    work.denseBytes / peak.bytesPerS +
    (work.mixture ? work.expertBytes(batch) / (peak.bytesPerS * peak.expertBandwidth) : 0);
  const fixed = peak.iterationS + work.layers * (peak.layerS + (work.mixture ? peak.expertLayerS : 0));
  // A replica of t cards spends its fixed times on at most t cards' room: t / min(most, t x room) >= 1 / min(most, room).
  const onCard = Math.min(peak.maxSequences, peak.usableBytesPerCard / work.sequenceBytes);
  return (
    work.prefillFlops / (peak.prefillFlopsPerS * compute) +
    work.attentionFlops / peak.attentionFlopsPerS +
    work.decodeFlops / (peak.decodeFlopsPerS * compute) +
    work.cacheBytes / peak.cacheBytesPerS +
    work.outputTokens * (peak.sequenceS + weights / batch + fixed / onCard)
  );
}
