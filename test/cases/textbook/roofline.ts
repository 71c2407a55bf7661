/**
 * The textbook roofline: the larger of reading and computing, as in "How to Scale Your Model"
 * (jax-ml.github.io/scaling-book). A bound to compare with: predictions add the two and take calibrated shares of the peak
 * rates (`machine.ts`), which is closer to what is measured.
 */

/** Rates of one card and how many share the work; efficiencies are shares of the peak rates, 1: the peak. */
export type RooflineCards = {
  cards: number;
  flopsPerS: number;
  bytesPerS: number;
  computeShare: number;
  bandwidthShare: number;
  /** What splitting over cards leaves of either rate. */
  splitShare: number;
};

const computeS = (flops: number, { cards, flopsPerS, computeShare, splitShare }: RooflineCards): number =>
  flops === 0 ? 0 : flops / (cards * flopsPerS * computeShare * splitShare);

const readS = (bytes: number, { cards, bytesPerS, bandwidthShare, splitShare }: RooflineCards): number =>
  bytes === 0 ? 0 : bytes / (cards * bytesPerS * bandwidthShare * splitShare);

/** Seconds to prefill a prompt: the larger of 2 x active parameters x tokens not cached, and reading the weights. */
export const prefillBoundS = (
  work: { activeParameters: number; freshTokens: number; weightBytes: number },
  cards: RooflineCards,
): number => Math.max(computeS(2 * work.activeParameters * work.freshTokens, cards), readS(work.weightBytes, cards));

/** What one decode iteration of a batch reads and computes. */
export type DecodeStep = {
  weightBytes: number;
  /** Cache of all sequences of the batch. */
  cacheBytes: number;
  activeParameters: number;
  batch: number;
  /** Scheduler and launches, seconds. */
  fixedS: number;
};

/** Seconds of a decode iteration: the larger of reading the weights and computing the batch, then its cache. */
export const decodeStepBoundS = (step: DecodeStep, cards: RooflineCards): number =>
  Math.max(readS(step.weightBytes, cards), computeS(2 * step.activeParameters * step.batch, cards)) +
  readS(step.cacheBytes, cards) +
  step.fixedS;

/** Batch from which computing rules: FLOP/s x bytes per weight / (2 x bytes a second). */
export const criticalBatch = (flopsPerS: number, bytesPerS: number, bytesPerWeight: number): number =>
  (flopsPerS * bytesPerWeight) / (2 * bytesPerS);

/** Bytes a second that decode reads: everything it needs per token, in the time it takes per token. */
export const decodeBytesPerS = (bytesPerToken: number, tpotS: number): number => bytesPerToken / tpotS;

/** Share of the peak bandwidth that decode reaches (MBU). */
export const bandwidthUtilization = (bytesPerToken: number, tpotS: number, peakBytesPerS: number): number =>
  decodeBytesPerS(bytesPerToken, tpotS) / peakBytesPerS;

/** Share of the peak compute rate that a throughput needs (MFU): 2 x parameters x tokens/s / FLOP/s. */
export const flopsUtilization = (activeParameters: number, tokensPerS: number, peakFlopsPerS: number): number =>
  (2 * activeParameters * tokensPerS) / peakFlopsPerS;

/** Tokens a second of a batch that gets one token each per step. */
export const tokensPerS = (batch: number, stepS: number): number => batch / stepS;
