import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, bounds } from '../../src/cost/curve.js';
import { baseMultiple, type Overflow, shareAbove, sizedOverflow } from '../../src/cost/overflow.js';
import { overflowOf as overflowOfSlices } from '../../src/cost/overflow-of.js';
import type { Demand, Slice } from '../../src/scenario/demand.js';
import { durationCurve } from '../../src/scenario/load.js';
import { shippedTables } from '../load.js';

const hoursPerMonth = 720;
const hoursPerDay = 24;

type Plain = {
  hours: number[];
  growth: number[];
  unit: number;
  cost: number;
  usd: number;
  min: number;
  spare: number;
};

/** USD a month with a number of own units, hour by hour of every month. */
function costWith(of: Plain, working: number, volume: number): number {
  const { hours, growth, unit, cost, usd, spare } = of;
  let requests = 0;
  for (const factor of growth) {
    for (const multiple of hours) requests += Math.max(0, factor * multiple * volume - working * unit) / hoursPerDay;
  }
  const perEntry = hoursPerMonth / (hours.length * growth.length);
  return usd * requests * perEntry + (working + (working > 0 ? spare : 0)) * cost;
}

const overflowOf = ({ hours, growth, unit, cost, usd, ...rest }: Plain): Overflow => ({
  load: durationCurve(Float64Array.from(hours), hoursPerMonth),
  growth: Float64Array.from(growth),
  unitRequestsPerDay: unit,
  unitUsdPerMonth: cost,
  usdPerRequest: usd,
  ...rest,
});

const amount = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((x) => x / 1000);
const plain: fc.Arbitrary<Plain> = fc.record({
  hours: fc.array(amount(4), { minLength: 1, maxLength: 48 }),
  growth: fc.oneof(fc.constant<number[]>([1]), fc.array(amount(3), { minLength: 1, maxLength: 5 })),
  unit: amount(500).map((x) => x + 50),
  cost: amount(500),
  usd: amount(0.2),
  min: fc.nat(3),
  spare: fc.nat(2),
});

describe('own units and an API above them', () => {
  test('cost what the best number of units does, of all numbers there are', () => {
    fc.assert(
      fc.property(plain, amount(2000), (of, volume) => {
        const most = Math.ceil((volume * Math.max(...of.hours) * Math.max(...of.growth)) / of.unit) + of.min + 1;
        const costs = Array.from({ length: most - of.min + 1 }, (_, i) => costWith(of, of.min + i, volume));
        const best = Math.min(...costs);
        const { curve, unitsAtWork, unitsOwned } = sizedOverflow(overflowOf(of));
        const room = 1e-9 * Math.max(1, ...costs);
        expect(Math.abs(at(curve, volume) - best)).toBeLessThanOrEqual(room);
        const working = unitsAtWork(volume);
        expect(working).toBeGreaterThanOrEqual(of.min);
        expect(Math.abs(costWith(of, working, volume) - best)).toBeLessThanOrEqual(room);
        expect(unitsOwned(volume)).toBe(working === 0 ? 0 : working + of.spare);
      }),
      { numRuns: 1000 },
    );
  });

  test('are one term of two halves that never fall, so that bounds are sound', () => {
    fc.assert(
      fc.property(plain, amount(2000), amount(2000), (of, v, w) => {
        const { curve, unitsAtWork } = sizedOverflow(overflowOf(of));
        expect(curve.terms).toHaveLength(1);
        const [from, to] = v < w ? [v, w] : [w, v];
        const { low, high } = bounds(curve, from, to);
        for (const part of [0, 0.3, 0.7, 1]) {
          const usd = at(curve, from + part * (to - from));
          expect(usd).toBeGreaterThanOrEqual(low - 1e-9 * Math.max(1, Math.abs(low), high));
          expect(usd).toBeLessThanOrEqual(high + 1e-9 * Math.max(1, Math.abs(low), high));
        }
        expect(unitsAtWork(to)).toBeGreaterThanOrEqual(unitsAtWork(from));
      }),
      { numRuns: 500 },
    );
  });

  test('by hand: half the hours at 240 requests a day, half at 720; units of 240 at 40 USD; 0.01 USD a request', () => {
    const of = { hours: [1, 3], growth: [1], unit: 240, cost: 40, usd: 0.01, min: 0, spare: 0 };
    const { curve, unitsAtWork, unitsOwned } = sizedOverflow(overflowOf(of));
    // Of 720 hours 360 bring 10 and 360 bring 30 an hour: 14,400 requests, 144 USD at the API. The first unit serves
    // 7200 = 72 USD >= 40; the second and the third 3600 = 36 USD < 40.
    expect(unitsAtWork(240)).toBe(1);
    expect(at(curve, 240)).toBeCloseTo(40 + 72, 9);
    // With a spare the first saves 32 of 40 only: none is owned.
    const spared = sizedOverflow(overflowOf({ ...of, spare: 1 }));
    expect(spared.unitsOwned(240)).toBe(0);
    expect(at(spared.curve, 240)).toBeCloseTo(144, 9);
    // Bought at 36 USD the second and the third just pay.
    expect(sizedOverflow(overflowOf({ ...of, cost: 36 })).unitsAtWork(240)).toBe(3);
    expect(unitsOwned(0)).toBe(0);
  });
});

