import { beforeAll, describe, expect, test } from 'vitest';
import { quote } from '../../src/cost/quote.js';
import { loadTables } from '../../src/tables/load.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedFiles } from '../support/load.js';

/*
 * What articles say GPT-4 and GPT-3.5 cost, billed at the prices of 2023-11-30: GPT-4 30 in and 60 out, GPT-4 Turbo
 * (gpt-4-1106-preview) 10 and 30, GPT-3.5 Turbo 1.50 and 2, per 1M tokens. Their months have 30 days.
 */
let tables: Tables;
beforeAll(() => {
  const loaded = loadTables(shippedFiles('2023-11-30'));
  if (loaded.tables === null) throw new Error(JSON.stringify(loaded.problems[0]));
  tables = loaded.tables;
});

const million = 1e6;
const days = 30;

/** USD for a number of days with so many tokens in and out on each. */
function usd(model: string, inputTokens: number, outputTokens: number, requests: number): number | undefined {
  return quote(tables, { provider: 'openai', model, inputTokens, outputTokens, requests }).quote?.total;
}

describe('"1 million tokens/day at GPT-4 pricing = ~$900/month"', () => {
  test('reproduced if every token is input: 1M x 30 days x 30 = 900', () => {
    expect(usd('gpt-4', million, 0, days)).toBe(900);
  });
});

describe('"GPT-4 API ~$45,000" a month for 100M tokens a day', () => {
  test('refuted: even all input is 90,000: 100M x 30 days x 30 (and 100 times the 900 of the same article)', () => {
    expect(usd('gpt-4', 100 * million, 0, days)).toBe(90_000);
  });

  test('it is GPT-4 Turbo with a quarter output: 75M x 30 days x 10 + 25M x 30 days x 30 = 22,500 + 22,500', () => {
    expect(usd('gpt-4-1106-preview', 75 * million, 25 * million, days)).toBe(45_000);
  });

  test('"GPT-4 Mini API ~$4,500": refuted, no such model was on sale', () => {
    const call = { provider: 'openai', model: 'gpt-4-mini', inputTokens: 1, outputTokens: 1 };
    expect(quote(tables, call).problems).toMatchObject([{ code: 'unknown-model' }]);
    expect(quote(tables, { ...call, model: 'gpt-4o-mini' }).problems).toMatchObject([{ code: 'unknown-model' }]);
  });
});

describe('"Option 1: Fully on API (GPT-4)", 1M requests of 500 + 500 tokens: "Total: $45,000/month"', () => {
  test('reproduced: 500M x 30 + 500M x 60 = 15,000 + 30,000 = 45,000', () => {
    const call = { provider: 'openai', model: 'gpt-4', inputTokens: 500, outputTokens: 500, requests: 1e6 };
    const bill = quote(tables, call).quote;
    expect(bill?.parts.map(({ amount }) => amount)).toEqual([15_000, 30_000]);
    expect(bill?.total).toBe(45_000);
  });
});

describe('"GPT-3.5: $0.002/1K tokens (~$60/day for 30M tokens)"', () => {
  test('reproduced if every token is output: 30M x 2 = 60', () => {
    expect(usd('gpt-3.5-turbo', 0, 30 * million, 1)).toBe(60);
  });
});

describe('"GPT-4: $0.06/1K tokens (~$1,800/day for 30M tokens)"', () => {
  test('reproduced if every token is output: 30M x 60 = 1,800', () => {
    expect(usd('gpt-4', 0, 30 * million, 1)).toBe(1800);
  });
});
