import { expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';

test('no assumption of the tables is said to have been removed', async () => {
  const tables = await shippedTables();
  const names = [...tables.parameterOf.keys()];
  expect(names.length).toBeGreaterThan(50);
  const text = JSON.stringify({
    version: 1,
    workload: { volume: '10k requests/day' },
    tasks: [{ type: 'faq-chat' }],
    assumptions: Object.fromEntries(names.map((name) => [name, tables.parameterOf.get(name)?.likely])),
  });
  const { problems } = readScenario(text, { file: 'a.yaml', tables, asOf: '2026-11-20' });
  expect(problems.map(({ message }) => message).filter((one) => one.includes('was removed'))).toEqual([]);
});
