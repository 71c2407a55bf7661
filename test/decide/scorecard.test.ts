import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Choice, KindBest } from '../../src/decide/choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { scorecardRow, shownOfKind } from '../../src/decide/scorecard.js';
import type { Context } from '../../src/places/placement.js';
import { casesIn } from '../support/cases.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, namedPlan, type Written } from '../support/scenario.js';

/** The line of a deployment type beside the plan advised. */

const tables = fewRows(await shippedTables());

const mini = 'cloud-api/openai/gpt-5-mini';
const machines = 'self-hosted-cloud/aws/qwen3-4b@bf16/g6.xlarge/us-east-1/on-demand';
const scenario = (more: Partial<Written> = {}): Promise<Context> =>
  caseOf(
    { workload: { volume: '1k' }, tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex: 5 } }], ...more },
    tables,
  );
const none = { total: 0, feasible: 0, rejectedBy: new Map<string, number>() };
const best = (kind: string, more: Partial<KindBest> = {}) =>
  ({ kind, plan: null, feasible: false, considered: none, unserved: [], ...more }) as KindBest;
const looked = { ...none, total: 40 };

async function row(one: KindBest, { advised = null as Plan | null, context = null as Context | null } = {}) {
  const known = context ?? (await scenario());
  return scorecardRow(
    shownOfKind(one, advised, known.workload),
    advised,
    { cheapest: advised } as Choice,
    (plan) => review(plan, known),
    known,
  );
}

test('the plan itself is recommended, another is told beside it', async () => {
  const context = await scenario();
  const [advised, other] = [namedPlan(mini, context), namedPlan(machines, context)];
  const its = await row(best('cloud-api', { plan: other, feasible: true }), { advised, context });
  expect(its).toMatchObject({ option: mini, verdict: 'recommended', figures: {}, monthlyCost: expect.any(Number) });
  const beside = await row(best('self-hosted-cloud', { plan: other, feasible: true }), { advised, context });
  expect(beside.option).toBe(machines);
  expect(beside.figures.extraCost).toBeCloseTo(other.monthlyUsd - advised.monthlyUsd, 6);
  expect(await row(best('self-hosted-cloud', { plan: other, feasible: true }), { context })).toMatchObject({
    verdict: 'feasible alone',
    feasible: true,
  });
});

test('a best that a rule of the whole turns down is told with it', async () => {
  const context = await scenario({ budget: { monthly: 1 } });
  const plan = namedPlan(machines, context);
  const { verdict, feasible } = await row(best('self-hosted-cloud', { plan }), { context });
  expect(feasible).toBe(false);
  expect(verdict).toMatch(/^no: budget, \$[\d,.]+ a month in cash against a budget of \$1$/);
  const free = await scenario();
  expect((await row(best('self-hosted-cloud', { plan: namedPlan(machines, free) }), { context: free })).verdict).toBe(
    'no: fails a rule',
  );
});

test.each<[string, Partial<KindBest>, string]>([
  ['nothing on sale', {}, 'no: none on sale'],
  ['all tasks served, by no plan', { considered: looked }, 'no: no plan of it serves every task'],
])('no plan: %s', async (_, more, verdict) => {
  const found = await row(best('managed-hosting', more));
  expect(found).toMatchObject({ feasible: false, monthlyCost: null, option: null, verdict });
  const { capability, total } = found.scores;
  expect([capability, total]).toEqual([null, null]);
});

const cases = casesIn('scorecard', {
  'turned down': {
    ...{ why: z.string(), feasible: z.number().default(0), latency: z.record(z.string(), z.unknown()).optional() },
    rejectedBy: z.record(z.string(), z.number()).transform((options) => new Map(Object.entries(options))),
    ...{ rule: z.string(), options: z.number() },
  },
});
test.each(cases['turned down'])(
  'no plan for the only task: $why',
  async ({ feasible, rejectedBy, latency, rule, options }) => {
    const context = await scenario({
      tasks: [{ name: 'faq', type: 'faq-chat', latency: { ttftP95: 'any', ...latency } }],
    });
    const one = best('managed-hosting', {
      considered: { ...looked, feasible, rejectedBy },
      unserved: context.workload.taskParts,
    });
    const { verdict, figures } = await row(one, { context });
    expect(verdict).toBe(`no: ${rule} for faq`);
    expect(figures).toEqual({ turnedDown: options, options: 40 });
  },
);

/** A task that asks for more than usual, and one that does not. */
const twoTasks = (name: string, more: Record<string, unknown>) => [
  { name, type: 'faq-chat', share: '50%', ...more },
  { name: 'faq', type: 'faq-chat', share: '50%' },
];

test('of several tasks the one that no option of the kind serves, each option counted by its first rule', async () => {
  const tasks = twoTasks('secret', { data: { boundary: 'own-premises' } });
  const context = await scenario({ tasks });
  const found = await row(best('cloud-api', { considered: looked, unserved: context.workload.taskParts }), { context });
  expect(found.verdict).toBe('no: boundary for secret');
  expect(found.figures.options).toBeGreaterThan(1);
  expect(found.figures.turnedDown).toBe(found.figures.options);
});
