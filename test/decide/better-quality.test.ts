import { beforeAll, expect, test } from 'vitest';
import { adviceOf, lateTasks } from '../../src/decide/advice.js';
import { qualitySteps, type Step } from '../../src/decide/better-quality.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { resolve } from '../../src/workload/resolve.js';
import { readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { asOf } from '../support/scenario.js';

let all: Awaited<ReturnType<typeof shipped>>;
beforeAll(async () => {
  all = await shipped();
});

async function advisedOn(name: string): Promise<{ plan: Plan; within: Context; context: Context }> {
  const read = await readCommitted(name);
  const context: Context = { tables: all.tables, workload: resolve(read, all.tables, asOf), memo: new Map() };
  const { advised, within } = adviceOf(context);
  return { plan: advised as Plan, within, context };
}

/** The scenarios whose better models would be slow on the machines of the plan. */
test.each(['redacted-claims', 'ministry-letters'])(
  '%s: what better quality costs is asked of plans that keep nobody waiting longer than is borne',
  async (name) => {
    const { plan, within, context } = await advisedOn(name);
    const now = lateTasks(plan, context).length;
    const tasks = new Set(context.workload.taskParts.map(({ task }) => task));
    const found = [...tasks].map((task) => qualitySteps(plan, task, within, context));
    expect(found.some((steps) => steps.length > 1)).toBe(true);
    for (const steps of found) {
      for (const step of steps) expect(lateTasks(step.plan, context).length).toBeLessThanOrEqual(now);
      const indices = steps.map(({ index }) => index);
      expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    }
  },
);

/** On the devices models of a higher index are less sure, by a wider band, or better by tenths alone. */
test.each([
  ['browser-key-points', 'keypoints'],
  ['device-keyboard', 'completion'],
])('%s: no step is less sure than the one before, or its equal in what is shown', async (name, task) => {
  const { plan, within, context } = await advisedOn(name);
  const steps = qualitySteps(plan, task, within, context);
  const shown = steps.map(({ index, score }) => [Math.round(index), Math.round(score)].join());
  expect(new Set(shown).size).toBe(steps.length);
  for (const [i, { score }] of steps.slice(1).entries())
    expect(score).toBeGreaterThanOrEqual((steps[i] as Step).score * (1 - 1e-9));
});

test('a task moves with all others where a place of its own would cost more than that', async () => {
  const { plan, within, context } = await advisedOn('million-requests-as-published');
  const [, next] = qualitySteps(plan, 'simple', within, context);
  const [only, ...others] = next?.plan.deployments ?? [];
  expect([only?.option.provider === plan.deployments[0]?.option.provider, others.length]).toEqual([false, 0]);
  expect(new Set(only?.taskParts.map(({ task }) => task))).toEqual(new Set(['simple', 'complex']));
});
