import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, termAt } from '../../src/cost/curve.js';
import { type OverflowOf, overflowOf } from '../../src/cost/overflow.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';

const hoursPerMonth = 720;
const hoursPerDay = 24;

type Plain = {
  hours: number[];
  growth: number[];
  unit: number;
  cost: number;
  usd: number;
  /** Of every month, over the mean price. */
  weights?: number[];
  min: number;
  beyondRoom?: { from: number; usdPerMonth: number };
};

/** USD a month with a number of own units, hour by hour of every month. */
function costWith(of: Plain, working: number, volume: number): number {
  const { hours, growth, unit, cost, usd, weights, beyondRoom } = of;
  const roomUsd = beyondRoom === undefined ? 0 : Math.max(0, working - beyondRoom.from) * beyondRoom.usdPerMonth;
  let requests = 0;
  for (const [month, factor] of growth.entries()) {
    const price = weights?.[month] ?? 1;
    for (const multiple of hours)
      requests += (price * Math.max(0, factor * multiple * volume - working * unit)) / hoursPerDay;
  }
  const perEntry = hoursPerMonth / (hours.length * growth.length);
  return usd * requests * perEntry + working * cost + roomUsd;
}

/** All of it as what overflows at a base volume. */
function sized({ hours, growth, unit, cost, usd, weights, ...rest }: Plain): OverflowOf {
  const requestsPerDay = 240;
  const mean = hours.reduce((sum, x) => sum + x, 0) / hours.length;
  const bills = growth.map(
    (factor, k) => (usd * (weights?.[k] ?? 1) * factor * requestsPerDay * mean * hoursPerMonth) / hoursPerDay,
  );
  const taskPart = { hours: Float64Array.from(hours), scales: true, waits: null } as unknown as TaskPart;
  const found = overflowOf(
    {
      work: [{ taskPart, need: requestsPerDay / unit }],
      unitUsdPerMonth: cost,
      netUsdPerMonth: bills.reduce((sum, one) => sum + one, 0) / bills.length,
      netByMonth: weights === undefined ? null : bills,
      ...rest,
    },
    { requestsPerDay, growth: Float64Array.from(growth), hoursPerMonth } as Workload,
  );
  if (found === null) throw new Error('one slice overflows');
  return found;
}

const amount = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((x) => x / 1000);
const flat: fc.Arbitrary<Plain> = fc.record({
  hours: fc.array(amount(4), { minLength: 1, maxLength: 48 }).filter((hours) => hours.some((x) => x > 0)),
  growth: fc.oneof(
    fc.constant<number[]>([1]),
    fc.array(
      amount(3).map((x) => x + 0.001),
      { minLength: 1, maxLength: 5 },
    ),
  ),
  unit: amount(500).map((x) => x + 50),
  cost: amount(500),
  usd: amount(0.2),
  min: fc.nat(3),
});
/** Some with prices that move, some in a room that carries a few units and part of one. */
const plain = fc
  .tuple(
    flat,
    fc.array(amount(2), { minLength: 5, maxLength: 5 }),
    fc.boolean(),
    fc.option(fc.record({ from: amount(5), usdPerMonth: amount(500) })),
  )
  .map(([of, weights, move, beyondRoom]): Plain => {
    const moved = move && of.growth.length > 1 ? { ...of, weights: weights.slice(0, of.growth.length) } : of;
    return beyondRoom === null ? moved : { ...moved, beyondRoom };
  });

