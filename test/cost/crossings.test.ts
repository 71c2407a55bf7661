import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Crossing, crossings, mostListed } from '../../src/cost/crossings.js';
import { add, at, bounds, type CostCurve, fixedCost, scale, type Term } from '../../src/cost/curve.js';
import { ties, type Winner, winnerOf } from '../../src/cost/winner.js';
import { durationCurve, growthOf, type Load } from '../../src/workload/load.js';
import { anyCurve, forms, hoursPerMonth, meeting } from '../support/random-curves.js';

const budget = 20_000;
const enough = 1e6;

/** Who is cheaper at every whole volume, one by one. */
const winners = (a: CostCurve, b: CostCurve, { from, to }: { from: number; to: number }): Winner[] =>
  Array.from({ length: to - from + 1 }, (_, i) => winnerOf(at(a, from + i), at(b, from + i)));
const crossingsOf = (each: Winner[], from: number): Crossing[] =>
  each.flatMap((winner, i) => {
    const below = each[i - 1] ?? winner;
    return winner === below ? [] : [{ at: from + i, cheaperBelow: below, cheaperAbove: winner }];
  });

/** Two curves that meet at a volume of a range. */
const pairOf = (first: fc.Arbitrary<CostCurve>, second: fc.Arbitrary<CostCurve>) =>
  fc
    .record({
      a: first,
      b: second,
      from: fc.nat(300),
      length: fc.integer({ min: 0, max: 1500 }),
      where: fc.double({ min: 0, max: 1, noNaN: true }),
      shared: fc.option(anyCurve, { nil: null, freq: 4 }),
    })
    .map(({ a, b, from, length, where, shared }) => {
      const meet = from + where * length;
      const met = meeting(b, at(a, meet), at(b, meet));
      const range = { from, to: from + length };
      return shared === null ? { a, b: met, range } : { a: add([a, shared]), b: add([shared, met]), range };
    });

