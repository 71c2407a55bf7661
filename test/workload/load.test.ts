import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAbove, durationCurve, growthOf, highestOf, overMonths } from '../../src/workload/load.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

const hour = fc.double({ min: 0, max: 10, noNaN: true });
const hours = fc.array(hour, { minLength: 1, maxLength: 168 }).map((list) => Float64Array.from(list));

test('a duration curve keeps every hour, descending, and its sums are those of the hours', () => {
  fc.assert(
    fc.property(hours, (given) => {
      const { multiple, weight, weightUpTo, energyUpTo } = durationCurve(given, 730);
      expect([...multiple]).toEqual([...given].sort((a, b) => b - a));
      expect(weight.reduce((sum, x) => sum + x, 0)).toBeCloseTo(730, 8);
      let [time, energy] = [0, 0];
      for (let i = 0; i < given.length; i++) {
        expect(weightUpTo[i]).toBeCloseTo(time, 8);
        expect(energyUpTo[i]).toBeCloseTo(energy, 6);
        time += 730 / given.length;
        energy += ([...given].sort((a, b) => b - a)[i] as number) * (730 / given.length);
      }
      expect(weightUpTo[given.length]).toBeCloseTo(730, 8);
      expect(energyUpTo[given.length]).toBeCloseTo(energy, 6);
    }),
  );
});

test('with a lag an hour before a higher one is two entries, and all of them still make up the month', () => {
  fc.assert(
    fc.property(hours, fc.double({ min: 0, max: 1, noNaN: true }), (given, lag) => {
      const { multiple, weight, weightUpTo, energyUpTo } = durationCurve(given, 730, lag);
      expect([...multiple]).toEqual([...multiple].sort((a, b) => b - a));
      expect(weightUpTo.at(-1)).toBeCloseTo(730, 8);
      expect(weight.reduce((sum, x) => sum + x, 0)).toBeCloseTo(730, 8);
      const held = given.reduce((sum, x, i) => {
        const next = given[(i + 1) % given.length] as number;
        return sum + (1 - lag) * x + lag * Math.max(x, next);
      }, 0);
      expect(energyUpTo.at(-1)).toBeCloseTo((held * 730) / given.length, 6);
      expect(multiple[0]).toBe(highestOf(given));
    }),
  );
});

test('1, 4, 2 with a lag of a quarter: of the hours before a higher one a quarter holds the next', () => {
  const { multiple, weight } = durationCurve(Float64Array.of(1, 4, 2), 12, 0.25);
  expect([...multiple]).toEqual([4, 4, 2, 1]);
  // An hour of each in three is 4 hours of a month of 12; the first gives 1 of them away.
  expect([...weight].sort()).toEqual([1, 3, 4, 4]);
});

test('the curve of 1, 4, 1 has its highest hour first', () => {
  expect([...durationCurve(Float64Array.of(1, 4, 1), 730).multiple]).toEqual([4, 1, 1]);
});

test('the months of a horizon are one curve: as many hours above any threshold as in the mean of the months', () => {
  const factors = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(hours, factors, hour, (given, growth, threshold) => {
      const load = durationCurve(given, 730);
      const factor = Float64Array.from(growth);
      const whole = overMonths(load, factor);
      expect(overMonths(load, factor)).toBe(whole);
      expect([...whole.multiple]).toEqual([...whole.multiple].sort((a, b) => b - a));
      const each = growth.flatMap((x) => [...given].map((y) => x * y));
      const above = each.filter((x) => x > threshold);
      const entries = countAbove(whole, threshold);
      expect(whole.weightUpTo[entries]).toBeCloseTo((730 * above.length) / each.length, 8);
      const energy = (730 * above.reduce((sum, x) => sum + x, 0)) / each.length;
      expect(whole.energyUpTo[entries]).toBeCloseTo(energy, 6);
    }),
  );
  const [flat, twice] = [durationCurve(Float64Array.of(2, 1), 730), Float64Array.of(1, 2)];
  expect([...overMonths(flat, twice).multiple].slice(0, 1)).toEqual([4]);
  expect([...overMonths(flat, twice).weight]).toEqual([182.5, 365, 182.5]);
  expect(overMonths(flat, Float64Array.of(1))).toBe(flat);
});

test.each([
  { growth: 0, months: 24, factors: [1], why: 'without growth one month stands for all' },
  { growth: 0.5, months: 3, factors: [1, 1.5, 2.25], why: 'half as much again every month' },
  { growth: -0.5, months: 3, factors: [1, 0.5, 0.25], why: 'half of it every month' },
])('$why: $factors', ({ growth, months, factors }) => {
  expect([...growthOf(growth, months)]).toEqual(factors);
});

test('every shipped profile is a week with mean 1', async () => {
  for (const { profile, multipliers } of (await shippedTables()).profiles) {
    expect(multipliers, profile).toHaveLength(168);
    expect(multipliers.reduce((sum, x) => sum + x, 0) / 168, profile).toBeCloseTo(1, 3);
    expect(Math.min(...multipliers), profile).toBeGreaterThanOrEqual(0);
  }
});

const written = (profile: unknown, more: object = {}) => ({
  workload: { volume: '1000 requests/day', profile, ...more },
  tasks: [{ name: 'only', type: 'summarization' }],
});

test('hours of a day are scaled to mean 1 and repeat for a week', async () => {
  const day = Array.from({ length: 24 }, (_, h) => (h < 12 ? 1 : 3));
  const { workload } = await caseOf(written(day));
  const hours = workload.taskParts[0]?.hours ?? [];
  expect(hours).toHaveLength(168);
  for (const h of [0, 11, 24, 155]) expect(hours[h]).toBeCloseTo(0.5, 12);
  for (const h of [12, 23, 36, 167]) expect(hours[h]).toBeCloseTo(1.5, 12);
});

test.each([1, 1.5, 2.8, 6, 20, 60])(
  'a ratio of peak to mean of %d gives just that, with mean 1',
  async (peakToMean) => {
    const hours = (await caseOf(written({ peakToMean }))).workload.taskParts[0]?.hours ?? new Float64Array();
    expect(Math.max(...hours)).toBeCloseTo(peakToMean, 6);
    expect(hours.reduce((sum, x) => sum + x, 0) / hours.length).toBeCloseTo(1, 9);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(0);
  },
);

test('work that may wait is spread over its deadline, batch tariffs start at a day', async () => {
  const { workload } = await caseOf({
    workload: { volume: '1000 requests/day', profile: { peakToMean: 3 } },
    tasks: [
      { name: 'now', type: 'summarization' },
      { name: 'soon', type: 'summarization', volume: '10 requests/day', deadline: '30 min' },
      { name: 'hours', type: 'summarization', volume: '10 requests/day', deadline: '8h' },
      { name: 'night', type: 'summarization', volume: '10 requests/day', deadline: '24h' },
    ],
  });
  const [now, soon, hours, night] = workload.taskParts.map((taskPart) => taskPart.hours);
  expect(highestOf(now as Float64Array)).toBeCloseTo(3, 6);
  // The same object: fleets of both take the short way.
  expect(soon).toBe(now);
  expect(highestOf(hours as Float64Array)).toBeGreaterThan(1);
  expect(highestOf(hours as Float64Array)).toBeLessThan(2);
  // The wave repeats every day, so that a day makes it flat.
  expect(highestOf(night as Float64Array)).toBeCloseTo(1, 9);
  expect(workload.taskParts.map(({ batchable }) => batchable)).toEqual([false, false, false, true]);
  expect(workload.taskParts.map(({ waits }) => waits?.deadlineHours ?? null)).toEqual([null, null, 8, 24]);
});
