import { slack, withSpareOf } from '../cost/fleet.js';
import { type Mask, placesUpTo } from '../units/columns.js';
import type { Workload } from '../workload/workload.js';
import { kindCount } from './apis.js';
import { type PeopleCurves, peopleUsd } from './people.js';
import { bound, copied, type Factors, type Priced, peopleOf, settle } from './price.js';
import type { Rows } from './rows.js';
import type { Shape } from './shape.js';
import { leastWorkers } from './workers.js';

/** An answer, and the prices that were made exact for it. */
export type Answer<Found> = { priced: Priced; found: Found };

/** USD a month, 0 or more, that a row counts beyond its cost. */
export type Extra = (row: number) => number;

const nothing: Extra = () => 0;

/** The cheapest row of a mask with what is added to each; -1: none. Of equals the first. */
export function cheapest(priced: Priced, mask: Mask | null, extraOf: Extra = nothing): Answer<number> {
  const own = copied(priced);
  const { usd, state } = own;
  for (;;) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < usd.length; row++) {
      const bare = usd[row] as number;
      if (bare >= least || (mask !== null && mask[row] === 0)) continue;
      const one = bare + extraOf(row);
      if (one < least) [best, least] = [row, one];
    }
    if (best === -1 || state[best] !== bound) return { priced: own, found: best };
    settle(own, best);
  }
}

/** Place of rows with fallbacks of another type, after the types. */
export const mixed = kindCount;
/** A group for each type, and one for rows with a fallback of another. */
export const groupCount = kindCount + 1;

/** The cheapest row of every type, extra cost included, and of those with a fallback of another; -1: none. */
export function bestOfTypes(priced: Priced, mask: Mask | null = null, extraOf: Extra = nothing): Answer<Int32Array> {
  const own = copied(priced);
  const { usd, state, rows } = own;
  const best = new Int32Array(groupCount).fill(-1);
  /** Infinite: its best is looked for again. */
  const least = new Float64Array(groupCount).fill(Number.POSITIVE_INFINITY);
  for (let isSought = true; isSought; ) {
    for (let row = 0; row < usd.length; row++) {
      const bare = usd[row] as number;
      if (mask !== null && mask[row] === 0) continue;
      const type = typeOf(rows, row);
      if (bare >= (least[type] as number)) continue;
      const one = bare + extraOf(row);
      if (one >= (least[type] as number)) continue;
      best[type] = row;
      least[type] = one;
    }
    isSought = false;
    for (let type = 0; type < groupCount; type++) {
      const row = best[type] as number;
      if (row === -1 || state[row] !== bound) continue;
      settle(own, row);
      best[type] = -1;
      least[type] = Number.POSITIVE_INFINITY;
      isSought = true;
    }
  }
  return { priced: own, found: best };
}

/** The place of a row among types. */
export function typeOf({ kind, secondKind }: Rows, row: number): number {
  const second = secondKind[row] as number;
  return second === -1 || second === kind[row] ? (kind[row] as number) : mixed;
}

/** Units of every deployment type whose models are looked at first. */
const firstUnits = 8;

/** Least USD a month of every unit: the fewest there may be, with their people; infinite: none may serve. */
function unitFloors(
  { admitted, load, waking, context }: Shape,
  workload: Workload,
  people: PeopleCurves,
  { price }: Factors,
): Float64Array {
  const { offers, live, firstLive, largestModelGb } = admitted;
  const { units } = offers;
  const { hoursPerMonth } = load;
  const idleS = context.workload.assume('keepWarmIdleDefault');
  const floors = new Float64Array(units.count).fill(Number.POSITIVE_INFINITY);
  for (let unit = 0; unit < units.count; unit++) {
    const rule = {
      spare: load.spares ? (units.spare[unit] as number) : 0,
      spareShare: load.spares ? (units.spareShare[unit] as number) : 0,
    };
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      const offer = live[at] as number;
      const idle = {
        upS: idleS,
        // The longest start leaves the least time up.
        coldS:
          (offers.coldS[offer] as number) + (largestModelGb[unit] as number) * (offers.coldSPerGb[offer] as number),
        billedS: 0,
        workS: 0,
      };
      // What is held for all hours may leave its peaks to an API, down to one unit.
      const fewest =
        offers.follows[offer] === 1
          ? withSpareOf(units.min[unit] as number, rule)
          : Math.min(1, units.min[unit] as number);
      const least = units.sleeps[unit] === 1 ? leastWorkers(idle, workload.requestsPerDay, waking()) : fewest;
      const bill =
        least * (offers.perHour[offer] as number) * hoursPerMonth * (price?.[offers.provider[offer] as number] ?? 1);
      const usd = bill * (1 - slack) + peopleUsd(people, offers.staff[offer] as number, least);
      if (usd < (floors[unit] as number)) floors[unit] = usd;
    }
  }
  return floors;
}

/** What people cost at a volume, and units at the least. */
export type VolumeTerms = { people: PeopleCurves; floors: Float64Array };

export function termsAt(shape: Shape, workload: Workload, factors: Factors = {}): VolumeTerms {
  const people = peopleOf(shape, workload);
  return { people, floors: unitFloors(shape, workload, people, factors) };
}

/** Units not looked at that may cost less than a limit of their type. */
export function unitsBelow({ admitted, looked }: Shape, floors: Float64Array, limits: Float64Array): Set<number> {
  const { units } = admitted.offers;
  const found = new Set<number>();
  for (let unit = 0; unit < units.count; unit++)
    if (looked[unit] === 0 && (floors[unit] as number) < (limits[units.kind[unit] as number] as number))
      found.add(unit);
  return found;
}

/** The units of every deployment type that may cost least. */
export function firstLooked({ admitted }: Shape, floors: Float64Array): Set<number> {
  const { units } = admitted.offers;
  const found = new Set<number>();
  const counts = new Int32Array(kindCount);
  const cheapest = placesUpTo(floors.length)
    .filter((unit) => (floors[unit] as number) < Number.POSITIVE_INFINITY)
    .sort((a, b) => (floors[a] as number) - (floors[b] as number) || a - b);
  for (const unit of cheapest) {
    const kind = units.kind[unit] as number;
    if ((counts[kind] as number) >= firstUnits) continue;
    counts[kind] = (counts[kind] as number) + 1;
    found.add(unit);
  }
  return found;
}
