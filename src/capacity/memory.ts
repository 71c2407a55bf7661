import type { AcceleratorRow, ModelRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';

const bytesPerGib = 2 ** 30;
const bytesPerGb = 1e9;
const bitsPerByte = 8;

/**
 * Memory of a card that is neither weights nor cache: computed activations times a factor, and decimal gigabytes for the
 * driver's context, CUDA graphs and libraries.
 */
export type MemoryReserve = { activationFactor: number; runtimeGbPerGpu: number };

/**
 * Memory reserved for other than weights and cache: the least and the most. `errorShare`: by how much of the usable memory the room that is
 * left may be off beside that; left out: by none.
 */
export type Reserves = { least: MemoryReserve; most: MemoryReserve; errorShare?: number };

/** Reserves of memory between the ends of what the tables say of them; a value of the user's own is certain. */
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

/** Bytes that a model and one request take, and those that a machine has for them: likely, at the least and at the most. */
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

/** Bytes of one element of recurrent state: engines keep it in 32 bits whatever the format of the cache (llama.cpp log). */
export const stateBytes = 4;

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
  { runtimeGbPerGpu }: Pick<MemoryReserve, 'runtimeGbPerGpu'>,
  fraction: number | null = null,
): number =>
  gpus *
  (accelerator.memoryGib * bytesPerGib * (fraction ?? accelerator.usableMemoryFraction) - runtimeGbPerGpu * bytesPerGb);

const bytesPerActivation = 2;
/** Sequences whose logits the engines' profiling runs hold at the most, each twice in 32 bits. */
const profiledSequences = 256;
const logitBytes = 8;

/**
 * Bytes on each card of a tensor-parallel group for the largest results between layers, as the profiling run of an engine
 * finds them: an iteration of a full chunk in the widest feed-forward part, and the logits of its sequences.
 *
 *     factor x (chunk x (2 hidden size + 3 intermediate size / cards) x 2 + 8 x vocabulary x min(sequences, 256))
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
export type ProfilingRun = { chunkTokens: number; maxSequences: number; activationFactor: number };

/** Width of the feed-forward part that one token goes through: a mixture's experts together; unknown, four hidden sizes. */
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
