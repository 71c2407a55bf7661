import { expect, test } from 'vitest';
import { z } from 'zod';
import { cardFit, criticalBatch, fitTerms, hardwareSheet, summarizeHardware } from '../../src/capacity/hardware.js';
import type { MeasuredPoint } from '../../src/capacity/measurement.js';
import { modelSelection, modelSheet, selected, summarizeModel } from '../../src/capacity/models.js';
import { schemesOfModel } from '../../src/capacity/scheme.js';
import { modelSheetTable } from '../../src/report/models.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';

const cases = casesIn('card-fit', {
  models: {
    family: z.string(),
    full: z.number(),
    windowed: z.number(),
    state: z.number(),
    at8k: z.number(),
    perToken: z.number(),
    bf16: z.number(),
    native: z.strictObject({ scheme: z.string(), bytes: z.number() }),
  },
  cards: {
    family: z.string(),
    name: z.string(),
    on: z.string(),
    context: z.number(),
    cards: z.number(),
    sequences: z.number(),
  },
  batches: { on: z.string(), name: z.string(), batch: z.number().nullable(), runs: z.string() },
});

const tables = await shippedTables();
const found = <Row>(row: Row | undefined): Row => {
  if (row === undefined) throw new Error('no such row');
  return row;
};
const model = (family: string): ModelRow => found(tables.modelOf.get(family));
const card = (name: string): AcceleratorRow => found(tables.acceleratorOf.get(name));
const scheme = (of: ModelRow, name: string): QuantizationRow =>
  found(schemesOfModel(tables.quantization, of, 'weights').find((row) => row.scheme === name));
const at = (contextTokens: number) => fitTerms(tables, contextTokens);
const lineOf = (family: string) => summarizeModel(model(family), tables, at(8192), null);
const sheetOf = (family: string) => modelSheet(model(family), tables, at(8192), tables.accelerators, []);

test.each(cases.models)(
  '$family: cache and weights by hand',
  ({ family, full, windowed, state, at8k, perToken, bf16, native }) => {
    const { kvCache, schemes } = sheetOf(family);
    const { kvBytesPerToken, weightBytes } = lineOf(family);
    const { perToken: kv, sequences } = kvCache;
    expect(kv[0]).toEqual({ bits: 16, perTokenFull: full, perTokenWindowed: windowed, statePerSequence: state });
    expect(kv[1]).toEqual({
      ...{ bits: 8, perTokenFull: full / 2, perTokenWindowed: windowed / 2, statePerSequence: state },
    });
    expect(sequences.find(({ tokens }) => tokens === 8192)?.bytes).toEqual({
      ...{ at16Bit: at8k, at8Bit: (at8k - state) / 2 + state },
    });
    expect(kvBytesPerToken).toBe(perToken);
    expect(weightBytes).toEqual({
      ...{ bf16: expect.closeTo(bf16, 0), native: expect.closeTo(native.bytes, 0), nativeScheme: native.scheme },
    });
    expect(schemes.filter((each) => each.native).map((each) => each.scheme)).toEqual([native.scheme]);
  },
);

test.each(cases.cards)(
  '$family in $name needs $cards of $on and holds $sequences',
  ({ family, name, on, context, cards, sequences }) => {
    const fit = cardFit(model(family), scheme(model(family), name), card(on), at(context));
    expect(fit).toMatchObject({ fits: true, cards, sequences });
  },
);

test('a group must divide the heads; cards without a link make no group; an architecture must know the scheme', () => {
  const dense = model('llama-3.3-70b');
  const tried = (of: ModelRow, name: string, on: string, most?: number) =>
    cardFit(of, scheme(of, name), card(on), at(8192), most);
  // 24 GiB x 0.87 - 2 GB = 20.42e9: 141.1e9 fits on eight, but 20 heads divide by four at most.
  expect(tried(dense, 'bf16', 'l4-24gb').cards).toBe(8);
  expect(tried({ ...dense, attentionHeads: 20 }, 'bf16', 'l4-24gb')).toMatchObject({ fits: false, cards: null });
  expect(tried(dense, 'bf16', 'l4-24gb', 4)).toMatchObject({ fits: false, cards: null, sequences: null });
  expect(tried(dense, 'bf16', 'apple-m4-max-64gb')).toMatchObject({ fits: false, runs: 'native' });
  // 8e9 weights would have room there, but nothing computes with them.
  expect(tried(model('llama-3.1-8b'), 'fp8', 'apple-m4-max-64gb')).toMatchObject({ fits: false, runs: 'none' });
  expect(tried(dense, 'fp8', 'a100-sxm-80gb')).toMatchObject({ fits: true, runs: 'weight-only' });
});

