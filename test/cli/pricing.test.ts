import { expect, test } from 'vitest';
import { readShippedTables, shippedDates } from '../../src/cli/read-tables.js';
import { latestSnapshot } from '../support/load.js';

test('a date without a snapshot names those there are', async () => {
  const { tables, problems } = await readShippedTables('2020-01-01');
  expect(tables).toBeNull();
  expect(problems).toMatchObject([
    {
      code: 'unknown-snapshot',
      suggestion: `did you mean 2025-01-31? shipped snapshots: ${shippedDates().join(', ')}`,
    },
  ]);
});

test('the newest snapshot is the default, unless the environment pins one', async () => {
  const date = async () => (await readShippedTables()).tables?.snapshot.date;
  const pinned = process.env.DEPLOY_ADVISOR_PRICING;
  process.env.DEPLOY_ADVISOR_PRICING = '';
  expect([shippedDates().at(-1), await date()]).toEqual([latestSnapshot, latestSnapshot]);
  process.env.DEPLOY_ADVISOR_PRICING = '2025-01-31';
  expect(await date()).toBe('2025-01-31');
  process.env.DEPLOY_ADVISOR_PRICING = pinned;
});
