/** Values of an axis, both ends included, that give the same answer. */
export type Range<Found> = { from: number; to: number; found: Found };

/**
 * Ranges of an axis by their answer. The answer is taken at rising values, and where two neighbors
 * differ at values between them, until every edge is known closely enough. A range that lies between
 * two neighbors with the same answer is missed.
 *
 * @param isClose whether an edge between two values is known closely enough
 */
export function rangesOf<Found>(
  values: readonly number[],
  findAt: (value: number) => Found,
  isAlike: (one: Found, other: Found) => boolean,
  isClose: (low: number, high: number) => boolean,
): Range<Found>[] {
  const found: Range<Found>[] = [];
  const put = ({ from, to, found: next }: Range<Found>): void => {
    const last = found.at(-1);
    if (last !== undefined && isAlike(last.found, next)) last.to = to;
    else found.push({ from, to, found: next });
  };
  const between = (low: Range<Found>, high: Range<Found>): void => {
    const middle = Math.sqrt(low.to * high.from);
    if (isAlike(low.found, high.found) || isClose(low.to, high.from) || middle <= low.to || middle >= high.from) return;
    const one = { from: middle, to: middle, found: findAt(middle) };
    between(low, one);
    put(one);
    between(one, high);
  };
  let before: Range<Found> | null = null;
  for (const value of values) {
    const one: Range<Found> = { from: value, to: value, found: findAt(value) };
    if (before !== null) between(before, one);
    put(one);
    before = one;
  }
  return found;
}
