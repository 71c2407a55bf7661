import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { runShow as runPricingShow } from '../../src/cli/commands/pricing.js';
import type { Values } from '../../src/cli/problems.js';
import { loadTables } from '../../src/tables/load.js';
import { selectOffers } from '../../src/tables/offers.js';
import { shippedFiles } from '../support/load.js';
import { told } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const dates = ['2023-11-30', '2024-06-30', '2025-01-31', '2025-09-30', '2026-03-31', '2026-08-21'];

const show = (values: Values) => told((io) => runPricingShow(io, { asOf: '2026-11-20', ...values } as never));
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });
type Shown = { prices: unknown; rows: Record<string, unknown>[] };
const json = async (values: Values): Promise<Shown> => JSON.parse((await show({ ...values, format: 'json' })).out);

/** Data rows of a shipped file. */
function linesOf(file: string): number {
  return (
    readFileSync(new URL(`../../pricing/${file}`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n').length - 1
  );
}

test('every row of the source files is shown: 1,482 API, 658 rental and 509 hosting rows over the six snapshots', async () => {
  const total = { api: 0, rental: 0, hosting: 0 };
  for (const date of dates) {
    const rows = rowsOf((await show({ pricing: date, format: 'csv' })).out);
    for (const table of ['api', 'rental', 'hosting'] as const) {
      const shown = rows.filter((row) => row.table === table);
      expect(shown, `${date} ${table}`).toHaveLength(linesOf(`${date}/${table}.csv`));
      total[table] += shown.length;
    }
  }
  expect(total).toEqual({ api: 1482, rental: 658, hosting: 509 });
});

test.each(['2023-11-30', '2026-08-21'])(
  '%s: every row answers to its own names, in the table as well',
  async (date) => {
    const { tables } = loadTables(shippedFiles(date));
    if (tables === null) throw new Error(date);
    for (const { provider, modelId, family, row } of tables.api) {
      for (const model of [modelId, family]) {
        const found = selectOffers(tables, { provider, model });
        expect(
          found.some((offer) => offer.table === 'api' && offer.row === row),
          `${provider} ${model}`,
        ).toBe(true);
      }
    }
    for (const { provider, accelerator, row } of tables.rental) {
      const found = selectOffers(tables, { provider, accelerator, kind: 'rental' });
      expect(
        found.some((offer) => offer.row === row),
        `${provider} ${accelerator}`,
      ).toBe(true);
    }
    for (const { provider, product, row } of tables.hosting) {
      const found = selectOffers(tables, { provider, model: product, kind: 'hosting' });
      expect(
        found.some((offer) => offer.row === row),
        `${provider} ${product}`,
      ).toBe(true);
    }
    const { out } = await show({ pricing: date });
    for (const { modelId } of tables.api) expect(out).toContain(modelId);
    for (const { instanceType } of tables.rental) expect(out).toContain(instanceType);
    for (const { product } of tables.hosting) expect(out).toContain(product);
  },
);

test('the table says the date and age, each unit, and ? for what no source gives', async () => {
  const { out, err, exit } = await show({ provider: 'openai', model: 'gpt-4o' });
  expect([err, exit]).toEqual(['', []]);
  const lines = out.split('\n');
  // 2026-08-21 to 2026-11-20: 10 days of August, 30, 31 and 20 days.
  expect(lines[0]).toBe('prices 2026-08-21 (91 days old), 2 rows');
  expect(out).toContain('API tokens, USD per 1M tokens');
  // OpenAI's list: 2.50 in, 10 out, 1.25 cached, half of both in a batch; cache writes are not a price of theirs.
  expect(lines.find((line) => / gpt-4o /.test(line))).toMatch(
    /^openai +gpt-4o +2\.5 +10 +1\.25 +\? +1\.25 +5 +4\.25 +2\.125 +17 +2027-01-14 +\[1\]$/,
  );
  expect(out).toMatch(/\? is unknown, never free/);
});

test('JSON holds every field with null for unknown; CSV leaves the cell empty', async () => {
  const { prices, rows } = await json({ pricing: '2023-11-30', provider: 'openai', model: 'gpt-4' });
  expect(prices).toEqual({ snapshot: '2023-11-30', asOf: '2026-11-20', ageDays: 1086 });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    table: 'api',
    placementKind: 'cloud-api',
    priceUnit: 'USD per 1M tokens',
    modelId: 'gpt-4',
    inputUsdPerMTok: 30,
    outputUsdPerMTok: 60,
    cachedInputUsdPerMTok: null,
    freeTokensPerMonth: null,
    regionalUpliftPct: null,
    confidence: 'high',
  });
  const [row] = rowsOf((await show({ pricing: '2023-11-30', provider: 'openai', model: 'gpt-4', format: 'csv' })).out);
  expect(row).toMatchObject({
    price_unit: 'USD per 1M tokens',
    input_usd_per_mtok: '30',
    cached_input_usd_per_mtok: '',
  });
});

test.each(['provider', 'name', 'model', 'accelerator', 'price', 'output', 'date'] as const)(
  '--sort %s orders each table, what is unknown last',
  async (sort) => {
    const { rows } = await json({ sort, kind: 'rental' });
    const key = (row: Record<string, unknown>): unknown =>
      ({
        provider: row.provider,
        name: String(row.name).toLowerCase(),
        accelerator: row.accelerator,
        date: row.date,
        price: Number(row.onDemandUsdPerHour ?? row.spotUsdPerHour) / Number(row.gpuCount),
      })[sort as string];
    const values = rows.map(key).filter((value) => value !== undefined) as (string | number)[];
    expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : Number(a > b))));
  },
);

test.each([
  [{ model: 'claud-sonnet-5' }, 'no model "claud-sonnet-5"', 'claude-sonnet-5'],
  [{ provider: 'opnai' }, 'no provider "opnai"', 'openai'],
  [{ accelerator: 'h1000' }, 'no accelerator "h1000"', 'h100'],
  [{ kind: 'self-hosted' }, 'no kind "self-hosted"', 'self-hosted-cloud'],
  [{ model: 'gpt' }, 'no model "gpt"', '--model "*gpt*" lists them'],
  [{ pricing: '2023-11-30', accelerator: 'b200' }, 'no accelerator "b200"', ''],
])('%j is no name of anything: exit 2, and what was meant', async (values, message, near) => {
  const { out, err, exit } = await show(values);
  expect(exit).toEqual([2]);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(err).toContain(near);
  const asJson = await show({ ...values, format: 'json' });
  expect(asJson.err).toBe('');
  expect(JSON.parse(asJson.out)).toMatchObject({ errors: [{ code: 'no-such-price' }] });
});

test('prices of one’s own in their rows, with the place in the book', async () => {
  const priceBook = join(newFolder(), 'book.yaml');
  writeFileSync(priceBook, 'version: 1\nname: contract\nrates: [{provider: openai, model: gpt-4o, input: 1.5}]\n');
  const wanted = { provider: 'openai', model: 'gpt-4o', detail: true };
  const listed = await show(wanted);
  const own = await show({ ...wanted, priceBook });
  expect(listed.out).toMatch(/^openai +gpt-4o +2\.5 +10 /m);
  expect(own.out).toMatch(/^openai +gpt-4o +1\.5 +10 /m);
  expect(own.out).toContain(`price book contract (${priceBook}:3)`);
});