test('a longer context than the model holds never fits; without layers nobody knows', () => {
  const dense = model('llama-3.3-70b');
  expect(cardFit(dense, scheme(dense, 'fp8'), card('b300-sxm-288gb'), at(131_073)).fits).toBe(false);
  expect(cardFit(dense, scheme(dense, 'fp8'), card('b300-sxm-288gb'), at(131_072)).fits).toBe(true);
  const bare = model('command-a-plus-218b-a25b');
  expect(cardFit(bare, scheme(bare, 'fp8'), card('b300-sxm-288gb'), at(8192)).fits).toBeNull();
  expect(sheetOf('command-a-plus-218b-a25b')).toMatchObject({ kvCache: { perToken: [], sequences: [] } });
});

test('a sequence is no longer than the model holds: the mean of a windowed cache stays that of 8,192 tokens', () => {
  // Half of the layers keep 4,096 of 8,192 tokens: 21 x 2 x 8 x 256 x (1 + 1/2) x 2 bytes.
  const perToken = (context: number) => summarizeModel(model('gemma-2-9b'), tables, at(context), null).kvBytesPerToken;
  expect(perToken(8192)).toBe(258_048);
  expect(perToken(65_536)).toBe(258_048);
});

test('columns gather schemes of as many bits; each shows the one that runs best, and one user has a scheme of his own', () => {
  const origin = { confidence: 'high', source: '', note: '', date: '' } as const;
  const prices = { snapshot: tables.snapshot.date, asOf: tables.snapshot.date, ageDays: 0 };
  const sheet = { ...lineOf('llama-3.3-70b'), ...origin, ...sheetOf('llama-3.3-70b') };
  const text = modelSheetTable(prices, 8192, sheet, false);
  expect(text).toMatch(/\naccelerator +16 bit +8\.2 bit +4\.8 bit +4\.6 bit +4\.5 bit +one user, one card\n/);
  expect(text).toMatch(/\n +8\.2 bit: fp8, int8-w8a16, int8-w8a8\n/);
  // Of 8 bits one runs well on the first, one slowly on the second, and none on the third; 70.554e9 x 4.82 / 8 = 42.5e9 and
  // 2.8e9 of cache fit in 49.5e9 there; 5.66 bits, 49.9e9, do not.
  expect(text).toMatch(/\nl4-24gb +8x \d+ +4x \d+ +\dx/);
  expect(text).toMatch(/\nv100-sxm-32gb +8x \d+~? +4x \d+~ /);
  expect(text).toMatch(/\napple-m4-max-64gb +- +gguf-q4_k_m\n/);
  const on = (family: string, name: string) =>
    found(sheetOf(family).fits.find(({ accelerator }) => accelerator === name));
  expect(on('llama-3.3-70b', 'l4-24gb').oneUserScheme).toBeNull();
  expect(on('llama-3.1-8b', 'l4-24gb').oneUserScheme).toBe('gguf-q8_0');
});

test('a model without an index passes no lower limit, and stands last', () => {
  const all = [{ ...lineOf('llama-3.3-70b'), judgedIndex: null }, lineOf('qwen3-32b')];
  const those = (minIndex?: string) => selected(all, modelSelection, { minIndex, sort: 'capability' });
  expect(those('0').map(({ family }) => family)).toEqual(['qwen3-32b']);
  expect(those().map(({ family }) => family)).toEqual(['qwen3-32b', 'llama-3.3-70b']);
});

