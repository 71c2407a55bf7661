import { expect, test } from 'vitest';
import { fitTerms } from '../../src/capacity/hardware.js';
import type { MeasuredPoint } from '../../src/capacity/measurement.js';
import { modelSheet, summarizeModel } from '../../src/capacity/models.js';
import { runModels } from '../../src/cli/commands/capacity.js';
import type { Values } from '../../src/cli/problems.js';
import { modelSheetTable } from '../../src/report/models.js';
import type { ModelRow } from '../../src/tables/columns.js';
import { shipped } from '../support/load.js';
import { told } from '../support/recording-io.js';

const prices = { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91 };
const show = (values: Values, name?: string) =>
  told((io) => runModels(io, { asOf: prices.asOf, ...values, ...(name && { name }) } as never));
type Shown = { models: Record<string, unknown>[]; unknownFits: string[] } & Record<string, unknown>;
const json = async (values: Values, name?: string): Promise<Shown> =>
  JSON.parse((await show({ ...values, format: 'json' }, name)).out);
const names = async (values: Values): Promise<string[]> =>
  (await json(values)).models.map(({ family }) => String(family));

const listKeys = `family vendor released license licenseTerms commercialUse paramsTotalB paramsActiveB layers hiddenSize
  attentionHeads kvHeads headDim attentionType slidingWindowTokens intermediateSize expertsTotal expertsActive
  sharedExperts moeIntermediateSize denseLayers paramsOtherB vocabSize maxContext nativeDtype modalities
  kvElemsPerTokenFull kvElemsPerTokenWindowed stateElemsPerSeq kvBytesPerToken weightBytes capability
  judgedIndex fit confidence source date note`
  .split(/\s+/)
  .sort();

/** All of one model, with these measurements. */
async function sheetOf(model: ModelRow, context: number, measured: readonly MeasuredPoint[]) {
  const { tables, prose } = await shipped();
  const terms = fitTerms(tables, context);
  return {
    ...summarizeModel(model, tables, terms, null),
    ...{ confidence: model.confidence, ...prose({ table: 'models', row: model.row }) },
    ...modelSheet(model, tables, terms, tables.accelerators, measured),
  };
}

test('JSON of the list has every key for every model', async () => {
  const shown = await json({});
  expect(Object.keys(shown)).toEqual(['schemaVersion', 'prices', 'contextTokens', 'fitsOn', 'unknownFits', 'models']);
  expect(shown.models).toHaveLength(175);
  for (const each of shown.models) expect(Object.keys(each).sort()).toEqual(listKeys);
});

test('filters: maker, size, capability; what is unknown passes no limit', async () => {
  const [all, few] = [await json({}), await json({ vendor: 'OpenAI' })];
  expect(few.models.map(({ family }) => family)).toEqual(['gpt-oss-120b', 'gpt-oss-20b']);
  for (const text of ['3', '3b', '3.0B']) {
    const expected = all.models.filter(({ paramsTotalB }) => Number(paramsTotalB) <= 3).map(({ family }) => family);
    expect(expected.length).toBeGreaterThan(5);
    expect(await names({ maxParams: text })).toEqual(expected);
  }
  const capable = await json({ minIndex: '85' });
  const expected = all.models.filter(({ judgedIndex }) => judgedIndex !== null && Number(judgedIndex) >= 85);
  expect(capable.models).toEqual(expected);
  expect(expected.length).toBeGreaterThan(10);
});

test('a snapshot of 2023 has no later model', async () => {
  const shown = await json({ pricing: '2023-11-30' });
  expect(shown.models.length).toBeGreaterThan(3);
  for (const { released } of shown.models) expect(String(released).slice(0, 7) <= '2023-11').toBe(true);
});

test('one card holds fewer models than eight, and of seven nobody knows', async () => {
  const [one, eight] = [await json({ fits: 'h100-sxm' }), await json({ fits: 'h100-sxm:8' })];
  expect(one.fitsOn).toBe('1x h100-sxm-80gb');
  expect(one.models.length).toBeLessThan(eight.models.length);
  expect(one.models.every(({ fit }) => (fit as { cards: number }).cards === 1)).toBe(true);
  expect(one.unknownFits).toHaveLength(7);
});

test('measured points are shown where there are some, with ? for what was not measured', async () => {
  const { tables } = await shipped();
  const model = tables.modelOf.get('llama-3.3-70b');
  if (model === undefined) throw new Error('no model');
  const point = {
    ...{ family: model.family, accelerator: 'h100-sxm-80gb', engine: 'made-up', quantization: 'fp8' },
    ...{ acceleratorCount: 2, promptTokens: 1000, outputTokens: 200, concurrency: null, outputTokensPerS: 1234.5 },
    ...{ ttftMsP50: null, tpotMsP50: 21.5, predicted: null, source: 'invented for this test', date: '2026-08' },
  };
  const sheet = await sheetOf(model, 8192, [point]);
  const text = modelSheetTable(prices, 8192, sheet, false);
  expect(text).toMatch(/\nMeasured, as published\naccelerator +cards +scheme +engine /);
  expect(text).toMatch(
    /\nh100-sxm-80gb +2 +fp8 +made-up +1000 +200 +\? +1,235 +\? +\? +21\.5 +invented for this test +2026-08\n/,
  );
  // Who measured it stands in the row; where it stands in full is a detail.
  expect(text).not.toContain('\nsources\n');
  expect(modelSheetTable(prices, 8192, sheet, true)).toContain('\nsources\n  invented for this test\n');
  expect(sheet.measurements).toEqual([point]);
});
