/** How far a rounded value may be from the exact one, as a part of the way to its neighbor. */
const closeness = 0.05;
const fewestDigits = 3;
const mostDigits = 12;

export type Spacing = 'linear' | 'log';

/**
 * `count` numbers from `low` to `high`, both included, in steps of the same difference or of the same ratio. What lies
 * between the ends has as few significant digits, from three on, as keep it near where it belongs.
 */
export function valuesBetween(low: number, high: number, count: number, spacing: Spacing): number[] {
  const exact = Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    if (i === count - 1) return high;
    const way = i / (count - 1);
    return spacing === 'log' ? low * (high / low) ** way : low + (high - low) * way;
  });
  for (let digits = fewestDigits; digits < mostDigits; digits++) {
    const shown = roundedTo(exact, digits);
    if (isClose(shown, exact)) return shown;
  }
  return roundedTo(exact, mostDigits);
}

const roundedTo = (exact: readonly number[], digits: number): number[] =>
  exact.map((value, i) => (i === 0 || i === exact.length - 1 ? value : Number(value.toPrecision(digits))));

const isClose = (shown: readonly number[], exact: readonly number[]): boolean =>
  exact.every((value, i) => {
    const gaps = [exact[i - 1], exact[i + 1]].flatMap((other) => (other === undefined ? [] : Math.abs(other - value)));
    return Math.abs((shown[i] as number) - value) <= closeness * Math.min(...gaps);
  });
