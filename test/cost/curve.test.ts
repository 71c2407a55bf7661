import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { add, at, type CostCurve, scale, type Term, termAt } from '../../src/cost/curve.js';
import { ceilUnits, unitsAtPeak, unitsFor, withSpareOf } from '../../src/cost/fleet.js';
import { durationCurve, hourlyLoad } from '../../src/workload/load.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('curve', {
  bought: { need: z.number(), units: z.number(), why: z.string() },
  spares: { units: z.number(), bought: z.number(), why: z.string() },
});

describe('units for a need', () => {
  test.each(cases.bought)('$why: $need needs $units of 10 each', ({ need, units }) => {
    expect(unitsFor(10, need)).toBe(units);
  });

  test('an error of rounding is no further unit', () => {
    expect([10, 10.0000000001, 10.001].map(ceilUnits)).toEqual([10, 10, 11]);
  });

  test.each(cases.spares)('$why: $units at work are $bought bought', ({ units, bought }) => {
    expect(withSpareOf(units, { spare: 1, spareShare: 0.1 })).toBe(bought);
  });
});

/** Everything below knows hours, units and prices only: no load-duration curve, no early stop, no sums kept. */
type Plain = {
  usd: number;
  hours: number[];
  base: number[] | null;
  plus: number;
  growth: number[];
  perUnit: number;
  min: number;
  spare: number;
  spareShare: number;
};
const hoursPerMonth = 730;
const plainUnits = ({ perUnit, min }: Plain, need: number): number => {
  let units = min;
  while (units * perUnit < need * (1 - 1e-9)) units++;
  return units;
};
const plainBought = (of: Plain, units: number): number =>
  units + Math.max(of.spare, Math.ceil(of.spareShare * units - 1e-9));
/** What every hour of every month needs. */
const needs = ({ hours, base, plus, growth }: Plain, volume: number): number[] =>
  growth.flatMap((factor) => hours.map((x, i) => factor * (x * (volume + plus) + (base?.[i] ?? 0))));
const followed = (of: Plain, volume: number): number =>
  needs(of, volume).reduce((sum, need) => sum + plainBought(of, plainUnits(of, need)), 0) *
  (hoursPerMonth / of.hours.length / of.growth.length) *
  of.usd;
/** What the highest hour of the busiest month needs. */
const highest = (of: Plain, volume: number): number =>
  Math.max(...of.growth) * Math.max(...needs({ ...of, growth: [1] }, volume));
const sizedOnce = (of: Plain, volume: number): number =>
  plainBought(of, plainUnits(of, highest(of, volume))) * hoursPerMonth * of.usd;
/** Close to where one more unit is needed, two ways of rounding may differ. */
const clear = (of: Plain, volume: number): boolean =>
  [...needs(of, volume), highest(of, volume)].every((need) => {
    const units = need / of.perUnit;
    return Math.round(units) === 0 || Math.abs(units - Math.round(units)) > 1e-6 * units;
  });

/** Thousandths: no number is so small that a product of two of them is lost. */
const amount = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((x) => x / 1000);
const plain = fc
  .record({
    usd: amount(40),
    hours: fc.array(amount(4), { minLength: 1, maxLength: 24 }),
    perUnit: fc.oneof(amount(100), amount(20_000)).map((x) => x + 1),
    min: fc.integer({ min: 0, max: 3 }),
    spare: fc.integer({ min: 0, max: 2 }),
    spareShare: fc.constantFrom(0, 0.1, 0.25),
    plus: fc.oneof(fc.constant(0), amount(500)),
    growth: fc.oneof(fc.constant<number[]>([1]), fc.array(amount(3), { minLength: 1, maxLength: 5 })),
    withBase: fc.boolean(),
    bases: fc.array(amount(300), { minLength: 24, maxLength: 24 }),
  })
  .map(
    ({ withBase, bases, ...rest }): Plain => ({ ...rest, base: withBase ? bases.slice(0, rest.hours.length) : null }),
  );

const following = (of: Plain): Extract<Term, { is: 'replicas' }> => {
  const { usd, min, spare, spareShare, plus } = of;
  const growth = Float64Array.from(of.growth);
  const peakGrowth = Math.max(...of.growth);
  const hours = Float64Array.from(of.hours);
  const load = of.base === null ? durationCurve(hours, hoursPerMonth) : hourlyLoad(hours, hoursPerMonth);
  const base = of.base === null ? null : Float64Array.from(of.base);
  return {
    is: 'replicas',
    usd,
    load,
    base,
    step: of.perUnit,
    min,
    spare,
    spareShare,
    plus,
    growth,
    peakGrowth,
  };
};
const peak = (of: Plain): Extract<Term, { is: 'peak' }> => {
  const { usd, min, spare, spareShare, plus } = of;
  const growth = Float64Array.from(of.growth);
  const peakGrowth = Math.max(...of.growth);
  const base = of.base === null ? null : Float64Array.from(of.hours, (_, hour) => of.base?.[hour] ?? 0);
  return {
    is: 'peak',
    usd,
    multiple: base === null ? Float64Array.of(Math.max(...of.hours)) : Float64Array.from(of.hours),
    hours: hoursPerMonth,
    base,
    step: of.perUnit,
    min,
    spare,
    spareShare,
    plus,
    growth,
    peakGrowth,
  };
};
const volume = amount(5000);

