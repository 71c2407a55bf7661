import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lengths, lengthQuantile, limitedMoment, partlyZero } from '../../src/capacity/queue/model.js';
import { normalBelow, normalQuantile } from '../../src/capacity/queue/percentiles.js';

const some: fc.Arbitrary<Lengths> = fc.record({
  mean: fc.double({ min: 1, max: 1e4, noNaN: true }),
  sigma: fc.double({ min: 0, max: 1.5, noNaN: true }),
  max: fc.oneof(fc.constant(null), fc.double({ min: 1, max: 2e4, noNaN: true })),
});

describe('lengths', () => {
  test('moments after the cut are those of many equally likely lengths', () => {
    fc.assert(
      fc.property(
        some.filter(({ max }) => max !== null),
        (of) => {
          let mean = 0;
          let square = 0;
          const count = 20_000;
          for (let each = 0; each < count; each++) {
            const length = lengthQuantile(of, (each + 0.5) / count);
            mean += length / count;
            square += (length * length) / count;
          }
          expect(limitedMoment(of, 1) / mean).toBeCloseTo(1, 2);
          expect(limitedMoment(of, 2) / square).toBeCloseTo(1, 1);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  test('by hand: median 100 and p95 300, that is ln 3 / 1.645 as deviation', () => {
    const sigma = 0.66791;
    const of = { mean: 100 * Math.exp(sigma ** 2 / 2), sigma, max: null };
    expect(lengthQuantile(of, 0.5)).toBeCloseTo(100, 6);
    expect(lengthQuantile(of, 0.95)).toBeCloseTo(300, 1);
    // Squared variation of an uncut lognormal: e^(sigma^2) - 1.
    expect(limitedMoment(of, 2) / limitedMoment(of, 1) ** 2).toBeCloseTo(Math.exp(sigma ** 2), 9);
    expect(limitedMoment({ ...of, max: 100 }, 1)).toBeLessThan(100);
  });

  test('without spread all are alike, and a cut below them is their length', () => {
    expect(limitedMoment({ mean: 50, sigma: 0, max: null }, 2)).toBe(2500);
    expect(lengthQuantile({ mean: 50, sigma: 0, max: 30 }, 0.9)).toBe(30);
    expect(limitedMoment({ mean: 50, sigma: 0, max: 30 }, 1)).toBe(30);
  });
});

test('the normal distribution: known values, and one function undoes the other', () => {
  expect(normalBelow(0)).toBeCloseTo(0.5, 12);
  expect(normalBelow(1.959963984540054)).toBeCloseTo(0.975, 12);
  expect(normalBelow(-8)).toBeCloseTo(6.22e-16, 18);
  expect(normalBelow(-20) / 2.7536241186062337e-89).toBeCloseTo(1, 9);
  expect([-37.5, 37.5].map(normalBelow)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (share) => {
      expect(Math.abs(normalBelow(normalQuantile(share)) / share - 1)).toBeLessThan(1e-7);
    }),
  );
});

test('a delay that is often nothing has the mean and the variance of the whole, and none where none comes', () => {
  const count = 20_000;
  for (const none of [0, 0.3, 0.9]) {
    const delays = Array.from({ length: count }, (_, each) => {
      const rank = (each + 0.5) / count;
      return partlyZero(rank, normalQuantile(rank), none, 2, 36);
    });
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / count;
    const variance = delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / count;
    expect(delays.filter((delay) => delay === 0).length, `${none}`).toBe(none * count);
    expect(mean, `${none}`).toBeCloseTo(2, 1);
    expect(Math.abs(variance / 36 - 1), `${none}`).toBeLessThan(0.1);
  }
  expect(partlyZero(0.5, 0, 0.2, 0, 0)).toBe(0);
});
