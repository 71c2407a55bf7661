/** Values of an axis, both ends included, that give the same answer. */
export type Range<Found> = { from: number; to: number; found: Found };

/**
 * Ranges of an axis by their answer. The answer is taken at rising values, and where two neighbors
 * differ at values between them, until every edge is known closely enough. A range that lies between
 * two neighbors with the same answer is missed.
 *
 * @param between rising values between two with different answers that are looked at next; none: the edge is known closely enough
 */
export function rangesOf<Found>(
  values: readonly number[],
  findAt: (value: number) => Found,
  isAlike: (one: Found, other: Found) => boolean,
  between: (low: Range<Found>, high: Range<Found>) => readonly number[],
): Range<Found>[] {
  const found: Range<Found>[] = [];
  const put = ({ from, to, found: next }: Range<Found>): void => {
    const last = found.at(-1);
    if (last !== undefined && isAlike(last.found, next)) last.to = to;
    else found.push({ from, to, found: next });
  };
  const at = (value: number): Range<Found> => ({ from: value, to: value, found: findAt(value) });
  const look = (low: Range<Found>, high: Range<Found>): void => {
    const middle = isAlike(low.found, high.found) ? [] : between(low, high);
    let before = low;
    for (const value of middle) {
      const one = at(value);
      look(before, one);
      put(one);
      before = one;
    }
    if (middle.length > 0) look(before, high);
  };
  let before: Range<Found> | null = null;
  for (const value of values) {
    const one = at(value);
    if (before !== null) look(before, one);
    put(one);
    before = one;
  }
  return found;
}
