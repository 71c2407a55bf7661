import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { at, requestsPerMonthPerDaily } from '../../src/cost/curve.js';
import { cacheHits } from '../../src/cost/prompt.js';
import { offPeakSaving, type TokenPrices, tokenPrices, tracedOffPeak } from '../../src/cost/token-prices.js';
import { listedUplift } from '../../src/cost/token-trace.js';
import { cacheable, cacheUse, tokenCharges } from '../../src/cost/tokens.js';
import { reasoningTokens } from '../../src/places/service-trace.js';
import type { ApiRow } from '../../src/tables/columns.js';
import { servedInTime } from '../../src/workload/load.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

const figure = z.number();
const given = z
  .strictObject({
    ...{ hitRate: figure, cacheMinTokens: figure, regionalUplift: figure, offPeakSaving: figure, retryRate: figure },
    ...{ batch: z.literal(true), tokens: z.partialRecord(z.enum(['output', 'prefix', 'reasoning']), figure) },
    prices: z
      .strictObject({
        cached: figure.nullable(),
        write: figure.nullable(),
        batch: z.strictObject({ input: figure, output: figure }),
      })
      .partial(),
  })
  .partial();
const mode = z.enum(['standard', 'thinking']);
const cases = casesIn('token-charge', {
  bills: { ...given.shape, usd: figure, why: z.string() },
  growing: { provider: z.string(), model: z.string(), months: figure, input: figure, why: z.string() },
  given: { mode, share: figure.nullable(), given: figure.nullable(), tokens: figure, why: z.string() },
  saved: {
    ...{ why: z.string(), peak: z.array(figure), requests: z.record(z.string(), figure), expected: figure },
    ...{ aheadOfUtc: figure.optional(), deadline: figure.optional() },
  },
});

/** 24,000 requests a day are 730,000 in a month of 730 hours. */
const volume = 24_000;
const monthlyPerDaily = 730 / 24;
const life = 'promptCacheLifeS' as const;
const plain: TokenPrices = {
  input: 2.5,
  output: 10,
  cached: null,
  write: null,
  write1h: null,
  batch: null,
  weights: null,
};
const tokens = { input: 1000, images: 0, prefix: 600, output: 200, reasoning: 0 };

/** The bill of requests that are no turns of anything. */
function chargesOf(
  { prefix, ...others }: typeof tokens,
  prices: TokenPrices,
  use: Omit<Parameters<typeof tokenCharges>[2], 'cache'>,
  cacheMinTokens = 512,
) {
  const prompt = {
    ...others,
    ...cacheable({ input: others.input, shared: prefix, history: 0 }, false, cacheMinTokens),
  };
  const cache = cacheUse([{ share: 1, tokens: prompt, prices }], use.batch, () => Number.NaN);
  return tokenCharges(prompt, prices, { ...use, cache });
}

type Given = z.infer<typeof given>;
function billOf(given: Given): Record<string, number> {
  const { hitRate = 0, batch = false, cacheMinTokens = 512, regionalUplift = 0, retryRate = 0 } = given;
  const hits = (perDay: number) => hitRate * perDay * monthlyPerDaily;
  const caching = (payingShare: number) => (hitRate < payingShare ? null : { life, hits, looking: null });
  const uplift = { input: regionalUplift, output: regionalUplift };
  const use = {
    ...{ batch, retryRate, monthlyPerDaily, caching },
    ...{ regionalUplift: uplift, offPeakSaving: given.offPeakSaving ?? 0 },
  };
  const charges = chargesOf(
    { ...tokens, ...given.tokens },
    { ...plain, ...given.prices } as TokenPrices,
    use,
    cacheMinTokens,
  );
  return Object.fromEntries(charges.map(({ part, curve }) => [part, at(curve, volume)]));
}
const total = (bill: Record<string, number>): number => Object.values(bill).reduce((sum, usd) => sum + usd, 0);

const cached = { cached: 1.25 };
const written = { cached: 1.25, write: 3.125 };

describe('a month of 730,000 requests, 1,000 tokens in (600 of them a prefix), 200 out, at 2.50 and 10 USD', () => {
  test.each(cases.bills)('$why: $usd USD', ({ usd, why, ...given }) => {
    const bill = billOf(given);
    expect(Math.abs(total(bill) - usd), why).toBeLessThanOrEqual(1e-9 * usd);
  });

  test('the parts are named, and misses without a write price are input', () => {
    const parts = billOf({ hitRate: 0.8, prices: cached });
    expect(Object.keys(parts)).toEqual(['tokens.input', 'tokens.cached', 'tokens.output']);
    expect(parts['tokens.input']).toBeCloseTo(949, 9); // 730 + 219
    const writes = billOf({ hitRate: 0.8, prices: written });
    expect(writes['tokens.input']).toBeCloseTo(730, 9);
    expect(writes['tokens.cacheWrite']).toBeCloseTo(273.75, 9);
  });
});

