import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadTables } from '../../src/tables/load.js';
import { apiRowsNamed, findApiRow } from '../../src/tables/query.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shippedFiles } from '../support/load.js';

const cases = casesIn('aliases', {
  found: { date: z.string(), provider: z.string(), name: z.string(), expected: z.string() },
  nothing: { date: z.string(), provider: z.string(), name: z.string(), why: z.string() },
});

const loaded = new Map<string, Tables>();
function tablesOf(date: string): Tables {
  const tables = loaded.get(date) ?? loadTables(shippedFiles(date)).tables;
  if (!tables) throw new Error(date);
  loaded.set(date, tables);
  return tables;
}

test.each(cases.found)('$date $provider: $name is $expected', ({ date, provider, name, expected }) => {
  expect(findApiRow(tablesOf(date), provider, name)?.modelId).toBe(expected);
});

test.each(cases.nothing)('$date $provider: $name is nothing ($why)', ({ date, provider, name }) => {
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
