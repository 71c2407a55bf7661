import type { Mask } from '../units/columns.js';
import { kindCount } from './kinds.js';
import { bound, copied, type Priced, settle } from './price.js';
import type { Rows } from './rows.js';

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
