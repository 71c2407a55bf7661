import { describe, expect, test } from 'vitest';
import { estimateQuantile, lognormalQuantile, quantileOf } from '../../src/analyses/uncertainty/inputs.js';
import { normalQuantile } from '../../src/capacity/queue/percentiles.js';
import { dimensionOf } from '../../src/units/statistics.js';

const seeds = [0, 1, 987_654_321];
const draws = 4096;
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return mean(values.map((x) => (x - middle) ** 2));
};

describe('points', () => {
  test.each([32, 256, 4096])('%d of a dimension lie one in each equal part of (0, 1)', (count) => {
    for (const seed of seeds) {
      for (let within = 0; within < 4; within++) {
        const at = dimensionOf(seed, 'group', within);
        const parts = new Set(Array.from({ length: count }, (_, k) => Math.floor(at(k) * count)));
        expect(parts.size).toBe(count);
      }
    }
  });

  test('the first two dimensions of a group fill every rectangle of 1/256 once', () => {
    for (const seed of seeds) {
      const [a, b] = [dimensionOf(seed, 'group', 0), dimensionOf(seed, 'group', 1)];
      for (let k = 0; k <= 8; k++) {
        const [columns, rows] = [2 ** k, 2 ** (8 - k)];
        const parts = new Set(
          Array.from({ length: 256 }, (_, i) => `${Math.floor(a(i) * columns)} ${Math.floor(b(i) * rows)}`),
        );
        expect(parts.size).toBe(256);
      }
    }
  });

  test('any two dimensions are uncorrelated, of one group or of two', () => {
    const all = [
      dimensionOf(0, 'one', 0),
      dimensionOf(0, 'one', 1),
      dimensionOf(0, 'one', 2),
      dimensionOf(0, 'one', 3),
      dimensionOf(0, 'two', 0),
      dimensionOf(0, 'three', 0),
    ].map((at) => Array.from({ length: draws }, (_, k) => at(k) - 0.5));
    for (const [i, a] of all.entries())
      for (const b of all.slice(i + 1))
        expect(Math.abs(mean(a.map((x, k) => x * (b[k] as number))) * 12)).toBeLessThan(0.08);
  });

  test('a seed and a name give the same points, others give others', () => {
    const of = (seed: number, name: string) => dimensionOf(seed, name, 0)(5);
    expect(of(3, 'a')).toBe(of(3, 'a'));
    expect(new Set([of(3, 'a'), of(4, 'a'), of(3, 'b'), of(3 + 2 ** 32, 'a')]).size).toBe(4);
    // Not only in another order: the points are others.
    const points = (seed: number, name: string) =>
      Array.from({ length: 64 }, (_, k) => dimensionOf(seed, name, 0)(k))
        .sort()
        .join();
    expect(new Set([points(3, 'a'), points(4, 'a'), points(3, 'b')]).size).toBe(3);
  });
});

describe('distributions against their closed forms', () => {
  const sampled = (quantile: (share: number) => number): number[] => {
    const at = dimensionOf(0, 'x', 0);
    return Array.from({ length: draws }, (_, k) => quantile(at(k)));
  };

  test('triangular: mean (a + b + c)/3, variance (a2 + b2 + c2 - ab - ac - bc)/18', () => {
    const [a, c, b] = [100, 300, 900];
    const values = sampled(quantileOf({ low: a, likely: c, high: b }));
    expect(mean(values)).toBeCloseTo((a + b + c) / 3, 0);
    expect(variance(values) / ((a * a + b * b + c * c - a * b - a * c - b * c) / 18)).toBeCloseTo(1, 2);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(a);
    expect(Math.max(...values)).toBeLessThanOrEqual(b);
  });

  test('wide ends alone: the median is their geometric mean', () => {
    const median = quantileOf({ low: 1000, likely: 10_000, high: 100_000, of: 'logarithm' })(0.5);
    expect(median).toBeCloseTo(10_000, 6);
  });

  test('{mean, cv}: lognormal with that mean and that coefficient of variation, and nothing impossible', () => {
    // sigma^2 = ln(1 + 0.25), mu = ln(100) - sigma^2/2; ends at the 10th and 90th percentile.
    const sigma = Math.sqrt(Math.log(1.25));
    const end = (z: number) => 100 * Math.exp(-(sigma ** 2) / 2 + z * sigma);
    const range = {
      low: end(normalQuantile(0.1)),
      likely: 100,
      high: end(normalQuantile(0.9)),
      of: 'lognormal',
    } as const;
    const values = sampled(quantileOf(range));
    expect(mean(values) / 100).toBeCloseTo(1, 2);
    expect(Math.sqrt(variance(values)) / mean(values) / 0.5).toBeCloseTo(1, 1);
    const held = sampled(quantileOf({ ...range, within: { least: 80, most: 120 } }));
    expect([Math.min(...held), Math.max(...held)]).toEqual([80, 120]);
  });

  test.each([
    [0, 0.1, 1],
    [120_000, 200_000, 280_000],
    [0.05, 0.09, 0.09],
    [3, 3, 8],
  ])('estimates from %d over %d to %d: PERT, mean (a + 4m + b)/6', (low, likely, high) => {
    const values = sampled(estimateQuantile({ low, likely, high }));
    expect(Math.abs(mean(values) - (low + 4 * likely + high) / 6) / (high - low)).toBeLessThan(1e-3);
    // Beta(a, b) on the range: variance ab / (36 x 7).
    const [a, b] = [1 + (4 * (likely - low)) / (high - low), 1 + (4 * (high - likely)) / (high - low)];
    expect(variance(values) / ((a * b * (high - low) ** 2) / (36 * 7))).toBeCloseTo(1, 2);
  });

  test('errors of predictions: lognormal through both ends of the band', () => {
    const quantile = lognormalQuantile(0.7, 1.5);
    expect(quantile(0.1)).toBeCloseTo(0.7, 6);
    expect(quantile(0.9)).toBeCloseTo(1.5, 6);
  });
});
