import { type ColumnsOf, columns } from '../units/columns.js';

/**
 * Steady rates of many models on many machines, by column: the closed form of `predictReplica` for thousands of pairs.
 * Index of a model column = item (a model in a mode and a scheme); of a machine column = accelerator, or accelerator x
 * schemes + scheme.
 */
export type ModelColumns = {
  /** Place of its scheme in the list of schemes. */
  scheme: Uint8Array;
  weightBytes: Float64Array;
  /** Attention heads (0: unknown) and key-value heads. */
  heads: Int32Array;
  kvHeads: Int32Array;
  /** 1: multi-head latent attention, whose cache stands on every card. */
  latent: Uint8Array;
  /** Cache bytes of a sequence of x tokens: sequence + token x + windowToken min(x, window). */
  sequenceBytes: Float64Array;
  tokenBytes: Float64Array;
  windowTokenBytes: Float64Array;
  windowTokens: Float64Array;
  /** Bytes read in every iteration; of all experts; logarithm of a token's untouched share of experts. */
  denseBytes: Float64Array;
  expertBytes: Float64Array;
  logUntouched: Float64Array;
  /** Parameters that a decoded and a prompt token multiply with. */
  decodeParams: Float64Array;
  prefillParams: Float64Array;
  layers: Float64Array;
  hiddenSize: Float64Array;
  /** Width of the feed-forward part, and words of the vocabulary. */
  feedForward: Float64Array;
  vocabulary: Float64Array;
  /** Attention FLOP of a prompt of x tokens: 2 x (full x + 2 window min(x / 2, attentionWindow)). */
  fullAttention: Float64Array;
  windowAttention: Float64Array;
  attentionWindow: Float64Array;
};

export type MachineColumns = {
  schemes: number;
  /** By accelerator and scheme: 1 where it runs; FLOP/s and bytes/s of one card, and a mixture's share of them. */
  runs: Uint8Array;
  prefillFlops: Float64Array;
  decodeFlops: Float64Array;
  attentionFlops: Float64Array;
  weightBytesPerS: Float64Array;
  cacheBytesPerS: Float64Array;
  expertCompute: Float64Array;
  /**
   * By accelerator: factors of mixtures, fixed times (seconds), link, activation passes, tensor-parallel loss, bytes of
   * a card for weights and cache, engine limits.
   */
  expertBandwidth: Float64Array;
  /** By accelerator and sequences in decode, to the engine's most: tokens of as many distinct experts. */
  distinctTokens: Float64Array;
  iterationS: Float64Array;
  layerS: Float64Array;
  expertLayerS: Float64Array;
  sequenceS: Float64Array;
  linkLatencyS: Float64Array;
  linkBytesPerS: Float64Array;
  activationS: Float64Array;
  /** By accelerator and cards that share a layer, to `mostCards`: remaining share of bandwidth. */
  tensorShare: Float64Array;
  cardBytes: Float64Array;
  maxSequences: number;
  chunkTokens: number;
  /** Activation bytes on a card per unit of hidden size, feed-forward width (over the cards) and vocabulary. */
  activationBytes: { hidden: number; feedForward: number; vocabulary: number };
};

/** More cards share no layer. */
export const mostCards = 64;

const requestNames = {
  freshTokens: 'f',
  /** All tokens written, at least 1. */
  outputTokens: 'f',
  /** Cache bytes with paging: of the longest sequence, of one in flight; without: of one in decode. */
  longestBytes: 'f',
  inFlightBytes: 'f',
  decodingBytes: 'f',
  /** FLOP of attention over the fresh part of the prompt. */
  attentionFlop: 'f',
  /** The same for a long prompt of `longInputTokens`; cut with room for fewer than `longSequences` in flight. */
  longFreshTokens: 'f',
  longAttentionFlop: 'f',
  longSequences: 'f',
} as const;

/** Tokens of a task's request, and its resources on some items (index = place in `items`). */
export type RequestColumns = ColumnsOf<typeof requestNames> & { items: Int32Array };

