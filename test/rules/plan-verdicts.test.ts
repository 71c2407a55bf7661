import { describe, expect, test } from 'vitest';
import { unitsNeeded } from '../../src/cost/fleet.js';
import { setupFormula } from '../../src/cost/people.js';
import { busiestMinute } from '../../src/decide/months.js';
import { findOption } from '../../src/decide/option-report.js';
import { type Plan, upfrontCashUsd } from '../../src/decide/plan.js';
import { placementOf } from '../../src/places/registry.js';
import { planGates } from '../../src/rules/registry.js';
import type { PlanTotals } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

describe('rules about a whole plan', () => {
  const demandOf = async (blocks: object) =>
    (await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], ...blocks })).workload;
  const totals: PlanTotals = {
    fteNeeded: 0.5,
    peakMonthCashUsd: 1000,
    upfrontUsd: 500,
    requestsPerMinute: new Map(),
    places: 1,
    owned: [],
  };

  const check = async (gate: string, blocks: object, more: Partial<PlanTotals> = {}) => {
    const found = planGates.find(({ id }) => id === gate);
    if (found === undefined) throw new Error(`no gate ${gate}`);
    return found.check({ ...totals, ...more }, await demandOf(blocks));
  };

  test.each([
    { blocks: {}, state: 'passed', why: 'no team is given' },
    { blocks: { team: { devops: 0.4 } }, state: 'passed', why: 'may hire unless it says no' },
    { blocks: { team: { devops: 0.4, mayHire: false } }, state: 'failed', why: '0.4 free' },
    { blocks: { team: { devops: 0.5, mayHire: false } }, state: 'passed', why: 'just enough' },
    {
      blocks: { team: { devops: 0.3, mlInfra: 0.2, mayHire: false } },
      state: 'passed',
      why: 'both kinds of people count',
    },
    {
      blocks: { team: { devops: 4, free: '0.4 FTE', mayHire: false } },
      state: 'failed',
      why: 'only 0.4 of 4 are free',
    },
  ])('team $state: $why', async ({ blocks, state }) => {
    expect((await check('team', blocks)).state).toBe(state);
  });

  test.each([
    { blocks: {}, places: 3, state: 'passed', why: 'as many as are usual' },
    { blocks: {}, places: 4, state: 'failed', why: 'one more' },
    { blocks: { preferences: { maxDeployments: 4 } }, places: 4, state: 'passed', why: 'allowed' },
    { blocks: { preferences: { maxDeployments: 1 } }, places: 2, state: 'failed', why: 'one place and no second' },
  ])('$places places $state: $why', async ({ blocks, places, state }) => {
    const verdict = await check('places', blocks, { places });
    expect(verdict.state).toBe(state);
    if (state === 'failed')
      expect(verdict.why().turnsAt).toEqual({ path: 'preferences.maxDeployments', value: places });
  });

  test('machines that are owned serve one place', async () => {
    const state = async (owned: string[]) => (await check('owned-once', {}, { owned })).state;
    expect(await state(['h100', 'l40s'])).toBe('passed');
    expect(await state(['h100', 'l40s', 'h100'])).toBe('failed');
  });

  test('what a team lacks is said with the value that would do', async () => {
    const verdict = await check('team', { team: { devops: 0.4, mayHire: false } });
    expect(verdict.why()).toMatchObject({
      need: '0.5 FTE',
      have: '0.4 FTE free',
      reason: 'needs 0.5 FTE, 0.4 are free',
      turnsAt: { path: 'team.free', value: 0.5 },
      figures: { need: 0.5, have: 0.4 },
    });
  });

  test.each([
    [0.4, '0.39 FTE', '0.40', '0.39'],
    [0.401, '0.4 FTE', '0.401', '0.400'],
    [0.5, '0.4 FTE', '0.5', '0.4'],
  ])('a need of %d FTE is told apart from %s', async (fteNeeded, free, need, have) => {
    const verdict = await check('team', { team: { devops: 4, free, mayHire: false } }, { fteNeeded });
    expect(verdict.why()).toMatchObject({
      need: `${need} FTE`,
      have: `${have} FTE free`,
      reason: `needs ${need} FTE, ${have} are free`,
    });
  });

  test.each([
    [3837.86, 3837.84969885, '$3,837.86', '$3,837.85'],
    [8000.004, 8000, '$8,000.004', '$8,000'],
    [5.001, 5, '$5.001', '$5'],
    [1234.5, 1000, '$1,235', '$1,000'],
  ])('$%d a month are told apart from a budget of %d', async (peakMonthCashUsd, monthly, have, most) => {
    const verdict = await check('budget', { budget: { monthly } }, { peakMonthCashUsd });
    expect(verdict.why()).toMatchObject({
      need: `at most ${most} a month in cash`,
      have,
      reason: `${have} a month in cash against a budget of ${most}`,
    });
  });

  test.each([
    { blocks: {}, state: 'passed', why: 'no budget' },
    { blocks: { budget: { monthly: 1000 } }, state: 'passed', why: 'just enough' },
    { blocks: { budget: { monthly: 999 } }, state: 'failed', why: 'a dollar short' },
    { blocks: { budget: { upfront: 500 } }, state: 'passed', why: 'just enough before the start' },
    { blocks: { budget: { monthly: 5000, upfront: 499 } }, state: 'failed', why: 'a dollar short before the start' },
  ])('budget $state: $why', async ({ blocks, state }) => {
    expect((await check('budget', blocks)).state).toBe(state);
  });

  test('what exceeds a budget is told as costs are, to the cent where that is the limit', async () => {
    const over = (await check('budget', { budget: { monthly: 999 } }, { peakMonthCashUsd: 999.01 })).why();
    expect(over).toEqual({
      need: 'at most $999 a month in cash',
      have: '$999.01',
      reason: '$999.01 a month in cash against a budget of $999',
      todos: [],
      warning: null,
      turnsAt: { path: 'budget.monthly', value: 1000 },
      figures: { have: 999.01, need: 999 },
    });
    expect((await check('budget', { budget: { upfront: 499 } })).why()).toMatchObject({
      need: 'at most $499 up front',
      reason: '$500 up front against a budget of $499',
      turnsAt: { path: 'budget.upfront', value: 500 },
    });
  });

  test('little of a person is told with two digits after the point, and not as twice of it', async () => {
    const team = { devops: 1, free: 0.05, mayHire: false };
    expect((await check('team', { team }, { fteNeeded: 0.4 })).why()).toMatchObject({
      reason: 'needs 0.4 FTE, 0.05 are free',
    });
  });

  test('each provider that may have to take more than usual is told of', async () => {
    const requestsPerMinute = new Map([
      ['openai', 3001],
      ['groq', 3000],
      ['azure', 12_345],
    ]);
    expect((await check('rate-limits', {}, { requestsPerMinute })).why()).toMatchObject({
      need: 'openai takes 3,001 requests a minute, azure takes 12,345 requests a minute',
      have: 'unknown',
      warning: {
        code: 'rate-limit-unknown',
        message:
          'ask openai whether it takes 3,001 requests in the busiest minute, ask azure whether it takes 12,345 requests in the busiest minute: the tables know no rate limits',
        figures: { openai: 3001, azure: 12_345 },
      },
    });
  });

  test('a plan that needs more than accounts are given hangs on it, whoever else is to be asked', async () => {
    const requestsPerMinute = new Map([
      ['openai', 3001],
      ['groq', 100_001],
    ]);
    const message =
      'ask groq for 100,001 requests in the busiest minute before anything else: the plan hangs on it, and few accounts get more than 100,000 (assumptions.apiRequestsPerMinuteSeldom)';
    const told = (await check('rate-limits', {}, { requestsPerMinute })).why();
    expect(told.warning).toEqual({ code: 'rate-limit-seldom', message, figures: { groq: 100_001, seldom: 100_000 } });
    const assumptions = { apiRequestsPerMinuteSeldom: 100_001 };
    const known = (await check('rate-limits', { assumptions }, { requestsPerMinute })).why();
    expect(known.warning?.code).toBe('rate-limit-unknown');
  });

  test.each([
    { most: 3000, blocks: {}, warned: false, why: 'as usual' },
    { most: 3001, blocks: {}, warned: true, why: 'more than usual, and the tables know no limit' },
    {
      most: 3001,
      blocks: { assumptions: { apiRequestsPerMinuteUnasked: 5000 } },
      warned: false,
      why: 'somebody asked',
    },
  ])('rate limits pass, warned: $warned ($why)', async ({ most, blocks, warned }) => {
    const verdict = await check('rate-limits', blocks, {
      requestsPerMinute: new Map([
        ['openai', most],
        ['groq', 10],
      ]),
    });
    expect(verdict.state).toBe('passed');
    const { warning } = verdict.why();
    if (!warned) return expect(warning).toBeNull();
    expect(warning?.code).toBe('rate-limit-unknown');
    expect(warning?.message).toContain('ask openai whether it takes 3,001 requests');
    expect(warning?.message).not.toContain('groq');
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
});

test('wages of setting up are no cash up front; what else is paid once is', () => {
  const lines = [
    { part: setupFormula.id, upfront: 100 },
    { part: 'tuning', upfront: 50 },
  ];
  expect(upfrontCashUsd({ upfrontUsd: 400, shared: lines } as unknown as Plan)).toBe(300);
});
