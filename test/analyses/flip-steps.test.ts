import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { between, distance, gridTo, isClose, roundedAway, roundedTo } from '../../src/analyses/flips/input.js';
import { casesIn } from '../support/cases.js';

const [number, whole] = [z.number(), z.boolean()];
const cases = casesIn('flip-steps', {
  stepped: { value: number, start: number, to: number },
  nearest: { value: number, whole, to: number },
  between: { a: number, b: number, middle: number },
  rounded: {
    value: number,
    start: number,
    to: number,
    ...z.object({ whole, digits: number, low: number, high: number }).partial().shape,
  },
});
const wide = { whole: false, digits: 3, low: 1e-9, high: 1e12 };

test.each(cases.stepped)('$value beyond $start is printed as $to', ({ value, start, to }) => {
  expect(roundedAway(value, { ...wide, start, low: 0 })).toBe(to);
});

test.each(cases.nearest)('$value (whole: $whole) is printed as $to', ({ value, whole: isWhole, to }) => {
  expect(roundedTo(value, { ...wide, start: 0, whole: isWhole })).toBe(to);
});

test('what is printed lies beyond the value', () => {
  const anything = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(anything, anything, fc.boolean(), (value, start, whole) => {
      fc.pre(Math.abs(value - start) > 1e-9 * start && (!whole || (value >= 1 && start >= 1)));
      const to = roundedAway(value, { ...wide, start, whole });
      const up = value > start;
      const sameOr = 1e-9 * Math.abs(value);
      expect(up ? to >= value - sameOr : to <= value + sameOr).toBe(true);
    }),
  );
});

test('a grid across zero, below zero, of one value, and past what rounds to the start', () => {
  expect(gridTo(-30, { start: 10, whole: false }, 3)).toEqual([-0.3, -3, -30]);
  expect(gridTo(-8, { start: -2, whole: false }, 2)).toEqual([-4, -8]);
  expect(gridTo(7, { start: 0, whole: false }, 1)).toEqual([7]);
  // 1.2 is rounded to the start, and left out.
  expect(gridTo(2, { start: 1, whole: true }, 4)).toEqual([2]);
});

test.each(cases.between)('between $a and $b lies $middle', ({ a, b, middle }) => {
  expect(between(a, b, 1 / 2)).toBeCloseTo(middle, 12);
  expect([0, 1].map((share) => between(a, b, share))).toEqual([a, b]);
});

test('of a share it is what is lacking that is told closely', () => {
  const share = { whole: false, outOf: 100 };
  expect(isClose(99.5, 99.46, share, 1e-3)).toBe(false);
  expect(isClose(99.5, 99.4996, share, 1e-3)).toBe(true);
});

test('how far: by the logarithm; from zero or across it by the part of the range', () => {
  const range = { low: -10, high: 10 };
  expect(distance(8, 2, range)).toBeCloseTo(Math.log(4), 12);
  expect(distance(2, 8, range)).toBeCloseTo(Math.log(4), 12);
  expect(distance(-2, -8, range)).toBeCloseTo(Math.log(4), 12);
  // 10 of 20, and 5 of 20.
  expect(distance(5, -5, range)).toBeCloseTo(Math.log(51), 12);
  expect(distance(5, 0, range)).toBeCloseTo(Math.log(26), 12);
  expect(distance(0, 5, range)).toBeCloseTo(Math.log(26), 12);
});

test.each(cases.rounded)('$value from $start is told as $to', ({ value, start, to, ...more }) => {
  expect(roundedAway(value, Object.assign({ ...wide, low: -1e12, start }, more))).toBe(to);
});
