import type { Demand, Slice } from '../scenario/demand.js';

const secondsPerHour = 3600;
const hoursPerDay = 24;

/**
 * Requests of an average month that find their prefix in the provider's cache, as a function of requests a day.
 *
 * A prefix is still there when the next request with it arrives within the cache's life. With Poisson arrivals at the
 * hour's rate r that has probability 1 - exp(-r x life). Never falls with volume.
 */
export function cacheHits(slice: Slice, demand: Demand): (requestsPerDay: number) => number {
  const lifeHours = demand.assume('promptCacheLifeS') / secondsPerHour;
  const { growth, hoursPerMonth } = demand;
  const hoursAtEach = hoursPerMonth / (slice.hours.length * growth.length);
  const given = slice.tokens.cacheHitRate;
  return (requestsPerDay) => {
    let hits = 0;
    for (const factor of growth) {
      for (const multiple of slice.hours) {
        const perHour = (requestsPerDay * factor * multiple) / hoursPerDay;
        hits += hoursAtEach * perHour * (given ?? 1 - Math.exp(-perHour * lifeHours));
      }
    }
    return hits;
  };
}

/** Keeps the last answer: every option of a slice asks for the same volume. */
export function remembering(f: (x: number) => number): (x: number) => number {
  let lastX = Number.NaN;
  let lastY = 0;
  return (x) => {
    if (x !== lastX) {
      lastX = x;
      lastY = f(x);
    }
    return lastY;
  };
}