describe('against every whole request a day', () => {
  test.each(Object.keys(forms))('a pair with one of form %s', (form) => {
    fc.assert(
      fc.property(pairOf(forms[form] as fc.Arbitrary<CostCurve>, anyCurve), fc.boolean(), ({ a, b, range }, turned) => {
        const [one, other] = turned ? [b, a] : [a, b];
        const each = winners(one, other, range);
        const expected = crossingsOf(each, range.from);
        const found = crossings(one, other, range, enough);
        expect(found.crossings).toEqual(expected.slice(0, mostListed));
        expect(found.first).toBe(each[0]);
        const rest = expected.slice(mostListed);
        const { at: start, cheaperBelow } = rest[0] ?? {};
        const { at: end, cheaperAbove } = rest.at(-1) ?? {};
        expect(found.alternates).toEqual(
          rest.length === 0 ? [] : [{ from: start, to: end, cheaperBelow, cheaperAbove }],
        );
        expect(found.never === null).toBe(expected.length > 0);
        if (found.never?.cheaper !== 'equal' && found.never !== null) expect(found.never.cheaper).toBe(each[0]);
        const same = each.every((_, i) => ties(at(one, range.from + i), at(other, range.from + i)));
        if (found.never?.cheaper === 'equal') expect(same).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('what a small budget leaves open is in alternates, all else is right', () => {
    fc.assert(
      fc.property(pairOf(anyCurve, anyCurve), fc.integer({ min: 20, max: 300 }), ({ a, b, range }, few) => {
        const each = winners(a, b, range);
        const { crossings: listed, alternates, evaluations } = crossings(a, b, range, few);
        expect(evaluations).toBeLessThanOrEqual(few);
        const events = [...listed.map(({ at, ...sides }) => ({ from: at, to: at, ...sides })), ...alternates];
        events.sort((x, y) => x.from - y.from);
        let winner = each[0] as Winner;
        let known = range.from;
        for (const { from, to, cheaperBelow, cheaperAbove } of [...events, null].map(
          (event) => event ?? { from: range.to + 1, to: range.to + 1, cheaperBelow: winner, cheaperAbove: winner },
        )) {
          // No event begins within another, or ends where the range is over.
          expect(from).toBeGreaterThanOrEqual(known);
          if (from <= range.to) expect(to).toBeLessThanOrEqual(range.to);
          // Between two events nothing happens, and the next begins with what the last one ended with.
          for (let v = known; v < from; v++) expect(each[v - range.from]).toBe(winner);
          if (from <= range.to) expect(cheaperBelow).toBe(winner);
          winner = from <= range.to ? cheaperAbove : winner;
          known = to + 1;
        }
        for (const [i, { cheaperBelow, at: volume }] of listed.entries()) {
          expect(each[volume - range.from]).not.toBe(each[volume - 1 - range.from]);
          if (i > 0) expect(cheaperBelow).toBe(listed[i - 1]?.cheaperAbove);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const line = (fixed: number, perUnit: number): CostCurve => ({ fixed, perUnit, terms: [] });
const week = Float64Array.from({ length: 168 }, (_, hour) => 1 + 0.9 * Math.sin(hour / 7) * Math.cos(hour / 53));
const weekly = durationCurve(week, hoursPerMonth);
const flat = durationCurve(Float64Array.of(1), hoursPerMonth);
const noGrowth = Float64Array.of(1);

function fleet(of: { load: Load; step: number; usd: number; growth?: Float64Array; spareShare?: number }): CostCurve {
  const { load, step, usd, growth = noGrowth, spareShare = 0 } = of;
  const peakGrowth = Math.max(...growth);
  const sizing = { usd, min: 0, spare: 0, spareShare, plus: 0, growth, peakGrowth };
  const term: Term = { is: 'replicas', load, base: null, capacity: Float64Array.of(0, step), ...sizing };
  return { fixed: 0, perUnit: 0, terms: [term] };
}

describe('by hand', () => {
  test.each([
    {
      a: line(100, 1),
      b: line(0, 2),
      at: 101,
      below: 'b',
      why: '100 + v <= 2 v from 100 on, where the tie is a’s: 100',
    },
    { a: line(0, 2), b: line(100, 1), at: 101, below: 'a', why: 'at 100 they tie, so a holds it' },
  ])('two lines: $why', ({ a, b, at, below }) => {
    const [found] = crossings(a, b, { from: 1, to: 1000 }, budget).crossings;
    expect(found?.at).toBe(below === 'b' ? at - 1 : at);
    expect(found?.cheaperBelow).toBe(below);
  });

  test('steps of 10 requests at 100 USD against a line that runs through them', () => {
    // 1 USD per unit-hour of 100 hours; the line reaches 100 n just before the next step.
    const a = fleet({ load: durationCurve(Float64Array.of(1), 100), step: 10, usd: 1 });
    const { crossings: found } = crossings(line(45, 10), a, { from: 1, to: 25 }, budget);
    // 100 USD up to 10, 200 up to 20, 300 up to 30; the line has 100 at 5.5, 200 at 15.5, and 295 at 25.
    expect(found.map(({ at, cheaperAbove }) => [at, cheaperAbove])).toEqual([
      [6, 'b'],
      [11, 'a'],
      [16, 'b'],
      [21, 'a'],
    ]);
  });

  test('never says who, what both cost at the ends, and whether they draw near', () => {
    const range = { from: 1, to: 1_000_000_000 };
    expect(crossings(line(10, 1), line(11, 2), range, budget).never).toEqual({
      cheaper: 'a',
      atFrom: { a: 11, b: 13 },
      atTo: { a: 1_000_000_010, b: 2_000_000_011 },
      gap: { all: 'widens', last: 'widens' },
    });
    expect(crossings(line(50, 1), line(10, 1), range, budget).never).toMatchObject({
      cheaper: 'b',
      gap: { all: 'stays' },
    });
    expect(crossings(line(9e9, 1), line(10, 2), range, budget).never).toMatchObject({
      cheaper: 'b',
      gap: { all: 'narrows' },
    });
  });

  test('what parted at first and draws near again has no trend of its ends: the last one is told', () => {
    // A machine for 50,000 a month takes 5 million requests a day, a second one the next 5, against a price per request.
    const range = { from: 1, to: 10_000_000 };
    const machines = fleet({ load: flat, step: 5_000_000, usd: 50_000 / hoursPerMonth });
    const near = line(0, 0.004);
    const dear = add([machines, line(10, 0.001)]);
    const found = crossings(near, dear, range, budget);
    expect(found.crossings).toEqual([]);
    // Apart by 50,010 at 1 a day, by 77,510 at 7.5 million and 70,010 at 10 million: 3 less for each 1,000 a day more.
    expect(found.never?.atTo.b).toBeCloseTo(110_010, 6);
    expect(found.never?.atTo.a).toBeCloseTo(40_000, 6);
    expect(found.never?.gap).toEqual({ all: null, last: 'narrows' });
    expect(crossings(dear, near, range, budget).never?.gap).toEqual({ all: null, last: 'narrows' });
  });

  test('what both have cancels: the same parts in another order are equal, at once', () => {
    const parts = [fleet({ load: weekly, step: 7, usd: 3 }), line(0.1, 0.2), line(0.3, 0.7), fixedCost(1e6)];
    const sum = add(parts);
    const found = crossings(sum, add([...parts].reverse()), { from: 1, to: 1e9 }, budget);
    expect(found.never?.cheaper).toBe('equal');
    expect(found.evaluations).toBeLessThan(20);
    // 10 more fixed, 1 less per request, on fleets of the same kind: one crossing, as of two lines.
    const fewer = crossings(add([sum, line(10, 1)]), add([sum, line(0, 2)]), { from: 1, to: 1e9 }, budget);
    expect(fewer.crossings).toEqual([{ at: 10, cheaperBelow: 'b', cheaperAbove: 'a' }]);
    expect(fewer.evaluations).toBeLessThan(20);
    const [third, twoThirds] = [scale(sum, 1 / 3), scale(sum, 2 / 3)];
    expect(crossings(sum, add([third, twoThirds]), { from: 1, to: 1e9 }, budget).never?.cheaper).toBe('equal');
  });
});

test('what comes of the same function cancels, whatever factors it came by', () => {
  const hits = (v: number) => v * (1 - Math.exp(-v / 1e5));
  const saving = (usd: number): CostCurve =>
    scale({ fixed: 0, perUnit: 2 * usd, terms: [{ is: 'smooth', up: () => 0, down: hits }] }, usd);
  const range = { from: 1, to: 1e9 };
  const same = crossings(saving(3), scale(saving(1.5), 2), range, budget);
  // 3 x (6 v - hits) and 2 x 1.5 x (3 v - hits): the lines alone differ.
  expect(same.never?.cheaper).toBe('b');
  expect(same.evaluations).toBeLessThan(20);
  expect(crossings(saving(3), scale(scale(saving(3), 0.1), 10), range, budget)).toMatchObject({
    never: { cheaper: 'equal', gap: { all: 'stays' } },
  });
});

describe('bounded work', () => {
  const range = { from: 1, to: 1e9 };
  const growing = growthOf(0.03, 24);

  test('20,000 turns: the first are listed, all up to the last one are an interval', () => {
    // A step of 1000 requests costs 1000 USD; the line is 400.5 USD above the fleet's lower corners, up to 10 million.
    const stairs = fleet({ load: flat, step: 1000, usd: 1000 / hoursPerMonth });
    const until = 10_000_000;
    const low = { fixed: 400.5, perUnit: 1 };
    const found = crossings({ ...low, terms: [] }, stairs, { from: 1, to: until }, budget);
    expect(found.evaluations).toBeLessThanOrEqual(budget);
    expect(found.crossings).toHaveLength(mostListed);
    // The line passes 1000 n at 1000 n - 400.5, the fleet goes to the next step just above 1000 n.
    for (const [i, { at, cheaperBelow, cheaperAbove }] of found.crossings.entries()) {
      expect(at).toBe(1000 * Math.floor(i / 2) + (i % 2 === 0 ? 600 : 1001));
      expect([cheaperBelow, cheaperAbove]).toEqual(i % 2 === 0 ? ['a', 'b'] : ['b', 'a']);
    }
    expect(found.alternates).toEqual([{ from: 32_600, to: until - 400, cheaperBelow: 'a', cheaperAbove: 'b' }]);
  });

  test.each([
    { name: 'a flat fleet and its line', a: fleet({ load: flat, step: 997, usd: 3 }), slope: 1 },
    { name: 'a fleet of 168 hours', a: fleet({ load: weekly, step: 997, usd: 3 }), slope: 1 },
    { name: 'with 24 months of growth', a: fleet({ load: weekly, step: 997, usd: 3, growth: growing }), slope: 1 },
    {
      name: 'and a share of spares',
      a: fleet({ load: weekly, step: 9, usd: 3, growth: growing, spareShare: 0.1 }),
      slope: 1,
    },
    { name: 'nearly parallel', a: fleet({ load: weekly, step: 997, usd: 3, growth: growing }), slope: 1 + 1e-7 },
  ])('$name, up to 1e9 requests a day', ({ a, slope }) => {
    const perUnit = (slope * at(a, 1e9)) / 1e9;
    const fixed = at(a, 100_000) - perUnit * 100_000;
    const b: CostCurve = { fixed, perUnit, terms: [] };
    const { crossings: listed, alternates, evaluations } = crossings(a, b, range, budget);
    expect(evaluations).toBeLessThanOrEqual(budget);
    for (const { at: volume, cheaperAbove, cheaperBelow } of listed) {
      expect(winnerOf(at(a, volume), at(b, volume))).toBe(cheaperAbove);
      expect(winnerOf(at(a, volume - 1), at(b, volume - 1))).toBe(cheaperBelow);
    }
    // Wherever one looks outside what is left open, the winner is the last crossing's.
    const events = [...listed.map(({ at, cheaperAbove }) => ({ from: at, to: at - 1, cheaperAbove })), ...alternates];
    events.sort((x, y) => x.from - y.from);
    const first = winnerOf(at(a, 1), at(b, 1));
    for (let i = 0; i < 500; i++) {
      const volume = Math.round(1e9 ** ((i * 0.618034) % 1));
      const last = events.findLast(({ from }) => from <= volume);
      if (last !== undefined && volume <= last.to) continue;
      expect(winnerOf(at(a, volume), at(b, volume))).toBe(last?.cheaperAbove ?? first);
    }
  });
});

test('bounds of curves of every form contain their values', () => {
  const volume = fc.nat(5000);
  fc.assert(
    fc.property(anyCurve, volume, volume, volume, (of, a, b, c) => {
      const [from, inside, to] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
      const { low, high } = bounds(of, from, to);
      const value = at(of, inside);
      const room = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
      expect(low).toBeLessThanOrEqual(value + room);
      expect(high).toBeGreaterThanOrEqual(value - room);
    }),
    { numRuns: 1000 },
  );
});
