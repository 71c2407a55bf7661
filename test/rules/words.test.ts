import { expect, test } from 'vitest';
import { findOption } from '../../src/decide/option-report.js';
import type { Option } from '../../src/places/option.js';
import { capability } from '../../src/rules/model.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

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
