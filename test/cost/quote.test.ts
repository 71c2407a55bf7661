import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Call } from '../../src/cost/call.js';
import { type Quote, quote } from '../../src/cost/quote.js';
import { emptyCells } from '../../src/tables/column.js';
import type { ApiRow } from '../../src/tables/columns.js';
import { snapshotSchemas } from '../../src/tables/columns.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import workedExamples from '../fixtures/quote/worked-examples.json' with { type: 'json' };
import { casesIn } from '../support/cases.js';
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
const tokens = z.number();
const given = z
  .strictObject({
    ...{ inputTokens: tokens, cachedTokens: tokens, cacheWriteTokens: tokens, outputTokens: tokens, requests: tokens },
    ...{
      batch: z.literal(true),
      tier: z.literal('flex'),
      convention: z.enum(['inclusive', 'exclusive']),
      at: z.string(),
    },
    ...{ provider: z.string(), model: z.string() },
    row: z.partialRecord(z.enum(Object.keys(blank) as [keyof ApiRow]), z.unknown()),
  })
  .partial();
const cases = casesIn('quote', {
  bills: { ...given.shape, usd: z.number(), why: z.string() },
  told: { why: z.string(), code: z.string().nullable(), given },
  refused: { code: z.string(), given, hint: z.string().nullable() },
});

type Given = z.infer<typeof given>;
function ask({ row, ...call }: Given): ReturnType<typeof quote> {
  const api = [{ ...blank, ...row } as ApiRow];
  const asked = { provider: 'host', model: 'model-a', inputTokens: 0, outputTokens: 0, ...call };
  return quote({ ...tables, api }, asked as Call);
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
  test.each(cases.bills)('$usd USD: $why', ({ usd, why, ...given }) => {
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
  test.each(cases.told)('$why: $code', ({ code, given }) => {
    const call = { inputTokens: 10, ...given };
    expect(codes(call)).toEqual(code === null ? [] : [code]);
    expect(bill(call).warnings.map((each) => each.code)).toEqual(codes(call));
  });

  test.each(cases.refused)('$code is an error: $given', ({ code, given, hint }) => {
    const { quote: found, problems } = ask({ inputTokens: 10, ...given });
    expect(found).toBeNull();
    expect(problems).toMatchObject([{ code, severity: 'error', suggestion: hint }]);
  });

  test.each([{ inputTokens: Number.NaN }, { requests: Number.POSITIVE_INFINITY }])(
    'no number is an error: %o',
    (given) => {
      expect(codes({ inputTokens: 10, ...given })).toEqual(['bad-number']);
    },
  );

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
