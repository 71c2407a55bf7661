import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { fitTerms, hardwareSheet, summarizeHardware } from '../../src/capacity/hardware.js';
import type { MeasuredPoint } from '../../src/capacity/measurement.js';
import { runHardware } from '../../src/cli/commands/capacity.js';
import type { Values } from '../../src/cli/problems.js';
import { hardwareSheetTable } from '../../src/report/hardware.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import { shipped } from '../support/load.js';
import { cliHere, refused, told } from '../support/recording-io.js';

const prices = { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91 };
const hardware = (...args: string[]) => cliHere(['hardware', ...args, '--as-of', prices.asOf]);

const show = (values: Values, name?: string) =>
  told((io) => runHardware(io, { asOf: prices.asOf, ...values, ...(name && { name }) } as never));
type Shown = { hardware: Record<string, unknown>[] } & Record<string, unknown>;
const json = async (values: Values, name?: string): Promise<Shown> =>
  JSON.parse((await show({ ...values, format: 'json' }, name)).out);

const listKeys = `accelerator vendor kind architecture servingClass memoryGib bandwidthGBs fp16Tflops fp8Tflops int8Tops
  fp4Tflops interconnect interconnectGBs tdpW idleW listPriceUsd listPriceLowUsd listPriceHighUsd priceAsOf
  released usableMemoryFraction listPriceIsLaterThanSnapshot rentalRows cheapestOnDemand cheapestOnDemandCloud
  soldAs endOfSale bf16 confidence source date note`
  .split(/\s+/)
  .sort();
/** All of one kind of hardware, with these measurements. */
async function sheetOf(row: AcceleratorRow, measured: readonly MeasuredPoint[]) {
  const { tables, prose } = await shipped();
  return {
    ...summarizeHardware(row, tables),
    ...{ confidence: row.confidence, ...prose({ table: 'accelerators', row: row.row }) },
    ...hardwareSheet(row, tables, fitTerms(tables, 8192), measured),
  };
}

/** Text that only a mistake in the program would print. */
const slip = /NaN|Infinity|undefined|null|\[object/;

test('the list has every accelerator, by kind, with its cheapest rental and who has it', async () => {
  const { code, out, err } = await hardware();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^92 accelerators, prices 2026-08-21 \(91 days old\)\n/);
  for (const kind of ['datacenter', 'workstation', 'consumer', 'soc', 'phone', 'cpu'])
    expect(out).toContain(`\n\n${kind}\naccelerator`);
  // 2.1393 on a marketplace; no FP4 units.
  expect(out).toMatch(/\nh100-sxm-80gb +nvidia +80 3350 +989 +1979 +\? nvlink 900 +700 2022-09 +30000 +2\.14 vast\*\n/);
  // 33.1443 for eight are 4.14, so the single one at 3.3631 it is; nobody rents out the other one.
  expect(out).toMatch(/\nrtx-pro-6000-server-96gb [^\n]* 3\.36 aws\n/);
  expect(out).toMatch(/\napple-m4-max-64gb +apple +64 +546 +18\.4 +\? +\? - +90 2024-10 +2900 +-\n/);
  expect(out).not.toMatch(slip);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(107);
});

test('JSON and CSV of the list have every key for every accelerator', async () => {
  const shown = await json({});
  expect(Object.keys(shown)).toEqual(['schemaVersion', 'prices', 'hardware']);
  expect(shown).toMatchObject({ schemaVersion: '1.0.0', prices });
  expect(shown.hardware).toHaveLength(92);
  for (const each of shown.hardware) expect(Object.keys(each).sort()).toEqual(listKeys);
  expect(shown.hardware.find(({ accelerator }) => accelerator === 'h100-sxm-80gb')).toMatchObject({
    ...{ fp4Tflops: null, tdpW: 700, rentalRows: 23 },
    cheapestOnDemand: { usdPerGpuHour: 2.1393, provider: 'vast', gpuCount: 1, tenancy: 'marketplace' },
    cheapestOnDemandCloud: { usdPerGpuHour: 3.2, provider: 'hyperstack', gpuCount: 1, tenancy: 'cloud' },
  });
  const rows: Record<string, string>[] = parse((await show({ format: 'csv' })).out, { columns: true });
  expect(rows).toHaveLength(92);
  expect(rows.find(({ accelerator }) => accelerator === 'apple-m4-max-64gb')).toMatchObject({
    ...{ memory_gib: '64', fp8_tflops: '', rental_rows: '0', cheapest_usd_per_gpu_hour: '', cheapest_provider: '' },
  });
  expect(rows.find(({ accelerator }) => accelerator === 'h100-sxm-80gb')).toMatchObject({
    ...{ cheapest_usd_per_gpu_hour: '2.1393', cheapest_cloud_provider: 'hyperstack' },
  });
});

