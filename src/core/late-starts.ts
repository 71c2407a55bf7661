import { turnBetween } from '../units/bisection.js';
import { placesUpTo } from '../units/columns.js';
import { longestAloneS, type ShortestUp } from './fits.js';
import { numberOf } from './kinds.js';
import { leastWorkerUsd, type Priced, startsLateAt, tooLate } from './price.js';

/**
 * Seconds of a request alone with which workers start in time, of units that start too late and cost less than the
 * answer: slower models stay up longer. Null: none.
 *
 * @param answer rows that are the answer without them
 * @param before seconds required of units so far, rising
 */
export function stayingLonger(priced: Priced, answer: Int32Array, before: ShortestUp): ShortestUp | null {
  const { rows, shape, usd, state } = priced;
  if (!shape.waitLimited) return null;
  const late = placesUpTo(rows.count).filter((row) => row >= rows.apis && state[row] === tooLate);
  if (late.length === 0) return null;
  const serverless = numberOf('serverless-gpu');
  const best = answer.find((row) => row >= 0 && rows.kind[row] === serverless);
  const belowUsd = best === undefined ? Number.POSITIVE_INFINITY : (usd[best] as number);
  const idleS = shape.context.workload.assume('keepWarmIdleDefault');
  const unitOf = (row: number): number => shape.fits.unit[rows.fit[row] as number] as number;
  const cheaper = late.filter((row) => leastWorkerUsd(priced, row) < belowUsd);
  const longest = longestAloneS(shape, new Set(cheaper.map(unitOf)));
  const found = new Map<number, number>();
  for (const row of cheaper) {
    const unit = unitOf(row);
    const aloneS = (rows.upS[row] as number) - idleS;
    const mostS = Math.ceil(longest.get(unit) ?? 0);
    const isLate = startsLateAt(priced, row);
    const isLateFor = (seconds: number): boolean => isLate({ upS: seconds + idleS, coldS: rows.coldS[row] as number });
    if (aloneS < (before.get(unit)?.at(-1) ?? 0) || mostS <= aloneS || isLateFor(mostS)) continue;
    const { last } = turnBetween(Math.floor(aloneS), mostS, (seconds) => !isLateFor(seconds));
    // Lighter models start sooner: the one that needs the least decides.
    found.set(unit, Math.min(found.get(unit) ?? Number.POSITIVE_INFINITY, Math.max(last, aloneS + shortest)));
  }
  if (found.size === 0) return null;
  return new Map([
    ...before,
    ...[...found].map(([unit, s]): [number, number[]] => [unit, [...(before.get(unit) ?? []), s]]),
  ]);
}

/** Seconds that the next model takes longer at least. */
const shortest = 1e-9;