describe('work that may wait', () => {
  const usd = fc.double({ min: 0.01, max: 20, noNaN: true });
  const part = (max: number) => fc.double({ min: 0.05, max, noNaN: true });
  const prices = fc
    .record({
      input: usd,
      output: usd,
      cached: part(1.1),
      write: fc.option(part(2)),
      batch: fc.option(part(1.1), { freq: 9 }),
    })
    .map(({ input, output, cached, write, batch }) => ({
      input,
      output,
      cached: cached * input,
      // What is found costs no more than what is not: where it does, see below.
      write: write === null ? null : Math.max(write, cached) * input,
      batch: batch === null ? null : { input: batch * input, output: batch * output },
    }));
  const written = fc.record({
    input: fc.integer({ min: 600, max: 900 }),
    prefix: fc.integer({ min: 512, max: 600 }),
    output: fc.integer({ min: 0, max: 200 }),
    reasoning: fc.constantFrom(0, 50),
  });

  /** Every month takes the cheapest of three: the prompts read each time, read from the cache at once, the batch tariff. */
  test('takes in every month, at every volume, the cheapest way, and both halves of its bill rise', async () => {
    const workload = await demandOf({ growth: '40% per month', horizon: '9 months', profile: 'business-hours' });
    const taskPart = { ...(workload.taskParts[0] as TaskPart), batchable: true };
    const lifeHours = workload.assume('promptCacheLifeS') / 3600;
    const perMonth = (daily: number): { requests: number; hits: number } => {
      let [requests, hits] = [0, 0];
      for (const multiple of taskPart.hours) {
        const perHour = (daily * multiple) / 24;
        const there = (perHour * workload.hoursPerMonth) / taskPart.hours.length;
        requests += there;
        hits += there * (1 - Math.exp(-perHour * lifeHours));
      }
      return { requests, hits };
    };
    let mixed = 0;
    fc.assert(
      fc.property(prices, written, fc.double({ min: 0.5, max: 3.5, noNaN: true }), (prices, tokens, magnitude) => {
        const daily = 10 ** magnitude;
        const charges = chargesOf(
          { ...tokens, images: 0 },
          { ...prices, write1h: null, weights: null },
          {
            batch: true,
            regionalUplift: { input: 0, output: 0 },
            offPeakSaving: 0,
            retryRate: 0,
            monthlyPerDaily: requestsPerMonthPerDaily(taskPart, workload),
            caching: cacheHits({ ...taskPart, tokens: { ...taskPart.tokens, cacheHitRate: null } }, workload, life),
          },
        );
        const billed = charges.reduce((sum, { curve }) => sum + at(curve, daily), 0);
        const out = tokens.output + tokens.reasoning;
        const { batch, cached } = prices;
        const ways = { read: 0, cached: 0, batch: 0 };
        const expected = workload.growth.reduce((sum, growth) => {
          const { requests, hits } = perMonth(daily * growth);
          const miss = prices.write ?? prices.input;
          const rest = requests * ((tokens.input - tokens.prefix) * prices.input + out * prices.output);
          const month = {
            read: requests * (tokens.input * prices.input + out * prices.output),
            // A cached price above that of input is never asked for.
            cached:
              cached > prices.input ? Infinity : rest + tokens.prefix * (hits * cached + (requests - hits) * miss),
            batch: batch === null ? Infinity : requests * (tokens.input * batch.input + out * batch.output),
          };
          const least = Math.min(...Object.values(month));
          for (const way of ['read', 'cached', 'batch'] as const) if (month[way] === least) ways[way]++;
          return sum + least / 1e6 / workload.growth.length;
        }, 0);
        if (ways.cached > 0 && ways.batch > 0) mixed++;
        expect(Math.abs(billed - expected)).toBeLessThanOrEqual(1e-9 * expected);
      }),
      { numRuns: 3000, seed: 20261123 },
    );
    expect(mixed).toBeGreaterThan(20);
  });

  test('costs no more than the batch tariff, or than reading all, where a write costs less than what is found', () => {
    const free = { ...plain, cached: 0.6, write: 0, batch: { input: 0.4, output: 1.6 }, input: 1, output: 5 };
    const tokens = { input: 6000, prefix: 5900, output: 20, reasoning: 0 };
    for (const hitRate of [0, 0.1, 0.5, 0.9, 1]) {
      const batched = total(billOf({ tokens, prices: { ...free, cached: null }, batch: true }));
      expect(total(billOf({ tokens, prices: free, batch: true, hitRate }))).toBeLessThanOrEqual(batched * (1 + 1e-12));
      const read = total(billOf({ tokens, prices: { ...free, cached: null } }));
      expect(total(billOf({ tokens, prices: free, hitRate }))).toBeLessThanOrEqual(read * (1 + 1e-12));
    }
  });

  test.each([300, 30_000])('never finds less in a cache than what may not, at %i a day', async (daily) => {
    const hitsOf = async (deadline: string | null): Promise<number> => {
      const { workload } = await caseOf({
        workload: { volume, profile: 'spiky' },
        tasks: [
          {
            type: 'extraction',
            tokens: { input: 5000, output: 50, cacheablePrefix: '95%' },
            ...(deadline && { deadline }),
          },
        ],
      });
      return cacheHits(workload.taskParts[0] as TaskPart, workload, life)(0, null)?.hits(daily) ?? Number.NaN;
    };
    const atOnce = await hitsOf(null);
    for (const deadline of ['1h', '6h', '12h', '23h', '48h'])
      expect(await hitsOf(deadline)).toBeGreaterThanOrEqual(atOnce);
  });

  test('prices of months move on what is written as they do there, where an introduction ends', () => {
    const ones = [1, 1];
    const even = { cached: ones, write: ones, write1h: ones, batchInput: ones, batchOutput: ones };
    const looking = [0, 1];
    const weighted = (weights: readonly number[] | null) => (perDay: number) =>
      (looking.reduce((sum, one, month) => sum + one * (weights?.[month] ?? 1), 0) * perDay) / looking.length;
    const charges = chargesOf(
      { input: 600, images: 0, prefix: 600, output: 100, reasoning: 0 },
      {
        input: 2,
        output: 8,
        cached: 0,
        write: null,
        write1h: null,
        batch: { input: 1, output: 4 },
        weights: { ...even, input: [0.5, 1.5], output: [0.8, 1.2] },
      },
      {
        batch: true,
        regionalUplift: { input: 0, output: 0 },
        offPeakSaving: 0,
        retryRate: 0,
        monthlyPerDaily: 1,
        caching: (_, weights) => ({ life, hits: weighted(weights), looking: weighted(weights) }),
      },
    );
    const parts = Object.fromEntries(charges.map(({ part, curve }) => [part, at(curve, 1000)]));
    // Month 1 in a batch, whose prices stay; month 2 at once, its answers at 1.2 of their mean, its prompts read for nothing.
    expect(parts['tokens.input']).toBeCloseTo((0.6 * 1) / 2, 12);
    expect(parts['tokens.output']).toBeCloseTo((0.1 * 4 + 0.1 * 8 * 1.2) / 2, 12);
  });
});

