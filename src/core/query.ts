import { kindCount } from './kinds.js';
import { bound, copied, type Priced, settle } from './price.js';
import type { Rows } from './rows.js';

/** Rows that a question is about: 1 takes part. */
export type Mask = Uint8Array;

/** An answer, and the prices that were made exact for it. */
export type Answer<Found> = { priced: Priced; found: Found };

/** The cheapest row of a mask with what is added to each; -1: none. Of equals the first. */
export function cheapest(priced: Priced, mask: Mask | null, extra: Float64Array | null = null): Answer<number> {
  const own = copied(priced);
  const { usd, state } = own;
  for (;;) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < usd.length; row++) {
      if (mask !== null && mask[row] === 0) continue;
      const one = (usd[row] as number) + (extra === null ? 0 : (extra[row] as number));
      if (one < least) [best, least] = [row, one];
    }
    if (best === -1 || state[best] !== bound) return { priced: own, found: best };
    settle(own, best);
  }
}

/** Place of rows with second places of another type, behind the types. */
export const mixed = kindCount;

/**
 * The cheapest row of every type, with what is added to each, and of those with a second place
 * of another; -1: none.
 */
export function bestOfTypes(
  priced: Priced,
  mask: Mask | null = null,
  extra: Float64Array | null = null,
): Answer<Int32Array> {
  const own = copied(priced);
  const { usd, state, rows } = own;
  const best = new Int32Array(kindCount + 1);
  const costOf = (row: number): number => (usd[row] as number) + (extra === null ? 0 : (extra[row] as number));
  for (let isOpen = true; isOpen; ) {
    best.fill(-1);
    for (let row = 0; row < usd.length; row++) {
      if ((mask !== null && mask[row] === 0) || usd[row] === Number.POSITIVE_INFINITY) continue;
      const kind = typeOf(rows, row);
      const known = best[kind] as number;
      if (known === -1 || costOf(row) < costOf(known)) best[kind] = row;
    }
    isOpen = false;
    for (const row of best) {
      if (row === -1 || state[row] !== bound) continue;
      settle(own, row);
      isOpen = true;
    }
  }
  return { priced: own, found: best };
}

/** The place of a row among types. */
export function typeOf({ kind, secondKind }: Rows, row: number): number {
  const second = secondKind[row] as number;
  return second === -1 || second === kind[row] ? (kind[row] as number) : mixed;
}
