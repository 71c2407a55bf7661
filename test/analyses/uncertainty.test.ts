import { describe, expect, test } from 'vitest';
import { partsUnder, repricer } from '../../src/analyses/uncertainty/costs.js';
import {
  casesOf,
  costsOfPlan,
  drawn,
  likelyOf,
  percentilesOf,
  type Sample,
  sampleOf,
} from '../../src/analyses/uncertainty/draws.js';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { type Drawn, uncertaintyOf } from '../../src/analyses/uncertainty/uncertainty.js';
import { cheapestShares } from '../../src/analyses/uncertainty/winners.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import type { ReadScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { uniform } from '../simulation/random.js';
import { readCommitted } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { asOf, exactFigures, namedPlan, readWritten, type Written } from '../support/scenario.js';

const tables = await shippedTables();
const few = fewRows(tables);

const caseOn = (on: Tables, read: ReadScenario): Context => ({ workload: resolve(read, on, asOf), tables: on });
const caseOf = (read: ReadScenario): Context => caseOn(tables, read);

/** On a few rows of the tables. */
function drawnOf(read: ReadScenario, seed = 0): Drawn {
  const context = caseOn(few, read);
  const found = uncertaintyOf(read, choose(context), context, { seed });
  if (found === null) throw new Error('nothing fits');
  return found;
}

const noTerms = { retryRate: 0, ...exactFigures };

/** One task on one API, whose bill is linear in volume and tokens. */
const linear = (tokens: Record<string, unknown>, more: Record<string, unknown> = {}): Written => ({
  workload: { volume: '10000 requests/day', turns: 1 },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { cacheablePrefix: 0, ...tokens } }],
  preferences: { only: ['cloud-api', 'open-model-api'] },
  assumptions: noTerms,
  ...more,
});

/** Plans on the same draws; `random`: pseudo-random numbers instead of the sequence. */
function sampled(
  read: ReadScenario,
  ids: readonly string[],
  draws: number,
  { seed = 0, random = false, on = tables } = {},
): Sample {
  const context = caseOn(on, read);
  const plans = ids.map((id) => namedPlan(id, context));
  const known = uncertainInputs(read.scenario, plans, context, seed);
  const next = uniform(seed + 1);
  const inputs = random ? known.map((input) => ({ ...input, share: next })) : known;
  const caseAt = casesOf(read, context, inputs);
  return sampleOf(plans, inputs, draws, caseAt, {
    first: draws,
    upTo: 1,
    extraUsd: plans.map(() => 0),
    matters: () => new Set(),
  });
}

const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
const variance = (values: Float64Array) => {
  const middle = mean(values);
  return mean(values.map((x) => (x - middle) ** 2));
};

const always = () => true;

