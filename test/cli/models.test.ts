import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { fitTerms } from '../../src/capacity/hardware.js';
import type { MeasuredPoint } from '../../src/capacity/measurement.js';
import { modelSheet, summarizeModel } from '../../src/capacity/models.js';
import { runModels } from '../../src/cli/commands/capacity.js';
import type { Values } from '../../src/cli/problems.js';
import { modelSheetTable } from '../../src/report/models.js';
import type { ModelRow } from '../../src/tables/columns.js';
import { shipped } from '../support/load.js';
import { cliHere, told } from '../support/recording-io.js';

const prices = { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91 };
const date = ['--as-of', prices.asOf];
const models = (...args: string[]) => cliHere(['models', ...args, ...date]);

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

/** Text that only a mistake in the program would print. */
const slip = /NaN|Infinity|undefined|null|\[object/;

test('the list has every model of the catalog in one line, and says what its columns are', async () => {
  const { code, out, err } = await models();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = out.split('\n');
  expect(lines[0]).toBe('175 models, tables of 2026-08-21 (91 days old)');
  expect(lines[2]).toMatch(/^model +vendor +date +params attn +lay +ctx +KV bf16 +own use +cap$/);
  // 2 bytes x 70.554e9; 327,680 bytes = 320 KiB; 131,072 tokens = 128 x 1,024; index 53.4.
  expect(out).toMatch(/\nllama-3\.3-70b +meta +2024-12 +70\.6 gqa +80 +128 +320 +141 +141 cond +53\n/);
  // 671e9 x 8.2 / 8; 70,272 / 1,024.
  expect(out).toMatch(/\ndeepseek-v3 +deepseek +2024-12 +671\/37 mla +61 +128 68\.6 1342 +688 cond +67\n/);
  // No layers in the tables: nothing is 0.
  expect(out).toMatch(/\ncommand-a-plus-218b-a25b +cohere +2026-05 +218\/25 \? +\? +188 +\? +436 +\? yes +80t\n/);
  expect(out).not.toMatch(slip);
  // As wide as the longest names of models (30) and makers (16) make it: one line a model, for wide terminals.
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(106);
});

test('JSON and CSV of the list have every key for every model', async () => {
  const shown = await json({});
  expect(Object.keys(shown)).toEqual(['schemaVersion', 'prices', 'contextTokens', 'fitsOn', 'unknownFits', 'models']);
  expect(shown).toMatchObject({ schemaVersion: '1.0.0', prices, contextTokens: 8192, fitsOn: null, unknownFits: [] });
  expect(shown.models).toHaveLength(175);
  for (const each of shown.models) expect(Object.keys(each).sort()).toEqual(listKeys);
  expect(shown.models.find(({ family }) => family === 'gemma-3-27b')).toMatchObject({
    ...{ kvBytesPerToken: 135_168, attentionType: 'hybrid', slidingWindowTokens: 1024, commercialUse: 'conditional' },
    weightBytes: { bf16: 54_864_000_000, native: 54_864_000_000, nativeScheme: 'bf16' },
  });
  expect(shown.models.find(({ family }) => family === 'command-a-plus-218b-a25b')).toMatchObject({
    ...{ layers: null, kvBytesPerToken: null, weightBytes: { bf16: 436_000_000_000, native: null } },
  });
  const rows: Record<string, string>[] = parse((await show({ format: 'csv' })).out, { columns: true });
  expect(rows).toHaveLength(175);
  expect(rows.find(({ family }) => family === 'deepseek-v3')).toMatchObject({
    ...{ kv_bytes_per_token: '70272', bf16_bytes: '1342000000000', native_bytes: '687775000000', fit_scheme: '' },
  });
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

test('--fits: only what some served scheme fits, with what it fits as, and whom nobody knows of', async () => {
  const { out } = await models('--fits', 'h100-sxm:2', '--max-params', '120');
  expect(out).toMatch(/^\d+ models on 2x h100-sxm-80gb with 8,192 tokens each, tables of 2026-08-21/);
  // 2 x (0.9 x 80 GiB - 2 GB - activations) = 148.1e9, less 141.1e9 of weights; 1.04 x 327,680 x 8,192 a sequence: 2.5.
  // Activations of a chunk on each of two cards: 8,192 x (2 x 8,192 + 3 x 28,672 / 2) x 2 + 8 x 128,256 x 256 = 1.236e9.
  expect(out).toMatch(/\nllama-3\.3-70b [^\n]* bf16 2x 2\n/);
  expect(out).toMatch(/\ngpt-oss-120b [^\n]* mxfp4-native 1x 28\n/);
  expect(out).toMatch(/\nwithout layers in the tables, so nobody knows: nemotron-3-nano-4b\n/);
  const [one, eight] = [await json({ fits: 'h100-sxm' }), await json({ fits: 'h100-sxm:8' })];
  expect(one.fitsOn).toBe('1x h100-sxm-80gb');
  expect(one.models.length).toBeLessThan(eight.models.length);
  expect(one.models.every(({ fit }) => (fit as { cards: number }).cards === 1)).toBe(true);
  expect(one.unknownFits).toHaveLength(7);
  // 131,072 tokens are 42.9e9 bytes of cache: beside 72.3e9 at 8 bit that needs more than one card.
  const long = await json({ fits: 'h100-sxm', context: '131072', vendor: 'meta' });
  expect(long.models.find(({ family }) => family === 'llama-3.3-70b')).toBeUndefined();
  expect(long.models.find(({ family }) => family === 'llama-3-8b')).toBeUndefined();
});

test('time travel is forbidden: a snapshot of 2023 has no later model and no later hardware', async () => {
  const shown = await json({ pricing: '2023-11-30' });
  expect(shown.models.length).toBeGreaterThan(3);
  for (const { released } of shown.models) expect(String(released).slice(0, 7) <= '2023-11').toBe(true);
  const sheet = (await json({ pricing: '2023-11-30' }, 'llama-2-7b')).models[0];
  const on = ((sheet?.fits ?? []) as { accelerator: string }[]).map(({ accelerator }) => accelerator);
  expect(on).toContain('h100-sxm-80gb');
  for (const later of ['h200-sxm-141gb', 'b200-sxm-180gb', 'mi300x-192gb']) expect(on).not.toContain(later);
  const late = await show({ pricing: '2023-11-30' }, 'llama-3.3-70b');
  expect([late.out, late.exit]).toEqual(['', [2]]);
  expect(late.err).toMatch(/released in 2024-12, after the snapshot of 2023-11-30/);
});

test('one model: architecture, cache, weights, what it fits on', async () => {
  const { code, out, err } = await models('gpt-oss-120b');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/parameters +116\.83e9, 5\.1e9 active; 128 experts, 4 active, 0 shared\n/);
  expect(out).toMatch(/attention +hybrid, 64 heads, 8 KV heads, head size 64, window 128 tokens\n/);
  expect(out).toMatch(/token, windowed \(first 128\), bytes +36,864 +18,432\n/);
  expect(out).toMatch(/sequence of 8,192 tokens, MB +307 +153\n/);
  // 116.83e9 x 4.46 / 8 = 65.13e9 = 60.66 GiB.
  expect(out).toMatch(/mxfp4-native +4\.46 +65\.1 +60\.7 +0\.00 +0\.00 to 0\.25 +76\.6 +as released\n/);
  // Activations on one card: 8,192 x (2 x 2,880 + 3 x 4 x 2,880) x 2 + 8 x 201,088 x 256 = 1.072e9; of two 0.789e9, of
  // four 0.648e9. One card: 77.31e9 - 2e9 - 1.07e9 = 74.24e9; a sequence 1.04 x 36,864 x (8,192 + 128) = 0.319e9.
  // At 16 bit 4 x 74.66e9 - 233.66e9: 203.7; at 8.2 2 x 74.52e9 - 119.75e9: 91.8; at 4.8, 4.6, 4.5 and 4.46 bits one card
  // less 70.10e9, 67.18e9, 65.72e9 and 65.13e9: 12.98, 22.1, 26.7 and 28.5.
  expect(out).toMatch(/\nh100-sxm-80gb +4x 203 +2x 91 +1x 12 +1x 22 +1x 26 +1x 28 +gguf-q4_k_m\n/);
  expect(out).toMatch(/fits on none of \d+ others/);
  expect(out).not.toMatch(/^Source$/m);
  expect(out).not.toMatch(slip);
});

test('--accelerator: one machine, scheme by scheme; --detail: where the row comes from', async () => {
  const { out } = await show({ accelerator: 'h200-sxm', context: '32768', detail: true }, 'deepseek-v3');
  expect(out).toContain('Fits on h200-sxm-141gb, with a context of 32,768 tokens\n');
  expect(out).toMatch(/\nbf16 +native +16 +- +-\n/);
  // 9 experts of 2,048 are as wide as a dense layer: 8,192 x (2 x 7,168 + 3 x 18,432 / 8) x 2 + 8 x 129,280 x 256 = 0.613e9.
  // 8 x (0.9 x 141 GiB - 2 GB - 0.613e9) - 687.8e9 = 381.4e9; a latent on every card: 1.04 x 70,272 x 32,768 x 8 = 19.16e9.
  expect(out).toMatch(/\nfp8 +native +8\.2 +8 +19\n/);
  expect(out).toMatch(/\nSource\n {2}high confidence: \S/);
});

test.each([
  ['GPT-OSS-120B', 'gpt-oss-120b'],
  ['openai/gpt-oss-120b', 'gpt-oss-120b'],
  ['meta-llama/Llama-3.3-70B-Instruct', 'llama-3.3-70b'],
])('%s is another name of %s', async (name, family) => {
  expect((await json({}, name)).models[0]).toMatchObject({ family });
});

test.each([
  { args: ['lama-3.3-70b'], codes: ['no-such-model'], says: 'did you mean llama-3.3-70b?' },
  { args: ['gpt-4o'], codes: ['no-such-model'], says: 'its weights are not open' },
  { args: ['llama-1-7b', '--context', '4096'], codes: ['context-too-long'], says: 'at most 2048 tokens' },
  { args: ['--vendor', 'opnai'], codes: ['no-such-vendor'], says: 'openai' },
  { args: ['--fits', 'h100'], codes: ['ambiguous-accelerator'], says: 'h100-nvl-94gb, h100-pcie-80gb, h100-sxm-80gb' },
  { args: ['--fits', 'dgx-spark:2'], codes: ['no-such-count'], says: 'no link to others' },
  { args: ['--accelerator', 'l4'], codes: ['option-does-not-apply'], says: 'needs the name of a model' },
  {
    args: ['nothing', '--accelerator', 'h1000', '--sort', 'kv'],
    codes: ['no-such-model', 'no-such-accelerator', 'option-does-not-apply'],
    says: 'did you mean `h100`?',
  },
])('$args: exit 2, all problems at once', async ({ args, codes, says }) => {
  const { code, out, err } = await models(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const each of codes) expect(err).toContain(each);
  expect(err).toContain(says);
  const asJson = await models(...args, '--format', 'json');
  expect({ code: asJson.code, err: asJson.err }).toEqual({ code: 2, err: '' });
  expect(JSON.parse(asJson.out).errors.map((error: { code: string }) => error.code)).toEqual(codes);
});

test.each([
  [['--context', '0'], 'whole number of tokens'],
  [['--max-params', 'many'], 'parameters in 1e9'],
  [['--fits', 'l4:3'], 'count 1, 2, 4 or 8'],
])('%j is a usage error', async (args, says) => {
  const { code, out, err } = await models(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(says);
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
