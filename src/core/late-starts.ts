import { turnBetween } from '../units/bisection.js';
import type { ShortestUp } from './fits.js';
import { numberOf } from './kinds.js';
import { leastWorkerUsd, type Priced, startsLate, tooLate } from './price.js';

/** A model that takes this many times the longest request of those that were looked at is surely none. */
const surelyTimes = 2;

/**
 * Seconds of a request alone with which workers would start in time, of units whose models all start too late and would cost less than
 * the answer: slower models stay up longer, so that fewer requests wait for a start. Null: there are none.
 *
 * @param answer rows that are the answer without them
 * @param before seconds that were asked of units already
 */
export function stayingLonger(priced: Priced, answer: Int32Array, before: ShortestUp): ShortestUp | null {
  const { state, rows, shape, usd } = priced;
  if (!shape.waitLimited) return null;
  const serverless = numberOf('serverless-gpu');
  const best = answer.find((row) => row >= 0 && rows.kind[row] === serverless);
  const belowUsd = best === undefined ? Number.POSITIVE_INFINITY : (usd[best] as number);
  const idleS = shape.context.workload.assume('keepWarmIdleDefault');
  const found = new Map(before);
  for (let row = rows.apis; row < rows.count; row++) {
    if (state[row] !== tooLate) continue;
    const unit = shape.fits.unit[rows.fit[row] as number] as number;
    const mostS = surelyTimes * (shape.longestAloneS?.[unit] ?? 0);
    if (mostS <= (found.get(unit) ?? 0) || startsLate(priced, row, sleeperOf(mostS))) continue;
    if (leastWorkerUsd(priced, row) >= belowUsd) continue;
    const aloneS = (rows.upS[row] as number) - idleS;
    const { first } = turnBetween(
      Math.floor(aloneS),
      Math.ceil(mostS),
      (seconds) => !startsLate(priced, row, sleeperOf(seconds)),
    );
    if (first > (found.get(unit) ?? 0)) found.set(unit, first);

    function sleeperOf(seconds: number): { upS: number; coldS: number } {
      return { upS: seconds + idleS, coldS: rows.coldS[row] as number };
    }
  }
  return found.size === before.size && [...found].every(([unit, seconds]) => before.get(unit) === seconds)
    ? null
    : found;
}