test('quality: nothing lost in the format of the release, else the loss at its own index', () => {
  const { schemes } = sheetOf('llama-3.3-70b');
  const int4 = found(schemes.find((each) => each.scheme === 'int4-awq'));
  // Index 53.4: 0.56 x 53.4 x 46.6 / 2500.
  expect(int4.lossAt50).toEqual({ low: 0.07, likely: 0.56, high: 1.75 });
  expect(int4.loss?.likely).toBeCloseTo(0.557411, 6);
  expect(int4.index).toBeCloseTo(53.4 - 0.557411, 6);
  expect(sheetOf('deepseek-v3').schemes.find((each) => each.scheme === 'fp8')?.loss).toEqual({
    ...{ low: 0, likely: 0, high: 0 },
  });
  // Only for models released in it.
  expect(schemes.map((each) => each.scheme)).not.toContain('mxfp4-native');
});

test('lengths of sequences: the usual ones the model holds, and its longest', () => {
  const lengths = (family: string) => sheetOf(family).kvCache.sequences.map(({ tokens }) => tokens);
  expect(lengths('llama-3.3-70b')).toEqual([2048, 8192, 32_768, 131_072]);
  expect(lengths('codellama-34b')).toEqual([2048, 8192, 16_384]);
  expect(lengths('nemotron-3-nano-30b-a3b').at(-1)).toBe(1_048_576);
});

test('of what fits on a machine, the scheme that loses least is taken, and none that serves one user on a server', () => {
  const on = (family: string, name: string, most: number) =>
    summarizeModel(model(family), tables, at(8192), { accelerator: card(name), most }).fit;
  expect(on('gpt-oss-120b', 'h100-sxm-80gb', 8)).toMatchObject({ scheme: 'mxfp4-native', cards: 1, sequences: 28 });
  // As released it loses nothing, which the other schemes of 8.2 bits do.
  expect(on('deepseek-v3', 'h200-sxm-141gb', 8)).toMatchObject({ scheme: 'fp8', cards: 8 });
  // 16 bit needs two; on one, 8 bits leave 1.05 GB, too little for one cache of 2.7 GB: 4 bits do.
  expect(on('llama-3.3-70b', 'h100-sxm-80gb', 2)).toMatchObject({ scheme: 'bf16', cards: 2 });
  expect(on('llama-3.3-70b', 'h100-sxm-80gb', 1)).toMatchObject({ scheme: 'int4-awq', cards: 1 });
  expect(on('llama-3.3-70b', 'l4-24gb', 1)).toBeNull();
  expect(on('qwen3-30b-a3b', 'apple-m4-max-64gb', 1)?.scheme).toBe('gguf-q8_0');
});

test('a scheme that is slow on a machine comes after those that are not', () => {
  const own = schemesOfModel(tables.quantization, model('llama-3.3-70b'), 'weights').filter(
    (row) => row.scheme === 'int4-awq' || row.scheme === 'mxfp4-ptq',
  );
  const few = { ...tables, quantization: own } as Tables;
  // AWQ loses less (0.56 against 1.54), but runs slowly there.
  const place = { accelerator: card('mi300x-192gb'), most: 1 };
  expect(summarizeModel(model('llama-3.3-70b'), few, at(8192), place).fit).toMatchObject({ scheme: 'mxfp4-ptq' });
});

test.each(cases.batches)('$on in $name: critical batch $batch, $runs', ({ on, name, batch, runs }) => {
  const own = found(hardwareSheet(card(on), tables, at(8192), []).schemes.find((each) => each.scheme === name));
  expect(own.runs).toBe(runs);
  if (batch === null) expect([own.criticalBatch, own.flops]).toEqual([null, null]);
  else expect(own.criticalBatch).toBeCloseTo(batch, 2);
});

test('the critical batch grows with compute and bits, and falls with bandwidth', () => {
  expect(criticalBatch(1e12, 16, { ...card('l4-24gb'), bandwidthGBs: 1000 })).toBe(1);
  expect(criticalBatch(4e12, 8, { ...card('l4-24gb'), bandwidthGBs: 500 })).toBe(4);
});

test('usable memory of a card: 80 GiB x 0.92, less 1 GB for activations and 1 GB for the engine', () => {
  const { memory, opsPerByteFp16 } = hardwareSheet(card('h100-sxm-80gb'), tables, at(8192), []);
  expect(memory.map(({ cards }) => cards)).toEqual([1, 2, 4, 8]);
  expect(memory[0]).toEqual({ cards: 1, bytes: 85_899_345_920, usableBytes: expect.closeTo(77_027_398_246.4, 0) });
  expect(memory[3]?.usableBytes).toBeCloseTo(616_219_185_971.2, 0);
  expect(opsPerByteFp16).toBeCloseTo(989e12 / 3.35e12, 9);
  expect(hardwareSheet(card('dgx-spark-128gb'), tables, at(8192), []).memory).toHaveLength(1);
});

