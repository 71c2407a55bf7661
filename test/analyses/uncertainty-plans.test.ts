import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { partsUnder, repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, drawn, likelyOf } from '../../src/analyses/uncertainty/draws.js';
import { type UncertainInput, uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { overBudgetShare } from '../../src/analyses/uncertainty/uncertainty.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { monthsOf } from '../../src/decide/months.js';
import { type Plan, planOf, upfrontCashUsd } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { dimensionOf } from '../../src/units/statistics.js';
import { type ReadScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { casesIn } from '../support/cases.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { asOf, exactFigures, namedPlan, readWritten, tablesWith, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/** Plans that a test names under values that it chooses for what is uncertain. */

const all = await shippedTables();
const few = fewRows(all);
/** USD per 1e6 tokens read and written: 1 and 10, 10 and 1, 1 and 8. */
const three = twoPrices(all, { closed: [1, 10], open: [10, 1], another: [1, 8] });

type Known = { read: ReadScenario; context: Context };
function known(written: Written, tables: Tables): Known {
  const read = readWritten(written, tables);
  const { tables: priced } = withScenarioPrices(read, tables, () => ({ source: '', date: '', note: '' }));
  return { read, context: { workload: resolve(read, priced, asOf), tables: priced } };
}
/** USD a month of a plan as it is made for a case; infinite where it cannot run. */
function usdIn(plan: Plan, then: Context): number {
  const parts = partsUnder(plan, then);
  const again = parts && planOf(parts, then);
  return again === null || isUnpriced(again) ? Number.POSITIVE_INFINITY : again.monthlyUsd;
}

const ids = { closed: `cloud-api/${closed}`, open: `open-model-api/${open}`, another: `cloud-api/${another}` };
const faq = (more: Partial<Written> = {}, task: Record<string, unknown> = {}): Written => ({
  workload: { volume: '10k' },
  tasks: [
    {
      name: 'faq',
      type: 'faq-chat',
      tokens: { input: 1000, output: { low: 200, likely: 500, high: 3000 } },
      capability: { minIndex: 40 },
      ...task,
    },
  ],
  ...more,
  assumptions: {
    ...exactFigures,
    retryRate: 0,
    ...(more.assumptions as object),
  },
});
/** USD a month for each micro-dollar of a request, of which there are 10,000 a day. */
const month = ((10_000 * 730) / 24) * 1e-6;

const ranged = (path: string, shares: readonly number[], more: Partial<UncertainInput> = {}): UncertainInput => ({
  path,
  unit: 'tokens',
  low: 200,
  likely: 500,
  high: 3000,
  origin: 'user',
  subject: { is: 'scenario' },
  quantile: (share) => share * 1000,
  share: (draw) => shares[draw] ?? 0,
  ...more,
});

test('over budget: draws in which the dearest month is above it, or what is paid at the start', () => {
  const output = ranged('tasks.faq.tokens.output', [0.1, 0.4, 0.41, 1]);
  const share = (budget: object, draws = 4, more: Partial<Written> = {}) => {
    const { read, context } = known(faq({ budget, ...more }), three);
    return overBudgetShare(namedPlan(ids.closed, context), draws, [output], casesOf(read, context, [output]));
  };
  // 1,000 + 10 x 400 micro-dollars a request; and of three draws one, of two none.
  const monthly = 5000 * month;
  expect(share({ monthly })).toBe(0.5);
  expect(share({ monthly }, 3)).toBe(0.333333333333);
  expect(share({ monthly }, 2)).toBe(0);
  expect(share({ monthly: monthly - 1 }, 2)).toBe(0.5);
  // The last of twelve months has twice the requests of the first; the mean is below it.
  const doubled = { workload: { volume: '10k', growth: `${100 * (2 ** (1 / 11) - 1)}% per month` } };
  expect(share({ monthly }, 2, doubled)).toBe(0.5);
  expect(share({ monthly: 2.001 * monthly }, 2, doubled)).toBe(0);
  expect(share({ monthly: 1.999 * monthly }, 2, doubled)).toBe(0.5);
  // What is as dear as the budget, or a billionth dearer, is not above it.
  const { context: plain } = known(faq({}, { tokens: { input: 1000, output: 400 } }), three);
  const exact = monthsOf(namedPlan(ids.closed, plain), plain).peakCashUsd;
  expect(share({ monthly: exact })).toBe(0.5);
  expect(share({ monthly: exact * (1 - 2e-9) })).toBe(0.75);
  // Without a budget there is nothing to be above; one of the two is enough.
  expect(share({})).toBeNull();
  expect(share({ upfront: 1 })).toBe(0);
  // A machine is paid at the start; the wages of setting it up are no cash: 0.5 + ln(10) / ln(50) x (8 - 0.5) = 4.91 weeks.
  const bought = (budget: object) => {
    const { read, context } = known(faq({ budget }), few);
    return overBudgetShare(namedPlan(machine.own, context), 4, [output], casesOf(read, context, [output]));
  };
  const ownAt = (output: number) =>
    namedPlan(machine.own, known(faq({}, { tokens: { input: 1000, output } }), few).context);
  const own = ownAt(500);
  const cash = upfrontCashUsd(own);
  expect(own.upfrontUsd - cash).toBeCloseTo(((0.5 + (Math.log(10) / Math.log(50)) * 7.5) / 52) * 200_000, 6);
  // One machine serves answers of 100, 400 and 410 tokens as those of 500; of 1,000 it takes more.
  expect([100, 400, 410].map((tokens) => upfrontCashUsd(ownAt(tokens)))).toEqual([cash, cash, cash]);
  expect(upfrontCashUsd(ownAt(1000))).toBeGreaterThan(cash);
  expect(bought({ upfront: cash })).toBe(0.25);
  expect(bought({ upfront: cash - 1 })).toBe(1);
  expect(bought({ upfront: 1 })).toBe(1);
  expect(bought({ upfront: 1_000_000 })).toBe(0);
  expect(bought({ upfront: 1, monthly: 1e9 })).toBe(1);
});

test('a plan that cannot run in a draw is over any budget there', () => {
  const { read, context } = known(
    faq({ budget: { monthly: 1e9 } }, { easy: { share: 0.5, told: 'before' }, capability: { minIndex: 51 } }),
    three,
  );
  const plan = namedPlan(`faq.easy=${ids.closed};faq.hard=${ids.open}`, context);
  // All requests are easy in one draw of four: nothing is left of the hard ones.
  const share = ranged('tasks.faq.easy.share', [0.5, 1, 0.7, 0.2], { quantile: (one) => one });
  const written = known(
    faq(
      { budget: { monthly: 1e9 } },
      { easy: { share: { low: 0, likely: 0.5, high: 1 }, told: 'before' }, capability: { minIndex: 51 } },
    ),
    three,
  );
  expect(overBudgetShare(plan, 4, [share], casesOf(written.read, written.context, [share]))).toBe(0.25);
  // Nor where a model is no longer on sale.
  const gone = { ...context, tables: tablesWith(context.tables, { api: [] }) };
  expect(overBudgetShare(plan, 4, [], () => gone)).toBe(overBudgetShare(plan, 4, [], casesOf(read, context, [])));
});

const machine = {
  rented: 'self-hosted-cloud/aws/llama-3.3-70b@fp8/p5.48xlarge/us-east-1/on-demand',
  own: 'on-prem/own-room/qwen3-4b@bf16/1xl4-24gb/us/bought',
  mini: 'cloud-api/openai/gpt-5-mini',
  nano: 'cloud-api/openai/gpt-5-nano',
};
const two = (more: Partial<Written> = {}): Written => ({
  workload: { volume: '2k..40k requests/day', growth: '1..4% per month' },
  tasks: ['a', 'b'].map((name) => ({
    name,
    type: 'classification',
    share: '50%',
    tokens: { input: { low: 200, likely: 500, high: 2000 }, output: 200 },
    capability: { minIndex: 5 },
  })),
  ...more,
});

test('plans that share a place are priced together as each by itself', () => {
  const { read, context } = known(two(), few);
  const shared = [
    machine.mini,
    `a=${machine.rented};b=${machine.mini}`,
    `a=${machine.rented};b=${machine.nano}`,
    machine.rented,
    machine.own,
    `a.main=${machine.mini};a.standby=${machine.nano};b=${machine.own}`,
    `a.main=${machine.mini};a.standby=cloud-api/azure/gpt-5-mini;b=${machine.own}`,
    `a.base=${machine.own};a.peak=${machine.mini};b=${machine.mini}`,
    `a.base=${machine.own};a.peak=${machine.nano};b=${machine.mini}`,
  ].map((id) => namedPlan(id, context));
  const inputs = uncertainInputs(read.scenario, shared, context, 1);
  const caseAt = casesOf(read, context, inputs);
  const price = repricer(shared, caseAt(likelyOf(inputs)).tables);
  const usd = new Float64Array(shared.length);
  for (let draw = 0; draw < 4; draw++) {
    const then = caseAt(drawn(inputs, draw, new Float64Array(inputs.length)));
    price(then, usd);
    for (const [p, plan] of shared.entries()) expect((usd[p] as number) / usdIn(plan, then), plan.id).toBeCloseTo(1, 9);
  }
});

test('prices of one’s own: a range is a factor on every cell it moves, and two on one cell multiply', () => {
  const priced = (percent: string | number, input: string | number, usdPerUnit: string | number) =>
    known(
      two({
        prices: {
          name: 'offer',
          currency: { code: 'EUR', usdPerUnit, asOf: '2026-11-01' },
          rates: [{ provider: 'openai', model: 'gpt-5-mini', input, output: 2 }],
          discounts: [{ on: ['rental', 'hosting'], percent }],
        },
      }),
      few,
    );
  const { read, context } = priced('20..40', '1..3', '1..1.2');
  const hosted = 'managed-hosting/aws/qwen3-4b@fp8/sagemaker-real-time-ml.g6.xlarge';
  const plans = [machine.mini, machine.rented, machine.nano, machine.own, hosted].map((id) => namedPlan(id, context));
  expect(plans.map(({ deployments }) => deployments[0]?.option.kind)).toEqual([
    'cloud-api',
    'self-hosted-cloud',
    'cloud-api',
    'on-prem',
    'managed-hosting',
  ]);
  const inputs = uncertainInputs(read.scenario, plans, context, 0);
  const caseAt = casesOf(read, context, inputs);
  const price = repricer(plans, caseAt(likelyOf(inputs)).tables);
  const usd = new Float64Array(plans.length);
  const at = (values: Record<string, number>): Float64Array => {
    const all = likelyOf(inputs);
    for (const [path, value] of Object.entries(values)) {
      const i = inputs.findIndex((one) => one.path === `prices.${path}`);
      expect(i, path).toBeGreaterThanOrEqual(0);
      all[i] = value;
    }
    price(caseAt(all), usd);
    return usd.slice();
  };
  const expected = (...asked: Parameters<typeof priced>) =>
    plans.map(({ id }) => expect.closeTo(namedPlan(id, priced(...asked).context).monthlyUsd, 6));
  expect([...at({})]).toEqual(expected(30, 2, 1.1));
  expect([...at({ 'discounts.0.percent': 44 })]).toEqual(expected(44, 2, 1.1));
  expect([...at({ 'rates.0.input': 1.5 })]).toEqual(expected(30, 3, 1.1));
  expect([...at({ 'rates.0.input': 1.5, 'currency.usdPerUnit': 0.5 })]).toEqual(expected(30, 3, 0.55));
  expect([...at({ 'currency.usdPerUnit': 0.5 })]).toEqual(expected(30, 2, 0.55));
  expect([...at({})]).toEqual(expected(30, 2, 1.1));
});

test('every range that a scenario may have: its path, its unit and its ends', () => {
  const [number, text] = [z.number(), z.string()];
  const { ranges } = casesIn('every-range', {
    ranges: { path: text, low: number, likely: number, high: number, unit: text },
  });
  const { read, context } = known(parse(readFileSync('test/fixtures/every-range.yaml', 'utf8')), few);
  const inputs = uncertainInputs(read.scenario, [namedPlan(machine.mini, context)], context, 9);
  const users = inputs.filter(({ origin }) => origin === 'user');
  const short = (value: number) => Number(value.toPrecision(6));
  expect(
    users.map(({ path, low, likely, high, unit }) => `${path}: ${[low, likely, high].map(short).join(' ')} ${unit}`),
  ).toEqual(ranges.map(({ path, low, likely, high, unit }) => `${path}: ${low} ${likely} ${high} ${unit}`));
  // Four in a group; what changes the hours of the load takes few values, in the middle of equal steps.
  const levels = context.workload.assume('drawLevels');
  for (const [i, { path, subject, share }] of users.entries()) {
    if (subject.is !== 'scenario') continue;
    const dimension = dimensionOf(9, `scenario ${Math.floor(i / 4)}`, i % 4);
    const stepped = path === 'workload.growth' || path === 'workload.profile.peakToMean';
    for (const draw of [0, 1, 2, 3, 40])
      expect(share(draw), path).toBe(stepped ? (Math.floor(dimension(draw) * levels) + 0.5) / levels : dimension(draw));
  }
  // A price goes by the name of its book.
  const price = users.at(-1);
  const [book] = context.tables.ownPricing?.ranges ?? [];
  expect(price?.share(3)).toBe(dimensionOf(9, `${book?.book.name} rates.0.input`, 0)(3));
  expect(book?.book.name).toBe('own prices');
});
