/**
 * What one iteration of a serving engine costs on one replica, for one model: the terms all of capacity is made of.
 * An iteration that decodes one token for each of D sequences and prefills q prompt tokens takes
 *
 *     fixedS + weightsS(D + q) + D x (sequenceS + decodeS) + q x prefillS + (D + q) x linkS
 *       + sum over the D sequences of cacheS(context) + attentionS(...) of the prompt tokens
 *
 * All in seconds. Reading and computing add up: on published measurements a sum predicts better than the larger of the two.
 */
export type StepTimes = {
  /** Every iteration: scheduler, launches, per-layer times, link latency. */
  fixedS: number;
  /** Per sequence that decodes in the iteration. */
  sequenceS: number;
  /** Reading the weights that `tokens` tokens touch (constant for a dense model, rising with tokens for a mixture). */
  weightsS(tokens: number): number;
  /** Compute per decoded token, and per prompt token. */
  decodeS: number;
  prefillS: number;
  /** Tensor-parallel traffic per token. */
  linkS: number;
  /** Attention of a whole prompt of `tokens` tokens (about quadratic); a chunk from a to b costs attentionS(b) - attentionS(a). */
  attentionS(tokens: number): number;
  /** Reading the cache of one decoding sequence that holds `contextTokens`. */
  cacheS(contextTokens: number): number;
  /**
   * Whole iterations, as prompts meet them, where those above are told per token written and an iteration writes several
   * (speculative decoding); absent: they are the same.
   */
  whole?: StepTimes;
};

/** Iterations as prompts meet them. */
export const wholeOf = (times: StepTimes): StepTimes => times.whole ?? times;
