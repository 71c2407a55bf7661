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

/** Bytes of cache that one sequence holds: whatever its length, for each token, and for each token up to a window. */
export type SequenceBytes = { own: number; perToken: number; perWindowToken: number; windowTokens: number };

/**
 * Full-attention layers grow with the context, windowed layers stop at their window, state layers are constant.
 * Null where the table has no layers for the model.
 *
 * @param copies how often each byte stands in memory
 */
export function sequenceBytes(model: CacheForm, kvBits: number, copies = 1): SequenceBytes | null {
  const { kvElemsPerTokenFull: full, kvElemsPerTokenWindowed: windowed, stateElemsPerSeq: state } = model;
  if (full === null || windowed === null || state === null) return null;
  const bytes = (kvBits / bitsPerByte) * copies;
  const window = model.slidingWindowTokens;
  // A window that is not known never ends.
  if (window === null) return { own: state * bytes, perToken: (full + windowed) * bytes, ...noWindow };
  return { own: state * bytes, perToken: full * bytes, perWindowToken: windowed * bytes, windowTokens: window };
}

const noWindow = { perWindowToken: 0, windowTokens: 0 };

/** Bytes of one sequence of `tokens`. */
export const bytesAt = ({ own, perToken, perWindowToken, windowTokens }: SequenceBytes, tokens: number): number =>
  own + perToken * tokens + perWindowToken * Math.min(tokens, windowTokens);

/** The longest sequence that takes at most `bytes`; below 0 where none does. */
export function tokensWithin({ own, perToken, perWindowToken, windowTokens }: SequenceBytes, bytes: number): number {
  const inWindow = (bytes - own) / (perToken + perWindowToken);
  return inWindow <= windowTokens ? inWindow : (bytes - own - perWindowToken * windowTokens) / perToken;
}

/** Bytes of cache that one sequence of `contextTokens` holds; null where the table has no layers for the model. */
export function kvBytesPerSequence(model: CacheForm, contextTokens: number, kvBits: number): number | null {
  const sequence = sequenceBytes(model, kvBits);
  return sequence && bytesAt(sequence, contextTokens);
}

/** Bytes that `gpus` cards hold in all. A card sold as 80 GB holds 80 GiB. */
export const heldBytes = ({ memoryGib }: Pick<AcceleratorRow, 'memoryGib'>, gpus: number): number =>
  gpus * memoryGib * bytesPerGib;

/**
 * Bytes left of that for weights and cache.
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
