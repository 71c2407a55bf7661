import { expect, test } from 'vitest';
import { loadTables } from '../../src/tables/load.js';
import { apiRowsNamed, findApiRow } from '../../src/tables/query.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedFiles } from '../support/load.js';

const loaded = new Map<string, Tables>();
function tablesOf(date: string): Tables {
  const tables = loaded.get(date) ?? loadTables(shippedFiles(date)).tables;
  if (!tables) throw new Error(date);
  loaded.set(date, tables);
  return tables;
}

test.each([
  // as written, even where another name would do
  ['2026-08-21', 'openai', 'gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
  ['2026-08-21', 'openai', 'gpt-4o', 'gpt-4o'],
  // a dated name of a model listed without its date, and the other way round
  ['2026-08-21', 'openai', 'gpt-4o-2024-08-06', 'gpt-4o'],
  ['2026-08-21', 'anthropic', 'claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
  ['2025-01-31', 'anthropic', 'claude-3-5-haiku', 'claude-3-5-haiku-20241022'],
  ['2025-01-31', 'anthropic', 'claude-3-5-haiku-latest', 'claude-3-5-haiku-20241022'],
  // two releases at one price: the newest answers
  ['2025-01-31', 'anthropic', 'claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20241022'],
  // another writing: case, the maker before it, a marketplace's version after it
  ['2026-08-21', 'openai', 'openai/GPT-4o', 'gpt-4o'],
  ['2026-08-21', 'aws-bedrock', 'claude-haiku-4-5', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
  [
    '2026-08-21',
    'aws-bedrock',
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    'anthropic.claude-haiku-4-5-20251001-v1:0',
  ],
  ['2026-08-21', 'google-vertex', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5@20250929'],
  ['2026-08-21', 'google-vertex', 'claude-sonnet-5', 'claude-sonnet-5@default'],
  // stated by the source: on that day the undated name was the 0613 release, later the 0125 one
  ['2023-11-30', 'openai', 'gpt-3.5-turbo-0613', 'gpt-3.5-turbo'],
  ['2024-06-30', 'openai', 'gpt-3.5-turbo', 'gpt-3.5-turbo-0125'],
  // the family, where one row has it
  ['2026-08-21', 'groq', 'llama-3.3-70b', 'llama-3.3-70b-versatile'],
])('%s %s: %s is %s', (date, provider, name, expected) => {
  expect(findApiRow(tablesOf(date), provider, name)?.modelId).toBe(expected);
});

test.each([
  ['2026-08-21', 'openai', 'gpt-9', 'no such model'],
  ['2026-08-21', 'nobody', 'gpt-4o', 'no such provider'],
  ['2026-08-21', 'groq', 'gpt-4o', 'not sold there'],
  ['2024-06-30', 'openai', 'gpt-3.5-turbo-0613', 'four digits: another release than the one listed, at another price'],
  ['2023-11-30', 'mistral', 'mistral-large', 'not there yet'],
])('%s %s: %s is nothing (%s)', (date, provider, name) => {
  expect(findApiRow(tablesOf(date), provider, name)).toBeNull();
});

test('names that could mean rows of different prices are not guessed: all of them are given', () => {
  const tables = tablesOf('2023-11-30');
  const both = { ...tables, api: tables.api.filter(({ modelId }) => modelId !== 'gpt-3.5-turbo') };
  const first = both.api.find(({ modelId }) => modelId === 'gpt-3.5-turbo-1106');
  if (!first) throw new Error('no row');
  const other = { ...first, row: 999, modelId: 'gpt-3.5-turbo-0613', inputUsdPerMTok: 1.5 };
  const changed = { ...both, api: [...both.api, other] } as Tables;
  expect(findApiRow(changed, 'openai', 'gpt-3.5-turbo')).toBeNull();
  expect(apiRowsNamed(changed, 'openai', 'gpt-3.5-turbo').map(({ row, bond }) => [row.modelId, bond])).toEqual([
    ['gpt-3.5-turbo-1106', 'release'],
    ['gpt-3.5-turbo-0613', 'release'],
  ]);
  const same = { ...both, api: [...both.api, { ...other, inputUsdPerMTok: first.inputUsdPerMTok }] } as Tables;
  expect(findApiRow(same, 'openai', 'gpt-3.5-turbo')?.modelId).toBe('gpt-3.5-turbo-1106');
});

test.each(['2023-11-30', '2024-06-30', '2025-01-31', '2025-09-30', '2026-03-31', '2026-08-21'])(
  '%s: every row answers to its own id before any other',
  (date) => {
    const tables = tablesOf(date);
    for (const row of tables.api) expect(findApiRow(tables, row.provider, row.modelId)).toBe(row);
  },
);