describe('own units and an API above them', () => {
  test('cost what the best number of units does, of all numbers there are', () => {
    fc.assert(
      fc.property(plain, amount(2000), (of, volume) => {
        const most = Math.ceil((volume * Math.max(...of.hours) * Math.max(...of.growth)) / of.unit) + of.min + 1;
        const costs = Array.from({ length: most - of.min + 1 }, (_, i) => costWith(of, of.min + i, volume));
        const best = Math.min(...costs);
        const { curve, unitsOwned } = sized(of);
        const room = 1e-9 * Math.max(1, ...costs);
        expect(Math.abs(at(curve, volume) - best)).toBeLessThanOrEqual(room);
        const working = unitsOwned(volume);
        expect(working).toBeGreaterThanOrEqual(of.min);
        expect(Math.abs(costWith(of, working, volume) - best)).toBeLessThanOrEqual(room);
      }),
      { numRuns: 1000 },
    );
  });

  test('never cost less, and never take fewer units, for more requests', () => {
    fc.assert(
      fc.property(plain, amount(2000), amount(2000), (of, v, w) => {
        const { curve, unitsOwned } = sized(of);
        const [from, to] = v < w ? [v, w] : [w, v];
        expect(at(curve, to)).toBeGreaterThanOrEqual(at(curve, from) * (1 - 1e-9) - 1e-9);
        expect(unitsOwned(to)).toBeGreaterThanOrEqual(unitsOwned(from));
      }),
      { numRuns: 500 },
    );
  });

  test('by hand: half the hours at 240 requests a day, half at 720; units of 240 at 40 USD; 0.01 USD a request', () => {
    const of = { hours: [1, 3], growth: [1], unit: 240, cost: 40, usd: 0.01, min: 0 };
    const { curve, unitsOwned } = sized(of);
    // Of 720 hours 360 bring 10 and 360 bring 30 an hour: 14,400 requests, 144 USD at the API. The first unit serves
    // 7200 = 72 USD >= 40; the second and the third 3600 = 36 USD < 40.
    expect(unitsOwned(240)).toBe(1);
    expect(at(curve, 240)).toBeCloseTo(40 + 72, 9);
    // Bought at 36 USD the second and the third just pay.
    expect(sized({ ...of, cost: 36 }).unitsOwned(240)).toBe(3);
    expect(unitsOwned(0)).toBe(0);
  });
});

describe('slices on own units and an API above them', () => {
  const slice = (hours: number[], scales = true) =>
    ({ hours: Float64Array.from(hours), scales, waits: null }) as unknown as TaskPart;
  const workload = { requestsPerDay: 2400, growth: Float64Array.of(1), hoursPerMonth } as Workload;
  const mix = { unitUsdPerMonth: 1000, netUsdPerMonth: 7200, netByMonth: null };
  // Of 72,000 requests a month at 7,200 USD each costs 0.1. Two task parts with a unit's work each, one busy in the first
  // half of the hours: together half the hours ask for 3 units of 1,200 requests a day, half for 1.
  const work = [
    { taskPart: slice([1, 1]), need: 1 },
    { taskPart: slice([2, 0]), need: 1 },
  ];

  test('units that are there anyway are paid, and what is above them goes to the API', () => {
    const held = overflowOf({ ...mix, work, held: 2 }, workload);
    // One unit's 50 requests an hour are above two units in 360 hours: 18,000.
    expect(held?.usdPerRequest).toBeCloseTo(0.1, 12);
    expect([held?.all(2400), held?.above(2400), held?.above(1200)]).toEqual([72_000, 18_000, 0]);
    expect(held && at(held.curve, 2400)).toBeCloseTo(2000 + 1800, 9);
    expect([held?.unitsOwned(1), held?.unitsOwned(9600)]).toEqual([2, 2]);
  });

  test('else as many as pay, at least one', () => {
    // The first serves 36,000 requests, 3,600 USD; the second and the third 18,000 each, 1,800 USD.
    const found = overflowOf({ ...mix, work }, workload);
    expect([found?.unitsOwned(2400), found?.above(2400), found?.above(0)]).toEqual([3, 0, 0]);
    expect(found && at(found.curve, 2400)).toBeCloseTo(3000, 9);
    const dear = overflowOf({ ...mix, unitUsdPerMonth: 2000, work }, workload);
    expect([dear?.unitsOwned(2400), dear?.above(2400)]).toEqual([1, 36_000]);
    const few = overflowOf({ ...mix, netUsdPerMonth: -5, work }, workload);
    expect([few?.unitsOwned(2400), few?.usdPerRequest]).toEqual([1, 0]);
  });

  test('of volumes of their own, the same at every volume of the axis', () => {
    const own = work.map((one) => ({ ...one, taskPart: { ...one.taskPart, scales: false } }));
    const held = overflowOf({ ...mix, work: own, held: 2 }, workload);
    const found = overflowOf({ ...mix, unitUsdPerMonth: 2000, work: own }, workload);
    for (const volume of [1, 1200, 2400, 9600]) {
      expect([held?.all(volume), held?.above(volume), held?.unitsOwned(volume)]).toEqual([72_000, 18_000, 2]);
      expect(held && at(held.curve, volume)).toBeCloseTo(2000 + 1800, 9);
      expect([found?.all(volume), found?.above(volume)]).toEqual([72_000, 36_000]);
      expect(found?.unitsOwned(volume)).toBe(1);
      expect(found && at(found.curve, volume)).toBeCloseTo(2000 + 3600, 9);
    }
  });

  test('none for no slices, or where one has a volume of its own', () => {
    expect(overflowOf({ ...mix, work: [] }, workload)).toBeNull();
    expect(overflowOf({ ...mix, work: [...work, { taskPart: slice([1, 1], false), need: 1 }] }, workload)).toBeNull();
  });
});

