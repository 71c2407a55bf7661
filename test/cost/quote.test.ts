import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Call } from '../../src/cost/call.js';
import { type Quote, quote } from '../../src/cost/quote.js';
import { emptyCells } from '../../src/tables/column.js';
import type { ApiRow } from '../../src/tables/columns.js';
import { snapshotSchemas } from '../../src/tables/columns.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import workedExamples from '../fixtures/quote/worked-examples.json' with { type: 'json' };
import { shipped } from '../support/load.js';

let tables: Tables;
let prose: Prose;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

const blank: ApiRow = {
  ...(emptyCells(snapshotSchemas.api) as ApiRow),
  row: 6,
  confidence: 'high',
  provider: 'host',
  endpointKind: 'first-party',
  modelId: 'model-a',
  family: 'model-a',
  openWeights: false,
  inputUsdPerMTok: 2,
  outputUsdPerMTok: 10,
  cachedInputUsdPerMTok: 0.2,
  cacheWriteUsdPerMTok: 2.5,
  batchInputUsdPerMTok: 1,
  batchOutputUsdPerMTok: 4,
  tierAboveInputTokens: null,
  tierInputUsdPerMTok: null,
  tierOutputUsdPerMTok: null,
  contextWindow: null,
  maxOutput: null,
  effectiveFrom: null,
  retires: null,
  until: null,
  nextInputUsdPerMTok: null,
  nextOutputUsdPerMTok: null,
  regionalUpliftPct: null,
  freeTokensPerMonth: null,
  aliases: [],
};
const tier = { tierAboveInputTokens: 1000, tierInputUsdPerMTok: 4, tierOutputUsdPerMTok: 15 };
const introduction = { until: '2026-08-31', nextInputUsdPerMTok: 3, nextOutputUsdPerMTok: 15 };

type Given = Partial<Call> & { row?: Partial<ApiRow> };
function ask({ row, ...call }: Given): ReturnType<typeof quote> {
  const api = [{ ...blank, ...row }];
  return quote({ ...tables, api }, { provider: 'host', model: 'model-a', inputTokens: 0, outputTokens: 0, ...call });
}
function bill(given: Given): Quote {
  const { quote: found, problems } = ask(given);
  if (found === null) throw new Error(problems[0]?.message);
  return found;
}
const codes = (given: Given): string[] => ask(given).problems.map(({ code }) => code);
const amounts = ({ parts }: Quote) => Object.fromEntries(parts.map(({ part, amount }) => [part, amount]));

describe("the providers' own worked examples", () => {
  test.each(workedExamples as { title: string; usd: number; call: Call }[])('$title', ({ call, usd }) => {
    expect(quote(tables, call).quote?.total).toBeCloseTo(usd, 12);
  });
});

