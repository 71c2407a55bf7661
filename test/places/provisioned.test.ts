import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { conditions, findOption, lookAt } from '../../src/decide/option-report.js';
import { linesOf, planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Traced } from '../../src/formula/traced.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

const cases = casesIn('provisioned', {
  prices: { id: z.string(), usdPerHour: z.number() },
});

/** Throughput of closed models that is bought by the unit: all figures by hand. */

/** One request a second all day, 360 of 1,800 input tokens cached, 650 output: 1,440 + 2,600 tokens each as gpt-4.1 counts them. */
const written = {
  workload: { volume: '86400 requests/day', profile: 'flat' },
  tasks: [
    {
      name: 'turn',
      type: 'faq-chat',
      tokens: { input: 1800, output: 650, cacheablePrefix: 1800, cacheHitRate: 0.2 },
      capability: { minIndex: 30 },
    },
  ],
} satisfies Written;
const preferring = (preferences: Record<string, unknown>, more: Record<string, unknown> = {}): Written => ({
  ...written,
  ...more,
  preferences,
});
const onAzure = { only: ['cloud-api', 'managed-hosting', 'azure', 'gpt-4.1'] };
const alone = { only: ['managed-hosting', 'azure', 'gpt-4.1'], exclude: ['overflow'] };
const monthHours = 730;

