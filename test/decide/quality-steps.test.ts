import { expect, test } from 'vitest';
import { requestsPerMonthPerDaily } from '../../src/cost/curve.js';
import { betterQuality, byFailedPrice } from '../../src/decide/better-quality.js';
import { advisedOfOneTask } from '../../src/decide/core-choice.js';
import { onlyPart } from '../../src/workload/workload.js';
import { committedCase } from '../support/committed.js';

test('on both sides of the price at which a better plan pays the advice is the one and the other', async () => {
  const context = await committedCase('support-chatbot');
  const steps = byFailedPrice(onlyPart(context.workload).task, context, 12);
  expect(steps.length).toBeGreaterThan(2);
  expect(steps[0]?.plan.id).toBe(advisedOfOneTask(context)?.id);
  const { workload } = context;
  const advisedAt = (failedAnswerUsd: number): string | undefined =>
    advisedOfOneTask({ ...context, workload: { ...workload, rules: { ...workload.rules, failedAnswerUsd } } })?.id;
  let looked = 0;
  for (const [i, next] of steps.slice(1).entries()) {
    const before = steps[i];
    if (before === undefined) continue;
    expect(next.failures).toBeLessThan(before.failures);
    const pays = (next.usd - before.usd) / (before.failures - next.failures);
    const around = [advisedAt(pays * 0.999), advisedAt(pays * 1.001)];
    if (around[0] !== before.plan.id && around[1] !== next.plan.id) continue;
    expect(around).toEqual([before.plan.id, next.plan.id]);
    looked += 1;
  }
  expect(looked).toBeGreaterThan(1);
});

test('by cost alone each row costs more, fails less, and pays from what the difference of both says', async () => {
  const context = await committedCase('support-chatbot', ['preferences.objective=cost']);
  const plan = advisedOfOneTask(context);
  if (plan === null) throw new Error('nothing fits');
  const [first, ...rows] = betterQuality(plan, context);
  expect(first?.plan).toBe(plan.id);
  expect(rows.length).toBeGreaterThan(1);
  const { workload } = context;
  const answers = workload.requestsPerDay * requestsPerMonthPerDaily(onlyPart(workload), workload);
  let before = first;
  for (const row of rows) {
    if (before === undefined) throw new Error('no row before');
    const fewer = (before.failedShare - row.failedShare) * answers;
    expect(row.paysFrom).toBeCloseTo((row.monthlyCost - before.monthlyCost) / fewer, 3);
    expect(row.paysFrom ?? 0).toBeGreaterThanOrEqual(before.paysFrom ?? 0);
    before = row;
  }
});