test('models that fit on one card at 16 bit are those whose weights and one cache are at most what it has', () => {
  const usable = 80 * 2 ** 30 * 0.92 - 2e9;
  const fits = tables.models.filter((row) => {
    const { kvElemsPerTokenFull: full, kvElemsPerTokenWindowed: windowed, stateElemsPerSeq: state } = row;
    if (full === null || windowed === null || state === null || (row.maxContext ?? 0) < 8192) return false;
    const inWindow = Math.min(8192, row.slidingWindowTokens ?? 8192);
    return row.paramsTotalB * 2e9 + 1.04 * 2 * (full * 8192 + windowed * inWindow + state) <= usable;
  });
  const [one, two] = found(hardwareSheet(card('h100-sxm-80gb'), tables, at(8192), []).schemes[0]).models;
  expect(one).toMatchObject({ cards: 1, models: fits.length });
  expect(one?.largest?.paramsTotalB).toBe(Math.max(...fits.map((row) => row.paramsTotalB)));
  expect(two?.models).toBeGreaterThan(fits.length);
});

test('the cheapest rental is by the card, and the cheapest that is no marketplace stands beside it', () => {
  expect(summarizeHardware(card('h100-sxm-80gb'), tables)).toMatchObject({
    rentalRows: 23,
    cheapestOnDemand: { provider: 'vast', tenancy: 'marketplace', usdPerGpuHour: 2.1393, gpuCount: 1 },
    cheapestOnDemandCloud: { provider: 'hyperstack', tenancy: 'cloud', usdPerGpuHour: 3.2 },
  });
  // An instance of eight at 32 is cheaper by the card than one at 5; a row without a price on demand is not cheap.
  const row = {
    ...found(tables.rental.find((each) => each.accelerator === 'h100-sxm-80gb')),
    tenancy: 'cloud' as const,
  };
  const rental = [
    { ...row, provider: 'a', gpuCount: 1, onDemandUsdPerHour: 5 },
    { ...row, provider: 'b', gpuCount: 8, onDemandUsdPerHour: 32 },
    { ...row, provider: 'c', gpuCount: 8, onDemandUsdPerHour: null },
  ];
  const { cheapestOnDemand } = summarizeHardware(card('h100-sxm-80gb'), { ...tables, rental } as Tables);
  expect(cheapestOnDemand).toMatchObject({ provider: 'b', usdPerGpuHour: 4 });
  const none = { ...tables, rental: rental.slice(2) } as Tables;
  expect(summarizeHardware(card('h100-sxm-80gb'), none)).toMatchObject({
    ...{ cheapestOnDemand: null, cheapestOnDemandCloud: null },
  });
});

const measured: MeasuredPoint = {
  ...{ family: 'llama-3.3-70b', accelerator: 'h100-sxm-80gb', engine: 'made-up', quantization: 'fp8' },
  ...{ acceleratorCount: 2, promptTokens: 1000, outputTokens: 200, concurrency: null, outputTokensPerS: 1234.5 },
  ...{ ttftMsP50: null, tpotMsP50: 21.5, predicted: null, source: 'invented for this test', date: '2026-08' },
};

test('measurements are those of the model, or of the hardware, taken by the month of the snapshot', () => {
  const rows = [
    measured,
    { ...measured, family: 'qwen3-32b' },
    { ...measured, accelerator: 'l4-24gb' },
    { ...measured, accelerator: 'not-in-the-tables' },
    { ...measured, date: '2026-09-01' },
  ];
  const model70 = modelSheet(model('llama-3.3-70b'), tables, at(8192), tables.accelerators, rows);
  expect(model70.measurements).toEqual([rows[0], rows[2]]);
  const onL4 = modelSheet(model('llama-3.3-70b'), tables, at(8192), [card('l4-24gb')], rows);
  expect(onL4.measurements).toEqual([rows[2]]);
  expect(hardwareSheet(card('h100-sxm-80gb'), tables, at(8192), rows).measurements).toEqual([rows[0], rows[1]]);
});
