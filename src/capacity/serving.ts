import { decodeStepS, type Machine, prefillS } from './roofline.js';

/** One class of requests on one replica. */
export type Work = {
  /** Prompt tokens that must be computed (not found in a prefix cache). */
  freshInputTokens: number;
  /** All tokens written, reasoning included. */
  outputTokens: number;
  /** Cache bytes of one sequence at its mean length in flight. */
  kvBytes: number;
};

export type Limits = {
  maxSequences: number;
  /** Slowest acceptable time per output token; Infinity: none. */
  tpotS: number;
};

/** What one replica does with one class of requests at its highest permitted batch. */
export type Serving = {
  /** Saturation rate of one replica, requests/s, and the batch in flight at it. */
  requestsPerS: number;
  batch: number;
  limitedBy: 'memory' | 'engine' | 'speed target';
  tpotS: number;
  prefillS: number;
};

/** Time per output token at a batch: the decode step, and the prefills that every round of the batch brings with it. */
const tpotAt = (of: Machine, work: Work, prefill: number, batch: number): number =>
  decodeStepS(of, batch, work.kvBytes) + (batch * prefill) / Math.max(1, work.outputTokens);

/**
 * Steady state of continuous batching with chunked prefill: with `n` sequences in flight
 * a request takes output x step(n) + n x prefill, so the rate is n / (output x step(n) + n x prefill).
 * It rises with n; memory, the engine and the speed target limit n. Null when not one sequence is permitted.
 */
export function serve(of: Machine, work: Work, limits: Limits, engineMax: number): Serving | null {
  const prefill = prefillS(of, work.freshInputTokens);
  const most = Math.min(limits.maxSequences, engineMax);
  if (most < 1) return null;
  let batch = most;
  let limitedBy: Serving['limitedBy'] = limits.maxSequences <= engineMax ? 'memory' : 'engine';
  if (tpotAt(of, work, prefill, batch) > limits.tpotS) {
    if (tpotAt(of, work, prefill, 1) > limits.tpotS) return null;
    limitedBy = 'speed target';
    let low = 1;
    let high = batch;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (tpotAt(of, work, prefill, middle) > limits.tpotS) high = middle;
      else low = middle;
    }
    batch = low;
  }
  const tpotS = tpotAt(of, work, prefill, batch);
  return { requestsPerS: batch / (Math.max(1, work.outputTokens) * tpotS), batch, limitedBy, tpotS, prefillS: prefill };
}
