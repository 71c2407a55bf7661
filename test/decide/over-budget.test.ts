import { expect, test } from 'vitest';
import { candidatesOf } from '../../src/decide/candidates.js';
import { filterBy } from '../../src/decide/filter.js';
import { monthsOf } from '../../src/decide/months.js';
import { overBudget } from '../../src/decide/over-budget.js';
import { pricedAssignment } from '../../src/decide/priced-assignment.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf, placements } from '../../src/places/registry.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

/** What is turned down for its bills alone, against the dearest month of the whole plan. */

const tasks: Written['tasks'] = [
  { name: 'faq', type: 'faq-chat', share: '80%', easy: { share: '60%', told: 'after' } },
  { name: 'nightly', type: 'summarization', volume: '20k requests/day', deadline: '24h' },
  { name: 'files', type: 'rag-answering', share: '20%', latency: { ttftP95: '3s' } },
];
const scenarios: [string, Written][] = [
  ['growing', { workload: { volume: '40k requests/day', growth: '5% per month', horizon: '24 months' }, tasks }],
  ['shrinking', { workload: { volume: '40k requests/day', growth: '-5% per month' }, tasks }],
  ['steady', { workload: { volume: '3k requests/day' }, tasks, data: { sensitivity: 'pii' } }],
  [
    'on machines, with documents to find',
    {
      workload: { volume: '90k requests/day', growth: '2% per month' },
      tasks,
      needs: { rag: { documents: '50M tokens', retrieved: 500 } },
      existing: [{ accelerator: 'a100-sxm-80gb', count: 8 }],
    },
  ],
];

/** What every deployment type has that rules let in. */
const byKind = (context: Context) =>
  placements.map((placement) => candidatesOf(placement, context, filterBy(context).filter));

const withBudget = (context: Context, budgetMonthlyUsd: number): Context => ({
  ...context,
  workload: { ...context.workload, rules: { ...context.workload.rules, budgetMonthlyUsd } },
});

test.each(scenarios)('%s: only what is over the budget in its dearest month', async (_, written) => {
  const context = await caseOf(written, fewRows((await shipped()).tables));
  const all = context.workload.taskParts.map((_, s) => s);
  let told = 0;
  let over = 0;
  for (const candidates of byKind(context)) {
    const whole = candidates.filter(({ linear }) => !linear.some(Number.isNaN));
    for (const candidate of whole.slice(0, 40)) {
      const assignment = [{ candidate, taskParts: all }];
      const plan = pricedAssignment(assignment, context);
      if (plan === null) continue;
      const { peakCashUsd } = monthsOf(plan, context);
      for (const factor of [0.3, 0.9, 0.99, 1, 1.01, 2]) {
        const isTold = overBudget(withBudget(context, peakCashUsd * factor))(assignment);
        if (isTold) expect(factor, plan.id).toBeLessThan(1);
        if (factor < 1) over += 1;
        if (isTold) told += 1;
      }
    }
  }
  // People and what tasks cost are left to the whole plan.
  expect(over).toBeGreaterThan(30);
  expect(told / over).toBeGreaterThan(0.2);
});

test('without a budget nothing is', async () => {
  const context = await caseOf({ workload: { volume: '40k requests/day' }, tasks }, fewRows((await shipped()).tables));
  const [candidate] = byKind(context).flat();
  expect(overBudget(context)(candidate === undefined ? [] : [{ candidate, taskParts: [0] }])).toBe(false);
});

test('devices of users have no bill of their own: they are left to the whole plan, however small the budget', async () => {
  const written: Written = {
    workload: { volume: '400k users', requestsPerUser: 150 },
    // A phone takes its time.
    tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex: 5 }, latency: { ttftP95: '60s' } }],
    devices: { count: '400k', classes: { 'apple-a17-pro-8gb': '100%' } },
  };
  const context = await caseOf(written, fewRows((await shipped()).tables));
  const [candidate] = candidatesOf(placementOf('edge'), context, filterBy(context).filter);
  expect(candidate?.kind).toBe('edge');
  const assignment = candidate === undefined ? [] : [{ candidate, taskParts: [0] }];
  expect(pricedAssignment(assignment, context)?.monthlyUsd).toBeGreaterThan(1);
  expect(overBudget(withBudget(context, 1))(assignment)).toBe(false);
});
