import { expect, test } from 'vitest';
import { quote } from '../../src/cost/quote.js';
import { readNames } from '../../src/tables/importers/format.js';
import type { ImportFormatName } from '../../src/tables/importers/import-prices.js';
import { imported, importedTables, namesText } from '../support/import-order.js';
import { shippedTables } from '../support/load.js';

test('every name of ours in the table of names exists, and no row of it repeats what needs no row', async () => {
  const { providerOf, acceleratorOf } = await shippedTables();
  const { names, problems } = readNames('pricing/import/names.csv', namesText);
  expect(problems).toEqual([]);
  const known = { provider: providerOf, accelerator: acceleratorOf, tenancy: new Map([['marketplace', 1]]) };
  expect(names.filter(({ kind, ours }) => !known[kind].has(ours))).toEqual([]);
  expect(names.filter(({ provider }) => provider !== '' && !providerOf.has(provider))).toEqual([]);
  expect(names.filter(({ kind, theirs, ours }) => kind === 'provider' && theirs === ours)).toEqual([]);
});

type Tokens = [input: number, cached: number, output: number];
test.for<[ImportFormatName, model: string, Tokens, more: object, usd: number, by: string]>([
  // LiteLLM: USD per single token.
  ['litellm', 'openai/gpt-4o', [1000, 400, 200], {}, 0.004, '600×2.5e-6 + 400×1.25e-6 + 200×1e-5'],
  ['litellm', 'openai/gpt-4o', [1000, 0, 200], { batch: true }, 0.00225, '1000×1.25e-6 + 200×5e-6'],
  ['litellm', 'openai/gpt-4o', [1000, 400, 200], { tier: 'flex' }, 0.0016, '600×1e-6 + 400×1.25e-6×(1/2.5) + 200×4e-6'],
  ['litellm', 'google/gemini-2.5-pro', [200_000, 0, 100], {}, 0.251, '200000×1.25e-6 + 100×1e-5: not above 200k'],
  ['litellm', 'google/gemini-2.5-pro', [200_001, 0, 100], {}, 0.5015025, '200001×2.5e-6 + 100×1.5e-5'],
  ['litellm', 'alibaba/qwen-plus', [300_000, 0, 1000], {}, 0.3636, '300000×1.2e-6 + 1000×3.6e-6'],
  ['litellm', 'azure/my-own-model', [1e6, 0, 0], {}, 0.30002, '1e6 × 3.0001999999999996e-07'],
  // genai-prices: USD per 1e6 tokens, tiers and dates.
  ['genai-prices', 'xai/grok-4-fast', [100_000, 50_000, 1000], {}, 0.013, '(50000×0.2 + 50000×0.05 + 1000×0.5)/1e6'],
  ['genai-prices', 'xai/grok-4-fast', [130_000, 0, 1000], {}, 0.053, '(130000×0.4 + 1000×1)/1e6'],
  ['genai-prices', 'google/gemini-2.5-flash', [1e6, 0, 1e6], { at: '2026-12-31' }, 2.8, '0.3 + 2.5: its last day'],
  ['genai-prices', 'google/gemini-2.5-flash', [1e6, 0, 1e6], { at: '2027-01-01' }, 3.4, '0.4 + 3: the next price'],
  ['genai-prices', 'deepseek/deepseek-v4-flash', [1e6, 0, 1e6], {}, 0.7, '0.28 + 0.42: never the price of the night'],
])('%s: a call to %s %s %j costs the file’s own dollars (%d)', async ([format, name, tokens, more, usd]) => {
  const { tables } = await importedTables(format);
  const [provider = '', model = ''] = name.split('/');
  const [inputTokens, cachedTokens, outputTokens] = tokens;
  const call = { provider, model, inputTokens, cachedTokens, outputTokens, ...more };
  const { quote: bill, problems } = quote(tables, call);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(bill?.total).toBeCloseTo(usd, 9);
});

