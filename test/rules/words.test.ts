import { expect, test } from 'vitest';
import { findOption } from '../../src/decide/option-report.js';
import type { Option } from '../../src/places/option.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { capability } from '../../src/rules/model.js';
import { available, ttft } from '../../src/rules/service.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** What rules say of an option: what is needed, what there is, and what is to do. */

test.each([
  ['2026-11-20', 'failed', 'retired on 2026-11-20', 'm is not on sale since 2026-11-20'],
  ['2026-11-21', 'condition', 'retires on 2026-11-21', 'plan a successor: m retires on 2026-11-21'],
  ['2027-11-19', 'condition', 'retires on 2027-11-19', 'plan a successor: m retires on 2027-11-19'],
  ['2027-11-20', 'passed', '', ''],
  [null, 'passed', '', ''],
])(
  'a model that retires on %s, by a scenario of the year from November 2026 on: %s',
  (retires, state, have, reason) => {
    const workload = { asOf: '2026-11-20', endDay: '2027-11-20' };
    const verdict = available.check({ retires, model: 'm' } as Option, {} as TaskPart, { workload } as Context, null);
    expect(verdict.state).toBe(state);
    expect(verdict.why()).toMatchObject({ have, reason });
    const need = { failed: 'on sale', condition: 'on sale for the whole horizon', passed: '' }[state];
    expect(verdict.why().need).toBe(need);
    expect(verdict.why().todos).toEqual(state === 'condition' ? [`plan a successor: m retires on ${retires}`] : []);
  },
);

test.each([
  [0.00001, 5],
  [0.004, 3],
  [0.04, 2],
  [7, 1],
])('an index %d below the need is told with %d places', async (short, places) => {
  const context = await caseOf({ workload: { volume: 1 }, tasks: [{ name: 'a', type: 'faq-chat' }] });
  const option = findOption('cloud-api/openai/gpt-5-nano', context) as Option;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const gateAt = 42.8;
  const capable = { family: 'm', index: gateAt, indexStandard: gateAt, indexLow: 40, indexHigh: 45, useLow: false };
  const needs = { ...taskPart.needs, capability: { ...taskPart.needs.capability, need: gateAt + short } };
  const one = { ...option, model: 'm', capability: capable, mode: 'standard' } as Option;
  const { have, reason, figures } = capability.check(one, { ...taskPart, needs }, context, null).why();
  expect(figures).toEqual({ have: gateAt, need: gateAt + short });
  expect(have).toBe(gateAt.toFixed(places));
  expect(reason).toBe(`GPT-5 Nano scores ${have}, a needs ${(gateAt + short).toFixed(places)}`);
});

test('a model judged by its low end is told with both, in words and in figures', async () => {
  const context = await caseOf({
    workload: { volume: 1 },
    tasks: [{ name: 'a', type: 'faq-chat', capability: { minIndex: 50 } }],
  });
  const option = findOption('cloud-api/openai/gpt-5-nano', context) as Option;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const doubted = { family: 'm', index: 51, indexStandard: 51, indexLow: 47, indexHigh: 55, useLow: true };
  const one = { ...option, model: 'm', capability: doubted, mode: 'standard' } as Option;
  expect(capability.check(one, taskPart, context, null).why()).toMatchObject({
    reason: expect.stringContaining('scores 51.0 and is judged by its low end, 47.0'),
    figures: { have: 47, need: 50, scores: 51 },
  });
});

test.each([
  [500.3, '500.30 ms'],
  [612.3, '612 ms'],
])('a first token after %d ms is not told as the 500 ms it misses', async (ttftP95Ms, have) => {
  const context = await caseOf({
    workload: { volume: 1 },
    tasks: [{ type: 'faq-chat', latency: { ttftP95: '500ms' } }],
  });
  const option = findOption('cloud-api/openai/gpt-5-nano', context) as Option;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const verdict = ttft.check(option, taskPart, context, { ttftP95Ms } as TaskService);
  expect(verdict.why()).toMatchObject({ have, need: 'first token (p95) <= 500 ms' });
});

test('capable enough in so many cases, where that is asked for beyond the need', async () => {
  const context = await caseOf({
    workload: { volume: 1 },
    tasks: [{ type: 'faq-chat', capability: { minIndex: 50 } }],
  });
  const option = findOption('cloud-api/openai/gpt-5-nano', context) as Option;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const asked = (scoreAtLeast: number) => {
    const needs = { ...taskPart.needs, capability: { ...taskPart.needs.capability, scoreAtLeast } };
    return capability.check(option, { ...taskPart, needs }, context, null);
  };
  expect(asked(1).state).toBe(capability.check(option, taskPart, context, null).state);
  expect(asked(99.95).state).toBe('failed');
  const { have: told, need, figures } = asked(99.95).why();
  expect(need).toBe('capable enough in 100.0 % of cases');
  expect(told).toBe(`${figures.have?.toFixed(1)} %`);
  expect(asked(99.95).why().reason).toBe(`GPT-5 Nano is capable enough in ${told} of cases`);
  expect(figures.need).toBe(99.95);
  expect(figures.have).toBeGreaterThan(50);
});
