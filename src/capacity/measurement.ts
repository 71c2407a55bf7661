import type { Problem } from '../units/problem.js';
import type { Parallel } from './parallelism.js';

/**
 * One serving measurement, or the inputs of one to predict. Null: not given. Times in milliseconds, rates per second,
 * `p50` and `p95` over the requests of the run.
 */
export type Measurement = Inputs & Results;

/** What was run: all that a prediction may depend on. */
export type Inputs = {
  id: string | null;
  source: string | null;
  engine: string | null;
  engineVersion: string | null;
  modelFamily: string;
  /** Weights' scheme; empty: the model's native one. */
  quantization: string;
  accelerator: string;
  acceleratorCount: number;
  /** Mean tokens of one request; 0 output tokens: a run of prefill alone, 0 prompt tokens: of decode alone. */
  promptTokens: number;
  outputTokens: number;
  /** Requests the client keeps in flight, or sends at once. */
  concurrency: number | null;
  requestRateRps: number | null;
  /** `system` or `per-user`: whose rate the rates are. */
  metricScope: string | null;
  /** Whether the engine's own limit, not the client, set the batch. */
  saturated: 'yes' | 'no' | 'unknown';
  confidence: string | null;
  note: string | null;
  /** The engine's own limit of sequences in a batch. */
  maxNumSeqs: number | null;
  /** Share of prompt tokens found in a prefix cache, 0 to 1. */
  prefixHitRate: number | null;
  kvCacheDtype: string | null;
  /** How the cards are divided; null: not said, so as the engine does it. */
  parallel: Parallel | null;
  run: Run;
};

/** What was measured. */
export type Results = {
  outputTokensPerS: number | null;
  totalTokensPerS: number | null;
  prefillTokensPerS: number | null;
  ttftMsP50: number | null;
  ttftMsP95: number | null;
  tpotMsP50: number | null;
  tpotMsP95: number | null;
  e2eMsP50: number | null;
};

/**
 * How requests reach the engine: a fixed number in flight; at random times; all at once, each client then idle; one batch
 * of equal requests that starts and ends together; or as many as the engine takes.
 */
export type Arrival = 'closed-loop' | 'open-loop' | 'burst' | 'static-batch' | 'offline';

/** Circumstances of a run that change what it yields. Null: not said. */
export type Run = {
  arrival: Arrival | null;
  /** Requests of the whole run. */
  prompts: number | null;
  /** Real lengths as multiples of the given ones, even between the two. */
  lengthRatio: { low: number; high: number } | null;
  /** Whether the time of the output rate is that of decode alone or of whole requests. */
  rateCovers: 'decode' | 'whole' | null;
  /** Set where prefill and decode were measured apart, each on a context of its own. */
  phases: Phases | null;
  /** Memory the engine was allowed for KV, GiB over all cards. */
  kvMemoryGib: number | null;
  speculative: boolean | null;
  prefixCaching: boolean | null;
  /** Weights were random, so a mixture's experts are chosen evenly. */
  randomWeights: boolean;
  /** Cards are joined by PCIe although the kind of card may have a faster link. */
  pcieOnly: boolean;
  /** At least one of the `p50` results is a mean. */
  latencyIsMean: boolean;
};

/** Tokens already in the context when decode and prefill began, and the tokens of that prefill. */
export type Phases = { decodeDepth: number; prefillDepth: number; prefillTokens: number };

/** A run of which nothing is said. */
export const plainRun: Run = {
  arrival: null,
  prompts: null,
  lengthRatio: null,
  rateCovers: null,
  phases: null,
  kvMemoryGib: null,
  speculative: null,
  prefixCaching: null,
  randomWeights: false,
  pcieOnly: false,
  latencyIsMean: false,
};

type Needed = 'modelFamily' | 'accelerator' | 'promptTokens' | 'outputTokens';

/** A measurement of which only some is known. */
export function measurementOf(known: Pick<Measurement, Needed> & Partial<Measurement>): Measurement {
  return {
    id: null,
    source: null,
    engine: null,
    engineVersion: null,
    quantization: '',
    acceleratorCount: 1,
    concurrency: null,
    requestRateRps: null,
    metricScope: null,
    saturated: 'unknown',
    confidence: null,
    note: null,
    maxNumSeqs: null,
    prefixHitRate: null,
    kvCacheDtype: null,
    parallel: null,
    run: plainRun,
    outputTokensPerS: null,
    totalTokensPerS: null,
    prefillTokensPerS: null,
    ttftMsP50: null,
    ttftMsP95: null,
    tpotMsP50: null,
    tpotMsP95: null,
    e2eMsP50: null,
    ...known,
  };
}

/** One row of a table of measurements. */
export type MeasurementRow = {
  /** As in the file and in its order, columns that are not read included. */
  cells: string[];
  line: number;
  /** Null: the row has an error. */
  measurement: Measurement | null;
  problems: Problem[];
};
