import { type Latency, latencyOf, mostPooled, type Prepared, prepare } from './latency.js';
import type { Server, Traffic } from './model.js';
import type { Percentiles } from './percentiles.js';

/** A target: a percentile (or the mean) of a latency of `latencyAt` is at most `limitS`. */
export type Target = { of: 'ttft' | 'tpot' | 'request'; at: keyof Percentiles; limitS: number };

const fields = { ttft: 'ttftS', tpot: 'tpotS', request: 'requestS' } as const;

/** What a target limits. */
export const reachedS = (latency: Latency, { of, at }: Target): number => latency[fields[of]][at];

/** Are all targets kept? No where the fleet cannot keep up (null). */
export const keeps = (latency: Latency | null, targets: readonly Target[]): latency is Latency =>
  latency !== null && targets.every((target) => reachedS(latency, target) <= target.limitS);

/** Relied-on share of a predicted rate, as predictions tend to be too high. */
export const cautious = 0.95;

/** Step down to which loads are halved, whatever the targets; smaller near idle, where latencies jump. */
const step = 2 ** -7;
const leastLoad = 2 ** -16;
/** A latency further over its limit one step of load on jumps there. */
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
  // Between two loads waits grow about as 1 / (1 - load), so reciprocals are linear without a jump.
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
 * Largest total requests a second at which `replicas` equal servers keep every target, times `cautious`. 0 where an
 * idle machine misses a target, or not one request fits.
 */
export const largestRate = (server: Server, traffic: Traffic, targets: readonly Target[], replicas: number): number =>
  rateOf(prepare(server, traffic), targets, replicas);

function rateOf(prepared: Prepared, targets: readonly Target[], replicas: number): number {
  if (prepared.limit.ratePerS === 0) return 0;
  return cautious * replicas * prepared.limit.ratePerS * largestLoad(prepared, targets, replicas);
}

/**
 * Largest rate by number of replicas, from 0 to `upTo`, with a router that keeps them even and so gets more of each.
 * Predicted for 1, 2, 4, 8 and 16 replicas, per replica linear in the logarithm between them, constant beyond.
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
