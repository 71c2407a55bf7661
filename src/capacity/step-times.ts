/**
 * One iteration of a serving engine on one replica, for one model: the terms of all capacity. An iteration that decodes
 * one token for each of D sequences and prefills q prompt tokens takes
 *
 * fixedS + weightsS(D, q) + D x (sequenceS + decodeS) + q x prefillS + (D + q) x linkS
 * + sum over the D sequences of cacheS(context) + attentionS(...) of the prompt tokens
 *
 * All in seconds. Reading and computing add up: on published measurements a sum predicts better than the maximum.
 */
export type StepTimes = {
  /** Every iteration: scheduler, launches, per-layer times, link latency. */
  fixedS: number;
  /** Per sequence that decodes in the iteration. */
  sequenceS: number;
  /**
   * Reading the weights for so many decoding sequences and prompt tokens (constant if dense, rising with both for a
   * mixture).
   */
  weightsS(decoding: number, prompt?: number): number;
  /** Compute per decoded token; compute and activation passes per prompt token. */
  decodeS: number;
  prefillS: number;
  /** Tensor-parallel traffic per token. */
  linkS: number;
  /** Attention of a prompt of `tokens` (about quadratic); a chunk from a to b: attentionS(b) - attentionS(a). */
  attentionS(tokens: number): number;
  /** Reading the cache of one decoding sequence that holds `contextTokens`. */
  cacheS(contextTokens: number): number;
  /**
   * Whole iterations, as prompts meet them, where those above are per token and an iteration writes several
   * (speculative decoding); absent: equal.
   */
  whole?: StepTimes;
};

/** Iterations as prompts meet them. */
export const wholeOf = (times: StepTimes): StepTimes => times.whole ?? times;

/** Factors on the times of a model on a machine, from own measurements; 1: as predicted. */
export type Correction = { decode: number; prefill: number; firstToken: number };

export const uncorrected: Correction = { decode: 1, prefill: 1, firstToken: 1 };

/** The times, corrected: everything a decode iteration costs, and what prompts add. */
export function corrected(times: StepTimes, correction: Correction): StepTimes {
  const { decode, prefill } = correction;
  if (decode === 1 && prefill === 1) return times;
  return {
    fixedS: times.fixedS * decode,
    sequenceS: times.sequenceS * decode,
    weightsS: (decoding, prompt) => times.weightsS(decoding, prompt) * decode,
    decodeS: times.decodeS * decode,
    prefillS: times.prefillS * prefill,
    linkS: times.linkS * decode,
    attentionS: (tokens) => times.attentionS(tokens) * prefill,
    cacheS: (contextTokens) => times.cacheS(contextTokens) * decode,
    ...(times.whole && { whole: corrected(times.whole, correction) }),
  };
}

/** Tokens of one request as the machine sees them. */
export type RequestTokens = {
  /** Prompt tokens that must be computed (not found in a prefix cache). */
  fresh: number;
  /** Tokens in context before those, and when decode starts. */
  before: number;
  context: number;
  /** All tokens written, reasoning included. */
  output: number;
};

/** Seconds of one iteration that decodes for `batch` sequences at a context. */
export const iterationS = (times: StepTimes, batch: number, contextTokens: number): number =>
  times.fixedS +
  times.weightsS(batch) +
  batch * (times.sequenceS + times.decodeS + times.linkS + times.cacheS(contextTokens));

/** Seconds of attention of `tokens` prompt tokens on top of those `before`. */
export const attentionOf = (times: StepTimes, tokens: number, before: number): number =>
  times.attentionS(before + tokens) - times.attentionS(before);

/** Seconds to prefill `tokens` prompt tokens alone, in iterations of at most `chunk` tokens. */
export function prefillS(times: StepTimes, tokens: number, before: number, chunk: number): number {
  const iterations = Math.max(1, Math.ceil(tokens / chunk));
  const { fixedS, weightsS } = wholeOf(times);
  return (
    iterations * (fixedS + weightsS(0, Math.min(tokens, chunk))) +
    tokens * (times.prefillS + times.linkS) +
    attentionOf(times, tokens, before)
  );
}

/** Mean context of a sequence while it decodes. */
const meanContext = ({ context, output }: RequestTokens): number => context + output / 2;

/**
 * Seconds that one prompt adds to iterations with `batch` sequences in decode: compute, traffic, attention, and in each
 * chunk the experts read for it alone.
 */
function promptExtraS(times: StepTimes, { fresh, before }: RequestTokens, batch: number, chunk: number): number {
  const chunks = Math.max(1, Math.ceil(fresh / chunk));
  const { weightsS } = wholeOf(times);
  const experts = weightsS(batch, fresh / chunks) - weightsS(batch);
  return fresh * (times.prefillS + times.linkS) + attentionOf(times, fresh, before) + chunks * experts;
}

/**
 * Time per output token with `batch` requests always in flight: over one answer a sequence sees its own iterations and
 * the prompts of the others,
 *
 * TPOT = iteration(batch) + (batch - 1) / output x extra of a prompt
 */
export function steadyTpotS(times: StepTimes, tokens: RequestTokens, batch: number, chunk: number): number {
  const output = Math.max(1, tokens.output);
  const prompts = Math.max(0, batch - 1) / output;
  const own = iterationS(times, batch, meanContext({ ...tokens, output }));
  return own + prompts * promptExtraS(times, tokens, batch, chunk);
}

/** Requests a second with `batch` in flight: batch / (prefill + output x TPOT). */
export const steadyRate = (batch: number, prefill: number, output: number, tpotS: number): number =>
  batch / (prefill + Math.max(1, output) * tpotS);

/** Time per output token of `batch` equal requests that start and end together. */
export const staticTpotS = (times: StepTimes, tokens: RequestTokens, batch: number): number =>
  iterationS(times, batch, meanContext(tokens));
