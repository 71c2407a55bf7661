import type { AcceleratorRow, ModelRow } from '../tables/rows.js';

const bytesPerGib = 2 ** 30;
const bytesPerGb = 1e9;
const bitsPerByte = 8;

/** The share of a card's memory that is not weights or cache, in decimal gigabytes per GPU. */
export type MemoryReserve = { activationGbPerGpu: number; runtimeGbPerGpu: number };

/** Elements of one token's keys and values in plain attention: 2 x layers x KV heads x head size (all heads: MHA; one: MQA). */
export const kvElements = (layers: number, kvHeads: number, headDim: number): number => 2 * layers * kvHeads * headDim;

/** Elements of one token's latent in multi-head latent attention: layers x (rank + rotary part), one for keys and values. */
export const latentElements = (layers: number, kvLoraRank: number, ropeHeadDim: number): number =>
  layers * (kvLoraRank + ropeHeadDim);

/** Bytes of the weights: parameters x real bits per weight (all experts of a mixture). */
export const weightBytes = (model: Pick<ModelRow, 'paramsTotalB'>, bitsPerWeight: number): number =>
  (model.paramsTotalB * 1e9 * bitsPerWeight) / bitsPerByte;

/** What a model's cache is made of. */
type CacheForm = Pick<
  ModelRow,
  'kvElemsPerTokenFull' | 'kvElemsPerTokenWindowed' | 'stateElemsPerSeq' | 'slidingWindowTokens'
>;

/**
 * Bytes of cache that one sequence of `contextTokens` holds:
 * full-attention layers grow with the context, windowed layers stop at their window, state layers are constant.
 * Null where the table has no layers for the model.
 */
export function kvBytesPerSequence(model: CacheForm, contextTokens: number, kvBits: number): number | null {
  const {
    kvElemsPerTokenFull: full,
    kvElemsPerTokenWindowed: windowed,
    stateElemsPerSeq: state,
    slidingWindowTokens,
  } = model;
  if (full === null || windowed === null || state === null) return null;
  const inWindow = slidingWindowTokens === null ? contextTokens : Math.min(contextTokens, slidingWindowTokens);
  return ((full * contextTokens + windowed * inWindow + state) * kvBits) / bitsPerByte;
}

/**
 * Bytes left for weights and cache on `gpus` cards. A card sold as 80 GB holds 80 GiB.
 *
 * @param fraction share of a card's memory that the engine takes; null: what is usable on the card
 */
export const usableBytes = (
  accelerator: Pick<AcceleratorRow, 'memoryGib' | 'usableMemoryFraction'>,
  gpus: number,
  reserve: MemoryReserve,
  fraction: number | null = null,
): number =>
  gpus *
  (accelerator.memoryGib * bytesPerGib * (fraction ?? accelerator.usableMemoryFraction) -
    (reserve.activationGbPerGpu + reserve.runtimeGbPerGpu) * bytesPerGb);

/** Bytes that weights and the caches of a batch take, with what else stands in memory. */
export const neededBytes = (weights: number, sequences: number, kvPerSequence: number, otherBytes: number): number =>
  weights + sequences * kvPerSequence + otherBytes;

/** Whether tensor parallelism over `gpus` cards divides the attention heads. */
export const splitsHeads = (model: Pick<ModelRow, 'attentionHeads'>, gpus: number): boolean =>
  gpus === 1 || (model.attentionHeads !== null && model.attentionHeads % gpus === 0);

/**
 * How often the cache stands on `gpus` cards together: once when heads split it, more often when there are fewer KV
 * heads than cards; latent attention (MLA) has one latent per token, copied to every card.
 */
export function kvCopies(model: Pick<ModelRow, 'kvHeads' | 'attentionType'>, gpus: number): number {
  if (model.attentionType === 'mla') return gpus;
  return Math.max(1, gpus / (model.kvHeads ?? 1));
}

/**
 * Most sequences of a mean length that fit beside the weights; below 1 the model does not fit.
 *
 *     floor((usable - weights) / (overhead x KV per sequence x copies))
 */
export function maxSequences(
  usable: number,
  weights: number,
  kvPerSequence: number,
  overhead: number,
  copies: number,
): number {
  return Math.floor((usable - weights) / (overhead * kvPerSequence * copies));
}
