import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileOf, percentilesOf } from '../../src/capacity/queue/percentiles.js';

test('of one value that value, of two the middle and the larger, of none nothing', () => {
  expect(percentilesOf(Float64Array.of(7))).toEqual({ mean: 7, p50: 7, p95: 7, p99: 7 });
  expect(percentilesOf(Float64Array.of(3, 1))).toEqual({ mean: 2, p50: 2, p95: 3, p99: 3 });
  expect(percentilesOf(new Float64Array(0))).toEqual({ mean: 0, p50: 0, p95: 0, p99: 0 });
});

test('of ten values in no order: the place of a share is so many of them less a half', () => {
  const values = Float64Array.of(60, 10, 90, 30, 100, 20, 80, 50, 40, 70);
  // Counted from 0: the median at 4.5, nine tenths at 8.5, a quarter at 2; 99 of 100 are past the last.
  expect(percentileOf(values.slice(), 0.5)).toBe(55);
  expect(percentileOf(values.slice(), 0.9)).toBe(95);
  expect(percentileOf(values.slice(), 0.25)).toBe(30);
  expect(percentileOf(values.slice(), 0.02)).toBe(10);
  expect(percentilesOf(values)).toEqual({ mean: 55, p50: 55, p95: 100, p99: 100 });
});

test('as read from the sorted values, with equals among them or not', () => {
  const list = fc.array(fc.oneof(fc.nat(5), fc.nat(1000)), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(list, (numbers) => {
      const sorted = numbers.toSorted((a, b) => a - b);
      const at = (share: number) => {
        const place = Math.min(sorted.length - 1, Math.max(0, share * sorted.length - 0.5));
        const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
        return below + (place - Math.floor(place)) * (above - below);
      };
      const { p50, p95, p99 } = percentilesOf(Float64Array.from(numbers));
      expect([p50, p95, p99]).toEqual([at(0.5), at(0.95), at(0.99)]);
      expect(percentileOf(Float64Array.from(numbers), 0.95)).toBe(at(0.95));
    }),
    { numRuns: 300 },
  );
});
