import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { json, table } from '../../src/report/assess.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';

const tool = { name: 'deploy-advisor', version: '0.0.0' };

/** So little work that a bill is 0, or so near it that what it is divided by leaves the range of numbers. */
test.each([
  ['no bill at all', '{volume: 1e-99}', '{input: 1e-99, output: 1e-99}', ''],
  ['a bill with no digits left', '{volume: 1e-99}', '{input: 100, output: 100}', ''],
  ['people alone', '{volume: 1e-99}', '{input: 100, output: 100}', 'preferences: {only: [managed-hosting]}'],
])('%s can be printed in every format', async (_, workload, tokens, more) => {
  const { tables, prose } = await shipped();
  const text = `version: 1\nworkload: ${workload}\ntasks: [{type: faq-chat, tokens: ${tokens}}]\n${more}\n`;
  const { scenario, problems } = readScenario(text, { file: 'free.yaml', tables, asOf });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (scenario === null) return;
  const decision = assess(scenario, tables, { asOf, prose, tool, point: true });
  const { status, monthlyCost } = decision.recommendation;
  expect(status).toBe('recommended');
  expect(monthlyCost).toBeGreaterThanOrEqual(0);
  expect(() => json(decision)).not.toThrow();
  expect(table(decision, { color: false, width: 80, detail: 'full' })).not.toMatch(/NaN|Infinity/);
});
