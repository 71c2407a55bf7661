import type { ActualMonth } from './actuals.js';

/** Two months are always on a line: growth is told from three up. */
const fewest = 3;

/**
 * Steady growth through the months there are: the least squares of the logarithms of requests over months. Null with too
 * few months, or with one that had none: no steady growth has such a month, and without it the volume would be that of the
 * others.
 *
 * @returns requests of the first month on that line, and growth per month as a fraction
 */
export function fittedGrowth(months: readonly ActualMonth[]): { first: number; growthPerMonth: number } | null {
  if (months.length < fewest || months.some(({ requests }) => requests === 0)) return null;
  const points = months.map(({ index, requests }) => ({ x: index, y: Math.log(requests) }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
  return { first: Math.exp(y - slope * x), growthPerMonth: Math.expm1(slope) };
}
