import { daysIn } from '../../units/month.js';
import type { ActualMonth } from './read-actuals.js';

/** USD of an error by cause. They add up to it. */
export type Causes = { volume: number; mix: number; price: number };

/**
 * What each cause adds to the bill, taken out in this order, so that the three add up to paid - predicted:
 *
 *     volume = bill(actual requests, predicted shares and tokens) - bill(predicted)
 *     mix    = bill(actual requests, shares and tokens) - bill(actual requests, predicted shares and tokens)
 *     price  = paid - bill(actual requests, shares and tokens)
 *
 * All bills are at the plan's prices. What two causes do together falls to the later one.
 */
export const causesOf = (bills: {
  predicted: number;
  atVolume: number;
  atVolumeAndMix: number;
  paid: number;
}): Causes => ({
  volume: less(bills.atVolume, bills.predicted),
  mix: less(bills.atVolumeAndMix, bills.atVolume),
  price: less(bills.paid, bills.atVolumeAndMix),
});

const negligible = 1e-12;

/** A difference; what is left of rounding is none. */
export const less = (one: number, other: number): number =>
  Math.abs(one - other) <= negligible * Math.max(Math.abs(one), Math.abs(other)) ? 0 : one - other;

export const noCauses: Causes = { volume: 0, mix: 0, price: 0 };

export const addCauses = (one: Causes, other: Causes): Causes => ({
  volume: one.volume + other.volume,
  mix: one.mix + other.mix,
  price: one.price + other.price,
});

/** Two months are always on a line: growth is told from three up. */
const fewest = 3;

/**
 * Steady growth through the months there are: the least squares of the logarithms of requests a day over months. Null with too
 * few months, or with one that had none: no steady growth has such a month, and without it the volume would be that of the
 * others.
 *
 * @returns requests a day of the first month on that line, and growth per month as a fraction
 */
export function fittedGrowth(months: readonly ActualMonth[]): { firstPerDay: number; growthPerMonth: number } | null {
  if (months.length < fewest || months.some(({ requests }) => requests === 0)) return null;
  const points = months.map(({ index, month, requests }) => ({ x: index, y: Math.log(requests / daysIn(month)) }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
  return { firstPerDay: Math.exp(y - slope * x), growthPerMonth: Math.expm1(slope) };
}
