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
