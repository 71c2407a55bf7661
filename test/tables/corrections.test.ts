import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTables } from '../../src/tables/load.js';
import { shipped, shippedFiles } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';

const file = 'pricing/2026-08-21/corrections.csv';
const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const head = text.slice(0, text.indexOf('\n') + 1);
const withCorrections = (corrections: string) => loadTables([...shippedFiles(), { file, text: corrections }]);

test('corrections hold for the cells they name, say what was there, and leave the files as they are', async () => {
  const { tables, prose, problems } = withCorrections(text);
  expect(problems).toEqual([]);
  expect(tables?.snapshot.corrected).toEqual({ cells: text.trim().split('\n').length - 1, published: '2026-11-25' });
  const row = (id: string) => tables?.api.find(({ provider, modelId }) => `${provider}/${modelId}` === id);
  expect(row('deepseek/deepseek-v4-flash')).toMatchObject({
    ...{ inputUsdPerMTok: 0.44, outputUsdPerMTok: 1.32, cachedInputUsdPerMTok: 0.014, offPeakRatio: 0.5 },
  });
  expect(row('deepseek/deepseek-v4-flash')?.peakHours).toHaveLength(35);
  expect(row('anthropic/claude-sonnet-5')).toMatchObject({
    until: null,
    nextInputUsdPerMTok: null,
    inputUsdPerMTok: 2,
  });
  expect(row('openai/gpt-5.6-sol')).toMatchObject({ inputUsdPerMTok: 4, outputUsdPerMTok: 20, until: '2026-11-21' });
  expect(row('google-vertex/claude-opus-4-8@default')?.tierAboveInputTokens).toBeNull();
  expect(row('openai/gpt-5-codex')?.retires).toBe('2026-07-23');
  const sol = row('openai/gpt-5.6-sol');
  expect(prose?.({ table: 'api', row: sol?.row ?? -1 }).note).toContain(
    'corrected on 2026-11-25: input_usd_per_mtok was 5',
  );
  const before = (await shipped()).tables;
  const same = tables?.api.filter((one, at) => JSON.stringify(one) === JSON.stringify(before.api[at])).length ?? 0;
  const rows = new Set(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(2, 4).join()),
  );
  expect(before.api.length - same).toBe(rows.size);
  expect(tables?.snapshot.sha256).not.toBe(before.snapshot.sha256);
});

test.each([
  ['a row that is not there', '2026-11-25,api,openai,gpt-0,input_usd_per_mtok,1,s,high,', 'has no row of openai/gpt-0'],
  ['a column that is not there', '2026-11-25,api,openai,gpt-4o,price,1,s,high,', 'has no column "price"'],
  ['a value that does not fit', '2026-11-25,api,openai,gpt-4o,input_usd_per_mtok,cheap,s,high,', 'not a number'],
  ['nothing where something must be', '2026-11-25,api,openai,gpt-4o,input_usd_per_mtok,,s,high,', 'must not be empty'],
])('%s is refused with its line', (_, line, message) => {
  const { tables, problems } = withCorrections(`${head}${line}\n`);
  expect(tables).toBeNull();
  expect(problems).toMatchObject([
    { file, line: 2, code: 'bad-correction', message: expect.stringContaining(message) },
  ]);
});

test('--no-corrections takes a snapshot as it was released', async () => {
  const quote = ['pricing', 'quote', '--provider', 'google-vertex', '--model', 'claude-opus-4-8@default'];
  const call = [...quote, '--input', '300000', '--output', '2000', '--pricing', '2026-08-21', '-f', 'json'];
  const total = async (args: string[]) => JSON.parse((await cliHere(args)).out).total;
  // 300,000 x 10 + 2,000 x 37.5, and without the tier that the maker dropped x 5 and x 25.
  expect(await total([...call, '--no-corrections'])).toBe(3.075);
  process.env.DEPLOY_ADVISOR_NO_CORRECTIONS = '';
  try {
    expect(await total(call)).toBe(1.55);
  } finally {
    process.env.DEPLOY_ADVISOR_NO_CORRECTIONS = '1';
  }
});
