import { expect, test } from 'vitest';
import { loadTables } from '../../src/tables/load.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedFiles } from '../support/load.js';
import { decide, tablesWith, type Written } from '../support/scenario.js';

/** Prices that nobody knew on the snapshot's date, in a plan that buys at them. */

const early = loadTables(shippedFiles('2024-06-30')).tables as Tables;
const inHouse: Written = {
  workload: { volume: '60k requests/day', profile: 'business-hours', horizon: '36 months' },
  tasks: [{ name: 'tr', type: 'translation' }],
  data: { sensitivity: 'pii', boundary: 'own-premises' },
};

async function decided(more: Partial<Written>, tables?: Tables) {
  const { recommendation, warnings } = await decide(
    { ...inHouse, ...more },
    { point: true, ...(tables && { tables }) },
  );
  return {
    plan: recommendation.plan ?? '',
    told: warnings.flatMap(({ code, message }) => (code === 'hindsight-price' ? [message] : [])),
  };
}

const repriced = (priceAsOf: string) =>
  tablesWith(early, { accelerators: early.accelerators.map((row) => ({ ...row, priceAsOf })) });

test('machines bought at list prices later than the snapshot are told once, with the dates', async () => {
  const { plan, told } = await decided({}, early);
  expect(plan).toMatch(/gaudi2-96gb\/us\/bought$/);
  expect(told).toEqual([
    'the plan buys hardware at list prices of a later month than the snapshot of 2024-06-30: gaudi2-96gb (2025-12)',
  ]);
});

test('not where the prices are of its month or before, nor on a snapshot later than they', async () => {
  expect((await decided({}, repriced('2024-06'))).told).toEqual([]);
  expect((await decided({}, repriced('2024-07'))).told).toHaveLength(1);
  const now = await decided({});
  expect(now.plan).toMatch(/bought$/);
  expect(now.told).toEqual([]);
});

test('not of a plan that buys nothing: machines that are owned, an API', async () => {
  const owned = await decided({ existing: [{ accelerator: 'h100-pcie-80gb', count: 16 }] }, early);
  expect(owned.plan).toMatch(/owned$/);
  expect(owned.told).toEqual([]);
  const more = await decided(
    {
      workload: { volume: '1M requests/day', horizon: '36 months' },
      preferences: { only: ['owned'] },
      existing: [{ accelerator: 'h100-pcie-80gb', count: 4 }],
    },
    early,
  );
  expect(more.plan).toMatch(/owned$/);
  expect(more.told).toHaveLength(1);
  const api = await decided({ data: { sensitivity: 'public' } }, early);
  expect(api.plan).toMatch(/-api\//);
  expect(api.told).toEqual([]);
});
