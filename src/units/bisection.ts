/** A tried place: by how much it is over its limit (at most 0: within; infinite: unknown), and its value. */
export type Tried<Value> = { x: number; over: number; value: Value };

/** Most tries beyond bisection; how far estimates are moved to the middle. */
const spareTries = 1;
const drawn = 0.2;

/**
 * The last place within its limit, to `width`, of something that only grows: by interpolation, at most one try worse
 * than bisection. Interpolate, truncate, project: Oliveira and Takahashi, ACM Transactions on Mathematical Software
 * 47(1), 2021.
 *
 * @param isEnough whether a place within its limit is precise enough
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
    // Where one end has no distance, the middle is safest.
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

/** Neighbors around a change: the last whole number before, and the first after it. */
export type Turning = { last: number; first: number };

/**
 * Where something changes once between two whole numbers, in either direction, by bisection. Numbers too large to have
 * another between them are neighbors.
 *
 * @param before a number at which it has not changed
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

/** Number of items before the first that meets a condition, as all later ones do; binary search. */
export function countUntil(count: number, holdsAt: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holdsAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first of ascending numbers that is at least `limit`; their count if none. */
export const firstAtLeast = (sorted: Float64Array, limit: number): number =>
  countUntil(sorted.length, (at) => (sorted[at] as number) >= limit);
