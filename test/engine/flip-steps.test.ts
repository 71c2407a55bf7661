import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, gridTo, oneStepBack, roundedAway } from '../../src/decide/flips/steps.js';

const wide = { whole: false, digits: 3, low: 1e-9, high: 1e12 };

test.each([
  { value: 180_734.2, start: 50_000, to: 181_000, back: 179_190 },
  { value: 1_774.9, start: 4_500, to: 1_770, back: 1_787.7 },
  { value: 0.96281, start: 0, to: 0.963, back: 0.95337 },
  { value: 42.81, start: 34, to: 42.9, back: 42.471 },
])('$value beyond $start is told as $to, one step before is $back', ({ value, start, to, back }) => {
  expect(roundedAway(value, { ...wide, start, low: 0 })).toBe(to);
  expect(oneStepBack(to, { start, whole: false })).toBeCloseTo(back, 9);
});

test('small whole numbers go by one, larger ones by 1 %', () => {
  expect(oneStepBack(20, { start: 1, whole: true })).toBe(19);
  expect(oneStepBack(2, { start: 5, whole: true })).toBe(3);
  expect(oneStepBack(46_100, { start: 1500, whole: true })).toBe(45_639);
  expect(roundedAway(17.2, { ...wide, whole: true, start: 1 })).toBe(18);
  expect(roundedAway(5559.1, { ...wide, whole: true, start: 5000 })).toBe(5560);
});

test('shares close to 100 % keep more digits', () => {
  const availability = { whole: false, digits: 5, low: 90, high: 99.99, start: 99.5 };
  expect(roundedAway(99.95, availability)).toBe(99.95);
  expect(roundedAway(99.9534, availability)).toBe(99.954);
  expect(distance(99.75, 99.5, { low: 90, high: 99.99, outOf: 100 })).toBeCloseTo(Math.log(2), 9);
});

test('what is told lies beyond the value, by less than the step before it', () => {
  const anything = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(anything, anything, fc.boolean(), (value, start, whole) => {
      fc.pre(Math.abs(value - start) > 1e-9 * start && (!whole || (value >= 1 && start >= 1)));
      const to = roundedAway(value, { ...wide, start, whole });
      const up = value > start;
      const sameOr = 1e-9 * Math.abs(value);
      expect(up ? to >= value - sameOr : to <= value + sameOr).toBe(true);
      const back = oneStepBack(to, { start, whole: false });
      // Whole numbers below 100 are one apart: there is nothing nearer to tell.
      if (!whole) expect(up ? back <= value + sameOr : back >= value - sameOr).toBe(true);
    }),
  );
});

test('a grid ends at the end of the range and begins beside the start', () => {
  expect(gridTo(100, { start: 1, whole: false }, 2)).toEqual([10, 100]);
  expect(gridTo(30, { start: 0, whole: false }, 3)).toEqual([0.3, 3, 30]);
  expect(gridTo(3, { start: 1, whole: true }, 4)).toEqual([2, 3]);
});
