import { type Latency, latencyOf, mostPooled, type Prepared, prepare } from './latency.js';
import type { Server, Traffic } from './model.js';
import type { Percentiles } from './percentiles.js';

/** A promise: a percentile (or the mean) of a latency of `latencyAt` is at most `limitS`. */
export type Target = { of: 'ttft' | 'tpot' | 'request'; at: keyof Percentiles; limitS: number };

const fields = { ttft: 'ttftS', tpot: 'tpotS', request: 'requestS' } as const;

/** What a target limits. */
export const reachedS = (latency: Latency, { of, at }: Target): number => latency[fields[of]][at];

/** Are all targets kept? No where the fleet cannot keep up (null). */
export const keeps = (latency: Latency | null, targets: readonly Target[]): latency is Latency =>
  latency !== null && targets.every((target) => reachedS(latency, target) <= target.limitS);

/** Predictions err to the optimistic side more often than not: so much of a predicted rate is relied on. */
export const cautious = 0.95;

/** Loads are tried by halves, so that they do not depend on the targets, down to this step; near idle, where latencies rise by a step, further. */
const step = 2 ** -7;
const leastLoad = 2 ** -16;
/** A latency that misses its limit by more, one step of load on, has a step of its own there. */
const smooth = 1.05;

/** Largest load that keeps all targets; 0 where even an idle machine misses one. */
function largestLoad(prepared: Prepared, targets: readonly Target[], replicas: number): number {
  const at = (load: number): Latency | null => latencyOf(prepared, load * prepared.limit.ratePerS, replicas);
  let low = 0;
  let high = 1;
  let kept: Latency | null = null;
  let missed: Latency | null = null;
  while (high - low > (low === 0 ? leastLoad : step)) {
    const middle = (low + high) / 2;
    const latency = at(middle);
    if (keeps(latency, targets)) {
      low = middle;
      kept = latency;
    } else {
      high = middle;
      missed = latency;
    }
  }
  kept ??= at(0);
  if (!keeps(kept, targets)) return 0;
  // Between two loads tried: waits grow about as 1 / (1 - load), so their reciprocals lie on a line, where there is no step.
  let inside = 1;
  for (const target of targets) {
    const above = missed === null ? Number.POSITIVE_INFINITY : reachedS(missed, target);
    if (above <= target.limitS) continue;
    if (above > target.limitS * smooth) return low;
    const below = 1 / reachedS(kept, target);
    inside = Math.min(inside, (below - 1 / target.limitS) / (below - 1 / above));
  }
  return low + inside * (high - low);
}

/**
 * Largest rate in requests a second, in all, at which `replicas` like servers keep every target; a cautious share of what
 * is predicted. 0 where even an idle machine misses a target, or not one request fits.
 */
export const largestRate = (server: Server, traffic: Traffic, targets: readonly Target[], replicas: number): number =>
  rateOf(prepare(server, traffic), targets, replicas);

function rateOf(prepared: Prepared, targets: readonly Target[], replicas: number): number {
  if (prepared.limit.ratePerS === 0) return 0;
  return cautious * replicas * prepared.limit.ratePerS * largestLoad(prepared, targets, replicas);
}

/**
 * Largest rate by number of replicas, from 0 to `upTo`, with the router that keeps replicas even: it gets more out of
 * each the more there are. Predicted for 1, 2, 4, 8 and 16 replicas, per replica on a straight line over the logarithm
 * between them, the same per replica beyond.
 */
export function ratesHeld(server: Server, traffic: Traffic, targets: readonly Target[], upTo: number): Float64Array {
  const prepared = prepare(server, traffic);
  const each: number[] = [];
  const last = Math.min(mostPooled, upTo);
  for (let replicas = 1; each.length === 0 || replicas < 2 * last; replicas *= 2) {
    each.push(Math.max(each.at(-1) ?? 0, rateOf(prepared, targets, replicas) / replicas));
  }
  const rates = new Float64Array(upTo + 1);
  for (let replicas = 1; replicas <= upTo; replicas++) {
    const place = Math.min(each.length - 1, Math.log2(replicas));
    const low = Math.floor(place);
    const below = each[low] as number;
    rates[replicas] = replicas * (below + (place - low) * ((each[low + 1] ?? below) - below));
  }
  return rates;
}
