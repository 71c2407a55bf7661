import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annuityUsd, capitalRecoveryFactor, residualUsd } from '../../src/cost/owned-machine.js';

const rate = fc.double({ min: 0, max: 0.5, noNaN: true });
const periods = fc.integer({ min: 1, max: 60 });

test('100,000 USD of which 10,000 are left after 4 years at 10 %: 29,392.4 a year', () => {
  const server = { priceUsd: 100_000, residualUsd: 10_000, ratePerPeriod: 0.1, periods: 4 };
  expect(annuityUsd(server)).toBeCloseTo(29_392.37, 2);
  expect(annuityUsd({ ...server, ratePerPeriod: 0 })).toBe(22_500);
});

test('payments of the recovery factor pay a debt back to the cent, interest included', () => {
  fc.assert(
    fc.property(rate, periods, (i, n) => {
      const payment = capitalRecoveryFactor(i, n);
      let debt = 1;
      for (let period = 0; period < n; period++) debt = debt * (1 + i) - payment;
      expect(Math.abs(debt)).toBeLessThan(1e-9 * (1 + i) ** n);
    }),
  );
});

test('a tiny rate is next to none', () => {
  expect(capitalRecoveryFactor(1e-12, 36)).toBeCloseTo(1 / 36, 11);
});

test('what is left over at the end pays back the rest: the debt is then the residual', () => {
  fc.assert(
    fc.property(rate, periods, fc.double({ min: 0, max: 1, noNaN: true }), (i, n, left) => {
      const payment = annuityUsd({ priceUsd: 1, residualUsd: left, ratePerPeriod: i, periods: n });
      let debt = 1;
      for (let period = 0; period < n; period++) debt = debt * (1 + i) - payment;
      expect(Math.abs(debt - left)).toBeLessThan(1e-9 * (1 + i) ** n);
    }),
  );
});

test('a quarter left after three years is half after one and a half', () => {
  expect(residualUsd(1000, 0.25, 36)).toBe(250);
  expect(residualUsd(1000, 0.25, 18)).toBeCloseTo(500, 10);
  expect(residualUsd(1000, 0.25, 0)).toBe(1000);
});
