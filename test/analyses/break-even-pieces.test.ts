import { expect, test } from 'vitest';
import { costsOf } from '../../src/analyses/break-even/crossings.js';
import { caseAt, cutsOf, planIn } from '../../src/decide/choice.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { caseOf } from '../support/scenario.js';

test('machines are cut up for the work of one task at few requests, for that of another at many: and as dear at each as by itself', async () => {
  const context = await caseOf({
    workload: { volume: '2k requests/day' },
    tasks: [
      {
        ...{ name: 'contracts', type: 'document-analysis-long-context', volume: '3k requests/day' },
        tokens: { input: 60_000, output: 2000 },
      },
      { name: 'faq', type: 'faq-chat' },
    ],
  });
  const plan = findPlan(
    'managed-hosting/huggingface/llama-3.1-8b@fp8/inference-endpoints-aws-nvidia-l4-x4',
    context,
  ) as Plan;
  const range = { from: 1, to: 10_000_000 };
  const usdAt = costsOf(plan, range, context);
  const there = (volume: number) => planIn(plan, caseAt(context, volume)) as Plan;
  const volumes = [1, 900, 2700, 2900, 3300, 10_000, 200_000, range.to];
  expect(new Set(volumes.map((volume) => cutsOf(there(volume)))).size).toBeGreaterThan(1);
  for (const volume of volumes) expect(usdAt(volume) / there(volume).monthlyUsd, `at ${volume}`).toBeCloseTo(1, 9);
});
