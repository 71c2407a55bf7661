import { expect, test } from 'vitest';
import { fitTerms, hardwareSheet, summarizeHardware } from '../../src/capacity/hardware.js';
import type { MeasuredPoint } from '../../src/capacity/measurement.js';
import { runHardware } from '../../src/cli/commands/capacity.js';
import type { Values } from '../../src/cli/problems.js';
import { hardwareSheetTable } from '../../src/report/hardware.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import { shipped } from '../support/load.js';
import { told } from '../support/recording-io.js';

const prices = { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91 };

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

test('JSON of the list has every key for every accelerator', async () => {
  const shown = await json({});
  expect(Object.keys(shown)).toEqual(['schemaVersion', 'prices', 'hardware']);
  expect(shown.hardware).toHaveLength(92);
  for (const each of shown.hardware) expect(Object.keys(each).sort()).toEqual(listKeys);
});

test('as of 2023 there is no later hardware', async () => {
  const shown = await json({ pricing: '2023-11-30' });
  for (const { released } of shown.hardware) expect(String(released).slice(0, 7) <= '2023-11').toBe(true);
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
