import { expect, test } from 'vitest';
import { pricingDiffTable } from '../../src/report/pricing.js';
import { type SnapshotTable, schemas } from '../../src/tables/columns.js';
import { diffSnapshots } from '../../src/tables/diff.js';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import { cheapestByLevel } from '../../src/tables/query.js';
import type { Tables } from '../../src/tables/tables.js';
import { shipped, shippedFiles } from '../support/load.js';

type Row = Record<string, string | number>;

/** A price list of the given cells; the others are empty. */
function csv(table: SnapshotTable, rows: readonly Row[]): TableFile {
  const header = [...Object.values(schemas[table].columns).map((column) => column.header), 'source', 'confidence'];
  const given: Row = { source: 'a test', confidence: 'high' };
  const lines = rows.map((row) => header.map((name: string) => row[name] ?? given[name] ?? ''));
  return {
    file: `mine/${schemas[table].file}`,
    text: `${[header, ...lines].map((cells) => cells.join(',')).join('\n')}\n`,
  };
}

async function tables(date: string, lists: { [Table in SnapshotTable]?: readonly Row[] }): Promise<Tables> {
  const files = [
    { file: 'mine/snapshot.yaml', text: `date: ${date}\nsources: ['a test']\n` },
    ...(['api', 'rental', 'hosting'] as const).map((table) => csv(table, lists[table] ?? [])),
  ];
  const { tables: read, problems } = loadTables(files, await shipped());
  if (read === null) throw new Error(JSON.stringify(problems[0]));
  return read;
}

const token = (provider: string, id: string, family: string, input: number, output: number, more: Row = {}): Row => ({
  provider,
  endpoint_kind: 'first-party',
  model_id: id,
  family,
  open_weights: 'no',
  input_usd_per_mtok: input,
  output_usd_per_mtok: output,
  ...more,
});
const machine = (provider: string, name: string, gpus: number, usd: number): Row => ({
  as_of: '2025-09-30',
  provider,
  instance_type: name,
  accelerator: 'h100-sxm-80gb',
  gpu_count: gpus,
  region: 'us-east-1',
  on_demand_usd_per_hour: usd,
  tenancy: 'cloud',
});

async function example() {
  const before = await tables('2025-09-30', {
    api: [
      token('openai', 'gpt-4o', 'gpt-4o', 2.5, 10, { cached_input_usd_per_mtok: 1.25 }),
      token('openai', 'gpt-4o-mini', 'gpt-4o-mini', 0.15, 0.6),
      token('azure', 'gpt-4o', 'gpt-4o', 2.5, 10),
      token('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', 3, 15),
      token('google', 'gemini-2.0-flash', 'gemini-2.0-flash', 0.1, 0.4),
    ],
    rental: [machine('aws', 'p5.48xlarge', 8, 98.32), machine('runpod', '1x h100', 1, 3)],
  });
  const after = await tables('2026-03-31', {
    api: [
      token('openai', 'gpt-4o', 'gpt-4o', 2, 10),
      token('openai', 'gpt-4o-mini', 'gpt-4o-mini', 0.15, 0.6, {
        batch_input_usd_per_mtok: 0.075,
        batch_output_usd_per_mtok: 0.3,
      }),
      token('azure', 'gpt-4o', 'gpt-4o', 2.5, 10),
      token('anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5', 3, 9),
      token('openai', 'gpt-4.1', 'gpt-4.1', 2, 8),
    ],
    rental: [machine('aws', 'p5.48xlarge', 8, 55.04), machine('runpod', '1x h100', 1, 2)],
  });
  return { before, after, diff: diffSnapshots(before, after) };
}

test('offers: one added, one removed, one renamed and kept, one unchanged', async () => {
  // Two batch prices, and what gpt-4o costs at the priority tier from 2025-12 on: input, cached, output.
  const { diff } = await example();
  expect(diff.added.map(({ provider, name }) => `${provider} ${name}`)).toEqual(['openai gpt-4.1']);
  expect(diff.removed.map(({ provider, name }) => `${provider} ${name}`)).toEqual(['google gemini-2.0-flash']);
  expect(diff.unchanged).toBe(1);
  expect(diff).toMatchObject({ from: '2025-09-30', to: '2026-03-31', figuresGained: 5, figuresLost: 1 });
});