describe('a call at 2 in, 0.20 cached, 2.50 written, 10 out', () => {
  test.each<Given & { usd: number; why: string }>([
    { inputTokens: 1000, outputTokens: 200, usd: 0.004, why: '1,000 x 2 + 200 x 10 millionths = 0.004' },
    { inputTokens: 1000, cachedTokens: 400, usd: 0.00128, why: '600 x 2 + 400 x 0.2: cached is part of the input' },
    {
      inputTokens: 1000,
      cachedTokens: 400,
      cacheWriteTokens: 100,
      usd: 0.00133,
      why: '500 x 2 + 400 x 0.2 + 100 x 2.5: written is part of the input too',
    },
    {
      inputTokens: 500,
      cachedTokens: 400,
      cacheWriteTokens: 100,
      convention: 'exclusive',
      usd: 0.00133,
      why: 'the same, where the record counts 500 fresh tokens beside the others',
    },
    { inputTokens: 1000, cachedTokens: 1000, usd: 0.0002, why: '1,000 x 0.2: all of it may be cached' },
    { inputTokens: 1000, outputTokens: 200, requests: 1e6, usd: 4000, why: 'a million calls of 0.004' },
    { inputTokens: 1000, outputTokens: 200, batch: true, usd: 0.0018, why: 'batch: 1,000 x 1 + 200 x 4' },
    { inputTokens: 0, outputTokens: 0, usd: 0, why: 'no tokens, no bill' },
    {
      inputTokens: 1000,
      cachedTokens: 400,
      row: { cachedInputUsdPerMTok: null },
      usd: 0.002,
      why: 'no cached price is known: 1,000 x 2',
    },
    {
      inputTokens: 1000,
      cacheWriteTokens: 400,
      row: { cacheWriteUsdPerMTok: null },
      usd: 0.002,
      why: 'no write price is known: 1,000 x 2',
    },
    { inputTokens: 1000, row: { inputUsdPerMTok: 0 }, usd: 0, why: 'free input is free' },
    { inputTokens: 1000, outputTokens: 200, row: tier, usd: 0.004, why: 'a prompt of 1,000 is not above 1,000' },
    {
      inputTokens: 1001,
      outputTokens: 200,
      row: tier,
      usd: 0.007004,
      why: 'a prompt of 1,001 pays 4 and 15 on every token: 1,001 x 4 + 200 x 15',
    },
    {
      inputTokens: 1001,
      cachedTokens: 1000,
      row: tier,
      usd: 0.000404,
      why: 'cached tokens count towards the tier, and pay twice 0.2 in it: 1 x 4 + 1,000 x 0.4',
    },
    {
      inputTokens: 1,
      cachedTokens: 500,
      cacheWriteTokens: 500,
      convention: 'exclusive',
      row: tier,
      usd: 0.002704,
      why: 'so they do beside the input: 1 x 4 + 500 x 0.4 + 500 x 5',
    },
    {
      inputTokens: 2000,
      outputTokens: 200,
      batch: true,
      row: tier,
      usd: 0.0052,
      why: 'batch in the tier, by its ratios 2 and 1.5: 2,000 x 2 + 200 x 6',
    },
    {
      inputTokens: 1000,
      outputTokens: 200,
      at: '2026-08-31',
      row: introduction,
      usd: 0.004,
      why: 'the last day of the introduction',
    },
    {
      inputTokens: 1000,
      outputTokens: 200,
      at: '2026-09-01',
      row: introduction,
      usd: 0.006,
      why: 'the day after: 1,000 x 3 + 200 x 15',
    },
    {
      inputTokens: 1000,
      cachedTokens: 400,
      cacheWriteTokens: 100,
      at: '2026-09-01',
      row: introduction,
      usd: 0.001995,
      why: 'cache prices move with input, by 3/2: 500 x 3 + 400 x 0.3 + 100 x 3.75',
    },
    {
      inputTokens: 1000,
      outputTokens: 200,
      batch: true,
      at: '2026-09-01',
      row: introduction,
      usd: 0.0027,
      why: 'so do batch prices: 1,000 x 1.5 + 200 x 6',
    },
    {
      inputTokens: 2000,
      at: '2026-09-01',
      row: { ...introduction, ...tier },
      usd: 0.012,
      why: 'and tiers: 2,000 x 6',
    },
    {
      inputTokens: 1000,
      at: '2026-09-30',
      row: { ...introduction, until: '2026-09' },
      usd: 0.002,
      why: 'a month is an introduction to its end',
    },
    {
      inputTokens: 1000,
      at: '2026-10-01',
      row: { ...introduction, until: '2026-09' },
      usd: 0.003,
      why: 'and not beyond',
    },
    {
      inputTokens: 1000,
      cachedTokens: 400,
      at: '2026-09-01',
      row: { ...introduction, inputUsdPerMTok: 0, cachedInputUsdPerMTok: 0 },
      usd: 0.003,
      why: 'after a free introduction the cached price is not known: 1,000 x 3',
    },
    {
      inputTokens: 1000,
      cachedTokens: 400,
      batch: true,
      usd: 0.00064,
      why: 'the batch discount on cached tokens too: 600 x 1 + 400 x 0.1',
    },
  ])('$usd USD: $why', ({ usd, why, ...given }) => {
    expect(bill(given).total).toBeCloseTo(usd, 15);
  });

  test('comes in parts with quantity, rate, amount and the row they are from', () => {
    const { parts, ...rest } = bill({ inputTokens: 1000, cachedTokens: 400, outputTokens: 200, requests: 10 });
    const unit = 'USD per 1e6 tokens';
    expect(parts).toEqual([
      { part: 'tokens.input', quantity: 6000, unit, rate: 2, amount: 0.012, source: 'api row 7' },
      { part: 'tokens.cached', quantity: 4000, unit, rate: 0.2, amount: 0.0008, source: 'api row 7' },
      { part: 'tokens.output', quantity: 2000, unit, rate: 10, amount: 0.02, source: 'api row 7' },
    ]);
    expect(rest).toEqual({
      schemaVersion: '1.1.0',
      total: 0.0328,
      currency: 'USD',
      provider: 'host',
      model: 'model-a',
      snapshot: '2026-08-21',
      at: '2026-08-21',
      residency: [],
      batch: false,
      tier: 'standard',
      convention: 'inclusive',
      requests: 10,
      note: null,
      warnings: [],
    });
  });

  test('quotes the source and the note of the row', () => {
    const call = { provider: 'openai', model: 'gpt-4o', inputTokens: 1, outputTokens: 0 };
    const found = quote(tables, call, prose).quote;
    expect(found?.parts[0]?.source).toMatch(/^api row \d+: simonw\/llm-prices .* \(2026-08-21\)$/);
    expect(found?.note).toContain('2027-01-14');
  });
});

