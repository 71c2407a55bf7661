import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTables } from '../../src/tables/load.js';
import { root } from '../support/cli-process.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { newFolder } from '../support/temporary-folder.js';

const into = join(newFolder(), '2026-12-10');
const refresh = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/refresh.mjs'), ...args], { cwd: root, encoding: 'utf8' });

test('lists inside packages become a draft: agreement, hours, what moved, what differs, and nothing of them is run', async () => {
  const packages = join(root, 'test/fixtures/refresh');
  const { status, stderr } = refresh('--into', into, '--date', '2026-12-10', '--packages', packages);
  expect([status, stderr]).toMatchObject([0, expect.stringContaining('npm @pydantic/genai-prices 9.9.8: 3 rows')]);
  const files = ['snapshot.yaml', 'api.csv', 'rental.csv', 'hosting.csv'].map((file) => ({
    file: join(into, file),
    text: readFileSync(join(into, file), 'utf8'),
  }));
  const base = await shipped(latestSnapshot);
  const { tables, prose, problems } = loadTables(files, base);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const row = (id: string) => tables?.api.find(({ modelId }) => modelId === id);
  // Two lists that do not copy each other say the same of one, and one of them says another price of the second.
  expect(row('claude-opus-5')).toMatchObject({ inputUsdPerMTok: 5, cacheWriteUsdPerMTok: 6.25, confidence: 'high' });
  expect(row('gpt-6-luna')).toMatchObject({ inputUsdPerMTok: 0.2, tierInputUsdPerMTok: 0.4, confidence: 'medium' });
  expect(prose?.({ table: 'api', row: row('gpt-6-luna')?.row ?? -1 }).note).toContain('genai-prices 9.9.8 0.1/0.5');
  const pro = row('deepseek-v4-pro');
  expect([pro?.inputUsdPerMTok, pro?.offPeakRatio, pro?.peakHours.length]).toEqual([1.32, 0.5, 49]);
  // An alias of a router is no model.
  expect(tables?.api.map(({ modelId }) => modelId).filter((id) => id.startsWith('~'))).toEqual([]);
  // Machines are those of the newest snapshot, on their own dates.
  expect(tables?.rental).toHaveLength(base.tables.rental.length);
  const review = readFileSync(join(into, 'review.txt'), 'utf8');
  expect(review).toContain('openai gpt-6-luna input: 0.1 -> 0.2');
  expect(review).toContain('openai gpt-6-luna: 0.2/0.5, npm @pydantic/genai-prices 9.9.8 0.1/0.5');
  expect(review).toMatch(/New: 1\n {2}anthropic claude-next-9/);
});

test('without a folder or a day it says how it is called, and writes nothing', () => {
  expect(refresh('--into', into)).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
});
