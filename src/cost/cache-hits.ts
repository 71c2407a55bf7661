import type { ApiRow } from '../tables/columns.js';
import { remembering } from '../units/memo.js';
import { hoursPerDay, secondsPerHour } from '../units/month.js';
import { distinctOf, waitingOf } from '../workload/load.js';
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

/** How long a provider keeps a prefix: the usual minutes, or the hour that it also sells. */
export type CacheLife = 'promptCacheLifeS' | 'promptCacheLongLifeS';

/** Share of turns that find the previous turn in the cache, with exponential gaps: 1 - exp(-life / mean gap). */
export const sessionHits = (
  { tokens }: Pick<TaskPart, 'tokens'>,
  life: CacheLife,
  { assume }: Pick<Workload, 'assume'>,
): number => tokens.cacheHitRate ?? 1 - Math.exp(-assume(life) / assume('turnGapS'));

type Month = { requests: number; hits: number };

/**
 * Hits of a prefix shared by all requests, by the least share of hits at which caching pays; null where it never does.
 *
 * With Poisson arrivals at the hour's rate r a prefix is still cached with probability 1 - exp(-r x life), which rises
 * with the volume. Every month is computed by itself; `weights`: its prices over their mean, null where all are equal.
 * Work that may wait is sent as it arrives or in the hours that keep its deadline, whichever hits more.
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

/** Largest rise of hits for one request more: d(x (1 - e^-x)) / dx at x = 2 arrivals within the cache's life. */
const steepest = 1 + Math.exp(-2);

/**
 * Whether a bill may fall as requests grow, because more of them hit the shared prefix: a further request adds at least
 * its rest and prefix x (miss - steepest x (miss - hit)). Only the prefix is taken at the tier of long prompts.
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
