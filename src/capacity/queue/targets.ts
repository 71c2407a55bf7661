import type { Latency } from './latency.js';
import type { Percentiles } from './percentiles.js';

/** A promise: a percentile (or the mean) of a latency of `latencyAt` is at most `limitS`. */
export type Target = { of: 'ttft' | 'tpot' | 'request'; at: keyof Percentiles; limitS: number };

const fields = { ttft: 'ttftS', tpot: 'tpotS', request: 'requestS' } as const;

/** What a target limits. */
export const reachedS = (latency: Latency, { of, at }: Target): number => latency[fields[of]][at];

/** Are all targets kept? No where the fleet cannot keep up (null). */
export const keeps = (latency: Latency | null, targets: readonly Target[]): latency is Latency =>
  latency !== null && targets.every((target) => reachedS(latency, target) <= target.limitS);