/** Tokens of a request of one task, reasoning of an item apart. */
type RequestTokens = {
  inputTokens: number;
  /** Prompt tokens that are found in the cache of prefixes. */
  cachedTokens: number;
  longestInputTokens: number;
  /** Length of a long prompt (p95), given the mean length. */
  longInputTokens(inputTokens: number): number;
  /** Tokens of an item for images beyond the input's; may be below 0. Absent: none. */
  imageTokens?(item: number): number;
  /** Tokens that an item writes. */
  writtenTokens(item: number): number;
};

/** Work and memory that requests of a task need on each of some items. */
export function requestColumns(
  models: ModelColumns,
  items: Int32Array,
  { inputTokens: text, cachedTokens, longestInputTokens, longInputTokens, imageTokens, writtenTokens }: RequestTokens,
  pagedKvOverhead: number,
): RequestColumns {
  const found: RequestColumns = { items, ...columns(requestNames, items.length) };
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as number;
    const written = writtenTokens(item);
    const images = imageTokens?.(item) ?? 0;
    const inputTokens = Math.max(1, text + images);
    const fresh = Math.max(1, inputTokens - cachedTokens);
    const before = inputTokens - fresh;
    found.freshTokens[at] = fresh;
    const output = Math.max(1, written);
    found.outputTokens[at] = output;
    found.longestBytes[at] = sequenceBytesAt(models, item, longestInputTokens + images + written) * pagedKvOverhead;
    found.inFlightBytes[at] = sequenceBytesAt(models, item, inputTokens + written / 2) * pagedKvOverhead;
    found.decodingBytes[at] = sequenceBytesAt(models, item, inputTokens + output / 2);
    found.attentionFlop[at] = attentionFlop(models, item, inputTokens) - attentionFlop(models, item, before);
    const long = longInputTokens(inputTokens);
    const longFresh = Math.max(1, long - cachedTokens);
    found.longFreshTokens[at] = longFresh;
    found.longAttentionFlop[at] =
      attentionFlop(models, item, long) - attentionFlop(models, item, Math.max(0, long - longFresh));
    found.longSequences[at] = long / (inputTokens + written / 2);
  }
  return found;
}

/** Cache bytes of a sequence of so many tokens. */
export const sequenceBytesAt = (m: ModelColumns, item: number, tokens: number): number =>
  (m.sequenceBytes[item] as number) +
  (m.tokenBytes[item] as number) * tokens +
  (m.windowTokenBytes[item] as number) * Math.min(tokens, m.windowTokens[item] as number);

const attentionFlop = (m: ModelColumns, item: number, tokens: number): number =>
  2 *
  tokens *
  ((m.fullAttention[item] as number) * tokens +
    2 * (m.windowAttention[item] as number) * Math.min(tokens / 2, m.attentionWindow[item] as number));

/**
 * Seconds on an idle replica, by place in `requests`: a mean request and its prompt; and lower bounds at any load for a
 * long prompt and a written token. `room`: mean sequences in flight that its cache holds.
 */
export type AloneSeconds = Record<'alone' | 'prompt' | 'long' | 'token' | 'room', Float64Array>;

/** Most seconds per output token (Infinity: any), and whether a slower replica is excluded. */
export type SpeedLimit = { tpotS: number; strict: boolean };

/**
 * Requests a second of one replica at saturation; 0: it does not fit, does not run, or is too slow.
 *
 * @param at place of the item in `requests`
 * @param cards cards of one replica
 * @param slowdown factor on all times, from measurements or draws; 1: none
 * @param decode factor on those of decode alone, from published measurements
 * @param seconds receives the seconds on an idle replica at `at`
 */
