import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, type CostCurve } from '../../src/cost/curve.js';
import { envelope, type Ranged } from '../../src/cost/envelope.js';
import { winnerOf } from '../../src/cost/winner.js';
import { anyCurve, meeting } from '../support/random-curves.js';

const enough = 1e7;

/** The first of the cheapest curves on offer at one volume. */
function cheapest(curves: readonly Ranged[], volume: number): number | null {
  let best: number | null = null;
  for (const [index, { curve, from, to }] of curves.entries()) {
    if (volume < (from ?? 0) || volume > (to ?? Number.POSITIVE_INFINITY)) continue;
    const held = best === null ? undefined : curves[best];
    if (held === undefined || winnerOf(at(held.curve, volume), at(curve, volume)) === 'b') best = index;
  }
  return best;
}

const ladder = fc
  .record({
    curves: fc.array(
      fc.record({
        curve: anyCurve,
        from: fc.option(fc.nat(800), { nil: undefined }),
        length: fc.option(fc.integer({ min: -5, max: 900 }), { nil: null }),
        where: fc.nat(800),
      }),
      { maxLength: 5 },
    ),
    from: fc.nat(200),
    length: fc.nat(600),
  })
  .map(({ curves, from, length }) => {
    const [first] = curves;
    const offers = curves.map(({ curve, where, from: start, length: on }): Ranged => {
      const met = first === undefined ? curve : meeting(curve, at(first.curve, where), at(curve, where));
      return { curve: met, ...(start !== undefined && { from: start }), to: on === null ? null : (start ?? 0) + on };
    });
    return { curves: offers, range: { from, to: from + length } };
  });

describe('the lower envelope', () => {
  test('is the cheapest at every whole request a day', () => {
    fc.assert(
      fc.property(ladder, ({ curves, range }) => {
        const { rungs, alternates } = envelope(curves, range, enough);
        expect(rungs[0]?.from).toBe(range.from);
        expect(rungs.at(-1)?.to).toBeNull();
        for (const [i, { from, to, index }] of rungs.entries()) {
          const end = to ?? range.to;
          if (to !== null) expect(rungs[i + 1]?.from).toBe(to + 1);
          if (i > 0) expect(index).not.toBe(rungs[i - 1]?.index);
          for (let v = from; v <= end; v++) {
            if (alternates.some((of) => of.from <= v && v <= of.to)) continue;
            expect(index, `at ${v}`).toBe(cheapest(curves, v));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('with a small budget is right outside its alternates, and no dearer than its rungs say inside', () => {
    fc.assert(
      fc.property(ladder, fc.integer({ min: 50, max: 600 }), ({ curves, range }, few) => {
        const { rungs, alternates } = envelope(curves, range, few);
        for (const { from, to, index } of rungs) {
          for (let v = from; v <= (to ?? range.to); v++) {
            if (alternates.some((of) => of.from <= v && v <= of.to)) continue;
            expect(index, `at ${v}`).toBe(cheapest(curves, v));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  const line = (fixed: number, perUnit: number): CostCurve => ({ fixed, perUnit, terms: [] });
  const range = { from: 1, to: 1_000_000_000 };

  test('by hand: three lines, up to a billion requests a day, in a few evaluations', () => {
    const curves = [line(0, 3), line(100, 1), line(10_000, 0)].map((curve) => ({ curve }));
    const { rungs, alternates, evaluations } = envelope(curves, range, 20_000);
    // 3 v <= 100 + v up to 50, 100 + v <= 10,000 up to 9900.
    expect(rungs).toEqual([
      { from: 1, to: 50, index: 0 },
      { from: 51, to: 9900, index: 1 },
      { from: 9901, to: null, index: 2 },
    ]);
    expect(alternates).toEqual([]);
    expect(evaluations).toBeLessThan(100);
  });

  test('where nothing is on offer the rung has no index', () => {
    const curves = [
      { curve: line(0, 1), from: 10, to: 20 },
      { curve: line(5, 0.1), from: 15, to: 30 },
      { curve: line(0, 0), from: 2_000_000_000, to: null },
    ];
    expect(envelope(curves, range, 20_000).rungs).toEqual([
      { from: 1, to: 9, index: null },
      { from: 10, to: 14, index: 0 },
      { from: 15, to: 30, index: 1 },
      { from: 31, to: null, index: null },
    ]);
    expect(envelope([], range, 20_000).rungs).toEqual([{ from: 1, to: null, index: null }]);
  });

  test('a tie is the first one’s', () => {
    const curves = [{ curve: line(1, 1), to: 5 }, { curve: line(1, 1) }, { curve: line(1, 1) }];
    expect(envelope(curves, range, 20_000).rungs).toEqual([
      { from: 1, to: 5, index: 0 },
      { from: 6, to: null, index: 1 },
    ]);
  });
});
