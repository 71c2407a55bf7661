import { expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { shapeOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { caseOf, type Written } from '../support/scenario.js';

/** The same work written in two ways, as one task whose parts are cut again and as tasks of their own, costs the same. */

const capability = { atLeast: 'claude-opus-5' };
const easy = { share: '80%', told: 'before', capability: { tier: 'basic' } };
const task = { type: 'complex-reasoning', tokens: { input: 2000, output: 500, cacheablePrefix: 0 }, capability };

async function advised(written: Pick<Written, 'tasks'> & Partial<Written>, volume: number) {
  const context = await caseOf({ ...written, workload: { volume } });
  const { advised: plan } = choose(context);
  if (plan === null) throw new Error('no plan');
  return { context, plan };
}

test('sensitive requests and all others, easy and hard ones of each', async () => {
  const data = { sensitivity: 'pii', boundary: 'under-contract' };
  const rest = { sensitivity: 'internal' };
  const sensitive = { share: '10%', rest };
  const one = await advised({ tasks: [{ name: 'c', ...task, easy, sensitive }], data }, 60_000);
  const two = await advised(
    {
      tasks: [
        { name: 'own', ...task, share: '10%', easy },
        { name: 'others', ...task, share: '90%', easy, data: rest },
      ],
      data,
    },
    60_000,
  );
  expect(one.plan.monthlyUsd).toBeCloseTo(two.plan.monthlyUsd, 6);
  const whole = await advised({ tasks: [{ name: 'c', ...task, sensitive }], data }, 60_000);
  expect(one.plan.monthlyUsd).toBeLessThan(whole.plan.monthlyUsd / 2);
});

test('developers send easy requests, too: under the same rules they are more of the same', async () => {
  const some = await advised({ tasks: [{ name: 'c', ...task, easy }], development: { share: '30%' } }, 60_000);
  const all = await advised({ tasks: [{ name: 'c', ...task, easy }] }, 78_000);
  expect(some.plan.monthlyUsd).toBeCloseTo(all.plan.monthlyUsd, 6);
  const { deployments } = some.plan;
  expect(deployments.flatMap(({ taskParts }) => taskParts.map(({ id }) => id)).sort()).toEqual(
    ['c.easy', 'c.hard', 'c.dev.easy', 'c.dev.hard'].sort(),
  );
  expect(shapeOf(deployments)).toBe('tiered-routing');
  // The plan is found by its id.
  expect(findPlan(some.plan.id, some.context)).toMatchObject({ id: some.plan.id, monthlyUsd: some.plan.monthlyUsd });
});

test('devices with room take their easy requests, a lesser model those of the others', async () => {
  const devices = { count: 4000, classes: { 'apple-m1-16gb': '70%', 'apple-a17-pro-8gb': '30%' } };
  const preferences = { only: ['edge', 'cloud-api', 'anthropic', 'devices'] };
  const work = { type: 'extraction', tokens: { input: 800, output: 100 } };
  const [lesser, more] = [{ minIndex: 70 }, { atLeast: 'claude-sonnet-5' }];
  const split = { share: '90%', told: 'before', capability: lesser };
  const one = await advised(
    { tasks: [{ name: 'c', ...work, capability: more, easy: split }], devices, preferences },
    3_000_000,
  );
  const tasks = [
    { name: 'easy', ...work, share: '90%', capability: lesser },
    { name: 'hard', ...work, share: '10%', capability: more },
  ];
  const two = await advised({ tasks, devices, preferences }, 3_000_000);
  expect(one.plan.monthlyUsd).toBeCloseTo(two.plan.monthlyUsd, 6);
  expect(one.plan.deployments).toHaveLength(3);
  expect(shapeOf(one.plan.deployments)).toBe('edge-fallback');
  expect(findPlan(one.plan.id, one.context)).toMatchObject({
    id: one.plan.id,
    monthlyUsd: expect.closeTo(one.plan.monthlyUsd, 6),
  });
});
