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
