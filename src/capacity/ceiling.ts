import type { AcceleratorRow, ModelRow } from '../tables/rows.js';
import { efficiencyOf } from './efficiency.js';
import { bytesPerActivation, directions, joinsPerLayer, ratesOf } from './machine.js';
import { kvBytesPerSequence, kvCopies, splitsHeads, usableBytes } from './memory.js';
import { attentionFlops, expertBytesRead, modelWork } from './model-work.js';
import { type Engine, formatOn, type RequestShape, settingOn, type Weights } from './replica.js';
import type { SchemeSupport } from './scheme.js';

/** What one request asks of any machine: a few sums per model and class of requests. */
export type LeastWork = {
  model: ModelRow;
  prefillFlops: number;
  attentionFlops: number;
  decodeFlops: number;
  cacheBytes: number;
  outputTokens: number;
  /** Tokens that pass between cards. */
  passedTokens: number;
  /** Weights: all bytes in memory, those an iteration reads for the dense part and for the experts of a batch. */
  heldBytes: number;
  denseBytes: number;
  expertBytes(batch: number): number;
  mixture: boolean;
  layers: number;
  hiddenSize: number;
  /** Bytes that one sequence takes of the memory while it is served. */
  sequenceBytes: number;
  slowest: Slowest;
};

/** What a machine must keep to be worth sizing; Infinity: nothing. */
export type Slowest = {
  /** Slowest time per output token a batch may have. */
  tpotS: number;
  /** Longest time to the first token, of a prompt `longPrompt` times the mean, and of a mean request as a whole. */
  firstS: number;
  longPrompt: number;
  wholeS: number;
};

/** Throws where the tables have no layers for the model: such a model has no weights to place. */
export function leastWork(
  { model, bytes, bits }: Weights,
  shape: RequestShape,
  slowest: Slowest,
  engine: Engine,
): LeastWork {
  const work = modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
  const inFlight = shape.inputTokens + shape.outputTokens / 2;
  const kv = kvBytesPerSequence(model, inFlight, engine.kvCacheBits);
  if (work === null || kv === null) throw new Error(`no layers for ${model.family}`);
  const fresh = Math.max(1, shape.inputTokens - shape.cachedTokens);
  const before = shape.inputTokens - fresh;
  const { outputTokens } = shape;
  return {
    model,
    prefillFlops: 2 * work.prefillParams * fresh,
    attentionFlops: attentionFlops(work, before + fresh) - attentionFlops(work, before),
    decodeFlops: 2 * work.decodeParams * outputTokens,
    cacheBytes: outputTokens * kv,
    outputTokens,
    passedTokens: fresh + outputTokens,
    heldBytes: bytes,
    denseBytes: work.denseBytes,
    expertBytes: (batch) => expertBytesRead(work, batch),
    mixture: work.expertBytes > 0,
    layers: work.layers,
    hiddenSize: work.hiddenSize,
    sequenceBytes: kv * engine.pagedKvOverhead,
    slowest,
  };
}

/** A way to cut a unit into replicas of `cards`. */
type Split = { cards: number; share: number; usableBytes: number; joinS: number; passedByteS: number };

/** What a whole unit reaches for a scheme: rates with their calibrated efficiencies, fixed times, ways to cut it. */
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
  iterationS: number;
  layerS: number;
  expertLayerS: number;
  sequenceS: number;
  splits: readonly Split[];
  maxSequences: number;
};

