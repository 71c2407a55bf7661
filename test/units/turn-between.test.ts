import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnBetween } from '../../src/units/numeric.js';

test('finds the neighbors that a turn lies between, either way', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (a, b, c) => {
      fc.pre(a !== b);
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      // The first number that has turned, on the way up: one of low + 1 .. high.
      const turn = low + 1 + (Math.abs(c) % (high - low));
      expect(turnBetween(low, high, (at) => at >= turn)).toEqual({ last: turn - 1, first: turn });
      expect(turnBetween(high, low, (at) => at < turn)).toEqual({ last: turn, first: turn - 1 });
    }),
  );
});

test('asks as often as halves take, of nothing at the ends', () => {
  const asked: number[] = [];
  turnBetween(0, 1024, (at) => asked.push(at) > 0 && at >= 700);
  expect(asked).toHaveLength(10);
  expect(asked).not.toContain(0);
  expect(asked).not.toContain(1024);
});

test.each([
  [1e17, 1e17 + 16],
  [0, 1e20],
  [1, 1e308],
  [1e20, 1],
  [5, 5],
])('ends between %d and %d, where whole numbers are too large to be told apart', (before, after) => {
  let asked = 0;
  const { last, first } = turnBetween(before, after, (at) => {
    asked += 1;
    return Math.abs(at - before) > Math.abs(after - before) / 3;
  });
  expect(asked).toBeLessThan(1100);
  expect(Math.abs(first - last)).toBeLessThanOrEqual(Math.max(1, Math.abs(first) * 2 ** -51));
});
