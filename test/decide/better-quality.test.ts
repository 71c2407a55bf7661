import { beforeAll, expect, test } from 'vitest';
import { adviceOf, lateTasks } from '../../src/decide/advice.js';
import { qualitySteps } from '../../src/decide/better-quality.js';
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

/** The scenarios whose better models would be slow on the machines of the plan. */
test.each(['redacted-claims', 'ministry-letters'])(
  '%s: what better quality costs is asked of plans that keep nobody waiting longer than is borne',
  async (name) => {
    const read = await readCommitted(name);
    const context: Context = { tables: all.tables, workload: resolve(read, all.tables, asOf), memo: new Map() };
    const { advised, within } = adviceOf(context);
    const plan = advised as Plan;
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