const found = (id: string, context: Context): Option => findOption(id, context) as Option;
function monthlyUsd(id: string, context: Context): number {
  const plan = planOf([{ option: found(id, context), taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return plan.monthlyUsd;
}

describe('bought for the peak', () => {
  const azure = 'managed-hosting/azure/gpt-4.1/openai-PTU';
  test.each(cases.prices)('$id', async ({ id, usdPerHour }) => {
    const context = await caseOf(written);
    expect(monthlyUsd(id, context)).toBeCloseTo(usdPerHour * monthHours, 6);
  });

  test('what a cached token counts, of ten times as many requests', async () => {
    // 1,800 - 360 x 0.9 + 650 x 6 = 5,376 tokens x 600 a minute are 13.3 units of 241,800, so 14.
    const tokens = { input: 1800, output: 650, cacheablePrefix: 1800, cacheHitRate: 0.2, reasoning: 0 };
    const [task] = written.tasks;
    const context = await caseOf({
      workload: { volume: '864000 requests/day', profile: 'flat' },
      tasks: [{ ...task, tokens, thinking: 'allowed' }],
    });
    const id = 'managed-hosting/google-vertex/gemini-3.1-flash-lite+thinking/GSU-global-monthly';
    expect(monthlyUsd(id, context)).toBeCloseTo(14 * 3.6986 * monthHours, 6);
    const [part] = context.workload.taskParts as [TaskPart];
    const seen = placementOf('managed-hosting').service(found(id, context), part, context);
    expect(isUnpriced(seen) ? null : seen.unitRequestsPerS).toBeCloseTo(241_800 / 5376 / 60, 12);
  });

  test('prompts that are long count by weights of their own', async () => {
    const context = await caseOf({
      ...written,
      tasks: [{ name: 'turn', type: 'faq-chat', tokens: { input: 250_000, output: 1000, cacheablePrefix: 0 } }],
    });
    const option = found('managed-hosting/google-vertex/gemini-2.5-pro+thinking/GSU-global-yearly', context);
    const [part] = context.workload.taskParts as [TaskPart];
    const plain = { ...part, tokens: { ...part.tokens, reasoning: 0 } };
    const seen = placementOf('managed-hosting').service(option, plain, context);
    // 250,000 x 2 + 1,000 x 12 = 512,000 of 39,000 tokens a minute.
    expect(isUnpriced(seen) ? null : seen.unitRequestsPerS).toBeCloseTo(39_000 / 512_000 / 60, 12);
  });

  test('explained from the table rows', async () => {
    const context = await caseOf(written);
    const option = found(`${azure}-regional-hourly`, context);
    const lines = placementOf(option.kind).price(option, context.workload.taskParts, context);
    if (isUnpriced(lines)) throw new Error(lines.unpriced);
    expect(lines).toHaveLength(1);
    const trace = lines[0]?.trace?.(86_400) as Traced;
    expect(trace.value).toBeCloseTo(146_000, 6);
    expect(recomputed(trace)).toBeCloseTo(146_000, 6);
    expect(JSON.stringify(trace)).toMatch(/"provisionedThroughput".*"hosting"/);
  });
});

describe('the rest by tokens', () => {
  /** 90 requests a minute for eight hours of a day, 45 for the others. */
  const day = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 16 ? 1.5 : 0.75));
  // A step of five units holds 15,000 / 4,040 requests a minute. It costs $1,105; all day by tokens its requests cost $1,357, for eight hours $452.
  test('as many units as cost less than the tokens they save', async () => {
    const context = await caseOf(preferring(onAzure, { workload: { ...written.workload, profile: day } }));
    const { cheapest } = choose(context);
    const [deployment] = cheapest?.deployments ?? [];
    expect(deployment?.option.id).toBe('managed-hosting/azure/gpt-4.1/openai-PTU-yearly-reservation');
    expect(deployment?.second?.option.id).toBe('cloud-api/azure/gpt-4.1');
    expect(deployment?.units?.(86_400)).toBe(12);
    const held = (60 * 3000) / 4040;
    const above = 60 * monthHours * ((90 - held) / 3 + ((45 - held) * 2) / 3);
    // 1,440 x $2 + 360 x $0.50 + 650 x $8 a million tokens, one in a hundred twice.
    const request = 0.00826 * 1.01;
    const bill = linesOf({ deployments: cheapest?.deployments ?? [], shared: [] });
    expect(bill.map(({ part }) => part)).toEqual(['compute.provisioned', 'tokens.overflow']);
    const infra = (cheapest?.monthlyUsd ?? 0) - peopleUsd(cheapest?.shared ?? [], context);
    expect(infra).toBeCloseTo(60 * 0.30274 * monthHours + above * request, 4);
  });

  test('the volume from which it is cheaper than tokens of the same model', async () => {
    const { tables, prose } = await shipped();
    const tool = { name: 'deploy-advisor', version: '0.0.0' };
    const answer = breakEven(readWritten(preferring(onAzure), tables), tables, { asOf, prose, tool });
    if (typeof answer === 'string') throw new Error(answer);
    const pair = answer.breakEven.find(({ a, b }) => [a, b].some((id) => id === 'cloud-api/azure/gpt-4.1'));
    // 15 units x $0.30274 x 730 h over $0.00834 x 365 / 12 a month for each request a day.
    const volume = (15 * 0.30274 * monthHours) / ((0.00826 * 1.01 * 365) / 12);
    expect(pair?.crossings[0]?.at).toBe(Math.ceil(volume));
    expect(pair?.crossings[0]?.cheaperAbove).toBe(pair?.b === 'cloud-api/azure/gpt-4.1' ? 'a' : 'b');
  });
});

describe('scopes', () => {
  const best = async (residency: string[]) => {
    const context = await caseOf(preferring(alone, { data: { residency } }));
    return { context, option: choose(context).cheapest?.deployments[0]?.option };
  };

  test('where data must stay in one country only one region does, by the hour, and reservations there are asked for', async () => {
    const { context, option } = await best(['ch']);
    expect(option?.id).toBe('managed-hosting/azure/gpt-4.1/openai-PTU-regional-hourly');
    expect(conditions(lookAt(option as Option, context)).filter((todo) => todo.includes('PTU'))).toEqual([
      'ask Azure what openai PTU regional monthly reservation costs: no price is published',
      'ask Azure what openai PTU regional yearly reservation costs: no price is published',
    ]);
  });

  test('a data zone does for the EEA, anything where data may go anywhere', async () => {
    expect((await best(['eea'])).option?.provisioned?.offer.scope).toBe('data-zone');
    const { context } = await best([]);
    for (const scope of ['global', 'data-zone', 'regional']) {
      const looked = lookAt(found(`managed-hosting/azure/gpt-4.1/openai-PTU-${scope}-hourly`, context), context);
      expect(
        looked.verdicts.every(({ verdict }) => verdict.state !== 'failed'),
        scope,
      ).toBe(true);
    }
  });

  test('prompts that it does not serve', async () => {
    const long = { ...written.tasks[0], tokens: { input: 130_000, output: 650 } };
    const context = await caseOf({ ...preferring(onAzure), tasks: [long] });
    const { cheapest, kinds } = choose(context);
    expect(cheapest?.id).toBe('cloud-api/azure/gpt-4.1');
    expect(kinds.find(({ kind }) => kind === 'managed-hosting')?.plan).toBeNull();
  });
});

test('tasks share what is bought', async () => {
  const [task] = written.tasks;
  const tasks = ['first', 'second'].map((name) => ({ ...task, name, share: '50%' }));
  const context = await caseOf({ ...preferring(alone), workload: written.workload, tasks });
  const cheapest = choose(context).cheapest;
  expect(cheapest?.deployments).toHaveLength(1);
  const infra = (cheapest?.monthlyUsd ?? 0) - peopleUsd(cheapest?.shared ?? [], context);
  // Apart each takes 40.4 units, up to 45; together 80.8, up to 85.
  expect(infra).toBeCloseTo(85 * 0.30274 * monthHours, 6);
});

function peopleUsd(shared: readonly { curve: { fixed: number } & object }[], context: Context): number {
  const plan = { deployments: [], shared } as never as Parameters<typeof linesOf>[0];
  return linesOf(plan).reduce((usd, { curve }) => usd + at(curve, context.workload.requestsPerDay), 0);
}
