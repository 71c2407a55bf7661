import { expect, test } from 'vitest';
import { difference } from '../../src/units/numeric.js';

test('what differs by rounding alone differs by nothing; what is less than a cent of little does', () => {
  // 0.1 + 0.2 is not 0.3 in binary.
  expect(difference(0.1 + 0.2, 0.3)).toBe(0);
  expect(difference(86.4, 86.4 + 2.13e-13)).toBe(0);
  expect(Object.is(difference(86.4, 86.4 + 2.13e-13), -0)).toBe(false);
  expect(difference(0.0034, 0.001)).toBeCloseTo(0.0024, 15);
  expect(difference(1e6, 1e6 + 0.01)).toBeCloseTo(-0.01, 9);
});
