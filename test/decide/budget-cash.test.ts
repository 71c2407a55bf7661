import { expect, test } from 'vitest';
import { decide, type Written } from '../support/scenario.js';

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
