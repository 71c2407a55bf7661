import { expect, test } from 'vitest';
import { unsureTasks } from '../../src/decide/advice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { committedCase } from '../support/committed.js';

test('what is asked of assumed needs is asked of parts of a task whose own need is written', async () => {
  const context = await committedCase('redacted-claims');
  const { advised, cheapest } = choose(context);
  expect(unsureTasks(cheapest as Plan, context)).toEqual(['claims']);
  expect(unsureTasks(advised as Plan, context)).toEqual([]);
});
