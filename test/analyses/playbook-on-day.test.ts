import { beforeAll, expect, test } from 'vitest';
import { onDayOf } from '../../src/analyses/playbook/steps.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { asOf, caseOf, tablesWith } from '../support/scenario.js';
import { closed, oppositePrices } from '../support/two-prices.js';

/** What is served and paid on the day of a step: volume from the day of the decision, prices by the calendar. */

let tables: Tables;
beforeAll(async () => {
  ({ tables } = await oppositePrices());
});

const faq = (workload: object = {}, more: object = {}, known = tables, day = asOf): Promise<Context> =>
  caseOf(
    {
      workload: { volume: 1000, horizon: '12 months', ...workload },
      tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
      ...more,
    },
    known,
    day,
  );
const planOn = (context: Context): Plan => {
  const plan = findPlan(`cloud-api/${closed}`, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};
const onDay = (context: Context) => onDayOf(planOn(context), context);
const bill = (day: string, context: Context) => onDay(context).lastBill(day);
/** USD a month of 1,000 requests a day: 1,000 tokens at 1 and 500 at 10, one call in 100 made again. */
const usd = ((1000 * 730) / 24) * (6000 / 1e6) * 1.01;
const near = (value: number, month: number) => ({ usd: expect.closeTo(value, 6), month });

test('requests grow by the months from the decision on, and go on growing after the horizon', async () => {
  const { requestsPerDay } = onDay(await faq({ growth: '10% per month', horizon: '3 months' }));
  const on = (day: string) => Number(requestsPerDay(day).toFixed(6));
  expect(on('2026-11-20')).toBe(1000);
  expect(on('2026-11-30')).toBe(1000);
  expect(on('2026-12-01')).toBe(1100);
  // The third month is the last of the horizon.
  expect(on('2027-01-31')).toBe(1210);
  expect(on('2027-03-15')).toBe(Number((1000 * 1.1 ** 4).toFixed(6)));
  expect(onDay(await faq()).requestsPerDay('2029-01-01')).toBe(1000);
  expect(onDay(await faq({ growth: '-10% per month' })).requestsPerDay('2027-01-05')).toBeCloseTo(810, 6);
});

test('the last whole bill is of the month in which most of the weeks before the day lie', async () => {
  const context = await faq({ growth: '10% per month' });
  // 18 days before: 2027-03-29 and 2027-04-01; the decision lies in 2026-11.
  expect(bill('2027-04-16', context)).toEqual(near(usd * 1.1 ** 4, 5));
  expect(bill('2027-04-19', context)).toEqual(near(usd * 1.1 ** 5, 6));
  // None is of before the decision.
  expect(bill('2026-11-20', context)).toEqual(near(usd, 1));
  expect(bill('2026-11-20', await faq({ growth: '10% per month' }, {}, tables, '2026-11-02'))).toEqual(near(usd, 1));
  // Months after the horizon grow on.
  expect(bill('2027-04-19', await faq({ growth: '10% per month', horizon: '2 months' }))).toEqual(
    near(usd * 1.1 ** 5, 6),
  );
  expect(bill('2027-04-19', await faq())).toEqual(near(usd, 6));
  expect(onDayOf(null, context).lastBill('2027-04-19')).toBeNull();
});

test('prices are those of the calendar month, which counts from the snapshot', async () => {
  const declining = await faq({}, { assumptions: { priceDeclinePerYear: 0.2 } });
  expect(declining.workload.firstMonth).toBe('2026-08');
  // 2027-03 is seven months after the snapshot's.
  expect(bill('2027-04-16', declining)).toEqual(near(usd * 0.8 ** (7 / 12), 5));
  const api = tables.api.map((row) => ({
    ...row,
    until: '2027-03-31',
    nextInputUsdPerMTok: 2 * row.inputUsdPerMTok,
    nextOutputUsdPerMTok: 2 * row.outputUsdPerMTok,
  }));
  const introduced = await faq({ horizon: '3 months' }, {}, tablesWith(tables, { api }));
  expect(bill('2027-04-16', introduced)).toEqual(near(usd, 5));
  expect(bill('2027-04-19', introduced)).toEqual(near(2 * usd, 6));
});