export function peakOf(
  accelerator: AcceleratorRow,
  gpus: number,
  splits: readonly number[],
  compute: Weights['scheme']['compute'],
  support: SchemeSupport,
  engine: Engine,
): Peak {
  const e = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
  const rates = ratesOf(accelerator, formatOn(compute, support, engine), false, e);
  const card = usableBytes(accelerator, 1, engine, engine.row.memoryFraction);
  const linkBytesPerS = (Math.max(accelerator.interconnectGBs, 1) * 1e9 * e.linkBandwidth) / directions;
  return {
    support,
    prefillFlopsPerS: rates.prefill * gpus,
    decodeFlopsPerS: rates.decode * gpus,
    attentionFlopsPerS: rates.attention * gpus,
    bytesPerS: rates.bytes * gpus,
    cacheBytesPerS: rates.cacheBytes * gpus,
    expertCompute: e.expertCompute,
    expertBandwidth: e.expertBandwidth,
    iterationS: e.iterationS,
    layerS: e.layerS,
    expertLayerS: e.expertLayerS,
    sequenceS: e.sequenceS,
    splits: splits.map((cards) => ({
      cards,
      share: cards / gpus,
      usableBytes: card * cards,
      joinS: cards > 1 ? joinsPerLayer * e.linkLatencyS : 0,
      passedByteS: (joinsPerLayer * bytesPerActivation * 2 * (cards - 1)) / cards / linkBytesPerS,
    })),
    maxSequences: engine.maxSequences,
  };
}

/**
 * Seconds of a whole unit that one request takes at the very least, over the ways to cut the unit into replicas: the
 * steady state at the largest batch that engine, memory and the slowest acceptable speed permit. Never above what `serve`
 * finds, so a machine never serves more than 1 / this. Infinite where no cut holds the weights and one sequence, or where
 * a request alone is too slow on all of them.
 *
 * @param error rates over those predicted; see `CapacityError`
 */
export function leastSeconds(work: LeastWork, peak: Peak, error = 1): number {
  const compute = work.mixture ? peak.expertCompute : 1;
  const prompt = work.prefillFlops / (peak.prefillFlopsPerS * compute) + work.attentionFlops / peak.attentionFlopsPerS;
  const tokens = work.decodeFlops / (peak.decodeFlopsPerS * compute) + work.cacheBytes / peak.cacheBytesPerS;
  const dense = work.denseBytes / peak.bytesPerS;
  const expertByteS = work.mixture ? 1 / (peak.bytesPerS * peak.expertBandwidth) : 0;
  const own = peak.iterationS + work.layers * (peak.layerS + (work.mixture ? peak.expertLayerS : 0));
  // As predicted, times are so much longer: limits on them are met as if they were.
  const { longPrompt } = work.slowest;
  const tpotS = work.slowest.tpotS * error;
  const firstLimit = work.slowest.firstS * error;
  const wholeS = work.slowest.wholeS * error;
  let least = Number.POSITIVE_INFINITY;
  for (const { cards, share, usableBytes, joinS, passedByteS } of peak.splits) {
    const room = (usableBytes - work.heldBytes) / (work.sequenceBytes * kvCopies(work.model, cards));
    if (room < 1 || !splitsHeads(work.model, cards)) continue;
    const fixed = own + work.layers * joinS;
    const passed = work.passedTokens * work.layers * work.hiddenSize * passedByteS;
    // What each sequence adds to the time per token, with its part of the others' prompts; caches are read in parts.
    const each = prompt + tokens + share * (work.outputTokens * peak.sequenceS + passed);
    const aloneS = fixed + (dense + work.expertBytes(1) * expertByteS) / share;
    const firstS = aloneS + prompt / share;
    if (
      aloneS + (longPrompt * prompt) / share > firstLimit ||
      firstS + (work.outputTokens - 1) * (aloneS + tokens / (work.outputTokens * share)) > wholeS
    )
      continue;
    let batch = Math.min(peak.maxSequences, room);
    if (tpotS !== Number.POSITIVE_INFINITY) {
      const free = tpotS - aloneS;
      const promptS = (prompt + share * passed) / (work.outputTokens * share);
      batch = Math.max(1, Math.min(batch, (free + promptS) / (each / (work.outputTokens * share))));
    }
    const shared = share * fixed + dense + (work.mixture ? work.expertBytes(batch) * expertByteS : 0);
    const seconds = each + (work.outputTokens * shared) / batch;
    if (seconds < least) least = seconds;
  }
  return least / error;
}