test('as of 2023: no later hardware, that year’s rentals, and a warning where list prices are later', async () => {
  const shown = await json({ pricing: '2023-11-30' });
  for (const { released } of shown.hardware) expect(String(released).slice(0, 7) <= '2023-11').toBe(true);
  expect(shown.hardware.find(({ accelerator }) => accelerator === 'h100-sxm-80gb')).toMatchObject({
    listPriceIsLaterThanSnapshot: true,
  });
  const { err, exit } = await show({ pricing: '2023-11-30', kind: 'phone' });
  expect(err).toMatch(/warning {2}hindsight-price {2}2 of the list prices shown are of a later month/);
  expect(exit).toEqual([]);
  expect((await show({ pricing: '2023-11-30', quiet: true })).err).toBe('');
  const late = await show({ pricing: '2023-11-30' }, 'b200');
  expect([late.out, late.exit]).toEqual(['', [2]]);
  expect(late.err).toMatch(/unknown accelerator "b200" in the tables of 2023-11-30/);
});

test('one accelerator: usable memory, schemes, models that fit, rentals', async () => {
  const { code, out, err } = await hardware('h100-sxm');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^h100-sxm-80gb \(nvidia, datacenter, hopper\), released 2022-09\nprices 2026-08-21 /);
  // 80 x 2^30 = 85.9e9; x 0.92 - 2e9 = 77.03e9.
  expect(out).toMatch(/\nmemory +80 GiB = 85\.9 GB a card\nusable +1x 77, 2x 154, 4x 308, 8x 616 GB /);
  expect(out).toMatch(/\nops:byte +295 at fp16\n/);
  expect(out).toMatch(/\nfp8 +native +8\.2 +1,979 +303\n/);
  expect(out).toMatch(/\nnvfp4 +weight-only +4\.8 +989 +88\.6\n/);
  expect(out).toMatch(/\nbf16, fp16 +1x +\d+ +qwen3\.5-35b-a3b +36\n/);
  expect(out).toMatch(/\n {2}7 more models without layers in the tables: unknown\n/);
  // 55.04 for eight.
  expect(out).toMatch(/\naws +p5\.48xlarge +8 us-east-1 +6\.88 +\? +\? +2\.97\n/);
  expect(out).not.toMatch(/^Source$/m);
  expect(out).not.toMatch(slip);
});

test.each([
  { args: ['h1000'], codes: ['no-such-accelerator'], says: 'did you mean `h100`?' },
  { args: ['h100'], codes: ['ambiguous-accelerator'], says: 'h100-nvl-94gb, h100-pcie-80gb, h100-sxm-80gb' },
  { args: ['--vendor', 'nvdia'], codes: ['no-such-vendor'], says: 'nvidia' },
  { args: ['--context', '4096'], codes: ['option-does-not-apply'], says: 'needs the name of an accelerator' },
  {
    args: ['h1000', '--rentable', '--kind', 'soc'],
    codes: ['no-such-accelerator', 'option-does-not-apply', 'option-does-not-apply'],
    says: '--rentable is for the list',
  },
])('$args: exit 2, all problems at once', async ({ args, codes, says }) => {
  const { code, out, err } = await hardware(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const each of codes) expect(err).toContain(each);
  expect(err).toContain(says);
  const asJson = await hardware(...args, '--format', 'json');
  expect({ code: asJson.code, err: asJson.err }).toEqual({ code: 2, err: '' });
  expect(JSON.parse(asJson.out).errors.map((error: { code: string }) => error.code)).toEqual(codes);
});

test('CSV is for the list', async () => {
  expect(await hardware('h100-sxm', '--format', 'csv')).toMatchObject(
    refused('--format csv is for the list, without a name'),
  );
});

test.each([
  [['--kind', 'gpu'], 'Allowed choices'],
  [['--min-memory', 'much'], 'Expected a number'],
])('%j is a usage error', async (args, says) => {
  const { code, out, err } = await hardware(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(says);
});

test('every accelerator of the catalog can be shown, without a slip', async () => {
  const { tables } = await shipped();
  expect(tables.accelerators).toHaveLength(92);
  for (const row of tables.accelerators) {
    const sheet = await sheetOf(row, []);
    const text = hardwareSheetTable(prices, 8192, sheet, true);
    expect(text, row.accelerator).not.toMatch(slip);
    for (const { models } of sheet.schemes) {
      const counts = models.map((each) => each.models);
      expect(counts, 'more cards never hold fewer models').toEqual([...counts].sort((a, b) => a - b));
    }
  }
});
