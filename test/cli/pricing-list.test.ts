import { expect, test } from 'vitest';
import { runList as runPricingList } from '../../src/cli/commands/pricing.js';
import { told } from '../support/recording-io.js';

const list = (values: Record<string, string>) =>
  told((io) => runPricingList(io, values), { today: () => '2026-11-20' });

test('every snapshot with its age on the day asked about and its rows', async () => {
  const { out, err, exit } = await list({});
  expect([err, exit]).toEqual(['', []]);
  const [head, ...lines] = out.split('\n\n')[0]?.split('\n') ?? [];
  expect(head).toMatch(/^snapshot +age on 2026-11-20 +api rows +rental rows +hosting rows$/);
  // Days from date to date, counted on a calendar: 2024 has 366; 2023-11-30 is 3 years less 10 days before.
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['2023-11-30', '1,086 days old', '45', '73', '0'],
    ['2024-06-30', '873 days old', '92', '82', '74'],
    ['2025-01-31', '658 days old', '129', '89', '93'],
    ['2025-09-30', '416 days old', '297', '105', '123'],
    ['2026-03-31', '234 days old', '436', '129', '107'],
    ['2026-08-21', '91 days old', '483', '180', '112'],
    ['2026-11-10', '10 days old', '694', '184', '112'],
  ]);
});

test('JSON has the same with sources, coverage and notes', async () => {
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