test('skypilot: an instance costs what the whole instance costs, not one accelerator; zones become the lowest price', async () => {
  const { tables } = await importedTables('skypilot');
  const rows = tables.rental.map((row) => [
    row.instanceType,
    row.accelerator,
    row.gpuCount,
    row.onDemandUsdPerHour,
    row.spotUsdPerHour,
  ]);
  expect(rows).toEqual([
    // 8 GPUs at 55.04 an hour together; spot 31.2 and 27.5 in two zones.
    ['p5.48xlarge', 'h100-sxm-80gb', 8, 55.04, 27.5],
    // A spot price of 0.00 means that there is none.
    ['g6.xlarge', 'l4-24gb', 1, 0.8048, null],
    // Sold as spot alone; 40 GB by its memory.
    ['p4d.24xlarge', 'a100-sxm-40gb', 8, null, 9.8],
    ['g7e.2xlarge', 'rtx-pro-6000-server-96gb', 1, 3.3631, null],
  ]);
});

test.for([
  ['litellm', 10],
  ['genai-prices', 6],
  ['skypilot', 9],
] as const)('%s: each of the %d rows is carried or counted, here and in snapshot.yaml', async ([format, rows]) => {
  const { imported: made } = await imported(format);
  const carried = Object.values(made?.rows ?? {}).reduce((sum, count) => sum + count, 0);
  const counted = made?.notCarried.reduce((sum, count) => sum + count.rows, 0) ?? 0;
  expect(carried + counted).toBe(rows);
  const manifest = made?.files.find(({ name }) => name === 'snapshot.yaml')?.text ?? '';
  for (const { reason } of made?.notCarried ?? []) expect(manifest).toContain(reason);
});

test('litellm: what is left out, by reason', async () => {
  const { imported: made } = await imported('litellm');
  const of = (counts: readonly { reason: string; examples: string[] }[] = []) =>
    Object.fromEntries(counts.map(({ reason, examples }) => [reason, examples.join(' ')]));
  expect(of(made?.notCarried)).toEqual({
    'not a text model': 'embedding',
    'price of 0: free of charge, or not known': 'groq/free-preview',
    'has a price per request': 'perplexity-like/sonar',
    'provider not in providers.csv': 'nobody',
    'no price per token': 'vertex_ai/chat-bison',
  });
  expect(of(made?.figuresLeft)).toEqual({
    'batch_input_usd_per_mtok without the figures that belong to it': 'azure/my-own-model',
    'no column for tier/1/cache_read_input_token_cost': 'gemini/gemini-2.5-pro',
  });
  expect(made?.unrated).toEqual(['my-own-model']);
});

test.each([
  ['litellm', 'gemini-2.5-pro', 0.7],
  ['genai-prices', 'gemini-2.5-flash', 1],
] as const)('%s: audio of %s costs $%d per 1M tokens', async (format, model, usd) => {
  const { tables } = await importedTables(format);
  expect(tables.api.find(({ modelId }) => modelId.includes(model))?.audioInputUsdPerMTok).toBe(usd);
});

test('what no row of ours can hold is told where the source says it', async () => {
  const entry =
    '{"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}';
  const names = ['gpt-4o', 'gpt\\n-x', 'gpt-4.1', 'gpt\\u0007'];
  const text = `{\n\n${names.map((name) => `"${name}": ${entry}`).join(',\n')}\n}`;
  const { imported: none, problems } = await imported('litellm', text);
  expect(none).toBeNull();
  expect(new Set(problems.map(({ file, line, code }) => `${file}:${line} ${code}`))).toEqual(
    new Set(['prices:4 control-character', 'prices:6 control-character']),
  );
  expect(problems[0]?.excerpt).toContain('"gpt\\n-x"');
});

test('names are ours, families those of the catalog, and a row says where it comes from', async () => {
  const { tables, prose } = await importedTables('litellm');
  const [first, , third, fourth, fifth] = tables.api;
  expect(first).toMatchObject({
    provider: 'openai',
    endpointKind: 'first-party',
    retires: '2027-03-01',
    confidence: 'medium',
  });
  expect(first).toMatchObject({ contextWindow: 128_000, maxOutput: 16_384, openWeights: false });
  expect(prose({ table: 'api', row: 0 }).source).toBe('prices: https://example.com/prices');
  expect(third).toMatchObject({
    provider: 'alibaba',
    modelId: 'qwen-plus',
    family: 'qwen-plus',
    cachedInputUsdPerMTok: null,
  });
  expect(fourth).toMatchObject({
    provider: 'aws-bedrock',
    endpointKind: 'cloud-marketplace',
    modelId: 'us-gov-west-1/anthropic.claude-haiku-4-5-20251001-v1:0',
    family: 'claude-haiku-4-5',
  });
  expect(fifth).toMatchObject({ provider: 'azure', modelId: 'my-own-model', family: 'my-own-model' });
});