describe('prices that move with the months', () => {
  const slice = (hours: number[], scales = true) =>
    ({ hours: Float64Array.from(hours), scales, waits: null }) as unknown as TaskPart;
  const demandOf = (requestsPerDay: number, growth: number[]) =>
    ({ requestsPerDay, growth: Float64Array.from(growth), hoursPerMonth }) as Workload;
  const net = (prices: readonly number[], growth: readonly number[], requests: number) => {
    const netByMonth = prices.map((price, k) => price * (growth[k] ?? 1) * requests);
    return { netByMonth, netUsdPerMonth: netByMonth.reduce((sum, usd) => sum + usd, 0) / prices.length };
  };

  test('by hand: flat, 2,400 a day at 0.1 USD a request, then half of it at 0.02; a unit of 600 a day', () => {
    const work = [{ taskPart: slice([1]), need: 4 }];
    // A month has 72,000 requests, the next 36,000; a unit holds 18,000. Of n units at work the API takes
    // 72,000 - 18,000 n at 0.1 and 36,000 - 18,000 n at 0.02: a unit spares (1800 + 360) / 2 = 1080 USD a month as one of
    // the first two, 1800 / 2 = 900 as the third or fourth.
    const of = { work, ...net([0.1, 0.02], [1, 0.5], 72_000) };
    const workload = demandOf(2400, [1, 0.5]);
    const cost = (unitUsdPerMonth: number, more: object = {}) => {
      const found = overflowOf({ ...of, unitUsdPerMonth, ...more }, workload);
      return [found?.unitsOwned(2400), found && at(found.curve, 2400), found && termAt(found.paid, 2400)];
    };
    expect(cost(1000)).toEqual([2, expect.closeTo(2000 + (3600 + 0) / 2, 9), expect.closeTo(1800, 9)]);
    expect(cost(899)).toEqual([4, expect.closeTo(3596, 9), expect.closeTo(0, 9)]);
    // None pays at 1,100, one is owned whatever it serves.
    expect(cost(1100)).toEqual([1, expect.closeTo(1100 + (5400 + 360) / 2, 9), expect.closeTo(2880, 9)]);
    // Three that are there anyway leave 18,000 of the dear month.
    const paid = overflowOf({ ...of, unitUsdPerMonth: 1000, held: 3 }, workload);
    expect(paid && [at(paid.curve, 2400), termAt(paid.paid, 2400)]).toEqual(
      [3900, 900].map((x) => expect.closeTo(x, 9)),
    );
    expect(paid?.months?.map(({ usdPerRequest, above }) => [usdPerRequest, above(2400)])).toEqual([
      [expect.closeTo(0.1, 12), expect.closeTo(18_000, 6)],
      [expect.closeTo(0.02, 12), 0],
    ]);
  });

  const moving = fc.record({
    hours: fc.array(
      amount(4).map((x) => x + 0.01),
      { minLength: 1, maxLength: 48 },
    ),
    months: fc.integer({ min: 1, max: 12 }),
    growth: fc.constantFrom(-0.2, -0.05, 0, 0.03, 0.3),
    decline: fc.constantFrom(0, 0.3, 0.6, 0.95),
    own: fc.constantFrom(0, 0.02),
    need: amount(9).map((x) => x + 0.1),
    cost: amount(4000),
    volume: amount(3000).map((x) => x + 1),
    scales: fc.boolean(),
    bought: fc.option(fc.nat(12), { nil: undefined }),
  });

  test('what is paid is the mean of the months, and no other number of units costs less', () => {
    fc.assert(
      fc.property(moving, ({ hours, months, growth: rate, decline, own, need, cost, volume, scales, bought }) => {
        const growth = rate === 0 ? [1] : Array.from({ length: months }, (_, k) => (1 + rate) ** k);
        const prices = Array.from({ length: months }, (_, k) => 0.1 * (1 - decline) ** (k / 12) - own);
        const base = 1000;
        const mean = hours.reduce((sum, x) => sum + x, 0) / hours.length;
        const requests = (base * mean * hoursPerMonth) / hoursPerDay;
        const work = [{ taskPart: slice(hours, scales), need }];
        const held = bought === undefined ? {} : { held: bought };
        const of = { work, unitUsdPerMonth: cost, ...net(prices, growth, requests), ...held };
        const found = overflowOf(of, demandOf(base, growth));
        if (found === null) throw new Error('one slice overflows');
        const reached = scales ? volume : base;
        const usdWith = (units: number) =>
          prices.map((price, k) => {
            const above = hours.reduce(
              (sum, x) => sum + Math.max(0, reached * (growth[k] ?? 1) * x - (units * base) / need) / hoursPerDay,
              0,
            );
            return units * cost + Math.max(0, price) * above * (hoursPerMonth / hours.length);
          });
        const meanOf = (bills: number[]) => bills.reduce((sum, usd) => sum + usd, 0) / bills.length;
        const total = at(found.curve, volume);
        const units = found.unitsOwned(volume);
        const room = 1e-9 * Math.max(1, meanOf(usdWith(0)), total);
        expect(Math.abs(total - meanOf(usdWith(units)))).toBeLessThanOrEqual(room);
        expect(Math.abs(units * cost + termAt(found.paid, volume) - total)).toBeLessThanOrEqual(room);
        const perMonth = found.months?.map(({ usdPerRequest, above }) => units * cost + usdPerRequest * above(volume));
        if (perMonth !== undefined) expect(Math.abs(meanOf(perMonth) - total)).toBeLessThanOrEqual(room);
        if (bought !== undefined) {
          expect(units).toBe(bought);
          return;
        }
        const most = Math.ceil((reached * Math.max(...hours) * Math.max(...growth) * need) / base) + 2;
        for (let other = 1; other <= most; other++) expect(total).toBeLessThanOrEqual(meanOf(usdWith(other)) + room);
      }),
      { numRuns: 1000 },
    );
  });

  test('by hand: dear while one unit does everything, nearly free when ten had to', () => {
    // Requests of a month fill one unit of 1,000 USD and cost 10,000 at the API, ten times as many later 100. One unit and
    // the API above it, for 9 of 10 requests: 1,000 + 90 / 2. Neither the mean work of 5.5 units nor the mean bill of
    // 5,050 is below that.
    const work = [{ taskPart: slice([1]), need: 1 }];
    const of = { work, unitUsdPerMonth: 1000, netByMonth: [10_000, 100], netUsdPerMonth: 5050 };
    const pair = overflowOf(of, demandOf(1000, [1, 10]));
    expect(pair && at(pair.curve, 1000)).toBeCloseTo(1045, 9);
    expect(pair?.unitsOwned(1000)).toBe(1);
  });

  test('alike in all months they are what they are without months, to the last digit', () => {
    const work = [{ taskPart: slice([1, 3]), need: 4 }];
    const [growth, workload] = [[1, 1.1, 1.21], demandOf(2400, [1, 1.1, 1.21])];
    const of = { work, unitUsdPerMonth: 1000, ...net([0.1, 0.1, 0.1], growth, 144_000) };
    const [moved, plainly] = [of, { ...of, netByMonth: null }].map((one) => overflowOf(one, workload));
    expect(moved?.months).toBeNull();
    expect(moved && at(moved.curve, 2000)).toBe(plainly && at(plainly.curve, 2000));
    expect(moved && termAt(moved.paid, 2000)).toBe(plainly && termAt(plainly.paid, 2000));
  });
});