describe('samples against closed forms', () => {
  const [from, likely, to] = [500, 900, 2800];
  const input = { low: from, likely, high: to };
  const output = { low: 100, likely: 200, high: 600 };
  const meanOf = ({ low, likely: middle, high }: typeof input) => (low + middle + high) / 3;
  const varianceOf = ({ low: a, likely: c, high: b }: typeof input) =>
    (a * a + b * b + c * c - a * b - a * c - b * c) / 18;

  /** Two models of which one is cheaper to ask and the other cheaper to hear: their lines cross. */
  function crossing() {
    const rows = tables.api.filter(
      ({ tierAboveInputTokens, freeTokensPerMonth, nextInputUsdPerMTok, endpointKind, family }) =>
        tierAboveInputTokens === null &&
        freeTokensPerMonth === null &&
        nextInputUsdPerMTok === null &&
        endpointKind === 'first-party' &&
        tables.capabilityOf.get(family)?.indexStandard != null,
    );
    const ratio = { in: meanOf(input), out: meanOf(output) };
    const bill = (row: (typeof rows)[number]) => row.inputUsdPerMTok * ratio.in + row.outputUsdPerMTok * ratio.out;
    for (const a of rows)
      for (const b of rows)
        if (
          a.inputUsdPerMTok < b.inputUsdPerMTok &&
          a.outputUsdPerMTok > b.outputUsdPerMTok &&
          Math.abs(Math.log(bill(a) / bill(b))) < 0.1
        )
          return [a, b] as const;
    throw new Error('no two lines cross');
  }
  const idOf = ({ provider, modelId }: { provider: string; modelId: string }) => `cloud-api/${provider}/${modelId}`;
  const perMonth = (10_000 * 730) / 24;

  test('the sum of two triangular inputs into a linear bill: mean and variance', () => {
    const [row] = crossing();
    const read = readWritten(linear({ input, output }), tables);
    const costs = costsOfPlan(sampled(read, [idOf(row)], 4096), 0);
    const per = { in: (perMonth * row.inputUsdPerMTok) / 1e6, out: (perMonth * row.outputUsdPerMTok) / 1e6 };
    const exact = {
      mean: per.in * meanOf(input) + per.out * meanOf(output),
      variance: per.in ** 2 * varianceOf(input) + per.out ** 2 * varianceOf(output),
    };
    expect(Math.abs(mean(costs) / exact.mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(variance(costs) / exact.variance - 1)).toBeLessThan(0.01);
  });

  test('the probability that one of two lines is the cheaper, and what many pseudo-random draws say', () => {
    const [a, b] = crossing();
    const read = readWritten(linear({ input, output }), tables);
    // a is cheaper where output x (dearer) < input x (cheaper): the share of inputs times that of smaller outputs.
    const slope = (b.inputUsdPerMTok - a.inputUsdPerMTok) / (a.outputUsdPerMTok - b.outputUsdPerMTok);
    const below = ({ low, likely: middle, high }: typeof input, x: number): number => {
      if (x <= low) return 0;
      if (x >= high) return 1;
      return x < middle
        ? (x - low) ** 2 / ((high - low) * (middle - low))
        : 1 - (high - x) ** 2 / ((high - low) * (high - middle));
    };
    const steps = 100_000;
    let exact = 0;
    for (let i = 0; i < steps; i++) {
      const [x0, x1] = [from + ((to - from) * i) / steps, from + ((to - from) * (i + 1)) / steps];
      exact += (below(input, x1) - below(input, x0)) * below(output, slope * ((x0 + x1) / 2));
    }
    const ids = [idOf(a), idOf(b)];
    expect(exact).toBeGreaterThan(0.02);
    expect(exact).toBeLessThan(0.98);
    for (const seed of [0, 1, 2]) {
      const [share] = cheapestShares(sampled(read, ids, 4096, { seed }), always);
      expect(Math.abs((share as number) - exact), `seed ${seed}`).toBeLessThan(0.01);
    }

    const many = long ? 200_000 : 10_000;
    const random = sampled(read, ids, many, { random: true });
    const [byChance] = cheapestShares(random, always);
    const error = Math.sqrt((exact * (1 - exact)) / many);
    expect(Math.abs((byChance as number) - exact)).toBeLessThan(4 * error);
    const few = sampled(read, ids, 4096);
    for (const p of [0, 1]) {
      const [exactly, sequence] = [costsOfPlan(random, p), costsOfPlan(few, p)];
      const errorOfMean = Math.sqrt(variance(exactly) / many);
      expect(Math.abs(mean(exactly) - mean(sequence))).toBeLessThan(4 * errorOfMean);
      const [one, other] = [percentilesOf(exactly), percentilesOf(sequence)];
      for (const key of ['p5', 'p50', 'p95'] as const)
        expect(Math.abs((one?.[key] ?? 0) / (other?.[key] ?? 1) - 1)).toBeLessThan(0.01);
    }
  });
});

describe('a draw is the same engine on another input', () => {
  const cases: readonly [string, readonly string[]][] = [
    [
      'support-chatbot',
      ['workload.volume=20k..2M requests/day', 'tasks.support.tokens.output={low: 100, likely: 300, high: 900}'],
    ],
    ['evening-peaks', []],
    ['support-escalation', []],
    ['device-keyboard', ['devices.count=50k..200k']],
  ];

  test.each(cases)('%s', async (name, set) => {
    const read = await readCommitted(name, set);
    const context = caseOf(read);
    const choice = choose(context);
    const plans = [
      choice.advised,
      choice.runnerUp,
      ...choice.kinds.map(({ plan }) => plan),
      ...choice.ofKinds(8),
    ].filter((plan) => plan !== null);
    const inputs = uncertainInputs(read.scenario, plans, context, 0);
    const caseAt = casesOf(read, context, inputs);
    const likely = caseAt(likelyOf(inputs));
    const price = repricer(plans, likely.tables);
    const usd = new Float64Array(plans.length);
    price(likely, usd);
    // At likely values the plans cost what the decision says.
    for (const [p, plan] of plans.entries()) expect(usd[p]).toBeCloseTo(plan.monthlyUsd, 6);
    const values = new Float64Array(inputs.length);
    for (const k of [0, 1, 2, 3, 4]) {
      const drawnCase = caseAt(drawn(inputs, k, values));
      price(drawnCase, usd);
      for (const [p, plan] of plans.entries()) {
        const parts = partsUnder(plan, drawnCase);
        const again = parts && planOf(parts, drawnCase);
        const exact = again === null || isUnpriced(again) ? Number.POSITIVE_INFINITY : again.monthlyUsd;
        if (exact === Number.POSITIVE_INFINITY) expect(usd[p]).toBe(exact);
        else expect(Math.abs((usd[p] as number) / exact - 1)).toBeLessThan(1e-9);
      }
    }
  });

  test('an error of capacity moves the machines of its model and card, and nothing else', async () => {
    const read = await readCommitted('overnight-claims', ['workload.volume=5M requests/day']);
    const context = caseOf(read);
    const plans = choose(context).kinds.flatMap(({ plan }) => plan ?? []);
    const inputs = uncertainInputs(read.scenario, plans, context, 0);
    const caseAt = casesOf(read, context, inputs);
    const price = repricer(plans, caseAt(likelyOf(inputs)).tables);
    const costs = (input: number, value: number): Float64Array => {
      const values = likelyOf(inputs);
      if (input >= 0) values[input] = value;
      const usd = new Float64Array(plans.length);
      price(caseAt(values), usd);
      return usd;
    };
    const likely = costs(-1, 0);
    let moved = 0;
    for (const [i, { subject }] of inputs.entries()) {
      if (subject.is !== 'capacity') continue;
      const [slow, fast] = [costs(i, 0.5), costs(i, 2)];
      for (const [p, { deployments }] of plans.entries()) {
        const own = deployments.some(
          ({ option }) => option.family === subject.family && option.hardware === subject.accelerator,
        );
        if (own) {
          expect(slow[p]).toBeGreaterThanOrEqual(likely[p] as number);
          expect(fast[p]).toBeLessThanOrEqual(likely[p] as number);
          if ((slow[p] as number) > 1.1 * (fast[p] as number)) moved += 1;
        } else expect([slow[p], fast[p]]).toEqual([likely[p], likely[p]]);
      }
    }
    expect(moved).toBeGreaterThan(0);
  });
});

describe('how sure the advice is', () => {
  const apis = { only: ['cloud-api', 'open-model-api'] };
  /** Fewer than in general. */
  const fewer = { drawCount: 1024, drawPilots: 8, drawChecks: 4 };
  const wide = {
    workload: { volume: '20k..500k requests/day', turns: 1 },
    tasks: [
      {
        name: 'faq',
        type: 'faq-chat',
        tokens: { input: { low: 300, likely: 1500, high: 6000 }, output: { mean: 300, cv: 1 } },
      },
    ],
    preferences: apis,
    assumptions: fewer,
  };

  test('256 draws without a range, 4,096 with one; the same seed gives the same, byte for byte', () => {
    const plain = readWritten(
      { ...wide, workload: { volume: 50_000 }, tasks: [{ name: 'faq', type: 'faq-chat' }], assumptions: {} },
      tables,
    );
    expect(drawnOf(plain).uncertainty).toMatchObject({ draws: 256, ranges: 0, pilots: 8, checked: 4 });
    const read = readWritten(wide, tables);
    const [one, again, other] = [drawnOf(read, 5), drawnOf(read, 5), drawnOf(read, 6)];
    expect(one.uncertainty).toMatchObject({ draws: 1024, ranges: 3, pilots: 8, checked: 4, seed: 5 });
    const usual = drawnOf(readWritten({ ...wide, assumptions: {} }, tables));
    expect(usual.uncertainty).toMatchObject({ draws: 4096, ranges: 3, pilots: 32, checked: 16 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(one));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(one));
  });

  test('the range holds the median, the shares add up, and inputs come by their swing', () => {
    const { uncertainty, tornado, advised } = drawnOf(readWritten(wide, tables));
    const { plans } = uncertainty;
    // The rest are the draws in which no plan is good enough.
    const best = plans.reduce((sum, one) => sum + one.probabilityBest, 0);
    expect(best).toBeLessThanOrEqual(1 + 1e-9);
    expect(best).toBeGreaterThanOrEqual(1 - Math.min(...plans.map((one) => one.probabilityBelowFloor ?? 1)) - 1e-9);
    expect(plans.reduce((sum, { probabilityCheapest }) => sum + probabilityCheapest, 0)).toBeCloseTo(1, 9);
    for (const { monthlyCostRange: range, regret, probabilityBest, probabilityKindsBest } of plans) {
      expect(range && range.p5 <= range.p50 && range.p50 <= range.p95).toBe(true);
      expect(regret).toBeGreaterThanOrEqual(0);
      expect(probabilityKindsBest).toBeGreaterThanOrEqual(probabilityBest);
    }
    const swings = tornado.map(({ swing }) => swing ?? Number.POSITIVE_INFINITY);
    expect(swings).toEqual(swings.toSorted((a, b) => b - a));
    expect(tornado.slice(0, 3).map(({ parameter }) => parameter)).toEqual(
      expect.arrayContaining(['workload.volume', 'tasks.faq.tokens.input']),
    );
    expect(uncertainty.measure.length).toBeLessThanOrEqual(3);
    for (const { text } of uncertainty.measure)
      expect(text).toMatch(/^measure .+: (worth up to \$[\d,.]+ a month|it may change the advice)$/);
    expect(advised.plan).toBe(plans.find(({ plan }) => plan === advised.plan)?.plan);
  });
});