test('nothing of after the date is carried: models and accelerators of a later month are counted', async () => {
  const { tables } = await importedTables('litellm', undefined, { date: '2024-12-31' });
  expect(tables.api.map(({ modelId }) => modelId)).not.toContain('gemini-2.5-pro');
  const { imported: made } = await imported('skypilot', undefined, { date: '2024-12-31' });
  expect(made?.notCarried).toContainEqual({ reason: 'released after the date', rows: 1, examples: ['RTXPRO6000'] });
});

test('--provider takes our name or the format’s, and refuses one that is neither', async () => {
  const providers = async (...names: string[]) =>
    (await importedTables('litellm', undefined, { providers: names })).tables.api.map(({ provider }) => provider);
  expect(await providers('google')).toEqual(['google']);
  expect(await providers('gemini', 'openai')).toEqual(['openai', 'google']);
  const { imported: none, problems } = await imported('litellm', undefined, { providers: ['gogle'] });
  expect([none, problems[0]?.code]).toEqual([null, 'unknown-provider']);
});

test('two providers of a source that are one of ours keep their rows apart; the same row again is counted', async () => {
  const model = (input: number) => ({ input_cost_per_token: input, output_cost_per_token: 2e-6, mode: 'chat' });
  const text = JSON.stringify({
    'azure/thing': { ...model(1e-6), litellm_provider: 'azure' },
    'azure_ai/thing': { ...model(1.1e-6), litellm_provider: 'azure_ai' },
    'azure_text/thing': { ...model(1e-6), litellm_provider: 'azure_text' },
  });
  const { tables } = await importedTables('litellm', text);
  expect(tables.api.map(({ modelId, inputUsdPerMTok }) => [modelId, inputUsdPerMTok])).toEqual([
    ['thing', 1],
    ['azure_ai/thing', 1.1],
  ]);
  const { imported: made } = await imported('litellm', text);
  expect(made?.notCarried).toEqual([{ reason: 'same prices a second time', rows: 1, examples: ['azure_text/thing'] }]);
});

test('tiers: every prompt size is carried, whatever their order, and a side that one leaves out costs what it did', async () => {
  const text = JSON.stringify({
    thing: {
      litellm_provider: 'openai',
      mode: 'chat',
      input_cost_per_token: 1e-6,
      output_cost_per_token: 2e-6,
      input_cost_per_token_above_256k_tokens: 4e-6,
      input_cost_per_token_above_128k_tokens: 3e-6,
    },
  });
  const { tables } = await importedTables('litellm', text);
  expect(tables.api[0]).toMatchObject({
    tierAboveInputTokens: 128_000,
    tierInputUsdPerMTok: 3,
    tierOutputUsdPerMTok: 2,
    furtherTiers: [{ above: 256_000, input: 4, output: 2 }],
  });
  const { imported: made } = await imported('litellm', text);
  expect(made?.figuresLeft).toEqual([]);
});

test('skypilot: memory per accelerator or of all of them, and one that does not fit the name is refused', async () => {
  const header = 'InstanceType,AcceleratorName,AcceleratorCount,GpuInfo,Price,Region';
  const row = (instance: string, name: string, count: number, mib: number) =>
    `${instance},${name},${count},"{'Gpus': [{'MemoryInfo': {'SizeInMiB': ${mib}}}]}",1.5,us`;
  const text = [
    header,
    row('1x-A', 'A100', 1, 40_960),
    row('4x-B', 'A100', 4, 163_840),
    row('2x-C', 'A100', 2, 163_840),
    row('2x-H100_NVL', 'H100', 2, 191_660),
    row('1x-D', 'L4', 1, 49_152),
  ].join('\n');
  const { tables } = await importedTables('skypilot', text, { providers: ['vast'] });
  expect(tables.rental.map(({ accelerator, tenancy }) => [accelerator, tenancy])).toEqual([
    ['a100-sxm-40gb', 'marketplace'],
    ['a100-sxm-40gb', 'marketplace'],
    ['a100-sxm-80gb', 'marketplace'],
    ['h100-nvl-94gb', 'marketplace'],
  ]);
  const { imported: made } = await imported('skypilot', text, { providers: ['vast'] });
  expect(made?.notCarried.map(({ reason }) => reason)).toEqual([
    'accelerator with another memory than ours of that name',
  ]);
});
