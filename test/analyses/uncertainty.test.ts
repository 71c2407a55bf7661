import { describe, expect, test } from 'vitest';
import { repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, costsOfPlan, likelyOf, sampleOf } from '../../src/analyses/uncertainty/draws.js';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { type Drawn, uncertaintyOf } from '../../src/analyses/uncertainty/uncertainty.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import type { ReadScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { readCommitted } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { asOf, exactFigures, namedPlan, readWritten } from '../support/scenario.js';
import { closed, oppositePrices } from '../support/two-prices.js';

const tables = await shippedTables();
const few = fewRows(tables);

const caseOn = (on: Tables, read: ReadScenario): Context => ({ workload: resolve(read, on, asOf), tables: on });

/** On a few rows of the tables. */
function drawnOf(read: ReadScenario, seed = 0): Drawn {
  const context = caseOn(few, read);
  const found = uncertaintyOf(read, choose(context), context, { seed });
  if (found === null) throw new Error('nothing fits');
  return found;
}

test('two ranges in one bill: its mean and variance over the draws are those of two triangular distributions', async () => {
  const { tables: two } = await oppositePrices();
  const input = { low: 500, likely: 900, high: 2800 };
  const output = { low: 100, likely: 200, high: 600 };
  const task = {
    name: 'faq',
    type: 'faq-chat',
    tokens: { cacheablePrefix: 0, input, output },
    capability: { minIndex: 40 },
  };
  const assumptions = { retryRate: 0, ...exactFigures };
  const read = readWritten({ workload: { volume: '10k' }, tasks: [task], assumptions }, two);
  const context = caseOn(two, read);
  const plan = namedPlan(`cloud-api/${closed}`, context);
  const meanOf = ({ low, likely, high }: typeof input) => (low + likely + high) / 3;
  const varianceOf = ({ low: a, likely: c, high: b }: typeof input) =>
    (a * a + b * b + c * c - a * b - a * c - b * c) / 18;
  // USD a month for each token that is read, at 1 per 1e6, and written, at 10.
  const [read1, written10] = [1, 10].map((usd) => (((10_000 * 730) / 24) * usd) / 1e6) as [number, number];
  const draws = 4096;
  for (const seed of [0, 1]) {
    const inputs = uncertainInputs(read.scenario, [plan], context, seed);
    const all = { first: draws, upTo: 1, extraUsd: [0], matters: () => new Set<string>() };
    const costs = costsOfPlan(sampleOf([plan], inputs, draws, casesOf(read, context, inputs), all), 0);
    const mean = costs.reduce((sum, usd) => sum + usd, 0) / draws;
    const variance = costs.reduce((sum, usd) => sum + (usd - mean) ** 2, 0) / draws;
    expect(mean / (read1 * meanOf(input) + written10 * meanOf(output))).toBeCloseTo(1, 2);
    expect(variance / (read1 ** 2 * varianceOf(input) + written10 ** 2 * varianceOf(output))).toBeCloseTo(1, 2);
  }
});

test('an error of capacity moves the machines of its model and card, and nothing else', async () => {
  const read = await readCommitted('overnight-claims', ['workload.volume=5M requests/day']);
  const context = caseOn(tables, read);
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

test('a plan in another scheme or on another card is best with its twin; one of another provider or model is not', () => {
  const read = readWritten(
    {
      workload: { volume: '10k' },
      tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex: 5 } }],
      preferences: { only: ['self-hosted-cloud'] },
    },
    few,
  );
  const context = caseOn(few, read);
  const choice = choose(context);
  const ids = {
    scheme: 'self-hosted-cloud/aws/qwen3-4b@fp8/g6.xlarge/us-east-1/reserved-1y',
    card: 'self-hosted-cloud/aws/qwen3-4b@fp8/p5.4xlarge/us-east-1/on-demand',
    provider: 'self-hosted-cloud/azure/qwen3-4b@fp8/Standard_ND96isr_H100_v5/eastus/on-demand',
    model: 'self-hosted-cloud/aws/llama-3.3-70b@fp8/p5.48xlarge/us-east-1/on-demand',
  };
  const further = Object.values(ids).map((id) => namedPlan(id, context));
  const { advised, uncertainty } = uncertaintyOf(read, choice, context, { seed: 0, further }) as Drawn;
  const best = (id: string) => uncertainty.plans.find(({ plan }) => plan === id)?.probabilityBest;
  expect(advised.plan).toBe('self-hosted-cloud/aws/qwen3-4b@int4-awq/g6.xlarge/us-east-1/reserved-1y');
  expect(advised.probabilityBest).toBe(1);
  expect(Object.values(ids).map(best)).toEqual([1, 1, 0, 0]);
});

describe('how sure the advice is', () => {
  const apis = { only: ['cloud-api', 'open-model-api'] };
  /** Fewer than in general. */
  const fewer = { drawCount: 1024 };
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
    expect(drawnOf(plain).uncertainty).toMatchObject({ draws: 256, ranges: 0 });
    const read = readWritten(wide, tables);
    const [one, again, other] = [drawnOf(read, 5), drawnOf(read, 5), drawnOf(read, 6)];
    expect(one.uncertainty).toMatchObject({ draws: 1024, ranges: 3, seed: 5 });
    const usual = drawnOf(readWritten({ ...wide, assumptions: {} }, tables));
    expect(usual.uncertainty).toMatchObject({ draws: 4096, ranges: 3 });
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
    expect(advised.plan).toBe(plans.find(({ plan }) => plan === advised.plan)?.plan);
  });
});
