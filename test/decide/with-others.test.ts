import { expect, test } from 'vitest';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide as decideOn, type Written } from '../support/scenario.js';

const tables = fewRows(await shippedTables(), ['apple-m4-32gb', 'qwen3.5-4b', 'qwen3.5-9b', 'gemma-4-e4b']);
const decide = (written: Written, more: object = {}) => decideOn(written, { tables, ...more });

/** Laptops of which 40 % are able; the plan advised does without them. */
const app = {
  workload: { volume: '200k users', requestsPerUser: 5 },
  tasks: [{ name: 'summaries', type: 'summarization' }],
  data: { sensitivity: 'pii' },
  devices: { count: '200k', classes: { 'apple-m4-32gb': '40%' }, owner: 'users' },
};

test('a plan of a kind with others beside it costs what is told where it is asked for', async () => {
  const { scorecard } = await decide(app);
  const mixed = scorecard.find(({ kind }) => kind === 'edge')?.withOthers;
  const { asked } = await decide(app, { include: [mixed?.plan ?? ''] });
  expect(asked).toMatchObject([{ monthlyCost: mixed?.monthlyCost, feasible: true }]);
});
