import type { ModelRow } from '../tables/rows.js';
import { perObject } from '../units/memo.js';

/** Work of a model's tokens on any machine: bytes read and multiplications. */
export type ModelWork = {
  /** Bytes every iteration reads, and those of all experts together. */
  denseBytes: number;
  expertBytes: number;
  /** Logarithm of the share of experts that a token does not touch; minus infinity: dense. */
  logUntouched: number;
  /** Parameters per token in decode, and in prefill (only the last token needs the output layer). */
  decodeParams: number;
  prefillParams: number;
  layers: number;
  hiddenSize: number;
  /** Layers times the width of all heads, for full attention and for windows. */
  fullAttention: number;
  windowAttention: number;
  windowTokens: number;
};

/** Share of its experts that one token touches; 1 for a dense model. */
const touchedShare = ({ expertsTotal, expertsActive }: ModelRow): number =>
  expertsTotal === null || expertsActive === null ? 1 : expertsActive / expertsTotal;

/** Share of the parameters that are experts, from both counts: total - active = experts x (1 - k/E). */
export function expertShare(model: ModelRow): number {
  const touched = touchedShare(model);
  if (touched >= 1) return 0;
  return Math.min(1, (model.paramsTotalB - model.paramsActiveB) / (1 - touched) / model.paramsTotalB);
}

/**
 * Work of a model in a scheme, without what no text token reads: vision towers, and the input embedding where the
 * output layer is a matrix of its own.
 *
 * @param bits real bits per weight; `embeddingBits` those of the embedding
 * @param tiedUpToB models of at most so many billion parameters share one matrix for input and output
 * @returns null where the table has no layers for the model
 */
export function modelWork(model: ModelRow, bits: number, embeddingBits: number, tiedUpToB: number): ModelWork | null {
  const known = worksOf(model);
  for (const one of known)
    if (one.bits === bits && one.embeddingBits === embeddingBits && one.tiedUpToB === tiedUpToB) return one.work;
  const work = makeWork(model, bits, embeddingBits, tiedUpToB);
  // Fits and flips use values that do not come again.
  if (known.length < mostKnown) known.push({ bits, embeddingBits, tiedUpToB, work });
  return work;
}

type Known = { bits: number; embeddingBits: number; tiedUpToB: number; work: ModelWork | null };
/** A cache: a few dozen schemes per model, read hundreds of thousands of times. */
const worksOf = perObject((_: ModelRow): Known[] => []);
const mostKnown = 64;

function makeWork(model: ModelRow, bits: number, embeddingBits: number, tiedUpToB: number): ModelWork | null {
  const { kvElemsPerTokenFull: full, kvElemsPerTokenWindowed: windowed, layers, hiddenSize } = model;
  if (layers === null || hiddenSize === null || full === null || windowed === null) return null;
  const embedding = (model.vocabSize ?? 0) * hiddenSize;
  const unread = model.paramsTotalB <= tiedUpToB ? 0 : embedding;
  const text = (model.paramsTotalB - (model.paramsOtherB ?? 0)) * 1e9;
  const experts = model.paramsTotalB * 1e9 * expertShare(model);
  const active = Math.min(model.paramsActiveB * 1e9, text);
  const width = (model.attentionHeads ?? 1) * (model.headDim ?? 1);
  return {
    denseBytes: Math.max(0, ((text - experts) * bits - unread * embeddingBits) / 8),
    expertBytes: (experts * bits) / 8,
    logUntouched: Math.log(1 - touchedShare(model)),
    decodeParams: Math.max(active - unread, active / 2),
    prefillParams: Math.max(active - unread - embedding, active / 2),
    layers,
    hiddenSize,
    fullAttention: fullLayers(model, layers, full) * width,
    windowAttention: model.attentionType === 'mla' ? 0 : Math.min(windowed / perLayer(model), layers) * width,
    windowTokens: model.slidingWindowTokens ?? Number.POSITIVE_INFINITY,
  };
}

const perLayer = ({ kvHeads, headDim }: ModelRow): number => 2 * (kvHeads ?? 1) * (headDim ?? 1);

/** Full-attention layers, from the cache size; latent attention has one latent for all heads. */
const fullLayers = (model: ModelRow, layers: number, full: number): number =>
  model.attentionType === 'mla' ? layers : Math.min(full / perLayer(model), layers);

/** Tokens with as many distinct experts as so many decoding sequences: n^diversity. */
export const distinctTokens = (decoding: number, diversity: number): number =>
  decoding <= 0 ? 0 : Math.exp(diversity * Math.log(decoding));

/** Expert bytes read by `tokens` tokens together, of the distinct experts: 1 - (1 - k/E)^tokens. */
export const expertBytesRead = (work: ModelWork, tokens: number): number =>
  work.expertBytes * -Math.expm1(tokens * work.logUntouched);

/**
 * Floating-point operations of attention over a prompt: 2 x width x tokens^2 for a full layer (scores and values,
 * causal half), 4 x width x tokens x window for a windowed one.
 */
export const attentionFlops = (work: ModelWork, tokens: number): number =>
  2 * tokens * (work.fullAttention * tokens + 2 * work.windowAttention * Math.min(tokens / 2, work.windowTokens));
