import { expect, test } from 'vitest';
import { z } from 'zod';
import { unitsNeeded } from '../../src/cost/fleet.js';
import { setupFormula } from '../../src/cost/people.js';
import { busiestMinute } from '../../src/decide/months.js';
import { findOption } from '../../src/decide/option-report.js';
import { type Plan, upfrontCashUsd } from '../../src/decide/plan.js';
import { placementOf } from '../../src/places/registry.js';
import { planGates } from '../../src/rules/registry.js';
import type { PlanTotals } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf } from '../support/scenario.js';
import { matcher } from '../support/sessions.js';

const cells = z.record(z.string(), z.unknown());
const text = z.string();
const { verdicts } = casesIn('plan-verdicts', {
  verdicts: {
    ...{ rule: text, why: text, state: z.enum(['passed', 'failed']), with: cells.default({}) },
    plan: z
      .strictObject({
        fteNeeded: z.number(),
        peakMonthCashUsd: z.number(),
        places: z.number(),
        owned: z.array(text),
        requestsPerMinute: z.record(text, z.number()).transform((most) => new Map(Object.entries(most))),
      })
      .partial()
      .default({}),
    ...z
      .object({ need: text, have: text, reason: text, todos: z.array(text), turnsAt: cells, figures: cells })
      .partial().shape,
    warning: cells.nullable().optional(),
  },
});

test.each(verdicts)('$rule $state: $why', async ({ rule, why: _, with: blocks, plan, state, ...told }) => {
  const usual = { fteNeeded: 0.5, peakMonthCashUsd: 1000, upfrontUsd: 500, places: 1, owned: [] };
  const totals = { ...usual, requestsPerMinute: new Map(), ...plan } as PlanTotals;
  const { workload } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], ...blocks });
  const found = planGates.find(({ id }) => id === rule)?.check(totals, workload);
  expect(found?.state).toBe(state);
  expect(found?.why()).toEqual(matcher(told));
});

test('the busiest minute counts what each provider may have to take, a second place too', async () => {
  const context = await caseOf({
    workload: { volume: '1M requests/day', profile: 'flat' },
    tasks: [
      { name: 'a', type: 'faq-chat', share: '75%' },
      { name: 'b', type: 'faq-chat', share: '25%' },
    ],
    assumptions: { inHourFactor: 1 },
  });
  const [a, b] = context.workload.taskParts as [TaskPart, TaskPart];
  const option = (id: string) => {
    const found = findOption(id, context);
    if (found === null) throw new Error(`no ${id}`);
    return found;
  };
  const openai = option('cloud-api/openai/gpt-4o');
  const anthropic = option('cloud-api/anthropic/claude-haiku-4-5');
  const rented = option('self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand');
  const minutes = (deployments: unknown[]) =>
    Object.fromEntries(
      [...busiestMinute({ deployments } as never, context)].map(([provider, most]) => [provider, Math.round(most)]),
    );
  // 1,000,000 / 1,440 minutes = 694.4; three quarters 520.8, one quarter 173.6.
  expect(minutes([{ option: openai, taskParts: [a, b] }])).toEqual({ openai: 694 });
  expect(
    minutes([
      { option: openai, taskParts: [a] },
      { option: anthropic, taskParts: [b] },
    ]),
  ).toEqual({ openai: 521, anthropic: 174 });
  expect(minutes([{ option: openai, taskParts: [a], second: { role: 'failover', option: anthropic } }])).toEqual({
    openai: 521,
    anthropic: 521,
  });
  expect(minutes([{ option: rented, taskParts: [a, b] }])).toEqual({});
  // Above machines: what all of them but one do not hold of the 520.8, at the load that they are sized for.
  const rate = placementOf(rented.kind).service(rented, a, context) as { unitRequestsPerS: number };
  const needed = unitsNeeded(a, rate.unitRequestsPerS, context.workload);
  const above = (units: number) =>
    minutes([{ option: rented, taskParts: [a], units: () => units, second: { role: 'overflow', option: openai } }]);
  expect(above(1)).toEqual({ openai: 521 });
  expect(above(1 + needed / 4)).toEqual({ openai: 391 });
  expect(above(1 + needed * 2)).toEqual({ openai: 0 });
});

test('wages of setting up are no cash up front; what else is paid once is', () => {
  const lines = [
    { part: setupFormula.id, upfront: 100 },
    { part: 'tuning', upfront: 50 },
  ];
  expect(upfrontCashUsd({ upfrontUsd: 400, shared: lines } as unknown as Plan)).toBe(300);
});
