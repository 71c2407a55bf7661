/** A place that was tried: by how much it is over its limit (at most 0: within; infinite: no telling), and what was seen. */
export type Tried<Value> = { x: number; over: number; value: Value };

/** Tries beyond those of halving that a search may take at the worst; how far estimates are drawn to the middle. */
const spareTries = 1;
const drawn = 0.2;

/**
 * The last place within its limit, to `width`, between one that is within and one that is not, of something that only
 * grows: by straight lines while these do well, but never more than a try worse than by halves. Interpolate, truncate,
 * project: Oliveira and Takahashi, ACM Transactions on Mathematical Software 47(1), 2021.
 *
 * @param isEnough whether a place within its limit already says all that is asked
 */
export function lastWithin<Value>(
  within: Tried<Value>,
  beyond: Tried<Value>,
  tryAt: (x: number) => Tried<Value>,
  width: number,
  isEnough: (within: Tried<Value>) => boolean = () => false,
): Tried<Value> {
  let [low, high] = [within, beyond];
  const whole = high.x - low.x;
  const tries = Math.ceil(Math.log2(whole / width)) + spareTries;
  for (let step = 0; high.x - low.x > width && !isEnough(low); step++) {
    const half = (high.x - low.x) / 2;
    const middle = low.x + half;
    // A little less, so that rounding costs no try.
    const slack = Math.max(0, (width / 2) * 2 ** (tries - step) * 0.999 - half);
    const line = low.x + ((high.x - low.x) * -low.over) / (high.over - low.over);
    // Where one end tells no distance, the middle is surest.
    const guess = Number.isFinite(high.over - low.over)
      ? drawnTo(middle, line, (drawn * (2 * half) ** 2) / whole)
      : middle;
    const tried = tryAt(middle + Math.max(-slack, Math.min(slack, guess - middle)));
    if (tried.over <= 0) low = tried;
    else high = tried;
  }
  return low;
}

const drawnTo = (middle: number, guess: number, by: number): number =>
  Math.abs(middle - guess) <= by ? middle : guess + Math.sign(middle - guess) * by;

/** Neighbors between which something turns: the last whole number before, and the first from which on it is the other way. */
export type Turning = { last: number; first: number };

/**
 * Where something turns once on the way from one whole number to another, greater or less, by halves. Numbers too large to
 * have another between them are neighbors.
 *
 * @param before a number at which it has not turned
 * @param after one at which it has
 */
export function turnBetween(before: number, after: number, hasTurned: (at: number) => boolean): Turning {
  let [last, first] = [before, after];
  for (;;) {
    const middle = last + Math.trunc((first - last) / 2);
    if (middle === last || middle === first) return { last, first };
    if (hasTurned(middle)) first = middle;
    else last = middle;
  }
}

/** Number of items before the first that satisfies a condition, which all later ones satisfy too; binary search. */
export function countUntil(count: number, holdsAt: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holdsAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first of ascending numbers that is at least `limit`; their count if none is. */
export const firstAtLeast = (sorted: Float64Array, limit: number): number =>
  countUntil(sorted.length, (at) => (sorted[at] as number) >= limit);