describe('slices on own units and an API above them', () => {
  const slice = (hours: number[], scales = true) => ({ hours: Float64Array.from(hours), scales }) as Slice;
  const demand = { requestsPerDay: 2400, growth: Float64Array.of(1), hoursPerMonth } as Demand;
  const mix = { unitUsdPerMonth: 1000, netUsdPerMonth: 7200 };
  // Of 72,000 requests a month at 7,200 USD each costs 0.1. Two slices with a unit's work each, one busy in the first
  // half of the hours: together half the hours ask for 3 units of 1,200 requests a day, half for 1.
  const work = [
    { slice: slice([1, 1]), need: 1 },
    { slice: slice([2, 0]), need: 1 },
  ];

  test('units that are there anyway are paid, and what is above them goes to the API', () => {
    const held = overflowOfSlices({ ...mix, work, held: 2 }, demand);
    // One unit's 50 requests an hour are above two units in 360 hours: 18,000.
    expect(held?.usdPerRequest).toBeCloseTo(0.1, 12);
    expect([held?.all(2400), held?.above(2400), held?.above(1200)]).toEqual([72_000, 18_000, 0]);
    expect(held && at(held.curve, 2400)).toBeCloseTo(2000 + 1800, 9);
    expect(held && bounds(held.curve, 1200, 2400).low).toBeLessThanOrEqual(2000);
    expect([held?.unitsAtWork(1), held?.unitsOwned(9600)]).toEqual([2, 2]);
  });

  test('else as many as pay, at least one', () => {
    // The first serves 36,000 requests, 3,600 USD; the second and the third 18,000 each, 1,800 USD.
    const found = overflowOfSlices({ ...mix, work }, demand);
    expect([found?.unitsAtWork(2400), found?.above(2400), found?.above(0)]).toEqual([3, 0, 0]);
    expect(found && at(found.curve, 2400)).toBeCloseTo(3000, 9);
    const dear = overflowOfSlices({ ...mix, unitUsdPerMonth: 2000, work }, demand);
    expect([dear?.unitsAtWork(2400), dear?.above(2400)]).toEqual([1, 36_000]);
    const few = overflowOfSlices({ unitUsdPerMonth: 1000, netUsdPerMonth: -5, work }, demand);
    expect([few?.unitsOwned(2400), few?.usdPerRequest]).toEqual([1, 0]);
  });

  test('of volumes of their own, the same at every volume of the axis', () => {
    const own = work.map((one) => ({ ...one, slice: { ...one.slice, scales: false } }));
    const held = overflowOfSlices({ ...mix, work: own, held: 2 }, demand);
    const found = overflowOfSlices({ ...mix, unitUsdPerMonth: 2000, work: own }, demand);
    for (const volume of [1, 1200, 2400, 9600]) {
      expect([held?.all(volume), held?.above(volume), held?.unitsOwned(volume)]).toEqual([72_000, 18_000, 2]);
      expect(held && at(held.curve, volume)).toBeCloseTo(2000 + 1800, 9);
      expect([found?.all(volume), found?.above(volume)]).toEqual([72_000, 36_000]);
      expect([found?.unitsAtWork(volume), found?.unitsOwned(volume)]).toEqual([1, 1]);
      expect(found && at(found.curve, volume)).toBeCloseTo(2000 + 3600, 9);
    }
  });

  test('none for no slices, or where one has a volume of its own', () => {
    expect(overflowOfSlices({ ...mix, work: [] }, demand)).toBeNull();
    expect(overflowOfSlices({ ...mix, work: [...work, { slice: slice([1, 1], false), need: 1 }] }, demand)).toBeNull();
  });
});

describe('the newsvendor’s quantile', () => {
  test.each([
    { profile: 'business-hours', ratio: 0.2, multiple: 2.03, share: 0.085 },
    { profile: 'business-hours', ratio: 0.3, multiple: 1.13, share: 0.309 },
    { profile: 'business-hours', ratio: 0.5, multiple: 0.62, share: 0.503 },
    { profile: 'follow-the-sun', ratio: 0.2, multiple: 1.27, share: 0.024 },
    { profile: 'follow-the-sun', ratio: 0.3, multiple: 1.19, share: 0.043 },
    { profile: 'follow-the-sun', ratio: 0.5, multiple: 1.03, share: 0.107 },
  ])('$profile at $ratio', async ({ profile, ratio, multiple, share }) => {
    const { profiles } = await shippedTables();
    const hours = profiles.find((row) => row.profile === profile)?.multipliers ?? [];
    const load = durationCurve(Float64Array.from(hours), hoursPerMonth);
    const base = baseMultiple(load, ratio);
    // The figures may be one hour of the week further.
    expect(Math.abs(base - multiple)).toBeLessThan(0.02);
    expect(Math.abs(shareAbove(load, base) - share)).toBeLessThan(0.01);
  });

  test('is the capacity of the least cost, where units are small', () => {
    fc.assert(
      fc.property(fc.array(amount(4), { minLength: 1, maxLength: 30 }), amount(1), (hours, ratio) => {
        const load = durationCurve(Float64Array.from(hours), hoursPerMonth);
        // Capacity of the whole month at multiple 1 costs `ratio`, a month of requests at multiple 1 costs 1.
        const cost = (base: number) =>
          ratio * base + hours.reduce((sum, x) => sum + Math.max(0, x - base), 0) / hours.length;
        const least = Math.min(cost(0), ...hours.map(cost));
        expect(cost(baseMultiple(load, ratio))).toBeLessThanOrEqual(least + 1e-9);
      }),
    );
  });

  test('a flat load is all or nothing', () => {
    const load = durationCurve(Float64Array.of(1, 1, 1), hoursPerMonth);
    expect(baseMultiple(load, 0.99)).toBe(1);
    expect(baseMultiple(load, 1.01)).toBe(0);
  });
});
