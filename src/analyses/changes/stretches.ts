/** Values of an axis, both ends included, for which the same is found. */
export type Stretch<Found> = { from: number; to: number; found: Found };

/**
 * What is found along an axis: asked at rising values, and where two neighbors differ between them as
 * well, until every edge is known as closely as it is told. What begins and ends between two neighbors
 * that say the same is not seen.
 *
 * @param isClose whether nothing is told apart any more between two values
 */
export function stretchesOf<Found>(
  values: readonly number[],
  findAt: (value: number) => Found,
  isAlike: (one: Found, other: Found) => boolean,
  isClose: (low: number, high: number) => boolean,
): Stretch<Found>[] {
  const found: Stretch<Found>[] = [];
  const put = ({ from, to, found: next }: Stretch<Found>): void => {
    const last = found.at(-1);
    if (last !== undefined && isAlike(last.found, next)) last.to = to;
    else found.push({ from, to, found: next });
  };
  const between = (low: Stretch<Found>, high: Stretch<Found>): void => {
    const middle = Math.sqrt(low.to * high.from);
    if (isAlike(low.found, high.found) || isClose(low.to, high.from) || middle <= low.to || middle >= high.from) return;
    const one = { from: middle, to: middle, found: findAt(middle) };
    between(low, one);
    put(one);
    between(one, high);
  };
  let before: Stretch<Found> | null = null;
  for (const value of values) {
    const one: Stretch<Found> = { from: value, to: value, found: findAt(value) };
    if (before !== null) between(before, one);
    put(one);
    before = one;
  }
  return found;
}
