import { expect, test } from 'vitest';
import { unsignable } from '../../src/rules/data.js';
import { caseOf } from '../support/scenario.js';

test('agreements that regimes ask for in any case are missing where others are listed, and nobody is asked where none is', async () => {
  const missing = async (agreements?: string[]) => {
    const context = await caseOf({
      workload: { volume: 500 },
      tasks: [{ type: 'faq-chat' }],
      data: {
        sensitivity: 'regulated',
        kinds: ['personal', 'financial-eu'],
        regimes: ['gdpr', 'dora'],
        ...(agreements && { agreements }),
      },
    });
    const [taskPart] = context.workload.taskParts;
    return taskPart && unsignable(taskPart, context);
  };
  // GDPR Art. 28 asks for a DPA, DORA Art. 30 for a contract of its own; a transfer tool is one of several ways.
  expect(await missing(['dpa'])).toEqual(['dora']);
  expect(await missing(['dpa', 'dora'])).toEqual([]);
  expect(await missing(['scc'])).toEqual(['dpa', 'dora']);
  expect(await missing()).toEqual([]);
});
