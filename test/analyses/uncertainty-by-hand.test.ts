import { expect, test } from 'vitest';
import { type AssessOptions, assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { asOf, exactFigures, readWritten, tool, type Written } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/**
 * Draws of one range, on two models of which one is cheap to read and the other to write: how often each is best, and what
 * knowing the range would be worth, follow from the triangular distribution by formulas of a page.
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
    drawPilots: 8,
    drawChecks: 8,
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

function decide(more: Partial<Written> = {}, progress?: AssessOptions['progress']): Decision {
  return assess(readWritten(faq({ low, likely, high }, more), tables), tables, {
    asOf,
    prose,
    tool,
    flips: 'none',
    ...(progress && { progress }),
  });
}
const oddsOf = ({ uncertainty }: Decision, plan: string) => {
  const found = uncertainty?.plans.find((one) => one.plan === plan);
  if (found === undefined) throw new Error(`${plan} was not drawn`);
  return found;
};
const ids = { closed: `cloud-api/${closed}`, open: `open-model-api/${open}` };

test('how often each is best, what each costs, and what it is sorry for: as the distribution says', () => {
  const told: [number, number | null][] = [];
  const decision = decide({}, (step, done, of) => step === 'simulations' && told.push([done, of]));
  const { uncertainty, tornado, recommendation } = decision;
  expect(recommendation.plan).toBe(ids.closed);
  expect(uncertainty).toMatchObject({ ranges: 1, disagreement: 0, straddles: [] });
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
    [swing?.worth, tooLittle],
  ] as const)
    near(value, exact);
  // Each is told, with how many there are to make.
  expect(told).toEqual(told.map((_, i) => [i + 1, told.length]));
  expect(told).toHaveLength((uncertainty?.pilots ?? 0) + (uncertainty?.checked ?? 0));
});

test('a plan that is met in draws alone is priced by what is drawn, as all are', () => {
  // At its likely price the second is the dearer one of two that nothing else tells apart.
  const [fixed, from, middle, to] = [20, 10, 22, 40];
  const models = [
    { provider: 'acme', model: 'one', like: 'gpt-5-nano', kind: 'cloud-api', input: fixed, output: 0 },
    {
      provider: 'bcme',
      model: 'two',
      like: 'gpt-5-nano',
      kind: 'cloud-api',
      input: { low: from, likely: middle, high: to },
      output: 0,
    },
  ];
  const decision = decide({
    tasks: [{ ...faq(500).tasks[0], capability: { minIndex: 30 } }],
    data: { sensitivity: 'public', boundary: 'anywhere' },
    prices: { models },
    preferences: { only: ['cloud-api', 'acme', 'bcme'] },
  });
  const [one, two] = [oddsOf(decision, 'cloud-api/acme/one'), oddsOf(decision, 'cloud-api/bcme/two')];
  const cheaper = (fixed - from) ** 2 / ((to - from) * (middle - from));
  const usd = (price: number) => month * 1000 * price;
  expect(two.probabilityCheapest).toBeCloseTo(cheaper, 2);
  expect([two.probabilityBest, one.probabilityBest]).toEqual([two.probabilityCheapest, one.probabilityCheapest]);
  expect(two.monthlyCost).toBeCloseTo(usd(middle), 6);
  const falling = (share: number) => usd(to - Math.sqrt(share * (to - from) * (to - middle)));
  expect((two.monthlyCostRange?.p5 ?? 0) / usd(from + Math.sqrt(0.05 * (to - from) * (middle - from)))).toBeCloseTo(
    1,
    2,
  );
  expect((two.monthlyCostRange?.p50 ?? 0) / falling(0.5)).toBeCloseTo(1, 2);
  expect((two.monthlyCostRange?.p95 ?? 0) / falling(0.05)).toBeCloseTo(1, 2);
  const regret = usd((fixed - from) ** 3 / (3 * (to - from) * (middle - from)));
  expect((one.regret ?? 0) / regret).toBeCloseTo(1, 2);
  expect(decision.tornado.map(({ parameter }) => parameter)).toContain('prices.models.1.input');
});

test('a budget that the cost exceeds from some value on', () => {
  const decision = decide({ budget: { monthly: 5000 } });
  const turns = (5000 / month - 1000) / 10;
  const odds = oddsOf(decision, ids.closed);
  expect(odds.probabilityRuledOut).toBeCloseTo(above(turns), 2);
  expect(odds.probabilityOverBudget).toBeCloseTo(above(turns), 2);
  expect(oddsOf(decision, ids.open)).toMatchObject({ probabilityRuledOut: 0, probabilityOverBudget: 0 });
  expect(decision.uncertainty?.straddles).toEqual([
    {
      plan: ids.closed,
      parameter: 'tasks.faq.tokens.output',
      unit: 'tokens',
      low,
      high,
      // The first whole number of tokens beyond it.
      turnsAt: Math.ceil(turns),
      side: 'above',
      gate: 'budget',
      task: null,
      reason: expect.stringMatching(/^\$9,4\d\d a month in cash against a budget of \$5,000$/),
      stands: false,
      probability: odds.probabilityRuledOut,
    },
  ]);
  expect(decision.warnings.filter(({ code }) => code !== 'old-prices')).toEqual([
    expect.objectContaining({
      code: 'range-straddles-rule',
      message: expect.stringContaining(
        'output tokens of faq may be from 200 to 3000: above 1544, in 30 % of simulations',
      ),
    }),
  ]);
});

test('a need that exceeds what the plan scores, 50.7, and what the other scores, 53.4, never', () => {
  const need = { low: 40, likely: 45, high: 52 };
  const tasks = [{ ...faq(500).tasks[0], capability: { minIndex: need } }];
  const decision = decide({ tasks });
  const over = (52 - 50.7) ** 2 / ((52 - 40) * (52 - 45));
  expect(oddsOf(decision, ids.closed).probabilityRuledOut).toBeCloseTo(over, 2);
  expect(oddsOf(decision, ids.closed).probabilityBest).toBeCloseTo(1 - over, 2);
  expect(oddsOf(decision, ids.open)).toMatchObject({ probabilityRuledOut: 0 });
  // Costs are the same in every draw.
  for (const name of ['closed', 'open'] as const) {
    const { monthlyCost, monthlyCostRange } = oddsOf(decision, ids[name]);
    expect(monthlyCostRange).toEqual({ p5: monthlyCost, p50: monthlyCost, p95: monthlyCost });
  }
  expect(oddsOf(decision, ids.closed).regret).toBe(0);
  const dearer = usdOf.open(500) - usdOf.closed(500);
  expect((oddsOf(decision, ids.open).regret ?? Number.NaN) / (dearer * (1 - over))).toBeCloseTo(1, 2);
  expect(decision.uncertainty?.leastRegret).toBeNull();
  expect(decision.uncertainty?.straddles).toMatchObject([
    { plan: ids.closed, turnsAt: 50.7, side: 'above', gate: 'capability', task: 'faq', stands: false },
  ]);
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
    // Tasks are with two providers.
    ['assumptions.fteApi', 'fte'],
  ]);
  const [, , a, b] = tornado;
  expect(a?.swing).toBe(b?.swing);
});

test('a need below which another runs too, and above which the plan does not', () => {
  const [from, to] = [45, 60];
  const middle = 52;
  const tasks = [{ ...faq(500).tasks[0], capability: { minIndex: { low: from, likely: middle, high: to } } }];
  const decision = decide({ tasks });
  expect(decision.recommendation.plan).toBe(ids.open);
  const below = (50.7 - from) ** 2 / ((to - from) * (middle - from));
  const over = (to - 53.4) ** 2 / ((to - from) * (to - middle));
  expect(oddsOf(decision, ids.closed).probabilityRuledOut).toBeCloseTo(1 - below, 2);
  expect(oddsOf(decision, ids.closed).probabilityBest).toBeCloseTo(below, 2);
  expect(oddsOf(decision, ids.open).probabilityRuledOut).toBeCloseTo(over, 2);
  expect(oddsOf(decision, ids.open).probabilityBest).toBeCloseTo(1 - below - over, 2);
  // The other one costs less, but does not run as it stands: nobody is sorry for not taking it, nor would measuring tell.
  expect(oddsOf(decision, ids.closed).regret).toBe(0);
  expect(oddsOf(decision, ids.open).regret).toBeGreaterThan(0);
  expect(decision.uncertainty?.leastRegret).toBeNull();
  expect(decision.tornado.map(({ worth }) => worth)).toEqual(decision.tornado.map(() => 0));
  const parameter = 'tasks.faq.capability.minIndex';
  const straddles = new Map(decision.uncertainty?.straddles.map((one) => [one.plan, one]));
  expect(straddles.get(ids.closed)).toMatchObject({ parameter, turnsAt: 50.7, side: 'below', stands: true });
  expect(straddles.get(ids.closed)?.probability).toBeCloseTo(below, 2);
  expect(straddles.get(ids.open)).toMatchObject({ parameter, turnsAt: 53.4, side: 'above', stands: false });
  expect(straddles.get(ids.open)?.probability).toBeCloseTo(over, 2);
  expect(decision.warnings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      /: below 50\.7, in 31 % of simulations, this also meets the capability rule: .*GPT-5 Nano, OpenAI$/,
    ),
  );
});
