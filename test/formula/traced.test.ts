import { expect, test } from 'vitest';
import { onVolumeAxis } from '../../src/cost/curve.js';
import type { Fleet, FollowingFleet } from '../../src/cost/fleet.js';
import {
  difference,
  given,
  largest,
  predicted,
  product,
  quotient,
  refined,
  roundedUp,
  smallest,
  sourcesOf,
  sum,
  sumOf,
  type Traced,
} from '../../src/formula/traced.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';
import { recomputed } from '../support/recomputed.js';

const row = (index: number) => ({ table: 'rental' as const, row: index });
const rent = given('rent', 6, 'USD/hour', row(1));
/** The same rent, told part by part. */
const told = product('rent of a machine', 'USD/hour', given('card', 2, 'USD/hour', row(1)), given('cards', 3, 'cards'));
const labels = (traced: Traced): string[] => [traced.label, ...traced.parts.flatMap(labels)];

test('arithmetic of parts; a prediction counts as a leaf', () => {
  const [a, b, c] = [given('a', 12, 'x'), given('b', 3, 'x'), given('c', 2, 'x')];
  const of = [sum, product, difference, quotient, largest, smallest].map((how) => how('', 'x', a, b, c).value);
  expect(of).toEqual([17, 72, 7, 2, 12, 2]);
  expect(roundedUp('', 'x', given('', 2.1, 'x')).value).toBe(3);
  // A rounding error is no further unit.
  expect(roundedUp('', 'x', given('', 2 + 1e-10, 'x')).value).toBe(2);
  const guess = predicted('guess', 5, 'x', 'as we think', [a, b], row(4));
  expect(recomputed(sum('', 'x', guess, b))).toBe(8);
  expect(sourcesOf(sum('', 'x', guess, rent, rent))).toEqual([row(4), row(1)]);
});

test('a sum of one part is that part', () => {
  expect(sumOf('all', 'USD/hour', [rent])).toBe(rent);
  expect(sumOf('all', 'USD/hour', [rent, rent])).toMatchObject({ label: 'all', value: 12, how: 'sum' });
});

test('a leaf is told part by part wherever it stands, under its own name', () => {
  const hours = given('hours', 730, 'hours');
  const bill = sum('bill', 'USD', product('machines', 'USD', rent, hours), product('spares', 'USD', rent, hours));
  const whole = refined(bill, told);
  expect(labels(whole)).toEqual([
    'bill',
    ...['machines', 'spares'].flatMap((l) => [l, 'rent', 'card', 'cards', 'hours']),
  ]);
  expect(recomputed(whole)).toBe(bill.value);
  expect(refined(rent, told)).toEqual({ ...told, label: 'rent' });
});

test('not where value, unit or row is another, or where it is told already', () => {
  const others = [
    given('rent', 7, 'USD/hour', row(1)),
    given('rent', 6, 'USD/month', row(1)),
    given('rent', 6, 'USD/hour', row(2)),
    given('rent', 6, 'USD/hour', row(1), row(2)),
    predicted('rent', 6, 'USD/hour', 'as we think', [], row(1)),
  ];
  for (const other of others) expect(refined(other, told)).toBe(other);
  // A leaf without a row may be told.
  expect(refined(given('rent', 6, 'USD/hour'), told).parts).toHaveLength(2);
});

test('a fleet is no curve of a slice alone', () => {
  const taskPart = { scales: true, requestsPerDay: 10 } as TaskPart;
  const fleet = { is: 'replicas', usd: 1 } as FollowingFleet & Fleet;
  const curve = { fixed: 0, perUnit: 0, terms: [fleet] };
  expect(() => onVolumeAxis(curve, taskPart, { requestsPerDay: 100 } as Workload)).toThrow('built on the volume axis');
});
