import { expect, test } from 'vitest';
import { at, type CostCurve } from '../../src/cost/curve.js';
import { assumedOf } from '../../src/decide/basis.js';
import { linesOf, type Plan, planOf } from '../../src/decide/plan.js';
import type { Option } from '../../src/places/option.js';
import { everyOption } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

test('the profile of the hours is in seconds of workers that start when asked, and their cold starts; not disks, traffic and people', async () => {
  const tables = fewRows((await shipped()).tables);
  const context = await caseOf({ workload: { volume: 1000 }, tasks: [{ name: 'faq', type: 'faq-chat' }] }, tables);
  const { taskParts } = context.workload;
  const option = everyOption(context).find(({ kind, family }) => kind === 'serverless-gpu' && family === 'qwen3-4b');
  const plan = planOf([{ option: option as Option, taskParts }], context) as Plan;
  const usd = (part: string) => linesOf(plan).find((line) => line.part === part)?.curve as CostCurve;
  const predicted = at(usd('compute.serverless'), 1000) + at(usd('compute.cold-starts'), 1000);
  const { share } = assumedOf(plan, context.workload).find(({ path }) => path === 'workload.profile') ?? {};
  expect(share).toBeCloseTo(predicted / plan.monthlyUsd, 10);
  expect(share).toBeLessThan(0.5);
});
