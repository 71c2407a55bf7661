import { expect, test } from 'vitest';
import { choose } from '../../src/decide/several-choice.js';
import { soldOnly } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

/** A monthly budget is cash: bought machines count by what they cost a month, unless one-offs have a limit of their own. */

const written = (budget: object): Written => ({
  workload: { volume: '3M requests/day', profile: 'flat' },
  tasks: [{ name: 'chat', type: 'faq-chat', capability: { minIndex: 60 } }],
  data: { sensitivity: 'internal', boundary: 'own-premises' },
  team: { devops: 0, mlInfra: 0, mayHire: true },
  budget,
});

test('what a bought machine costs a month is cash of every month', async () => {
  const { recommendation } = await decide(written({ monthly: '1M' }), { point: true });
  const { costParts, peakMonthCash, peakMonthCost } = recommendation;
  const capital = costParts
    .filter(({ part }) => part.startsWith('capital.'))
    .reduce((sum, { monthly }) => sum + monthly, 0);
  expect(capital).toBeGreaterThan(100);
  // The load is flat and nobody is free: every month is alike, and all people are paid extra.
  expect(peakMonthCash ?? 0).toBeCloseTo((peakMonthCost ?? 0) + capital, 4);
  const apart = (await decide(written({ monthly: '1M', upfront: '10M' }), { point: true })).recommendation;
  expect(apart.plan).toBe(recommendation.plan);
  expect((peakMonthCash ?? 0) - (apart.peakMonthCash ?? 0)).toBeCloseTo(capital, 4);
});

test('a reservation that is cheaper, but dearer up front, does not hide the one that the budget allows', async () => {
  const tables = await shippedTables();
  const [machine] = tables.rental.filter(
    ({ provider, instanceType }) => provider === 'aws' && instanceType === 'g6.xlarge',
  );
  if (machine === undefined) throw new Error('no g6.xlarge');
  // 36 months of 0.30 for 24 months of use are 0.45 an hour, below 0.5239, with 12 months to pay up front.
  const rental = [{ ...machine, reserved1yUsdPerHour: 0.5239, reserved3yUsdPerHour: 0.3 }];
  const advised = async (upfront: number) => {
    const workload = { volume: '1000 requests/day', horizon: '24 months' };
    const context = await caseOf(
      { workload, tasks: [{ name: 'faq', type: 'faq-chat' }], budget: { upfront } },
      tablesWith(tables, { api: [], hosting: [], accelerators: soldOnly(tables.accelerators, []), rental }),
    );
    return choose(context).cheapest;
  };
  expect((await advised(1e6))?.id).toMatch(/reserved-3y$/);
  // The 12 months of two machines are 5,256; wages of setting up are no cash up front.
  expect((await advised(5300))?.id).toMatch(/reserved-3y$/);
  expect((await advised(5200))?.id).toMatch(/reserved-1y$/);
});

test('the free time of a team that watches a second provider is no cash', async () => {
  const advised = async (budget: object) =>
    (
      await decide(
        {
          workload: { volume: '50k requests/day' },
          tasks: [
            { name: 'faq', type: 'faq-chat', capability: { atLeast: 'claude-haiku-4-5' }, availability: '99.95%' },
          ],
          team: { devops: 1, mlInfra: 0, mayHire: false },
          preferences: { objective: 'cost' },
          ...budget,
        },
        { point: true },
      )
    ).recommendation;
  const free = await advised({});
  expect(free.plan).toContain('faq.standby=');
  const [cost, cash] = [free.monthlyCost, free.peakMonthCash].map((usd) => usd ?? 0) as [number, number];
  expect(cost - cash).toBeGreaterThan(100);
  expect((await advised({ budget: { monthly: Math.ceil(cash) } })).plan).toBe(free.plan);
  expect((await advised({ budget: { monthly: Math.floor(cash) } })).plan).not.toBe(free.plan);
});