const rowOf = async (provider: string, modelId: string): Promise<ApiRow> => {
  const row = (await shippedTables()).api.find((one) => one.provider === provider && one.modelId === modelId);
  if (row === undefined) throw new Error(`no ${provider} ${modelId}`);
  return row;
};
const demandOf = async (workload: object = {}, assumptions?: object): Promise<Workload> =>
  (
    await caseOf({
      workload: { volume, ...workload },
      tasks: [{ type: 'faq-chat' }],
      ...(assumptions && { assumptions }),
    })
  ).workload;

describe('prices of a row', () => {
  test('gpt-5.4 up to 272,000 prompt tokens: 2.50 and 15, cached 0.25', async () => {
    const prices = tokenPrices(await rowOf('openai', 'gpt-5.4'), 272_000, await demandOf());
    expect(prices).toMatchObject({ input: 2.5, output: 15, cached: 0.25, batch: { input: 1.25, output: 7.5 } });
  });

  test('one token more and the whole request costs 5 and 22.50, cached and batch in step', async () => {
    const prices = tokenPrices(await rowOf('openai', 'gpt-5.4'), 272_001, await demandOf());
    expect(prices).toMatchObject({ input: 5, output: 22.5, cached: 0.5, batch: { input: 2.5, output: 11.25 } });
  });

  test('gpt-4o has no tier: a long prompt costs what a short one does', async () => {
    const prices = tokenPrices(await rowOf('openai', 'gpt-4o'), 1e6, await demandOf());
    expect(prices).toMatchObject({ input: 2.5, output: 10, cached: 1.25, write: null });
  });

  test.each(cases.growing)('$model over $months months: $why', async ({ provider, model, months, input }) => {
    const prices = tokenPrices(await rowOf(provider, model), 1000, await demandOf({ horizon: `${months} months` }));
    expect(prices.input).toBeCloseTo(input, 12);
    expect(prices.output).toBeCloseTo(5 * input, 12); // both rows charge five times as much for output
    expect(prices.cached).toBeCloseTo(input / 10, 12);
    expect(prices.batch?.input).toBeCloseTo(input / 2, 12);
  });

  test('an introduction that is over by the day asked about is over in that month too, and not on its last day', async () => {
    const row = { ...(await rowOf('anthropic', 'claude-sonnet-5')), until: '2026-08-20' };
    const workload = await demandOf({ horizon: '2 months' });
    const input = (asOf: string) => tokenPrices(row, 1000, { ...workload, firstMonth: '2026-08', asOf }).input;
    expect(['2026-08-20', '2026-08-21'].map(input)).toEqual([2.5, 3]);
    // What was paid in a month before the one asked about stays.
    expect(tokenPrices(row, 1000, { ...workload, firstMonth: '2026-07', asOf: '2026-08-21' }).input).toBe(2.5);
  });

  test('months weigh as their requests: growth of 50 %, (1 x 2 + 1.5 x 3 + 2.25 x 3) / 4.75', async () => {
    const workload = await demandOf({ horizon: '3 months', growth: '50% per month' });
    const prices = tokenPrices(await rowOf('anthropic', 'claude-sonnet-5'), 1000, workload);
    expect(prices.input).toBeCloseTo(13.25 / 4.75, 12);
  });

  test('an assumed decline of 19 % a year over two months: a price p, then p x 0.81^(1/12)', async () => {
    const workload = await demandOf({ horizon: '2 months' }, { priceDeclinePerYear: 0.19 });
    const prices = tokenPrices(await rowOf('openai', 'gpt-4o'), 1000, workload);
    expect(prices.input).toBeCloseTo((2.5 * (1 + 0.81 ** (1 / 12))) / 2, 12);
  });
});

