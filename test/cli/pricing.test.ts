import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runValidate as validatePricing } from '../../src/cli/commands/pricing.js';
import { nodeIo } from '../../src/cli/io.js';
import { loadTablesFolder, readShippedTables, shippedDates } from '../../src/cli/read-tables.js';
import { latestSnapshot } from '../support/load.js';
import { recordingIo } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

/** A folder with a snapshot of one's own: the shipped one, with its files changed. */
function ownFolder(change: (name: string, text: string) => string = (_, text) => text): string {
  const folder = newFolder();
  for (const name of ['snapshot.yaml', 'api.csv', 'rental.csv', 'hosting.csv']) {
    const text = readFileSync(new URL(`../../pricing/2026-08-21/${name}`, import.meta.url), 'utf8');
    writeFileSync(
      join(folder, name),
      change(name, name === 'snapshot.yaml' ? text.slice(0, text.indexOf('files:')) : text),
    );
  }
  return folder;
}

afterEach(() => {
  process.exitCode = 0;
});

test('a folder of one’s own passes as well', async () => {
  const { io, out, err, exit } = recordingIo();
  await validatePricing(io, { folder: ownFolder() });
  expect([err, exit]).toEqual([[], []]);
  expect(out.join('')).toMatch(/api\.csv +483\n/);
});

test('problems are shown with file, line and column, all of them, and the exit code is 2', async () => {
  const folder = ownFolder((name, text) => {
    if (name === 'api.csv') return text.replace('first-party', 'second-party');
    return name === 'rental.csv' ? text.replace(/\n([^,]*),aws,/, '\n$1,nobody,') : text;
  });
  const { io, out, err, exit } = recordingIo();
  await validatePricing(io, { folder });
  expect(exit).toEqual([2]);
  expect(out).toEqual([]);
  const text = err.join('');
  expect(text).toMatch(/api\.csv:2:9 {2}error {2}unknown-value {2}endpoint_kind: "second-party" is none of/);
  expect(text).toMatch(/rental\.csv:2:12 {2}error {2}unknown-reference {2}provider: "nobody" is not a provider/);
  expect(text.indexOf('api.csv')).toBeLessThan(text.indexOf('rental.csv'));
});

test.each([
  ['/no/such/folder', 'no-such-folder'],
  [tmpdir(), 'missing-file'],
])('%s is no snapshot: %s', async (folder, code) => {
  const { tables, problems } = await loadTablesFolder(nodeIo(), folder);
  expect(tables).toBeNull();
  expect(problems.map((problem) => problem.code)).toEqual([code]);
});

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
