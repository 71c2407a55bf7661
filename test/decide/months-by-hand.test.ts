import { expect, test } from 'vitest';
import { cumulativeOf } from '../../src/analyses/break-even/crossings.js';
import { linesOf, type Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { billsOf, oneOffsOf, timelineOf } from '../../src/decide/timeline.js';
import type { Context } from '../../src/places/placement.js';
import { caseOf, type Written } from '../support/scenario.js';

test('one-offs: cash before the start and at the end, what hardware fetches, and what money in it would have earned', async () => {
  const { workload } = await caseOf({
    workload: { volume: 1000, horizon: '12 months' },
    tasks: [{ type: 'faq-chat' }],
  });
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