export function requestsPerSecond(
  models: ModelColumns,
  machines: MachineColumns,
  requests: RequestColumns,
  at: number,
  accelerator: number,
  cards: number,
  limit: SpeedLimit,
  slowdown = 1,
  decode = 1,
  seconds: AloneSeconds | null = null,
): number {
  const item = requests.items[at] as number;
  const pair = accelerator * machines.schemes + (models.scheme[item] as number);
  if (machines.runs[pair] === 0) return 0;
  const heads = models.heads[item] as number;
  if (cards > 1 && (heads === 0 || heads % cards !== 0)) return 0;
  const hiddenSize = models.hiddenSize[item] as number;
  const { hidden, feedForward, vocabulary } = machines.activationBytes;
  const activations =
    hidden * hiddenSize +
    (feedForward * (models.feedForward[item] as number)) / cards +
    vocabulary * (models.vocabulary[item] as number);
  const free =
    ((machines.cardBytes[accelerator] as number) - activations) * cards - (models.weightBytes[item] as number);
  const kvHeads = models.kvHeads[item] as number;
  const isLatent = models.latent[item] === 1;
  const copies = isLatent ? cards : Math.max(1, cards / kvHeads);
  if (!(free >= (requests.longestBytes[at] as number) * copies) || free <= 0) return 0;
  const room = Math.floor(free / ((requests.inFlightBytes[at] as number) * copies));
  const most = Math.min(room, machines.maxSequences);
  if (most < 1) return 0;
  if (seconds !== null) seconds.room[at] = room;

  const expertBytes = models.expertBytes[item] as number;
  const isMixture = expertBytes > 0;
  const layers = models.layers[item] as number;
  const joins = cards > 1 ? 2 * layers : 0;
  const expertCompute = isMixture ? (machines.expertCompute[pair] as number) : 1;
  const share = machines.tensorShare[accelerator * mostCards + cards - 1] as number;
  const bytesPerS = ((machines.weightBytesPerS[pair] as number) * cards * share) / decode;
  const fixedS =
    decode *
    ((machines.iterationS[accelerator] as number) +
      layers *
        ((machines.layerS[accelerator] as number) + (isMixture ? (machines.expertLayerS[accelerator] as number) : 0)) +
      joins * (machines.linkLatencyS[accelerator] as number));
  const denseS = (models.denseBytes[item] as number) / bytesPerS;
  const expertsS = isMixture ? expertBytes / (bytesPerS * (machines.expertBandwidth[accelerator] as number)) : 0;
  const logUntouched = models.logUntouched[item] as number;
  const linkS =
    (decode * joins * ((2 * (cards - 1)) / cards) * hiddenSize * 2) / (machines.linkBytesPerS[accelerator] as number);
  const decodeS =
    (2 * (models.decodeParams[item] as number)) / ((machines.decodeFlops[pair] as number) * expertCompute * cards);
  const prefillTokenS =
    (2 * (models.prefillParams[item] as number)) / ((machines.prefillFlops[pair] as number) * expertCompute * cards) +
    layers * hiddenSize * (machines.activationS[accelerator] as number);
  const attentionS = (requests.attentionFlop[at] as number) / ((machines.attentionFlops[pair] as number) * cards);
  const cacheSplit = isLatent ? 1 : Math.max(1, Math.min(cards, kvHeads));
  const cacheS =
    (requests.decodingBytes[at] as number) / ((machines.cacheBytesPerS[pair] as number) * share * cacheSplit);
  const eachS = linkS + decode * ((machines.sequenceS[accelerator] as number) + decodeS + cacheS);
  const cachelessS = linkS + decode * ((machines.sequenceS[accelerator] as number) + decodeS);
  const fresh = requests.freshTokens[at] as number;
  const chunks = Math.max(1, Math.ceil(fresh / machines.chunkTokens));
  const promptS = fresh * (prefillTokenS + linkS) + attentionS;
  const isLongCut = room < (requests.longSequences[at] as number);
  const longFresh = isLongCut ? fresh : (requests.longFreshTokens[at] as number);
  const beforeLast = Math.max(1, Math.ceil(longFresh / machines.chunkTokens)) - 1;
  const longS = isLongCut
    ? promptS
    : longFresh * (prefillTokenS + linkS) +
      (requests.longAttentionFlop[at] as number) / ((machines.attentionFlops[pair] as number) * cards);
  const output = requests.outputTokens[at] as number;
  const slowest = limit.tpotS / slowdown;

  if (!isMixture) {
    const prefillS = chunks * (fixedS + denseS) + promptS;
    // Without experts the time per token is a line in the batch.
    const slope = eachS + promptS / output;
    const base = fixedS + denseS - promptS / output;
    let batch = most;
    if (base + batch * slope > slowest) {
      if (limit.strict && base + slope > slowest) return 0;
      batch = Math.max(1, Math.min(most, Math.floor((slowest - base) / slope)));
    }
    if (seconds !== null) {
      seconds.prompt[at] = prefillS * slowdown;
      seconds.alone[at] = (prefillS + output * (base + slope)) * slowdown;
      seconds.long[at] = ((beforeLast + 1) * (fixedS + denseS) + longS) * slowdown;
      seconds.token[at] = (fixedS + denseS + cachelessS) * slowdown;
    }
    return batch / ((prefillS + output * (base + batch * slope)) * slowdown);
  }

  const step: MixtureStep = { fixedS, denseS, expertsS, logUntouched, eachS, promptS, chunks, fresh, output };
  const distinct = machines.distinctTokens;
  const firstDistinct = accelerator * (machines.maxSequences + 1);
  const prefillS = chunks * (fixedS + touchedS(step, Math.min(fresh, machines.chunkTokens))) + promptS;
  let batch = most;
  let perTokenS = mixtureTpotS(step, batch, distinct[firstDistinct + batch] as number);
  const aloneS = mixtureTpotS(step, 1, distinct[firstDistinct + 1] as number);
  if (perTokenS > slowest) {
    if (limit.strict && aloneS > slowest) return 0;
    let [low, high] = [1, most];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (mixtureTpotS(step, middle, distinct[firstDistinct + middle] as number) <= slowest) low = middle;
      else high = middle;
    }
    batch = low;
    perTokenS = mixtureTpotS(step, batch, distinct[firstDistinct + batch] as number);
  }
  if (seconds !== null) {
    seconds.prompt[at] = prefillS * slowdown;
    seconds.alone[at] = (prefillS + output * aloneS) * slowdown;
    const lastTokens = longFresh - beforeLast * machines.chunkTokens;
    const lastS = fixedS + touchedS(step, lastTokens);
    seconds.long[at] = (beforeLast * (fixedS + touchedS(step, machines.chunkTokens)) + lastS + longS) * slowdown;
    const oneS = touchedS(step, distinct[firstDistinct + 1] as number);
    seconds.token[at] = (fixedS + oneS + cachelessS) * slowdown;
  }
  return batch / ((prefillS + output * perTokenS) * slowdown);
}

/** Iteration seconds of a mixture: fixed, dense weights, all experts, per sequence, per prompt; chunks and tokens. */
type MixtureStep = Record<
  'fixedS' | 'denseS' | 'expertsS' | 'logUntouched' | 'eachS' | 'promptS' | 'chunks' | 'fresh' | 'output',
  number
>;

/** Reading the weights that so many tokens touch. */
const touchedS = ({ denseS, expertsS, logUntouched }: MixtureStep, tokens: number): number =>
  denseS - expertsS * Math.expm1(tokens * logUntouched);

/** Time per token with so many sequences, by `distinctTokens` of their experts. */
function mixtureTpotS(step: MixtureStep, batch: number, distinctTokens: number): number {
  const { fixedS, denseS, expertsS, logUntouched, eachS, promptS, chunks, fresh, output } = step;
  const ownS = touchedS(step, distinctTokens);
  // A chunk also reads experts that decode does not touch, by its tokens.
  const extraExpertsS = (ownS - denseS - expertsS) * Math.expm1((fresh / chunks) * logUntouched);
  return fixedS + ownS + batch * eachS + ((batch - 1) / output) * (promptS + chunks * extraExpertsS);
}
