import { turnBetween } from '../units/bisection.js';
import { prefillS, type RequestTokens, steadyRate, steadyTpotS } from './steady.js';
import type { StepTimes } from './step-times.js';

export type Limits = {
  maxSequences: number;
  /** Time per output token not to be exceeded; Infinity: none. */
  tpotS: number;
  /** Whether a machine that exceeds it with a single sequence is out, or serves one at a time. */
  strict: boolean;
};

/** What one replica does with one class of requests. */
export type Serving = {
  /** Saturation rate of one replica, requests/s, and the batch in flight at it. */
  requestsPerS: number;
  batch: number;
  limitedBy: 'memory' | 'engine' | 'speed';
  prefillS: number;
};

/**
 * Steady state of continuous batching with chunked prefill; see `steadyTpotS`. Time per token and rate both rise with the
 * batch; memory, the engine and the slowest acceptable speed limit it. Null when not one sequence is permitted.
 */
export function serve(
  times: StepTimes,
  tokens: RequestTokens,
  limits: Limits,
  engine: { maxSequences: number; chunkTokens: number },
): Serving | null {
  const prefill = prefillS(times, tokens.fresh, tokens.before, engine.chunkTokens);
  const tpotOf = (batch: number) => steadyTpotS(times, tokens, batch, engine.chunkTokens);
  const most = Math.min(limits.maxSequences, engine.maxSequences);
  if (most < 1) return null;
  let batch = most;
  let limitedBy: Serving['limitedBy'] = limits.maxSequences <= engine.maxSequences ? 'memory' : 'engine';
  const slowest = limits.tpotS;
  if (tpotOf(most) > slowest) {
    if (limits.strict && tpotOf(1) > limits.tpotS) return null;
    limitedBy = 'speed';
    batch = largest(1, most, (n) => tpotOf(n) <= slowest);
  }
  return {
    requestsPerS: steadyRate(batch, prefill, tokens.output, tpotOf(batch)),
    batch,
    limitedBy,
    prefillS: prefill,
  };
}

/** Time per output token, seconds, when a replica that serves so runs at a share (`load`) of its saturation rate. */
export function tpotAtLoadS(
  { requestsPerS, batch, prefillS: prefill }: Serving,
  times: StepTimes,
  tokens: RequestTokens,
  chunkTokens: number,
  load: number,
): number {
  const tpotOf = (n: number) => steadyTpotS(times, tokens, n, chunkTokens);
  const rateOf = (n: number) => steadyRate(n, prefill, tokens.output, tpotOf(n));
  // One alone needs no search: no rate is below none.
  return tpotOf(
    load <= 0 ? Math.min(batch, 1) : Math.min(batch, 1 + largest(0, batch, (n) => rateOf(n) < load * requestsPerS)),
  );
}

/** The largest whole number in [low, high] up to which a condition holds, by bisection; `low` where it never does. */
function largest(low: number, high: number, holds: (n: number) => boolean): number {
  return turnBetween(low, high + 1, (n) => !holds(n)).last;
}
