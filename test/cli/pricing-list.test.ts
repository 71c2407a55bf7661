import { expect, test } from 'vitest';
import { runList as runPricingList } from '../../src/cli/commands/pricing.js';
import { told } from '../support/recording-io.js';

const list = (values: Record<string, string>) =>
  told((io) => runPricingList(io, values), { today: () => '2026-11-20' });

test('JSON has every snapshot with its age and rows, sources, coverage and notes', async () => {
  const { out } = await list({ format: 'json' });
  type Listed = { date: string; sources: string[]; coverage: string[]; notes: string[] };
  const { asOf, snapshots } = JSON.parse(out) as { asOf: string; snapshots: Listed[] };
  expect(asOf).toBe('2026-11-20');
  expect(snapshots).toHaveLength(7);
  expect(snapshots[0]).toMatchObject({ date: '2023-11-30', ageDays: 1086, rows: { api: 45, rental: 73, hosting: 0 } });
  for (const { sources, coverage, notes } of snapshots) {
    expect(sources.length).toBeGreaterThan(1);
    expect(coverage).toHaveLength(3);
    expect(notes.length).toBeGreaterThan(3);
  }
});
