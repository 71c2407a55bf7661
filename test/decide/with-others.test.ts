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

test('what a kind costs that cannot do it all: with others beside it, where the plan does without it', async () => {
  const { scorecard, recommendation } = await decide(app);
  const edge = scorecard.find(({ kind }) => kind === 'edge');
  expect(edge?.feasible).toBe(false);
  expect(recommendation.kinds).not.toContain('edge');
  const mixed = edge?.withOthers;
  expect(mixed?.plan).toContain('edge/');
  expect(mixed?.kinds.length).toBeGreaterThan(0);
  expect(mixed?.kinds).not.toContain('edge');
  expect(mixed?.monthlyCost).toBeGreaterThanOrEqual(recommendation.cheapest?.monthlyCost ?? Number.POSITIVE_INFINITY);
  const { asked } = await decide(app, { include: [mixed?.plan ?? ''] });
  expect(asked).toMatchObject([{ monthlyCost: mixed?.monthlyCost, feasible: true }]);
});

test('none where it can do all, where it can do nothing, and where it is part of the plan', async () => {
  const rows = async (more: object) => {
    const { scorecard, recommendation } = await decide({ ...app, ...more });
    return { edge: scorecard.find(({ kind }) => kind === 'edge'), kinds: recommendation.kinds };
  };
  const all = await rows({ devices: { ...app.devices, classes: { 'apple-m4-32gb': '100%' } } });
  expect(all.edge).toMatchObject({ feasible: true, withOthers: null });
  const { devices: _, ...without } = app;
  expect((await decide(without)).scorecard.find(({ kind }) => kind === 'edge')).toMatchObject({ withOthers: null });
});
