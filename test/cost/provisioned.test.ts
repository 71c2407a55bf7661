import { expect, test } from 'vitest';
import { countedTokens, tracedCounted } from '../../src/cost/provisioned.js';
import { given } from '../../src/formula/traced.js';
import type { ApiRow, ProvisionedThroughputRow } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

const throughput = { row: 0, longAboveTokens: 200_000, longInputWeight: 2, longOutputWeight: 12, outputWeight: 8 };

test.each([
  { input: 200_000, tokens: 200_000 + 100 * 8, why: 'a prompt that is not long' },
  { input: 200_001, tokens: 200_001 * 2 + 100 * 12, why: 'a token more: both weights are those of long prompts' },
])('tokens as a unit counts them: $why', async ({ input, tokens }) => {
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: [{ type: 'faq-chat', tokens: { input, output: 100 } }],
  });
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const api = { family: 'gemini-2.5-pro', cachedInputUsdPerMTok: null } as ApiRow;
  const of = { throughput: { ...throughput, cachedWeight: 0.1 } as ProvisionedThroughputRow, api };
  expect(countedTokens(of, taskPart, 100, context)).toBeCloseTo(tokens, 6);
  const none = given('reasoning', 0, 'tokens');
  expect(tracedCounted(of, taskPart, none, context).value).toBeCloseTo(tokens, 6);
});
