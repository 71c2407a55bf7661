import { expect, test } from 'vitest';
import { byFailedPrice } from '../../src/decide/better-quality.js';
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
