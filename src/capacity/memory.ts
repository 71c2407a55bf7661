import type { AcceleratorRow, ModelRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';

const bytesPerGib = 2 ** 30;
const bytesPerGb = 1e9;
const bitsPerByte = 8;

/**
 * Memory of a card beyond weights and cache: computed activations times a factor, and decimal gigabytes of the driver's
 * context, CUDA graphs and libraries.
 */
export type MemoryReserve = { activationFactor: number; runtimeGbPerGpu: number };

/**
 * Memory reserved beyond weights and cache, least and most. `errorShare`: further error of the room left, as a share of
 * usable memory; left out: none.
 */
export type Reserves = { least: MemoryReserve; most: MemoryReserve; errorShare?: number };

/** Reserves of memory between the ends of the tables' ranges; a user's value is certain. */
export function reservesOf(
  assumed: MemoryReserve,
  errorShare: number,
  { parameterOf }: Pick<Tables, 'parameterOf'>,
): Reserves {
  const end = (bound: 'low' | 'high') => (name: keyof MemoryReserve) => {
    const row = parameterOf.get(name);
    return row === undefined || row.likely !== assumed[name] ? assumed[name] : row[bound];
  };
  const at = (reserve: (name: keyof MemoryReserve) => number): MemoryReserve => ({
    activationFactor: reserve('activationFactor'),
    runtimeGbPerGpu: reserve('runtimeGbPerGpu'),
  });
  return { least: at(end('low')), most: at(end('high')), errorShare };
}

/** Bytes of a model and one request, and bytes available: likely, least and most. */
export type MemoryFit = { neededBytes: number; usableBytes: number; leastBytes: number; mostBytes: number };

/** A model that does not fit by the likely figures, but does within their error. */
export const mayFit = ({ neededBytes: needed, usableBytes: usable, mostBytes }: MemoryFit): boolean =>
  needed > usable && needed <= mostBytes;

/** A model that fits by the likely figures, but does not within their error. */
export const mayNotFit = ({ neededBytes: needed, usableBytes: usable, leastBytes }: MemoryFit): boolean =>
  needed <= usable && needed > leastBytes;

/** Bytes of the weights: parameters x real bits per weight (all experts of a mixture). */
export const weightBytes = (model: Pick<ModelRow, 'paramsTotalB'>, bitsPerWeight: number): number =>
  (model.paramsTotalB * 1e9 * bitsPerWeight) / bitsPerByte;

/** Bytes of one element of recurrent state: 32 bits whatever the format of the cache (llama.cpp log). */
export const stateBytes = 4;

/** What a model's cache is made of. */
type CacheForm = Pick<
  ModelRow,
  'kvElemsPerTokenFull' | 'kvElemsPerTokenWindowed' | 'stateElemsPerSeq' | 'slidingWindowTokens'
>;

/** Cache bytes of one sequence: constant, per token, and per token up to a window. */
export type SequenceBytes = { own: number; perToken: number; perWindowToken: number; windowTokens: number };

/**
 * Full-attention layers grow with the context, windowed layers stop at their window, state layers are constant. Null
 * where the table has no layers for the model.
 *
 * @param copies of each byte in memory
 */
export function sequenceBytes(model: CacheForm, kvBits: number, copies = 1): SequenceBytes | null {
  const { kvElemsPerTokenFull: full, kvElemsPerTokenWindowed: windowed, stateElemsPerSeq: state } = model;
  if (full === null || windowed === null || state === null) return null;
  const bytes = (kvBits / bitsPerByte) * copies;
  const own = state * stateBytes * copies;
  const window = model.slidingWindowTokens;
  // A window that is not known never ends.
  if (window === null) return { own, perToken: (full + windowed) * bytes, ...noWindow };
  return { own, perToken: full * bytes, perWindowToken: windowed * bytes, windowTokens: window };
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

/** Cache bytes of one sequence of `contextTokens`; null: no layers in the table. */
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
 * @param fraction share of a card's memory that the engine takes; null: all usable
 */
export const usableBytes = (
  accelerator: Pick<AcceleratorRow, 'memoryGib' | 'usableMemoryFraction'>,
  gpus: number,
  { runtimeGbPerGpu }: Pick<MemoryReserve, 'runtimeGbPerGpu'>,
  fraction: number | null = null,
): number =>
  gpus *
  (accelerator.memoryGib * bytesPerGib * (fraction ?? accelerator.usableMemoryFraction) - runtimeGbPerGpu * bytesPerGb);

const bytesPerActivation = 2;
/** Most sequences whose logits an engine's profiling run holds, each twice in 32 bits. */
const profiledSequences = 256;
const logitBytes = 8;

/**
 * Bytes on each card of a tensor-parallel group for the largest results between layers, as an engine's profiling run:
 * an iteration of a full chunk in the widest feed-forward part, and the logits of its sequences.
 *
 * factor x (chunk x (2 hidden size + 3 intermediate size / cards) x 2 + 8 x vocabulary x min(sequences, 256))
 */
export const activationBytes = (
  hidden: number,
  feedForward: number,
  vocabulary: number,
  cards: number,
  { chunkTokens, maxSequences, activationFactor }: ProfilingRun,
): number =>
  activationFactor *
  (chunkTokens * (2 * hidden + (3 * feedForward) / cards) * bytesPerActivation +
    logitBytes * vocabulary * Math.min(maxSequences, profiledSequences));

/** Limits of the engine whose profiling run it is. */
type ProfilingRun = { chunkTokens: number; maxSequences: number; activationFactor: number };

/** Feed-forward width of one token, over all its experts; unknown: four hidden sizes. */
export function feedForwardWidth(
  model: Pick<ModelRow, 'hiddenSize' | 'intermediateSize' | 'moeIntermediateSize' | 'expertsActive' | 'sharedExperts'>,
): number {
  const experts = ((model.expertsActive ?? 0) + (model.sharedExperts ?? 0)) * (model.moeIntermediateSize ?? 0);
  return Math.max(experts, model.intermediateSize ?? 0) || widthsUnknown * (model.hiddenSize ?? 0);
}

const widthsUnknown = 4;

/** Bytes of activations of a model on each card of a group. */
export const activationsOf = (
  model: Parameters<typeof feedForwardWidth>[0] & Pick<ModelRow, 'vocabSize'>,
  cards: number,
  run: ProfilingRun,
): number => activationBytes(model.hiddenSize ?? 0, feedForwardWidth(model), model.vocabSize ?? 0, cards, run);

/** Bytes of weights, caches of a batch and other needs. */
export const neededBytes = (weights: number, sequences: number, kvPerSequence: number, otherBytes: number): number =>
  weights + sequences * kvPerSequence + otherBytes;

/** Whether tensor parallelism over `gpus` cards divides the attention heads. */
export const splitsHeads = (model: Pick<ModelRow, 'attentionHeads'>, gpus: number): boolean =>
  gpus === 1 || (model.attentionHeads !== null && model.attentionHeads % gpus === 0);

/**
 * Copies of the cache on `gpus` cards: one when heads split it, more with fewer KV heads than cards; latent attention
 * (MLA) has one latent per token, copied to every card.
 */
export function kvCopies(model: Pick<ModelRow, 'kvHeads' | 'attentionType'>, gpus: number): number {
  if (model.attentionType === 'mla') return gpus;
  return Math.max(1, gpus / (model.kvHeads ?? 1));
}

/**
 * Most sequences of a mean length that fit with the weights; below 1 the model does not fit.
 *
 * floor((usable - weights) / (overhead x KV per sequence x copies))
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
