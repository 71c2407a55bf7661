import type { ApiRow } from '../tables/rows.js';
import { hoursPerDay, secondsPerHour } from '../units/clock.js';
import { remembering } from '../units/memo.js';
import { waitingOf } from '../workload/deferral.js';
import { distinctOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** Requests of an average month by requests a day. */
export type Requests = (requestsPerDay: number) => number;

/** Requests in the months in which caching pays. */
export type Caching = {
  life: CacheLife;
  /** Those that find their prefix in the provider's cache. */
  hits: Requests;
  /** Those that look for it; null: all of them, at every volume. */
  looking: Requests | null;
};

/** The assumption of how long a provider keeps a prefix: for the usual minutes, or for the hour that it sells as well. */
export type CacheLife = 'promptCacheLifeS' | 'promptCacheLongLifeS';

/**
 * Share of the turns of a session that still find there what the turn before them sent. Gaps between turns are exponential, as
 * those between requests are: 1 - exp(-life / mean gap).
 */
export const sessionHits = (
  { tokens }: Pick<TaskPart, 'tokens'>,
  life: CacheLife,
  { assume }: Pick<Workload, 'assume'>,
): number => tokens.cacheHitRate ?? 1 - Math.exp(-assume(life) / assume('turnGapS'));

type Month = { requests: number; hits: number };

/**
 * Who finds a prefix that all requests share in the provider's cache, by the least share of hits at which the provider's prices
 * make caching pay; null where it never does.
 *
 * A prefix is still there when the next request with it arrives within the cache's life. With Poisson arrivals at the
 * hour's rate r that has probability 1 - exp(-r x life), so that the share rises with the volume. Every month decides for
 * itself; `weights`: what the prices of its months are to their mean, null where all are alike. Work that may wait is sent as
 * it arrives or in the hours that keep its deadline, whichever finds more: no hour costs less than another.
 */
export function cacheHits(
  taskPart: Pick<TaskPart, 'tokens' | 'hours' | 'waits'>,
  { growth, hoursPerMonth, assume }: Workload,
  life: CacheLife,
): (payingShare: number, weights: readonly number[] | null) => Caching | null {
  const lifeHours = assume(life) / secondsPerHour;
  const given = taskPart.tokens.cacheHitRate;
  const ways = [...new Set([taskPart.hours, waitingOf(taskPart).arrivals])].map((hours) => ({
    hoursAtEach: hoursPerMonth / hours.length,
    ...distinctOf(hours),
  }));
  const monthly = remembering((requestsPerDay: number) =>
    Array.from(growth, (factor) => monthOf(requestsPerDay * factor)),
  );
  const known = new Map<string, Caching>();
  return (payingShare, weights) => {
    if (given === null ? payingShare >= 1 : given < payingShare) return null;
    const always = payingShare <= (given ?? 0);
    const key = `${always ? '' : payingShare} ${weights?.join() ?? ''}`;
    let found = known.get(key);
    if (found === undefined) {
      found = caching(always ? 0 : payingShare, weights);
      known.set(key, found);
    }
    return found;
  };

  /** One month at a volume of its own. */
  function monthOf(requestsPerDay: number): Month {
    const [first, second] = ways.map((way) => monthIn(way, requestsPerDay)) as [Month, Month?];
    return second !== undefined && second.hits > first.hits ? { ...first, hits: second.hits } : first;
  }

  function monthIn({ hoursAtEach, multiple, count }: (typeof ways)[number], requestsPerDay: number): Month {
    let requests = 0;
    let hits = 0;
    for (let i = 0; i < multiple.length; i++) {
      const perHour = (requestsPerDay * (multiple[i] as number)) / hoursPerDay;
      const there = hoursAtEach * (count[i] as number) * perHour;
      requests += there;
      hits += there * (given ?? 1 - Math.exp(-perHour * lifeHours));
    }
    return { requests, hits };
  }

  function caching(payingShare: number, weights: readonly number[] | null): Caching {
    const sumOf = (of: 'requests' | 'hits') =>
      remembering((requestsPerDay: number) => {
        let sum = 0;
        for (const [month, there] of monthly(requestsPerDay).entries()) {
          if (there.hits >= payingShare * there.requests) sum += (weights?.[month] ?? 1) * there[of];
        }
        return sum / growth.length;
      });
    return { life, hits: sumOf('hits'), looking: payingShare === 0 ? null : sumOf('requests') };
  }
}

/** Largest rise of requests that find their prefix for one request more: d(x (1 - e^-x)) / dx at x = 2 arrivals within its life. */
const steepest = 1 + Math.exp(-2);

/**
 * Whether a bill may fall while requests grow, as more of them find the prefix that they share: per further request it rises by
 * the rest of the request and by prefix x (miss - steepest x (miss - hit)) at the least. Only what is shared is taken at the tier
 * of long prompts, as turns of a conversation may fall on both sides.
 */
export function mayFall(
  tokens: Pick<TaskPart['tokens'], 'input' | 'prefix' | 'history' | 'output' | 'cacheHitRate'>,
  row: Pick<
    ApiRow,
    | 'inputUsdPerMTok'
    | 'outputUsdPerMTok'
    | 'cachedInputUsdPerMTok'
    | 'cacheWriteUsdPerMTok'
    | 'cacheWrite1hUsdPerMTok'
    | 'tierInputUsdPerMTok'
  >,
): boolean {
  const { input, prefix, history, output, cacheHitRate } = tokens;
  const hit = row.cachedInputUsdPerMTok;
  if (hit === null || prefix === history || cacheHitRate !== null) return false;
  const write = row.cacheWriteUsdPerMTok ?? row.inputUsdPerMTok;
  const miss = Math.max(write, row.cacheWrite1hUsdPerMTok ?? 0);
  const fresh = Math.min(write, row.inputUsdPerMTok);
  const rest = (input - prefix) * fresh + history * Math.min(hit, fresh) + output * row.outputUsdPerMTok;
  const longest = Math.max(1, (row.tierInputUsdPerMTok ?? 0) / row.inputUsdPerMTok);
  return rest < longest * (prefix - history) * (steepest * (miss - hit) - miss);
}
