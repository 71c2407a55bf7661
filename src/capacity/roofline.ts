import type { AcceleratorRow, ModelRow } from '../tables/rows.js';

/** Efficiencies and fixed times of a serving engine on a machine; assumptions until measurements replace them. */
export type Efficiency = {
  /** Reached share of peak bandwidth in decode, and of peak compute. */
  bandwidth: number;
  compute: number;
  stepOverheadS: number;
  /** Loss per further GPU of a tensor-parallel group. */
  lossPerGpu: number;
  /** Factor on speed for schemes the tables mark slow. */
  scheme: number;
  longPromptTokens: number;
};

/** What the speed of one replica depends on: a few sums, computed once per model, scheme and machine. */
export type Machine = {
  sharedBytes: number;
  expertBytes: number;
  /** Share of the experts one token leaves untouched; 0 for a dense model. */
  untouchedPerToken: number;
  activeParams: number;
  layers: number;
  hiddenSize: number;
  bytesPerS: number;
  flopsPerS: number;
  stepOverheadS: number;
  longPromptTokens: number;
};

/** Share of its experts that one token touches; 1 for a dense model. */
const touchedShare = ({ expertsTotal, expertsActive }: ModelRow): number =>
  expertsTotal === null || expertsActive === null ? 1 : expertsActive / expertsTotal;

/** Share of the parameters that are experts, from the two published counts: total - active = experts x (1 - k/E). */
export function expertShare(model: ModelRow): number {
  const touched = touchedShare(model);
  if (touched >= 1) return 0;
  return Math.min(1, (model.paramsTotalB - model.paramsActiveB) / (1 - touched) / model.paramsTotalB);
}

/**
 * A replica of `gpus` cards in tensor parallelism: bandwidth and compute add up, less the loss per further card,
 * eta = 1 / (1 + loss x (gpus - 1)).
 */
export function machine(
  model: ModelRow,
  bitsPerWeight: number,
  accelerator: AcceleratorRow,
  gpus: number,
  flopsPerGpu: number,
  efficiency: Efficiency,
): Machine {
  const eta = 1 / (1 + efficiency.lossPerGpu * (gpus - 1));
  const expertParams = model.paramsTotalB * 1e9 * expertShare(model);
  const bytesPerParam = bitsPerWeight / 8;
  return {
    sharedBytes: (model.paramsTotalB * 1e9 - expertParams) * bytesPerParam,
    expertBytes: expertParams * bytesPerParam,
    untouchedPerToken: 1 - touchedShare(model),
    activeParams: model.paramsActiveB * 1e9,
    layers: model.layers ?? 0,
    hiddenSize: model.hiddenSize ?? 0,
    bytesPerS: accelerator.bandwidthGBs * 1e9 * gpus * eta * efficiency.bandwidth * efficiency.scheme,
    flopsPerS: flopsPerGpu * gpus * eta * efficiency.compute * efficiency.scheme,
    stepOverheadS: efficiency.stepOverheadS,
    longPromptTokens: efficiency.longPromptTokens,
  };
}

/** Weight bytes a batch of `tokens` reads: the shared part, and the distinct experts it touches, 1 - (1 - k/E)^tokens. */
const bytesRead = (of: Machine, tokens: number): number =>
  of.sharedBytes + of.expertBytes * (1 - of.untouchedPerToken ** tokens);

/**
 * Seconds of one decode step for `batch` sequences that each hold `kvBytes`:
 * max(weights read / bandwidth, 2 x active parameters x batch / compute) + cache read / bandwidth + fixed time.
 */
export function decodeStepS(of: Machine, batch: number, kvBytes: number): number {
  const weights = bytesRead(of, batch) / of.bytesPerS;
  const compute = (2 * of.activeParams * batch) / of.flopsPerS;
  return Math.max(weights, compute) + (batch * kvBytes) / of.bytesPerS + of.stepOverheadS;
}

/**
 * Seconds to prefill `tokens` prompt tokens: max(2 x active parameters x tokens / compute, weights read / bandwidth),
 * plus attention, 2 x layers x tokens^2 x hidden size / compute (causal half), for long prompts.
 */
export function prefillS(of: Machine, tokens: number): number {
  const linear = Math.max((2 * of.activeParams * tokens) / of.flopsPerS, bytesRead(of, tokens) / of.bytesPerS);
  const attention = tokens > of.longPromptTokens ? (2 * of.layers * tokens ** 2 * of.hiddenSize) / of.flopsPerS : 0;
  return linear + attention;
}
