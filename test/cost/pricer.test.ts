import { beforeAll, expect, test } from 'vitest';
import { readShippedTables } from '../../src/cli/read-tables.js';
import type { Call } from '../../src/cost/call.js';
import { pricer } from '../../src/cost/capacity-cost.js';
import { quote } from '../../src/cost/quote.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomNumbers } from '../support/usage-exports.js';

let tables: Tables;
beforeAll(async () => {
  tables = (await readShippedTables('2026-11-10')).tables as Tables;
});

test('two calls worked out by hand', () => {
  // 600 x 0.15 + 400 x 0.075 + 200 x 0.6 per 1e6 tokens.
  const mini = pricer(tables, 'openai', 'gpt-4o-mini');
  expect(mini?.({ inputTokens: 1000, cachedTokens: 400, outputTokens: 200 })).toBeCloseTo(0.00024, 12);
  // Above 272,000 tokens the whole call costs twice as much to read and half as much more to write.
  const tiered = pricer(tables, 'openai', 'gpt-5.4');
  expect(tiered?.({ inputTokens: 300_000, outputTokens: 1000 })).toBeCloseTo(1.5 + 0.0225, 9);
  expect(pricer(tables, 'openai', 'no-such-model')).toBeNull();
});

test('every row of the price list: to the digit what quote says, and null where it says nothing', () => {
  const random = randomNumbers(3);
  const counts = [0, 1, 900, 5000, 150_000, 300_000, 1_500_000];
  const count = () => counts[Math.floor(random() * counts.length)] as number;
  let [priced, refused] = [0, 0];
  for (const { provider, modelId: model } of tables.api) {
    const price = pricer(tables, provider, model);
    for (let n = 0; n < 10; n++) {
      const call: Omit<Call, 'provider' | 'model'> = {
        inputTokens: count(),
        cachedTokens: n % 2 === 0 ? count() : 0,
        cacheWriteTokens: n % 3 === 0 ? 700 : 0,
        cacheWrite1hTokens: n === 5 ? 50 : 0,
        outputTokens: n === 7 ? -1 : count(),
        batch: n % 4 === 1,
        ...(n > 7 && { tier: n === 8 ? ('flex' as const) : ('priority' as const) }),
        convention: n % 2 === 0 ? 'exclusive' : 'inclusive',
        requests: n === 2 ? 1000 : 1,
      };
      const { quote: bill } = quote(tables, { provider, model, ...call });
      const usd = price?.(call) ?? null;
      if (bill === null) {
        expect({ provider, model, call, usd }).toEqual({ provider, model, call, usd: null });
        refused++;
      } else {
        expect(Math.abs((usd ?? Number.NaN) - bill.total)).toBeLessThanOrEqual(1e-10 * bill.total);
        priced++;
      }
    }
  }
  expect(priced).toBeGreaterThan(3000);
  expect(refused).toBeGreaterThan(500);
});

test('the prices of a day and of an hour are those of quote', () => {
  const days = tables.api.filter(({ until, offPeakRatio }) => until !== null || offPeakRatio !== null);
  expect(days.length).toBeGreaterThan(0);
  for (const { provider, modelId: model } of days)
    for (const at of ['2026-11-10', '2027-06-01', '2026-11-20T03:00Z', '2026-11-20T14:00Z']) {
      const call = { inputTokens: 5000, cachedTokens: 100, outputTokens: 300 };
      const usd = pricer(tables, provider, model, at)?.(call);
      expect(usd).toBeCloseTo(quote(tables, { provider, model, at, ...call }).quote?.total ?? Number.NaN, 12);
    }
});
