import { expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { timelineOf } from '../../src/decide/timeline.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

test.each([
  { decline: 0.95, shape: 'single' },
  { decline: 0.3, shape: 'overflow' },
])(
  'what the months come to where volume and prices move: $decline a year advises $shape',
  async ({ decline, shape }) => {
    const written: Written = {
      workload: {
        volume: '10M requests/day',
        profile: 'consumer-chat',
        horizon: '36 months',
        growth: '-5% per month',
      },
      tasks: [{ name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } }],
      data: { boundary: 'under-contract' },
      preferences: { only: ['on-prem', 'cloud-api'], exclude: ['spot'] },
      assumptions: { priceDeclinePerYear: decline },
    };
    const { recommendation } = await decide(written, { point: true });
    expect(recommendation.shape).toBe(shape);
    const context = await caseOf(written);
    const { rows, oneOffs } = timelineOf(findPlan(recommendation.plan ?? '', context) as Plan, context);
    const paid = rows.reduce((sum, month) => sum + month.paid, oneOffs.capitalUsd);
    expect(recommendation.monthlyCost).toBeCloseTo(paid / 36, 2);
  },
);

test('a budget counts the money of both places', async () => {
  const within = async (monthly: number) => {
    const { recommendation } = await decide(
      {
        workload: { volume: '50k requests/day' },
        tasks: [
          { name: 'support', type: 'faq-chat', capability: { atLeast: 'claude-sonnet-5' }, availability: '99.95%' },
        ],
        budget: { monthly },
      },
      { point: true },
    );
    return recommendation;
  };
  const { monthlyCost } = await within(1e6);
  expect((await within(Math.ceil(monthlyCost ?? 0))).shape).toBe('failover');
  expect((await within(Math.floor(monthlyCost ?? 0) - 1)).shape).toBeNull();
});
