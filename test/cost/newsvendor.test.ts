import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capacityToOwn, hourlyQuantile, overflowShare, uniformQuantile } from '../../src/cost/reserved-size.js';
import { shippedTables } from '../support/load.js';

/** Multiples of the mean to own, and the share of tokens above, at own cost / overflow price. */
const anchors = [
  ['business-hours', 0.2, 2.03, 0.085],
  ['business-hours', 0.3, 1.13, 0.309],
  ['business-hours', 0.5, 0.62, 0.503],
  ['follow-the-sun', 0.2, 1.27, 0.024],
  ['follow-the-sun', 0.3, 1.19, 0.043],
  ['follow-the-sun', 0.5, 1.03, 0.107],
] as const;

test.each(anchors)('%s at a ratio of %d: own %d of the mean, %d overflows', async (name, ratio, capacity, share) => {
  const row = (await shippedTables()).profiles.find(({ profile }) => profile === name);
  const hours = row?.multipliers ?? new Float64Array();
  const own = capacityToOwn(hourlyQuantile(hours), ratio, 1);
  expect(own).toBeCloseTo(capacity, 1);
  expect(Math.abs(overflowShare(hours, own) - share)).toBeLessThan(0.02);
});

test('no other capacity is cheaper, hour by hour', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (workload, ownUsd, overflowUsd) => {
        const hours = Float64Array.from(workload);
        const cost = (capacity: number) =>
          hours.reduce((sum, d) => sum + ownUsd * capacity + overflowUsd * Math.max(0, d - capacity), 0);
        const found = cost(capacityToOwn(hourlyQuantile(hours), ownUsd, overflowUsd));
        for (let capacity = 0; capacity <= 12; capacity++) expect(found).toBeLessThanOrEqual(cost(capacity) + 1e-9);
      },
    ),
  );
});

test('uniform from 20 to 60, own 1 against 4: 50; nothing where overflow is not dearer', () => {
  expect(capacityToOwn(uniformQuantile(20, 60), 1, 4)).toBe(50);
  expect([capacityToOwn(uniformQuantile(20, 60), 4, 4), capacityToOwn(uniformQuantile(20, 60), 5, 4)]).toEqual([0, 0]);
  expect(capacityToOwn(uniformQuantile(20, 60), 1, 0)).toBe(0);
});