describe('reasoning tokens', () => {
  const ask = async (mode: 'standard' | 'thinking', share: number | null, given: number | null) => {
    const { workload, tables } = await caseOf({
      workload: { volume },
      tasks: [{ type: 'complex-reasoning', tokens: { output: 300, ...(given !== null && { reasoning: given }) } }],
    });
    const row = tables.capabilityOf.get('gpt-4o');
    if (row === undefined) throw new Error('no gpt-4o');
    return reasoningTokens(
      { mode, capability: { ...row, reasoningTokenShare: share } },
      workload.taskParts[0] as TaskPart,
      workload,
    );
  };
  test.each(cases.given)('$mode, share $share, given $given: $why', async ({ mode, share, given, tokens }) => {
    expect(await ask(mode, share, given)).toBeCloseTo(tokens, 9);
  });
});

describe('prices by the hour of the week', () => {
  const hoursWith = (requests: Record<number, number>) => {
    const hours = new Float64Array(168);
    for (const [hour, count] of Object.entries(requests)) hours[Number(hour)] = count;
    return hours;
  };
  const savingOf = (peakHours: number[], requests: Record<number, number>, aheadOfUtc = 0, deadlineHours = 0) => {
    const arrivals = hoursWith(requests);
    const waits = deadlineHours === 0 ? null : { arrivals, deadlineHours };
    const hours = waits === null ? arrivals : servedInTime(arrivals, deadlineHours);
    return offPeakSaving({ row: 1, peakHours, offPeakRatio: 0.4 }, { hours, waits }, { assume: () => aheadOfUtc });
  };
  test.each(cases.saved)('$why', ({ peak, requests, aheadOfUtc, deadline, expected }) => {
    expect(savingOf(peak, requests, aheadOfUtc, deadline)).toBeCloseTo(expected, 12);
  });
});

test('what hours off the peak save is told by the row that has them', async () => {
  const context = await caseOf({ workload: { volume }, tasks: [{ type: 'faq-chat' }] });
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const told = tracedOffPeak({ row: 7, peakHours: [9], offPeakRatio: 0.4 }, taskPart, context);
  expect(told.parts[0]).toMatchObject({ value: 0.4, sources: [{ table: 'api', row: 7 }] });
  expect(told.value).toBeCloseTo(-0.6 * (told.parts[1]?.value ?? Number.NaN), 12);
});

test('of regions that are allowed the one of the least uplift, else that of any region', () => {
  const row = {
    regionalUplifts: [
      { region: 'us', input: 10, output: 4 },
      { region: 'eu', input: 2, output: 11 },
      { region: 'jp', input: 1, output: 1 },
    ],
    regionalUpliftPct: 20,
  };
  const at = (...regions: string[]) => listedUplift(row, new Set(regions));
  expect([at('us', 'eu'), at('eu'), at('kr')]).toEqual([
    { input: 0.02, output: 0.11 },
    { input: 0.02, output: 0.11 },
    { input: 0.2, output: 0.2 },
  ]);
  expect(listedUplift({ ...row, regionalUpliftPct: null }, new Set())).toBeNull();
});
