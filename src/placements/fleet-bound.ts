import type { Demand } from '../scenario/demand.js';
import { floorUsd, type Sizing } from './fleet-numbers.js';
import type { Offer } from './fleet-units.js';

/** Numbers of machines in their order, but those first of which some place may serve every slice. */
export function allFirst(places: readonly (readonly { serves: readonly boolean[] }[])[]): number[] {
  const servesAll = places.map((terms) => terms.some(({ serves }) => serves.every((may) => may)));
  return [...places.keys()].sort((a, b) => Number(servesAll[b]) - Number(servesAll[a]));
}

/** How many machines there are at the least, which ones they may be, and how dear a plan with them may be to matter. */
export type Way = Omit<Sizing, 'copies' | 'spareNamed'> & {
  /** USD a month of the people they take, and of what they do not serve. */
  people: number;
  /** The cheapest of them. */
  usdPerHour: number;
  takes(offer: Offer): boolean;
  limit(rest?: number): number;
  /** Of each slice, what a plan costs at the least beyond these people where others of the kind serve it; null: not asked. */
  rests: Float64Array | null;
};

/** Whether the fewest machines of some price with their people, and what they keep on disk, leave room for what matters. */
export const mayMatter = (
  way: Way,
  usdPerHour: number,
  fixed: number,
  { hoursPerMonth }: Demand,
  served: Float64Array | null = null,
): boolean =>
  way.people + fixed + floorUsd({ ...way, usdPerHour }, hoursPerMonth) <
  way.limit(served === null ? 0 : restOf(way, served));

/** What slices that a machine does not serve cost on others of its kind, beyond its people: the dearest of them. */
function restOf({ rests }: Way, served: Float64Array): number {
  let rest = 0;
  for (let s = 0; rests !== null && s < rests.length; s++) {
    if (served[s] === 0 && (rests[s] as number) > rest) rest = rests[s] as number;
  }
  return rest;
}

/**
 * Whether machines may cost less than what matters at the most: for all slices that they may serve, or for one of them, with
 * what the others cost elsewhere. `least` are units of a slice at its mean volume of month 1 (infinite: it may not run there),
 * `means` its mean multiples of that.
 */
export function undercuts(least: Float64Array, means: Float64Array, way: Way, { hoursPerMonth }: Demand): boolean {
  const { min, spare, people, usdPerHour, rests } = way;
  const usdPerUnit = usdPerHour * hoursPerMonth;
  const floor = min + spare;
  let missing = 0;
  for (let s = 0; rests !== null && s < least.length; s++) {
    if (least[s] === Number.POSITIVE_INFINITY && (rests[s] as number) > missing) missing = rests[s] as number;
  }
  const most = way.limit(missing);
  let all = 0;
  for (let s = 0; s < least.length; s++) {
    if (least[s] === Number.POSITIVE_INFINITY) continue;
    const work = (least[s] as number) * (means[s] as number);
    all += work;
    if (!(people + usdPerUnit * Math.max(floor, work) < most)) continue;
    if (rests === null || missing > 0) return true;
    // Of slices that it could all serve, it may serve this one and leave the others to machines of the kind.
    const elsewhere = leastBut(rests, s);
    if (people + usdPerUnit * Math.max(floor, work) < way.limit(elsewhere)) return true;
  }
  return rests !== null && missing === 0 && people + usdPerUnit * Math.max(floor, all) < most;
}

/** The smallest of some figures but one; 0 where there is no other. */
function leastBut(figures: Float64Array, but: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < figures.length; i++)
    if (i !== but && (figures[i] as number) < least) least = figures[i] as number;
  return least === Number.POSITIVE_INFINITY ? 0 : least;
}

/** The same where each slice has a limit of its own, and all of them may have one. */
export function undercutsEach(
  least: Float64Array,
  means: Float64Array,
  { min, spare, people, usdPerHour }: Way,
  most: Float64Array,
  { hoursPerMonth }: Demand,
): boolean {
  const usdPerUnit = usdPerHour * hoursPerMonth;
  const floor = min + spare;
  let all = 0;
  for (let s = 0; s < least.length; s++) {
    const work = (least[s] as number) * (means[s] as number);
    all += work;
    if (people + usdPerUnit * Math.max(floor, work) < (most[s] as number)) return true;
  }
  return people + usdPerUnit * Math.max(floor, all) < (most[least.length] as number);
}
