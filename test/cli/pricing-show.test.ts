import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { runShow as runPricingShow } from '../../src/cli/commands/pricing.js';
import type { Values } from '../../src/cli/problems.js';
import { loadTables } from '../../src/tables/load.js';
import { selectOffers } from '../../src/tables/offers.js';
import { shippedFiles } from '../support/load.js';
import { told } from '../support/recording-io.js';

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
