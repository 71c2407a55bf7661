import { describe, expect, test } from 'vitest';
import { cumulativeOf } from '../../src/analyses/break-even/crossings.js';
import { monthlyPlans, monthsOf, monthUsd } from '../../src/decide/months.js';
import { linesOf, type Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { billsOf, oneOffsOf, timelineOf, todaysBills } from '../../src/decide/timeline.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { monthAfter } from '../../src/units/month.js';
import { caseOf, namedPlan, tablesWith, type Written } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/** Months of plans on two models whose prices a test sets. */

const { tables } = await oppositePrices();

const faq = (workload: object = {}, more: Partial<Written> = {}, known = tables): Promise<Context> =>
  caseOf(
    {
      workload: { volume: 1000, horizon: '12 months', ...workload },
      tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
      ...more,
    },
    known,
  );
const api = `cloud-api/${closed}`;
/** USD a month of 1,000 requests a day: 1,000 tokens at 1 and 500 at 10, one call in 100 made again. */
const usd = ((1000 * 730) / 24) * (6000 / 1e6) * 1.01;
const looked = (context: Context) => monthlyPlans(namedPlan(api, context), context).map(({ month }) => month);

/** The price ends with a month of the horizon (0 = first), and is twice as much from then on. */
async function dearer(after: number): Promise<Tables> {
  const { workload } = await faq();
  const until = `${monthAfter(workload.firstMonth, after)}-28`;
  const api = tables.api.map((row) => ({
    ...row,
    until,
    nextInputUsdPerMTok: 2 * row.inputUsdPerMTok,
    nextOutputUsdPerMTok: 2 * row.outputUsdPerMTok,
  }));
  return tablesWith(tables, { api });
}

describe('months among which the dearest is', () => {
  test('the first where all are alike, the last too where volume moves, all where prices decline', async () => {
    expect(looked(await faq())).toEqual([0]);
    expect(looked(await faq({ growth: '5% per month' }))).toEqual([0, 11]);
    expect(looked(await faq({ growth: '5% per month', horizon: '30 months' }))).toEqual([0, 29]);
    expect(looked(await faq({}, { assumptions: { priceDeclinePerYear: 0.1 } }))).toEqual(
      Array.from({ length: 12 }, (_, month) => month),
    );
  });

  test.each([
    [3, [0, 3, 4, 11]],
    [0, [0, 1, 11]],
    [11, [0, 11]],
    [12, [0]],
    [-1, [0]],
  ])('around a price that ends with month %d: %j', async (after, months) => {
    expect(looked(await faq({}, {}, await dearer(after)))).toEqual(months);
  });

  test('what the first, the dearest and each of them cost', async () => {
    const context = await faq({}, {}, await dearer(3));
    const plan = namedPlan(api, context);
    expect(monthsOf(plan, context)).toEqual({
      firstUsd: expect.closeTo(usd, 6),
      peakUsd: expect.closeTo(2 * usd, 6),
      peakCashUsd: expect.closeTo(2 * usd, 6),
    });
    expect([0, 3, 4, 11].map((month) => monthUsd(plan, context, month) / usd)).toEqual(
      [1, 1, 2, 2].map((times) => expect.closeTo(times, 9)),
    );
    expect(billsOf(plan, context).map((bill) => Math.round(bill / usd))).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(plan.monthlyUsd / usd).toBeCloseTo((4 * 1 + 8 * 2) / 12, 9);
    // A falling volume makes the first month the dearest.
    const falling = await faq({ growth: '-10% per month' });
    const { firstUsd, peakUsd } = monthsOf(namedPlan(api, falling), falling);
    expect([firstUsd / usd, peakUsd / usd]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  });
});

describe('today’s way, month by month', () => {
  const today = (bill: number | null, option = api) => ({ today: { option, ...(bill !== null && { bill }) } });

  test('its bill moves as its own price does', async () => {
    const context = await faq({}, today(500), await dearer(3));
    expect(todaysBills(context)?.map((one) => Number((one / 500).toFixed(9)))).toEqual([
      1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
    ]);
  });

  test('of an option that nobody knows as the volume does', async () => {
    const context = await faq({ growth: '10% per month', horizon: '3 months' }, today(100, 'cloud-api/openai/gpt-0'));
    expect(todaysBills(context)).toEqual([100, 110, 121].map((one) => expect.closeTo(one, 9)));
    const flat = await faq({ horizon: '3 months' }, today(100, 'cloud-api/openai/gpt-0'));
    expect(todaysBills(flat)).toEqual([100, 100, 100]);
  });

  test('none without a bill, or without a today', async () => {
    expect(todaysBills(await faq())).toBeNull();
    expect(todaysBills(await faq({}, today(null)))).toBeNull();
  });
});

test('the timeline: what is paid adds up, and from which month on today’s way has cost more', async () => {
  const context = await faq(
    { horizon: '3 months' },
    { today: { option: `open-model-api/${open}`, bill: 250 } },
    await dearer(1),
  );
  const plan = namedPlan(api, context);
  const { rows, oneOffs, breakEvenMonth, netPresentUsd } = timelineOf(plan, context);
  const upfront = plan.upfrontUsd;
  expect(oneOffs).toEqual({ upfrontUsd: upfront, renewalUsd: new Map(), exitUsd: 0, resaleUsd: 0, capitalUsd: 0 });
  const first = context.workload.firstMonth;
  expect(rows.map(({ month, date, requestsPerDay }) => [month, date, requestsPerDay])).toEqual([
    [0, first, 1000],
    [1, first, 1000],
    [2, monthAfter(first, 1), 1000],
    [3, monthAfter(first, 2), 1000],
  ]);
  const close = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
  expect(rows.map(({ paid }) => paid)).toEqual(close([upfront, usd, usd, 2 * usd]));
  expect(rows.map(({ cumulative }) => cumulative)).toEqual(
    close([upfront, upfront + usd, upfront + 2 * usd, upfront + 4 * usd]),
  );
  const people = billsOf(namedPlan(`open-model-api/${open}`, context), context)[0] as number;
  expect(people).toBeGreaterThan(0);
  const now = todaysBills(context) as number[];
  expect(rows.map(({ today }) => today)).toEqual(close([0, ...now]));
  expect(rows.map(({ cumulativeToday }) => cumulativeToday)).toEqual(
    close([0, now[0] as number, (now[0] as number) * 2, (now[0] as number) * 2 + (now[2] as number)]),
  );
  const overtaken = rows.find(
    ({ month, cumulative, cumulativeToday }) => month > 0 && cumulative <= (cumulativeToday ?? 0),
  );
  expect(breakEvenMonth).toBe(overtaken?.month);
  const rate = (1 + context.workload.assume('costOfCapital')) ** (1 / 12) - 1;
  const value = rows.reduce((sum, { month, paid, today }) => sum + ((today ?? 0) - paid) / (1 + rate) ** month, 0);
  expect(netPresentUsd).toBeCloseTo(value, 9);
});

test('one-offs: cash before the start and at the end, what hardware fetches, and what money in it would have earned', async () => {
  const { workload } = await faq();
  const line = (more: object) => ({ curve: { fixed: 10, perUnit: 0, terms: [] }, upfront: 0, ...more });
  const plan = (...lines: object[]) => ({ deployments: [], shared: lines }) as unknown as Plan;
  const context = { workload } as Context;
  const none = { upfrontUsd: 0, renewalUsd: new Map(), exitUsd: 0, resaleUsd: 0, capitalUsd: 0 };
  // 10 a month for 12 months.
  expect(oneOffsOf(plan(line({})), context)).toEqual(none);
  expect(oneOffsOf(plan(line({ once: true })), context)).toEqual({ ...none, capitalUsd: 120 });
  expect(oneOffsOf(plan(line({ once: true, upfront: 120 })), context)).toEqual({ ...none, upfrontUsd: 120 });
  expect(oneOffsOf(plan(line({ once: true, upfront: 200 })), context)).toEqual({
    ...none,
    upfrontUsd: 200,
    resaleUsd: 80,
  });
  expect(oneOffsOf(plan(line({ once: true, upfront: 50, atEnd: true })), context)).toEqual({ ...none, exitUsd: 50 });
  // Two of each add up; what is left of rounding is no resale.
  const dust = line({ once: true, upfront: 120 + 1e-9 });
  expect(
    oneOffsOf(plan(dust, line({ once: true, upfront: 200 }), line({ once: true, upfront: 150 })), context),
  ).toEqual({
    ...none,
    upfrontUsd: expect.closeTo(470, 6),
    resaleUsd: 110,
  });
  expect(
    oneOffsOf(
      plan(line({ once: true, upfront: 50, atEnd: true }), line({ once: true, upfront: 7, atEnd: true })),
      context,
    ),
  ).toEqual({
    ...none,
    exitUsd: 57,
  });
});

test('machines worn out within the horizon are bought again in that month, and only the last ones are sold', async () => {
  const written = (horizon: string): Written => ({
    workload: { volume: '100k', horizon },
    tasks: [{ name: 'faq', type: 'faq-chat' }],
    preferences: { only: ['on-prem'] },
  });
  const lifeMonths = 48;
  for (const [months, paidAgain] of [
    [48, []],
    [60, [48]],
    [100, [48, 96]],
  ] as const) {
    const context = await caseOf(written(`${months} months`));
    expect(context.workload.assume('depreciationYearsGpu') * 12).toBe(lifeMonths);
    const plan = choose(context).advised as Plan;
    const bought = linesOf(plan).find(({ part }) => part === 'capital.purchase')?.upfront ?? 0;
    const { rows, oneOffs } = timelineOf(plan, context);
    const { upfrontUsd, renewalUsd, exitUsd, resaleUsd, capitalUsd } = oneOffs;
    expect(bought).toBeGreaterThan(0);
    expect([...renewalUsd]).toEqual(paidAgain.map((month) => [month, bought]));
    // Of the price of the machine alone, network and installation not, what is left after the last one's months.
    expect(resaleUsd).toBeGreaterThan(0);
    expect(resaleUsd).toBeLessThan(bought);
    const bills = billsOf(plan, context);
    for (const month of paidAgain) expect(rows[month]?.paid).toBeCloseTo((bills[month - 1] as number) + bought, 6);
    // What break-even over months adds up is the same, what leaving takes and fetches included.
    const sums = cumulativeOf(plan, context) ?? [];
    expect(sums).toHaveLength(rows.length);
    for (const { month, cumulative } of rows) expect(sums[month]).toBeCloseTo(cumulative, 4);
    expect((sums.at(-1) as number) + capitalUsd).toBeCloseTo(plan.monthlyUsd * months, 3);
    const paid = bills.reduce((sum, usd) => sum + usd, upfrontUsd + bought * paidAgain.length);
    expect(paid + exitUsd - resaleUsd + capitalUsd).toBeCloseTo(plan.monthlyUsd * months, 3);
  }
});
