import { expect, test } from 'vitest';
import { difference, ties, winnerOf } from '../../src/units/numeric.js';

test('what cannot be had ties with nothing but itself, and costs more than all else', () => {
  const never = Number.POSITIVE_INFINITY;
  expect([ties(never, 12), ties(12, never), ties(never, never)]).toEqual([false, false, true]);
  expect([winnerOf(never, 12), winnerOf(12, never), winnerOf(never, never)]).toEqual(['b', 'a', 'a']);
  expect([difference(never, 12), difference(12, never), difference(never, never)]).toEqual([never, -never, 0]);
});

test('rounding residue is no difference', () => {
  expect(difference(0.1 + 0.2, 0.3)).toBe(0);
  expect(difference(1000.001, 1000)).toBeCloseTo(0.001, 9);
  expect([ties(0, 0), ties(1, 1 + 1e-13), ties(1, 1 + 1e-11)]).toEqual([true, true, false]);
});
