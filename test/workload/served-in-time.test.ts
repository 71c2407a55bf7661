import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Hours, highestOf, meanOf, servedInTime } from '../../src/workload/load.js';
import { shippedTables } from '../support/load.js';

const amount = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 9000 }).map((x) => x / 1000),
);
const week = fc
  .array(amount, { minLength: 1, maxLength: 24 })
  .filter((list) => list.some((x) => x > 0))
  .map((list) => Float64Array.from(list));
const deadline = fc.integer({ min: 0, max: 30 });
const total = (hours: Hours) => hours.reduce((sum, x) => sum + x, 0);

/** Work up to a time, in a week that repeats. */
function upTo(hours: Hours): (time: number) => number {
  const sums = [0];
  for (const x of hours) sums.push((sums.at(-1) as number) + x);
  return (time) => {
    const cycle = Math.floor(time / hours.length);
    const within = time - cycle * hours.length;
    const hour = Math.min(hours.length - 1, Math.floor(within));
    return cycle * total(hours) + (sums[hour] as number) + (within - hour) * (hours[hour] as number);
  };
}

/** Oldest work at any time, in hours, first come first served, found by walking through the week in eighths of an hour. */
function keeps(arrivals: Hours, served: Hours, deadlineHours: number): { causal: boolean; inTime: boolean } {
  const [arrived, done] = [upTo(arrivals), upTo(served)];
  const times = Array.from({ length: arrivals.length * 8 + 1 }, (_, i) => i / 8);
  // The least work that must lie there at the start, so that nothing is done before it arrives.
  const waiting = times.reduce((most, t) => Math.max(most, done(t) - arrived(t)), 0);
  const room = 1e-9 * total(arrivals);
  return {
    causal: times.every((t) => done(t) - waiting <= arrived(t) + room),
    inTime: times.every((t) => done(t) - waiting >= arrived(t - deadlineHours) - room),
  };
}

describe('work that may wait', () => {
  test('by hand: 6 in one hour of four may be done as 2 an hour when it may wait two hours', () => {
    // 6 within 1 hour must be done within 1 + 2 hours: 2 an hour, above the mean of 1.5.
    expect([...servedInTime(Float64Array.of(0, 6, 0, 0), 2)]).toEqual([0, 2, 2, 2]);
    // Within 1 + 1 hours: 3 an hour.
    expect([...servedInTime(Float64Array.of(0, 6, 0, 0), 1)]).toEqual([0, 3, 3, 0]);
    // Two hours of 4 within 2 + 1 hours: 8/3; what is left of the second hour waits for the third.
    const [a, b, c, d] = servedInTime(Float64Array.of(4, 4, 0, 0), 1);
    for (const x of [a, b, c]) expect(x).toBeCloseTo(8 / 3, 12);
    expect(d).toBeCloseTo(0, 12);
    // A wait over midnight: the last hour's work is done in the first hours of the next cycle.
    expect([...servedInTime(Float64Array.of(0, 0, 0, 6), 2)]).toEqual([2, 2, 0, 2]);
  });

  test('a wait of nothing, or of part of an hour, changes nothing', () => {
    fc.assert(
      fc.property(week, fc.constantFrom(0, 0.4, 0.99), (arrivals, wait) => {
        expect(servedInTime(arrivals, wait)).toBe(arrivals);
      }),
    );
  });

  test('parts of an hour do not count', () => {
    const arrivals = Float64Array.of(1, 7, 2, 0, 3, 1);
    expect(servedInTime(arrivals, 2.9)).toBe(servedInTime(arrivals, 2));
  });

  test('a wait of the whole week makes it flat', () => {
    fc.assert(
      fc.property(week, fc.integer({ min: 0, max: 9 }), (arrivals, more) => {
        const hours = servedInTime(arrivals, arrivals.length + more);
        for (const x of hours) expect(x).toBeCloseTo(meanOf(arrivals), 9);
      }),
    );
  });

  test('nothing is lost, nothing is done before it arrives, and nothing waits longer than it may', () => {
    fc.assert(
      fc.property(week, deadline, (arrivals, wait) => {
        const hours = servedInTime(arrivals, wait);
        expect(Math.abs(total(hours) - total(arrivals))).toBeLessThanOrEqual(1e-9 * total(arrivals));
        expect(keeps(arrivals, hours, wait)).toEqual({ causal: true, inTime: true });
      }),
      { numRuns: 500 },
    );
  });

  test('a longer wait never has a higher peak', () => {
    fc.assert(
      fc.property(week, deadline, deadline, (arrivals, a, b) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
        const peak = highestOf(servedInTime(arrivals, longer));
        expect(peak).toBeLessThanOrEqual(highestOf(servedInTime(arrivals, shorter)) * (1 + 1e-12));
        expect(peak).toBeGreaterThanOrEqual(meanOf(arrivals) * (1 - 1e-12));
      }),
      { numRuns: 500 },
    );
  });

  test('a lower ceiling would break the deadline, or not do the work', () => {
    fc.assert(
      fc.property(week, deadline, (arrivals, wait) => {
        const ceiling = highestOf(servedInTime(arrivals, wait)) * 0.98;
        let [waiting, oldest] = [0, 0];
        for (let hour = 0; hour < 100 * arrivals.length + 3000; hour++) {
          waiting = Math.max(0, waiting + (arrivals[hour % arrivals.length] as number) - ceiling);
          oldest = Math.max(oldest, waiting / ceiling);
        }
        expect(oldest).toBeGreaterThan(wait);
      }),
      { numRuns: 300 },
    );
  });
});

test('a day evens out office hours but for the weekend', async () => {
  const office = (await shippedTables()).profileOf.get('business-hours')?.multipliers ?? new Float64Array();
  const peaks = [0, 1, 8, 24, 72, 168].map((wait) => Number(highestOf(servedInTime(office, wait)).toFixed(2)));
  expect(peaks[0]).toBeCloseTo(3.01, 2);
  // Five weekdays bring all but the weekend's little, and a day more is left to do it: mean x 1.1.
  expect(peaks[3]).toBeCloseTo(1.1, 1);
  expect(peaks.slice(-2)).toEqual([1, 1]);
});