describe('terms against a walk through the hours', () => {
  test('replicas follow every hour', () => {
    fc.assert(
      fc.property(plain, volume, (of, v) => {
        fc.pre(clear(of, v));
        const expected = followed(of, v);
        expect(Math.abs(termAt(following(of), v) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      }),
      { numRuns: 500 },
    );
  });

  test('a fleet sized once pays its highest hour all month', () => {
    fc.assert(
      fc.property(plain, volume, (of, v) => {
        fc.pre(clear(of, v));
        const expected = sizedOnce(of, v);
        expect(Math.abs(termAt(peak(of), v) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      }),
      { numRuns: 500 },
    );
  });

  test('units at work in the highest hour', () => {
    fc.assert(
      fc.property(plain, volume, (of, v) => {
        fc.pre(clear(of, v));
        const most = Math.max(...needs(of, v).map((need) => plainUnits(of, need)));
        expect(unitsAtPeak(following(of), v)).toBe(most);
      }),
      { numRuns: 500 },
    );
  });

  test('by hand: 3 hours at 1, 2 and 4 x 100 requests on units of 150, one spare, 2 USD, a month of 730 hours', () => {
    const of: Plain = {
      usd: 2,
      hours: [1, 4, 2],
      base: null,
      plus: 0,
      growth: [1],
      perUnit: 150,
      min: 1,
      spare: 1,
      spareShare: 0,
    };
    // 100 -> 1, 400 -> 3, 200 -> 2 units; with spares 2 + 4 + 3 = 9 unit-hours in three hours.
    expect(termAt(following(of), 100)).toBeCloseTo((9 / 3) * 730 * 2, 9);
    // 3 units and a spare, all 730 hours.
    expect(termAt(peak(of), 100)).toBe(4 * 730 * 2);
    // A second month with twice the volume: 200 -> 2, 800 -> 6, 400 -> 3, with spares 3 + 7 + 4 = 14; the mean of both.
    expect(termAt(following({ ...of, growth: [1, 2] }), 100)).toBeCloseTo(((9 + 14) / 2 / 3) * 730 * 2, 9);
    expect(termAt(peak({ ...of, growth: [1, 2] }), 100)).toBe(7 * 730 * 2);
    // 100 requests that do not follow the volume, on the same load: as a volume of 200.
    expect(termAt(following({ ...of, plus: 100 }), 100)).toBeCloseTo((14 / 3) * 730 * 2, 9);
  });
});

/** A smooth term: the kind a cache brings. */
const smooth = fc
  .record({ a: amount(5), b: amount(5), rate: fc.double({ min: 1e-4, max: 1, noNaN: true }) })
  .map(({ a, b, rate }): Term => ({ is: 'smooth', usdAt: (v) => a * v - b * v * (1 - Math.exp(-rate * v)) }));
const term: fc.Arbitrary<Term> = fc.oneof(plain.map(following), plain.map(peak), smooth);
const curve = fc
  .record({
    fixed: amount(1000),
    perUnit: fc.double({ min: -5, max: 5, noNaN: true }),
    terms: fc.array(term, { maxLength: 3 }),
  })
  .chain(
    (one): fc.Arbitrary<CostCurve> => fc.constantFrom<CostCurve>(one, scale(one, 2.5), add([one, scale(one, 0.3)])),
  );

describe('curves', () => {
  test('a fleet never costs less for more volume', () => {
    fc.assert(
      fc.property(plain, volume, volume, (of, a, b) => {
        for (const one of [following(of), peak(of)]) {
          const low = termAt(one, Math.min(a, b));
          expect(termAt(one, Math.max(a, b))).toBeGreaterThanOrEqual(low - 1e-9 * Math.max(1, low));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a sum costs what its parts cost, a multiple its multiple', () => {
    fc.assert(
      fc.property(curve, curve, volume, fc.double({ min: 0, max: 9, noNaN: true }), (a, b, v, factor) => {
        const room = 1e-9 * Math.max(1, Math.abs(at(a, v)), Math.abs(at(b, v))) * 10;
        expect(Math.abs(at(add([a, b]), v) - at(a, v) - at(b, v))).toBeLessThanOrEqual(room);
        expect(Math.abs(at(scale(a, factor), v) - factor * at(a, v))).toBeLessThanOrEqual(room);
      }),
    );
  });
});
