import { expect, test } from 'vitest';
import { commitmentFactor } from '../../src/cost/rented.js';
import { endpoints } from '../../src/places/managed-hosting.js';
import { rentedUnits } from '../../src/places/rented.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const flat = (volume: string, workload: object = {}, task: object = {}): Written => ({
  workload: { volume, profile: 'flat', ...workload },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200 }, ...task }],
});

test.each([
  { term: 0, months: 12, factor: 1, why: 'nothing is committed' },
  { term: 12, months: 12, factor: 1, why: 'just used up' },
  { term: 12, months: 6, factor: 2, why: 'half used' },
  { term: 12, months: 18, factor: 24 / 18, why: 'renewed once' },
  { term: 36, months: 12, factor: 3, why: 'a third used' },
  { term: 36, months: 60, factor: 72 / 60, why: 'renewed once' },
])('$term months paid for $months: x $factor ($why)', ({ term, months, factor }) => {
  expect(commitmentFactor(term, months)).toBeCloseTo(factor, 12);
});

const mixed: Written = {
  workload: { volume: '20M requests/day', growth: '4% per month' },
  tasks: [
    { name: 'faq', type: 'faq-chat', share: '90%' },
    { name: 'hard', type: 'complex-reasoning', share: '10%' },
  ],
};
test.each<{ name: string; written: Written }>([
  { name: 'an API', written: flat('24k requests/day') },
  { name: 'a fleet', written: { ...flat('100M requests/day'), data: { boundary: 'own-account' } } },
  { name: 'two tasks under growth', written: mixed },
])('$name: parts sum to the total, for the plan and for every option listed', async ({ written }) => {
  const { recommendation, options } = await decide(written, { point: true });
  const sum = (parts: readonly { monthly: number; upfront: number }[]) => ({
    monthly: parts.reduce((total, { monthly }) => total + monthly, 0),
    upfront: parts.reduce((total, { upfront }) => total + upfront, 0),
  });
  expect(sum(recommendation.costParts).monthly / (recommendation.monthlyCost ?? 0)).toBeCloseTo(1, 9);
  expect(sum(recommendation.costParts).upfront).toBeCloseTo(recommendation.upfrontCost ?? -1, 4);
  for (const { id, costParts, monthlyCost, upfrontCost } of options) {
    if (monthlyCost === null || upfrontCost === null) continue;
    expect(sum(costParts).monthly / monthlyCost, id).toBeCloseTo(1, 9);
    expect(sum(costParts).upfront, id).toBeCloseTo(upfrontCost, 4);
  }
  const shares = recommendation.assignments.reduce((total, { share }) => total + share, 0);
  expect(shares).toBeCloseTo(1, 9);
});

test('an id names one option: no two machines share provider, instance, region and purchase', async () => {
  const seen = new Map<string, number>();
  const context = await caseOf(flat('1000 requests/day'));
  for (const { offers } of [...rentedUnits(context, true), ...endpoints(context)]) {
    for (const { provider, region, instance, purchase } of offers) {
      const key = [provider, instance, region, purchase].join('/');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  expect([...seen].filter(([, count]) => count > 1).map(([key]) => key)).toEqual([]);
});
