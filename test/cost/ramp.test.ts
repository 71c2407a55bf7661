import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Term, termAt } from '../../src/cost/curve.js';
import { enclosesAbove, enclosesFleet } from '../../src/cost/ramp.js';
import { forms } from '../support/random-curves.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const interval = fc.record({ from: fc.nat(3000), length: fc.oneof(fc.nat(20), fc.nat(3000)), where: share });
const termsOf = (form: string) =>
  (forms[form] as (typeof forms)[string]).map(({ terms }) => terms[0] as Exclude<Term, { is: 'smooth' }>);

test.each(['following', 'peak', 'above'])('two lines enclose what is %s on any interval', (form) => {
  let enclosed = 0;
  fc.assert(
    fc.property(termsOf(form), interval, (term, { from, length, where }) => {
      const one = { ...term, usd: 1 };
      const enclose = one.is === 'above' ? enclosesAbove(one) : enclosesFleet(one);
      if (enclose === null) {
        // Only where one more unit does not always hold the same.
        expect(one.is !== 'above' && one.capacity.length > 2).toBe(true);
        return;
      }
      enclosed++;
      const { lowFrom, lowTo, highFrom, highTo } = enclose(from, from + length);
      for (const part of [0, where, 1]) {
        const value = termAt(one, from + part * length);
        const room = 1e-9 * Math.max(1, highTo);
        expect(value).toBeGreaterThanOrEqual(lowFrom + part * (lowTo - lowFrom) - room);
        expect(value).toBeLessThanOrEqual(highFrom + part * (highTo - highFrom) + room);
      }
    }),
    { numRuns: 1000 },
  );
  expect(enclosed).toBeGreaterThan(500);
});

test('by hand: hours at 1 and 3, units of 100, at least one, on 100 to 200 requests a day', () => {
  const load = {
    multiple: Float64Array.of(3, 1),
    weight: Float64Array.of(10, 20),
    weightUpTo: Float64Array.of(0, 10, 30),
    energyUpTo: Float64Array.of(0, 30, 50),
    lag: 0,
  };
  const capacity = Float64Array.of(0, 100);
  const growth = Float64Array.of(1);
  const enclose = enclosesFleet({
    is: 'replicas',
    usd: 1,
    load,
    capacity,
    min: 1,
    spare: 2,
    spareShare: 0,
    growth,
    peakGrowth: 1,
    plus: 0,
    base: null,
  });
  // Units before rounding 3 v x 10 + v x 20 hours, per 100: 50 at 100 and 100 at 200; two spares in 30 hours are 60; both
  // hours may round up by one unit.
  const { lowFrom, lowTo, highFrom, highTo } = enclose?.(100, 200) ?? {};
  expect(lowFrom).toBeCloseTo(50 + 60, 6);
  expect(lowTo).toBeCloseTo(100 + 60, 6);
  expect(highFrom).toBeCloseTo(50 + 60 + 30, 6);
  expect(highTo).toBeCloseTo(100 + 60 + 30, 6);
});
