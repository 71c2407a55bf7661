import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayFall } from '../../src/cost/prompt.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { monthsOf, monthUsd } from '../../src/decide/months.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

/** Bills that fall while requests grow, as more of them find their prefix in a cache: the dearest month is between the ends. */

const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
const grown = (prefix: number, budget: object = {}): Written => ({
  workload: { volume: '250 requests/day', growth: '8% per month', horizon: '12 months', profile: { peakToMean: 1 } },
  tasks: [
    {
      name: 'c',
      type: 'classification',
      tokens: { input: 50_010, output: 1, cacheablePrefix: prefix },
      capability: { minIndex: 60 },
    },
  ],
  preferences: { only: ['anthropic'] },
  ...budget,
});

test.each([
  [50_000, 6],
  [49_000, 7],
  [40_000, 11],
  [20_000, 11],
])('the dearest of all months is found with a prefix of %i', async (prefix, dearest) => {
  const context = await caseOf(grown(prefix));
  const plan = findPlan(haiku, context);
  if (typeof plan === 'string') throw new Error(plan);
  const bills = Array.from({ length: 12 }, (_, month) => monthUsd(plan, context, month));
  const { firstUsd, peakUsd } = monthsOf(plan, context);
  expect(firstUsd).toBeCloseTo(bills[0] as number, 9);
  expect(peakUsd).toBeCloseTo(Math.max(...bills), 9);
  // Between the ends where next to all is prefix, else in the last month.
  expect(bills.indexOf(Math.max(...bills))).toBe(dearest);
});

test('a budget holds it: with a dollar too little nothing fits, with a dollar more the plan does', async () => {
  const advised = async (monthly: number) =>
    (await decide(grown(50_000, { budget: { monthly } }), { point: true })).recommendation;
  const { peakMonthCost, monthlyCost } = await advised(1000);
  expect(peakMonthCost).toBeGreaterThan(monthlyCost as number);
  for (const below of [1, 5, 12]) expect((await advised((peakMonthCost as number) - below)).status).toBe('infeasible');
  expect((await advised((peakMonthCost as number) + 1)).plan).toBe(haiku);
});

test('a bill that cannot fall never does', () => {
  const price = fc.double({ min: 0.01, max: 20, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 1, max: 500 }),
      price,
      price,
      share,
      fc.option(fc.double({ min: 1, max: 2, noNaN: true }), { nil: null }),
      fc.double({ min: 1, max: 4, noNaN: true }),
      fc.option(fc.double({ min: 1, max: 2, noNaN: true }), { nil: null }),
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
      share,
      (shared, rest, output, inputUsdPerMTok, outputUsdPerMTok, cached, write, tier, hour, history, found) => {
        const hit = cached * inputUsdPerMTok;
        const row = {
          inputUsdPerMTok,
          outputUsdPerMTok,
          cachedInputUsdPerMTok: hit,
          cacheWriteUsdPerMTok: write && write * inputUsdPerMTok,
          cacheWrite1hUsdPerMTok: write && hour && write * hour * inputUsdPerMTok,
          tierInputUsdPerMTok: tier * inputUsdPerMTok,
        };
        const prefix = shared + history;
        const tokens = { input: prefix + rest, prefix, history, output, cacheHitRate: null };
        if (mayFall(tokens, row)) return;
        const usual = row.cacheWriteUsdPerMTok ?? inputUsdPerMTok;
        for (const miss of [usual, row.cacheWrite1hUsdPerMTok ?? usual]) {
          // New tokens written or not, and what the session sent found as often as may be.
          for (const fresh of history > 0 ? [miss, inputUsdPerMTok] : [inputUsdPerMTok]) {
            const ofSession = history * (found * hit + (1 - found) * miss);
            const ofRest = rest * fresh + ofSession + output * outputUsdPerMTok;
            /** At x arrivals within the cache's life, what is shared at either tier. */
            const usd = (x: number, ratio: number): number =>
              x * (ofRest + ratio * shared * (miss - (miss - hit) * (1 - Math.exp(-x))));
            for (const ratio of [1, tier])
              for (let x = 0.05; x < 12; x += 0.05)
                expect(usd(x + 0.05, ratio)).toBeGreaterThanOrEqual(usd(x, ratio) * (1 - 1e-12));
          }
        }
      },
    ),
  );
});

test('a bill may fall however much of a prompt its session finds, and the sooner the dearer its writes', () => {
  const row = {
    ...{ inputUsdPerMTok: 1, outputUsdPerMTok: 0, cachedInputUsdPerMTok: 0, tierInputUsdPerMTok: null },
    ...{ cacheWriteUsdPerMTok: 1, cacheWrite1hUsdPerMTok: null },
  };
  const tokens = { input: 160_000, prefix: 160_000, history: 60_000, output: 0, cacheHitRate: null };
  // x 100,000 exp(-x), all else found for nothing.
  expect(mayFall(tokens, row)).toBe(true);
  // x (20,000 + 100,000 exp(-x)) never falls: 20,000 is more than 100,000 exp(-2). With a write of 2 it is not.
  const more = { ...tokens, input: 180_000 };
  expect(mayFall(more, row)).toBe(false);
  expect(mayFall(more, { ...row, cacheWrite1hUsdPerMTok: 2 })).toBe(true);
  // What only the session sent is found as often at any volume.
  expect(mayFall({ ...tokens, history: tokens.prefix }, row)).toBe(false);
});
