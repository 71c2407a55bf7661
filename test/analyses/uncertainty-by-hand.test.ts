import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { asOf, exactFigures, readWritten, tool, type Written } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/**
 * Draws of one range, on two models of which one is cheap to read and the other to write: how often each is best
 * follows from the triangular distribution by formulas of a page.
 */
const { tables, prose } = await oppositePrices();
const faq = (output: unknown, more: Partial<Written> = {}): Written => ({
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output }, capability: { minIndex: 40 } }],
  preferences: { only: ['cloud-api', 'open-model-api'] },
  ...more,
  assumptions: {
    ...exactFigures,
    retryRate: 0,
    drawCount: 2048,
    ...(more.assumptions as object),
  },
});

const [low, likely, high] = [200, 500, 3000];
/** Of a triangular distribution: the share of draws above a value, beyond the likely one. */
const above = (x: number) => (high - x) ** 2 / ((high - low) * (high - likely));
/** The value that a share of draws lies above. */
const beyond = (share: number) => high - Math.sqrt(share * (high - low) * (high - likely));
/** By how much draws exceed a value on average, those below it counted as 0. */
const excess = (x: number) => (high - x) ** 3 / (3 * (high - low) * (high - likely));
const mean = (low + likely + high) / 3;

/** USD a month for each micro-dollar of a request. */
const month = ((10_000 * 730) / 24) * 1e-6;
const usdOf = { closed: (x: number) => month * (1000 + 10 * x), open: (x: number) => month * (10_000 + x) };

function decide(more: Partial<Written> = {}): Decision {
  return assess(readWritten(faq({ low, likely, high }, more), tables), tables, {
    asOf,
    prose,
    tool,
    flips: 'none',
  });
}
const oddsOf = ({ uncertainty }: Decision, plan: string) => {
  const found = uncertainty?.plans.find((one) => one.plan === plan);
  if (found === undefined) throw new Error(`${plan} was not drawn`);
  return found;
};
const ids = { closed: `cloud-api/${closed}`, open: `open-model-api/${open}` };

test('how often each is best, what each costs, and what it is sorry for: as the distribution says', () => {
  const decision = decide();
  const { uncertainty, tornado, recommendation } = decision;
  expect(recommendation.plan).toBe(ids.closed);
  expect(uncertainty).toMatchObject({ ranges: 1 });
  // Plans are the same at 1,000 tokens.
  expect(oddsOf(decision, ids.open).probabilityBest).toBeCloseTo(above(1000), 3);
  expect(oddsOf(decision, ids.closed).probabilityBest).toBeCloseTo(1 - above(1000), 3);
  expect(uncertainty?.plans.map(({ plan }) => plan)).toEqual([ids.open, ids.closed]);
  for (const {
    plan,
    probabilityCheapest,
    probabilityBest,
    probabilityKindsBest,
    probabilityRuledOut,
  } of uncertainty?.plans ?? []) {
    expect([probabilityCheapest, probabilityKindsBest], plan).toEqual([probabilityBest, probabilityBest]);
    expect(probabilityRuledOut).toBe(0);
  }
  const near = (value: number | null | undefined, exact: number) =>
    expect((value ?? Number.NaN) / exact).toBeCloseTo(1, 2);
  for (const name of ['closed', 'open'] as const) {
    const { monthlyCost, monthlyCostRange } = oddsOf(decision, ids[name]);
    expect(monthlyCost).toBeCloseTo(usdOf[name](likely), 6);
    near(monthlyCostRange?.p50, usdOf[name](beyond(0.5)));
    near(monthlyCostRange?.p95, usdOf[name](beyond(0.05)));
  }
  expect(recommendation.monthlyCostRange).toEqual(oddsOf(decision, ids.closed).monthlyCostRange);
  const tooMuch = 9 * month * excess(1000);
  near(oddsOf(decision, ids.closed).regret, tooMuch);
  const tooLittle = 9 * month * (1000 - mean + excess(1000));
  near(oddsOf(decision, ids.open).regret, tooLittle);
  expect(uncertainty?.leastRegret).toMatchObject({ plan: ids.open, regret: oddsOf(decision, ids.open).regret });
  // A tenth of the draws lies beyond either end; on the rising side the root is that of (likely - low).
  const tenth = low + Math.sqrt(0.1 * (high - low) * (likely - low));
  expect(tornado).toHaveLength(1);
  const [swing] = tornado;
  expect(swing).toMatchObject({ parameter: 'tasks.faq.tokens.output', origin: 'user', flips: true, becomes: ids.open });
  for (const [value, exact] of [
    [swing?.low, tenth],
    [swing?.high, beyond(0.1)],
    [swing?.costAtLow, usdOf.closed(tenth)],
    [swing?.costAtHigh, usdOf.closed(beyond(0.1))],
    [swing?.swing, usdOf.closed(beyond(0.1)) - usdOf.closed(tenth)],
  ] as const)
    near(value, exact);
});

test('a budget that the cost exceeds from some value on: asked of the recommended plan alone', () => {
  const decision = decide({ budget: { monthly: 5000 }, assumptions: { drawBudgets: 2048 } });
  const turns = (5000 / month - 1000) / 10;
  expect(oddsOf(decision, ids.closed)).toMatchObject({ probabilityRuledOut: 0 });
  expect(oddsOf(decision, ids.closed).probabilityOverBudget).toBeCloseTo(above(turns), 2);
  expect(oddsOf(decision, ids.open)).toMatchObject({ probabilityRuledOut: 0, probabilityOverBudget: null });
  // Of 16 draws it is so many sixteenths.
  const few = decide({ budget: { monthly: 5000 }, assumptions: { drawBudgets: 16 } });
  expect(Number(oddsOf(few, ids.closed).probabilityOverBudget) % (1 / 16)).toBe(0);
  expect(Number(oddsOf(decision, ids.closed).probabilityOverBudget) % (1 / 16)).not.toBe(0);
});

test('what swings the cost, by how far and in which unit; of equals the first by name', () => {
  const task = (name: string) => ({
    ...faq({ low, likely, high }).tasks[0],
    name,
    volume: { low: 2000, likely: 5000, high: 9000 },
  });
  const { tornado } = decide({
    workload: { volume: '300..500 users', requestsPerUser: 600 },
    tasks: [
      task('b'),
      task('a'),
      { ...faq(500).tasks[0], name: undefined, volume: '9k..12k requests/month' },
      { ...faq(500).tasks[0], name: 'c' },
    ],
    assumptions: { retryRate: { low: 0, likely: 0.01, high: 0.2 } },
  });
  expect(tornado.map(({ parameter, unit }) => [parameter, unit])).toEqual([
    ['workload.volume', 'users'],
    ['assumptions.retryRate', 'fraction of requests'],
    ['tasks.a.tokens.output', 'tokens'],
    ['tasks.b.tokens.output', 'tokens'],
    ['tasks.a.volume', 'requests/day'],
    ['tasks.b.volume', 'requests/day'],
    // A task without a name goes by its type.
    ['tasks.faq-chat.volume', 'requests/month'],
  ]);
  const [, , a, b] = tornado;
  expect(a?.swing).toBe(b?.swing);
});
