import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastWithin, type Tried } from '../../src/units/numeric.js';

/** Runs a search for where something that only grows is at its limit; how often it asked. */
function searched(over: (x: number) => number, [from, to]: [number, number], width: number) {
  let asked = 0;
  const tryAt = (x: number): Tried<number> => {
    asked++;
    return { x, over: over(x), value: x };
  };
  const found = lastWithin(tryAt(from), tryAt(to), tryAt, width);
  return { found, asked: asked - 2 };
}

const halvings = (from: number, to: number, width: number): number => Math.ceil(Math.log2((to - from) / width));

test('a straight line and what bends a little are told in a few tries', () => {
  const line = searched((x) => x - 0.3, [0, 1], 1e-6);
  expect(line.found.value).toBeCloseTo(0.3, 5);
  const wait = searched((x) => 1 - 3 * (1 - x), [0, 1], 1e-6);
  expect(wait.found.value).toBeCloseTo(2 / 3, 5);
  const bent = searched((x) => Math.exp(2 * x) - 3, [0, 1], 1e-6);
  expect(bent.found.value).toBeCloseTo(Math.log(3) / 2, 5);
  for (const { asked } of [line, wait, bent]) expect(asked).toBeLessThan(halvings(0, 1, 1e-6) / 2);
});

test('what it finds is within, a width further is not, and it asks at most once more than halves do', () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const steps = fc.array(fc.record({ at: place, by: fc.constantFrom(0, 0.01, 1, 100, Number.POSITIVE_INFINITY) }), {
    maxLength: 5,
  });
  const bend = fc.constantFrom(0.1, 1, 5, 60);
  fc.assert(
    fc.property(steps, bend, fc.double({ min: 0.01, max: 5, noNaN: true }), place, (jumps, power, size, start) => {
      const grown = (x: number): number =>
        size * x ** power + jumps.reduce((sum, { at, by }) => (x >= at ? sum + by : sum), 0);
      const limit = start * size;
      const over = (x: number): number => grown(x) - limit;
      fc.pre(over(0) <= 0 && over(1) > 0);
      const width = 1e-3;
      const { found, asked } = searched(over, [0, 1], width);
      expect(found.over).toBeLessThanOrEqual(0);
      expect(over(found.x + width * 1.0001)).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(halvings(0, 1, width) + 1);
    }),
    { numRuns: 500 },
  );
});

test('ends that are near enough are asked for nothing', () => {
  expect(searched((x) => x, [0, 1], 1)).toMatchObject({ found: { x: 0 }, asked: 0 });
});

test('a search ends where what is within already says all', () => {
  const over = (x: number): number => x - 0.7;
  const tried: number[] = [];
  const tryAt = (x: number): Tried<number> => {
    tried.push(x);
    return { x, over: over(x), value: x };
  };
  const enough = lastWithin(tryAt(0), tryAt(1), tryAt, 1e-9, ({ x }) => x > 0.5);
  expect(enough.x).toBeGreaterThan(0.5);
  expect(enough.over).toBeLessThanOrEqual(0);
  const some = tried.length;
  lastWithin(tryAt(0), tryAt(1), tryAt, 1e-9);
  expect(tried.length - some).toBeGreaterThan(some);
});