describe('what the tables do not know is said', () => {
  test.each<{ code: string | null; given: Given; why: string }>([
    { why: 'a plain call', code: null, given: { inputTokens: 5, cachedTokens: 2, outputTokens: 1 } },
    {
      why: 'no cached price',
      code: 'no-cached-price',
      given: { cachedTokens: 2, row: { cachedInputUsdPerMTok: null } },
    },
    {
      why: 'nothing cached, so its price does not matter',
      code: null,
      given: { row: { cachedInputUsdPerMTok: null } },
    },
    {
      why: 'no write price',
      code: 'no-cache-write-price',
      given: { cacheWriteTokens: 2, row: { cacheWriteUsdPerMTok: null } },
    },
    { why: 'cached tokens in a batch', code: 'no-batch-cached-price', given: { cachedTokens: 2, batch: true } },
    { why: 'written ones', code: 'no-batch-cache-write-price', given: { cacheWriteTokens: 2, batch: true } },
    { why: 'an introduction that will end', code: 'introductory-price', given: { row: introduction } },
    { why: 'one that has ended', code: 'forecast-price', given: { row: introduction, at: '2026-09-01' } },
    {
      why: 'a day before the price',
      code: 'not-yet-in-force',
      given: { row: { effectiveFrom: '2026-05-01' }, at: '2026-04-30' },
    },
    { why: 'a day before the tables', code: 'earlier-than-prices', given: { at: '2026-08-20' } },
    { why: 'the day of the tables', code: null, given: { at: '2026-08-21' } },
    { why: 'the day of retirement', code: 'retired', given: { row: { retires: '2026-12-11' }, at: '2026-12-11' } },
    { why: 'the day before', code: null, given: { row: { retires: '2026-12-11' }, at: '2026-12-10' } },
    { why: 'a prompt beyond the context', code: 'beyond-context', given: { row: { contextWindow: 9 } } },
    {
      why: 'a longer answer than it writes',
      code: 'beyond-max-output',
      given: { outputTokens: 10, row: { maxOutput: 9 } },
    },
    { why: 'a regional price', code: 'regional-uplift', given: { row: { regionalUpliftPct: 10 } } },
    { why: 'a free allowance', code: 'free-tokens', given: { row: { freeTokensPerMonth: 1000 } } },
    { why: 'another name', code: 'other-name', given: { model: 'model-a-2026-05-01' } },
    { why: 'a stated alias', code: null, given: { model: 'a-1', row: { aliases: ['a-1'] } } },
  ])('$why: $code', ({ code, given }) => {
    const call = { inputTokens: 10, ...given };
    expect(codes(call)).toEqual(code === null ? [] : [code]);
    expect(bill(call).warnings.map((each) => each.code)).toEqual(codes(call));
  });

  test.each<{ code: string; given: Given; hint: string | null }>([
    {
      code: 'no-batch-price',
      given: { batch: true, row: { batchInputUsdPerMTok: null } },
      hint: 'bill it without batch',
    },
    {
      code: 'no-batch-price',
      given: { batch: true, row: { batchOutputUsdPerMTok: null } },
      hint: 'bill it without batch',
    },
    {
      code: 'cached-exceeds-input',
      given: { inputTokens: 9, cachedTokens: 10 },
      hint: 'give the whole prompt as input, or the convention exclusive if cached tokens are counted beside it',
    },
    {
      code: 'cached-exceeds-input',
      given: { inputTokens: 9, cachedTokens: 5, cacheWriteTokens: 5 },
      hint: 'give the whole prompt as input, or the convention exclusive if cached tokens are counted beside it',
    },
    { code: 'bad-number', given: { outputTokens: -1 }, hint: null },
    { code: 'bad-number', given: { inputTokens: Number.NaN }, hint: null },
    { code: 'bad-number', given: { requests: Number.POSITIVE_INFINITY }, hint: null },
    { code: 'bad-date', given: { at: '1 May' }, hint: null },
    { code: 'unknown-model', given: { model: 'model-b' }, hint: 'did you mean `model-a`?' },
    { code: 'unknown-provider', given: { provider: 'hots' }, hint: 'did you mean `host`?' },
    { code: 'unknown-provider', given: { provider: 'nobody at all' }, hint: 'providers: host' },
  ])('$code is an error: $given', ({ code, given, hint }) => {
    const { quote: found, problems } = ask({ inputTokens: 10, ...given });
    expect(found).toBeNull();
    expect(problems).toMatchObject([{ code, severity: 'error', suggestion: hint }]);
  });

  test('all mistakes of a call at once', () => {
    expect(codes({ provider: 'hots', inputTokens: -1, at: 'May' })).toEqual([
      'unknown-provider',
      'bad-number',
      'bad-date',
    ]);
  });

  test('a batch price that is known elsewhere is pointed to', () => {
    const api = [
      { ...blank, batchInputUsdPerMTok: null, batchOutputUsdPerMTok: null },
      { ...blank, provider: 'other' },
    ];
    const call = { provider: 'host', model: 'model-a', inputTokens: 1, outputTokens: 1, batch: true };
    expect(quote({ ...tables, api }, call).problems[0]?.suggestion).toBe('known for other/model-a');
  });

  test('a model that only others sell, and releases that cost differently', () => {
    const api = [
      { ...blank, modelId: 'model-a-2026-01-01' },
      { ...blank, modelId: 'model-a-2026-03-01', inputUsdPerMTok: 3 },
      { ...blank, provider: 'other', modelId: 'quite-something', family: 'quite-something' },
    ];
    const of = (model: string) =>
      quote({ ...tables, api }, { provider: 'host', model, inputTokens: 1, outputTokens: 1 }).problems;
    expect(of('quite-something')).toMatchObject([{ code: 'unknown-model', suggestion: 'sold by other' }]);
    expect(of('model-a')).toMatchObject([
      { code: 'ambiguous-model', suggestion: 'write one of model-a-2026-01-01, model-a-2026-03-01' },
    ]);
  });
});

