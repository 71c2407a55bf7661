import { type Candidate, candidateCost, leastCost } from '../../placements/candidate.js';
import type { Demand } from '../../scenario/demand.js';
import { certainlyAbove } from '../../units/last-digits.js';
import { bestSecondPlaces, groupOfSecond, type SecondChoice } from './second-places.js';

/**
 * Capacity of one's own for the base and an API for the peaks: for every fleet that is sized once, the APIs that are cheapest
 * for all it may serve, and for each of that alone. Only what costs less than either alone is worth a place in the search. A
 * fleet that follows the hours has no peaks to hand over. What follows the common volume and what has a volume of its own cannot
 * share a fleet whose size moves with the one alone: each of the two has fleets of its own.
 */
export function overflows(fleets: readonly Candidate[], apis: readonly Candidate[], demand: Demand): Candidate[] {
  return [true, false].flatMap((scaling) => overflowsOf(scaling, fleets, apis, demand));
}

/** Overflows of the slices that follow the common volume, or of those with volumes of their own. */
function overflowsOf(
  scaling: boolean,
  fleets: readonly Candidate[],
  apis: readonly Candidate[],
  demand: Demand,
): Candidate[] {
  const { slices } = demand;
  const all = slices.flatMap(({ scales }, s) => (scales === scaling ? [s] : []));
  const groupOf = groupOfSecond(demand);
  const found: Candidate[] = [];
  for (const own of fleets) {
    const { fleet } = own;
    if (fleet === null || fleet.followsHours || fleet.beyondOwned !== null) continue;
    const mine = all.filter((s) => !Number.isNaN(own.linear[s] as number));
    if (mine.length === 0) continue;
    for (const api of placesAbove(mine, apis, groupOf)) {
      const both: Candidate = {
        ...own,
        fixed: own.fixed + api.fixed,
        linear: own.linear.map((usd, s) =>
          slices[s]?.scales !== scaling || Number.isNaN(api.linear[s] as number) ? Number.NaN : usd,
        ),
        fleet: { ...fleet, min: 1, spare: 0, spareShare: 0 },
        second: { role: 'overflow', candidate: api },
      };
      const served = mine.filter((s) => !Number.isNaN(both.linear[s] as number));
      const isCheaper = (some: readonly number[]): boolean => {
        const alone = Math.min(candidateCost(own, some, demand), candidateCost(api, some, demand));
        // How many units pay takes long to find: most pairs are too dear however many.
        return leastCost(both, some, demand) < alone * certainlyAbove && candidateCost(both, some, demand) < alone;
      };
      if (isCheaper(served) || (served.length > 1 && served.some((s) => isCheaper([s])))) found.push(both);
    }
  }
  return found;
}

/** The APIs of each group that are cheapest for all slices of a fleet, and for each of them alone. */
function placesAbove(
  mine: readonly number[],
  apis: readonly Candidate[],
  groupOf: (place: Candidate) => string,
): ReadonlySet<Candidate> {
  const wanted = mine.length === 1 ? [mine] : [mine, ...mine.map((s) => [s])];
  const best = wanted.flatMap((some) =>
    bestSecondPlaces(
      apis.flatMap((place): SecondChoice[] => {
        const usd = some.reduce((sum, s) => sum + (place.linear[s] as number), place.fixed);
        return Number.isNaN(usd) ? [] : [{ place, slices: some.length, usd }];
      }),
      groupOf,
    ),
  );
  return new Set(best.map(({ place }) => place));
}
