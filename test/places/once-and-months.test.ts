import { expect, test } from 'vitest';
import { ratesOf } from '../../src/cost/fleet-bill.js';
import { numbers } from '../../src/formula/traced.js';
import { rentedMarket } from '../../src/places/rented.js';
import { committedCase } from '../support/committed.js';

test('machines of a month cost what they cost, whatever job of a month was priced before', async () => {
  const context = await committedCase('support-chatbot');
  const month = { ...context, workload: { ...context.workload, months: 1, growth: Float64Array.of(1), peakGrowth: 1 } };
  const job = { ...month, workload: { ...month.workload, once: true } };
  const [unit] = rentedMarket.units(context, false);
  const [offer] = unit?.offers ?? [];
  if (unit === undefined || offer === undefined) throw new Error('nothing is rented out');
  const fixedIn = (one: typeof month) => ratesOf(rentedMarket.costs({ offer, unit, diskGb: 0 }, one, numbers)).fixed;
  // A list of requests has nothing that stands before the machines.
  expect(fixedIn(job)).toBe(0);
  expect(fixedIn(month)).toBeGreaterThan(0);
  expect(fixedIn(job)).toBe(0);
});