describe('whatever the call', () => {
  const count = fc.integer({ min: 0, max: 2_000_000 });
  const usd = fc.integer({ min: 0, max: 200_000 }).map((thousandths) => thousandths / 1000);
  const call = fc.record({
    fresh: count,
    cached: count,
    write: count,
    output: count,
    requests: fc.integer({ min: 1, max: 1e7 }),
  });
  const row = fc.record({
    inputUsdPerMTok: usd,
    outputUsdPerMTok: usd,
    cachedInputUsdPerMTok: fc.option(usd),
    cacheWriteUsdPerMTok: fc.option(usd),
    tierAboveInputTokens: count,
    tierInputUsdPerMTok: usd,
    tierOutputUsdPerMTok: usd,
  });
  const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(a, b));

  test('the total is the sum of the parts, and each part quantity x rate / 1e6', () => {
    fc.assert(
      fc.property(call, row, ({ fresh, cached, write, output, requests }, of) => {
        const tokens = { inputTokens: fresh + cached + write, cachedTokens: cached, cacheWriteTokens: write };
        const { total, parts } = bill({ ...tokens, outputTokens: output, requests, row: of });
        close(
          total,
          parts.reduce((sum, { amount }) => sum + amount, 0),
        );
        for (const { quantity, rate, amount } of parts) close(amount, (quantity * rate) / 1e6);
        const billed = parts.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(billed).toBe((fresh + cached + write + output) * requests);
      }),
    );
  });

  test('the two ways of counting give one bill, and n calls cost n times one', () => {
    fc.assert(
      fc.property(call, row, ({ fresh, cached, write, output, requests }, of) => {
        const beside = { cachedTokens: cached, cacheWriteTokens: write, outputTokens: output, row: of };
        const one = bill({ ...beside, inputTokens: fresh + cached + write });
        const other = bill({ ...beside, inputTokens: fresh, convention: 'exclusive' });
        expect(amounts(other)).toEqual(amounts(one));
        close(bill({ ...beside, inputTokens: fresh, convention: 'exclusive', requests }).total, one.total * requests);
      }),
    );
  });

  test('every model of the newest snapshot has a bill, above 0 where its prices are', () => {
    for (const { provider, modelId, inputUsdPerMTok } of tables.api) {
      const { quote: found } = quote(tables, { provider, model: modelId, inputTokens: 1e6, outputTokens: 0 });
      expect(found?.model, `${provider}/${modelId}`).toBe(modelId);
      if (inputUsdPerMTok > 0) expect(found?.total).toBeGreaterThan(0);
    }
  });
});

describe('introductory prices of the newest snapshot', () => {
  test.each([
    ['claude-sonnet-5', '2026-08-31', 2 + 10 + 0.2 + 2.5],
    ['claude-sonnet-5', '2026-09-01', 3 + 15 + 0.3 + 3.75],
  ])('%s on %s: 1M each of input, output, cached and written is %d', (model, at, usd) => {
    const million = { cachedTokens: 1e6, cacheWriteTokens: 1e6, outputTokens: 1e6, convention: 'exclusive' as const };
    expect(quote(tables, { provider: 'anthropic', model, inputTokens: 1e6, ...million, at }).quote?.total).toBe(usd);
  });

  test.each([
    ['2026-08-31', 1 + 5],
    ['2026-09-01', 1.5 + 7.5],
  ])('and in a batch on %s: 1M in and out is %d, as the row says', (at, usd) => {
    const call = {
      provider: 'anthropic',
      model: 'claude-sonnet-5',
      inputTokens: 1e6,
      outputTokens: 1e6,
      batch: true,
      at,
    };
    expect(quote(tables, call).quote?.total).toBe(usd);
  });
});
