import type { BandRow, ModelRow } from '../tables/columns.js';
import { perObject } from '../units/memo.js';
import type { StepTimes } from './step-times.js';

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
function expertShare(model: ModelRow): number {
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

/** A draft of `tokens`, each accepted with a probability; drafting one takes a share of an iteration. */
export type Speculation = { tokens: number; acceptance: number; draftCost: number };

/** Tokens of one verifying iteration: (1 - a^(g + 1)) / (1 - a), Leviathan et al. (arXiv 2211.17192). */
export const tokensPerVerification = ({ tokens, acceptance }: Speculation): number => {
  let sum = 0;
  for (let token = tokens, power = 1; token >= 0; token--, power *= acceptance) sum += power;
  return sum;
};

/**
 * Times per written token under speculative decoding: an iteration reads and computes g + 1 tokens of each sequence,
 * takes 1 + g x draft cost as long for its fixed part, and yields several tokens. Where reading rules it is faster by
 * yield / (1 + g x cost); where computing does, slower. A prompt is no faster: it waits for whole iterations, and needs
 * no draft itself.
 */
export function speculating(times: StepTimes, speculation: Speculation): StepTimes {
  const { tokens, draftCost } = speculation;
  const yielded = tokensPerVerification(speculation);
  const once = (1 + tokens * draftCost) / yielded;
  const each = (tokens + 1) / yielded;
  return {
    ...times,
    fixedS: times.fixedS * once,
    weightsS: (decoding, prompt) => times.weightsS(decoding * (tokens + 1), prompt) * once,
    decodeS: times.decodeS * each,
    sequenceS: times.sequenceS / yielded,
    cacheS: (contextTokens) => times.cacheS(contextTokens) / yielded,
    whole: { ...times, decodeS: times.decodeS * (tokens + 1) },
  };
}

/** What a prediction rests on that the tables do not know; each widens its band. */
export const doubts = ['engine', 'scheme', 'limit', 'port', 'memory', 'prefixes', 'unmeasured'] as const;
export type Doubt = (typeof doubts)[number];

/** Each doubt in words. */
export const doubtTexts: { readonly [Name in Doubt]: string } = {
  engine: 'the engine is unknown: the mean of all is taken',
  scheme: 'the quantization is not in the tables: its bits are guessed from its name',
  limit: "the engine's limit of sequences is not known: its usual one is taken",
  port: 'a port younger than its hardware may be several times slower than any physics says',
  memory: 'weights fill most of the memory: the exact room for the cache decides',
  prefixes: 'prefix caching is on, and its hit rate is not known',
  unmeasured: 'nobody has published a measurement of this kind of engine on this card',
};

/** A band that is narrower than others, and why. */
export const agreedText = 'published measurements of other publishers near by agree';

/** Share of the memory above which the exact size of the cache decides. */
const nearlyFull = 0.8;

/** Doubts of a run with that about its memory, which only a prediction shows. */
export const doubtsWith = (known: readonly Doubt[], memoryShare: number): Doubt[] =>
  memoryShare > nearlyFull ? [...known, 'memory'] : [...known];

/** What a measurement can be compared in. */
export const metrics = ['system', 'single', 'tpot', 'tpotOpen', 'ttft', 'prefill'] as const;
export type Metric = (typeof metrics)[number];

/** Factors on a prediction between which 80 % of measurements lie. */
export type BandFactors = { low: number; high: number };

/**
 * A metric's band from the table, its logarithm widened by each doubt about the inputs, and narrowed where published
 * measurements near it agree. Null: none in the table.
 */
export function bandOf(
  metric: Metric,
  doubts: readonly (Doubt | 'agreed')[],
  table: readonly BandRow[],
): BandFactors | null {
  const base = table.find((row) => row.metric === metric && row.doubt === null);
  if (base === undefined || base.low === null || base.high === null) return null;
  const widening = doubts.reduce(
    (product, doubt) => product * (table.find((row) => row.doubt === doubt)?.widening ?? 1),
    1,
  );
  return { low: power(base.low, widening), high: power(base.high, widening) };
}

/** A band with its logarithms so many times as long. */
export const widened = ({ low, high }: BandFactors, times: number): BandFactors => ({
  low: power(low, times),
  high: power(high, times),
});

/** Growth of bands of the first token beyond the longest measured prompt, for each doubling. */
export type LongPrompts = { measuredUpTo: number; widening: number };

/** How many times as long as within what was measured. */
export const lengthWidening = (promptTokens: number, { measuredUpTo, widening }: LongPrompts): number =>
  1 + widening * Math.max(0, Math.log2(promptTokens / measuredUpTo));

/** Whether a doubt makes bands wider. */
export const widens = (doubt: Doubt, table: readonly BandRow[]): boolean =>
  (table.find((row) => row.doubt === doubt)?.widening ?? 1) > 1;

/** By logarithms, which give the same digits on every Node. */
const power = (base: number, exponent: number): number => Math.exp(exponent * Math.log(base));