test('terms that are no prices: what a price holds until, what comes then, and what has to be bought', async () => {
  const endpoint = (more: Row) => ({
    as_of: '2025-09-30',
    provider: 'aws-bedrock',
    product: 'custom model unit',
    kind: 'dedicated-endpoint',
    unit: 'model-unit-hour',
    usd_per_unit: 5,
    ...more,
  });
  const sold = (more: Row) => ({
    ...machine('runpod', '1x h100', 1, 3),
    ...more,
  });
  const introduced = { until: '2026-08-31', next_input_usd_per_mtok: 3, next_output_usd_per_mtok: 15 };
  const lists = (date: string, api: Row, rental: Row, hosting: Row) =>
    tables(date, {
      api: [
        token('anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5', 2, 10, { ...introduced, ...api }),
        token('azure', 'gpt-4o', 'gpt-4o', 2.5, 10),
      ],
      rental: [sold(rental)],
      hosting: [endpoint(hosting)],
    });
  const before = await lists('2025-09-30', {}, {}, { min_units: 1, scale_to_zero: 'no' });
  const after = await lists(
    '2026-03-31',
    { next_input_usd_per_mtok: 6, regional_uplift_pct: 10 },
    { as_of: '2026-03-31', sold_in: '1;8' },
    { as_of: '2026-03-31', min_units: 2, scale_to_zero: 'yes' },
  );
  const diff = diffSnapshots(before, after);
  expect(diff).toMatchObject({ changed: [], figuresGained: 0, figuresLost: 0, unchanged: 1 });
  expect(diff.termsChanged.map(({ table, name, term, from, to }) => [table, name, term, from, to])).toEqual([
    ['api', 'claude-sonnet-4-5', 'next_input_usd_per_mtok', 3, 6],
    ['api', 'claude-sonnet-4-5', 'regional_uplift_pct', null, 10],
    ['rental', '1x h100', 'sold_in', null, '1;8'],
    ['hosting', 'custom model unit', 'min_units', 1, 2],
    ['hosting', 'custom model unit', 'scale_to_zero', 'no', 'yes'],
  ]);
  expect(diffSnapshots(before, before)).toMatchObject({ termsChanged: [], unchanged: 4 });
  const text = pricingDiffTable(diff, false);
  expect(text).toContain('0 prices changed, 5 other terms, 1 offer unchanged');
  expect(text).toMatch(/anthropic +claude-sonnet-4-5 +next_input_usd_per_mtok +3 +6\n/);
  expect(text).toMatch(/runpod +1x h100 us-east-1 +sold_in +- +1;8\n/);
});

test('prices: 98.32 to 55.04 is -44.02 %, 15 to 9 is -40 %, 3 to 2 is -33.3 %, 2.5 to 2 is -20 %; largest first', async () => {
  const { diff } = await example();
  const seen = diff.changed.map(({ name, formerName, price, from, to, percent }) => ({
    name,
    formerName,
    price,
    from,
    to,
    percent: percent?.toFixed(2),
  }));
  expect(seen).toEqual([
    { name: 'p5.48xlarge', formerName: null, price: 'on demand', from: 98.32, to: 55.04, percent: '-44.02' },
    {
      name: 'claude-sonnet-4-5',
      formerName: 'claude-sonnet-4-5-20250929',
      price: 'output',
      from: 15,
      to: 9,
      percent: '-40.00',
    },
    { name: '1x h100', formerName: null, price: 'on demand', from: 3, to: 2, percent: '-33.33' },
    { name: 'gpt-4o', formerName: null, price: 'input', from: 2.5, to: 2, percent: '-20.00' },
  ]);
});

test('medians: gpt-4o input of 2.5 and 2.5 was 2.5, of 2 and 2.5 is 2.25: -10 %', async () => {
  const { diff } = await example();
  expect(diff.families.find(({ name, price }) => name === 'gpt-4o' && price === 'input')).toEqual({
    name: 'gpt-4o',
    price: 'input',
    unit: 'USD per 1M tokens',
    from: 2.5,
    to: 2.25,
    percent: expect.closeTo(-10, 9),
    rowsBefore: 2,
    rowsAfter: 2,
  });
  // A family of one snapshot only has no change: unknown, not 100 %.
  expect(diff.families.find(({ name }) => name === 'gpt-4.1')).toMatchObject({
    from: null,
    percent: null,
    rowsBefore: 0,
  });
});

test('levels on 2023-11-30: general by gpt-3.5-turbo-1106 at 1 + 2 = 3, strong by gpt-4-1106 at 10 + 30 = 40, no frontier', () => {
  const { tables: early } = loadTables(shippedFiles('2023-11-30'));
  if (early === null) throw new Error('not loaded');
  const ways = cheapestByLevel(early);
  expect(ways.map(({ level }) => level.fromIndex)).toEqual([0, 27, 52, 84]);
  expect(ways[1]?.way).toMatchObject({ model: 'gpt-3.5-turbo-1106', mode: 'standard', usd: 3 });
  expect(ways[2]?.way).toMatchObject({ model: 'gpt-4-1106-preview', usd: 40 });
  expect(ways[3]?.way).toBeNull();
});
