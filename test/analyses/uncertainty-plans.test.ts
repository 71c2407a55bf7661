import { beforeAll, expect, test } from 'vitest';
import { advisedAmong, plansMet, poolOf } from '../../src/analyses/uncertainty/confidence.js';
import { partsUnder, repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, drawn, likelyOf, sampleOf, wholeCases } from '../../src/analyses/uncertainty/draws.js';
import type { UncertainInput } from '../../src/analyses/uncertainty/input.js';
import { listPriceInput, uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { overBudgetShare, uncertaintyOf } from '../../src/analyses/uncertainty/uncertainty.js';
import { rulesIn, straddlesOf } from '../../src/analyses/uncertainty/winners.js';
import { isUnpriced } from '../../src/cost/curve.js';
import type { Choice } from '../../src/decide/choice.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { monthsOf } from '../../src/decide/months.js';
import { type Plan, peopleUsdOf, planOf, upfrontCashUsd } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { ParameterRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { dimensionOf } from '../../src/units/statistics.js';
import { type ReadScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { cheapestIn } from '../support/cheapest.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { asOf, exactFigures, readWritten, tablesWith, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/** Plans that a test names under values that it chooses for what is uncertain. */

let all: Tables;
let few: Tables;
/** USD per 1e6 tokens read and written: 1 and 10, 10 and 1, 1 and 8. */
let three: Tables;
beforeAll(async () => {
  all = await shippedTables();
  few = fewRows(all);
  three = twoPrices(all, { closed: [1, 10], open: [10, 1], another: [1, 8] });
});

type Known = { read: ReadScenario; context: Context };
function known(written: Written, tables: Tables): Known {
  const read = readWritten(written, tables);
  const { tables: priced } = withScenarioPrices(read, tables, () => ({ source: '', date: '', note: '' }));
  return { read, context: { workload: resolve(read, priced, asOf), tables: priced } };
}
function planNamed(id: string, context: Context): Plan {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
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

test('a sample: all plans in the first draws, then the first of them and those that came near the cheapest, on what these depend on', () => {
  const { read, context } = known(faq(), three);
  const plans = [ids.open, ids.closed, ids.another].map((id) => planNamed(id, context));
  const output = 'tasks.faq.tokens.output';
  const inputs = [
    ranged(output, [0.1, 0.2, 0.5, 2, 1]),
    ranged('idle of the user', [0.1, 0.2, 0.3, 0.4, 0.5]),
    ranged('idle', [0.1, 0.2, 0.3, 0.4, 0.5], { origin: 'tables' }),
    ranged('needed', [0.1, 0.2, 0.3, 0.4, 0.5], { origin: 'tables' }),
  ];
  const asked: string[][] = [];
  const matters = (some: readonly Plan[]) => {
    asked.push(some.map(({ id }) => id));
    return new Set(['needed']);
  };
  const caseAt = casesOf(read, context, inputs.slice(0, 1));
  const usd = (id: string, tokens: number) =>
    ({ [ids.closed]: 1000 + 10 * tokens, [ids.open]: 10_000 + tokens, [ids.another]: 1000 + 8 * tokens })[id] as number;
  const sample = sampleOf(plans, inputs, 5, (values) => caseAt([values[0] as number]), {
    first: 2,
    extraUsd: plans.map(() => 0),
    upTo: 1.2,
    matters,
  });
  // At 100 and 200 tokens the one is 2,000 and 3,000, the other 1,800 and 2,600 micro-dollars a request: 11 and 15 % more.
  expect([...sample.seen]).toEqual([5, 5, 5]);
  expect(asked).toEqual([[ids.open, ids.closed, ids.another]]);
  const tokens = [100, 200, 500, 2000, 1000];
  for (const [p, { id }] of plans.entries())
    for (const [k, one] of tokens.entries())
      expect((sample.usd[p * 5 + k] as number) / month, `${id} ${one}`).toBeCloseTo(usd(id, one), 3);
  expect([...sample.values]).toEqual([
    ...tokens,
    ...[100, 200, 300, 400, 500],
    ...[100, 200, Number.NaN, Number.NaN, Number.NaN],
    ...[100, 200, 300, 400, 500],
  ]);
  // Near in one of the draws is enough; the end is near, and beyond it is not.
  const survivors = (upTo: number, first = 2) => {
    const { seen, usd: costs } = sampleOf(plans, inputs, 5, (values) => caseAt([values[0] as number]), {
      first,
      upTo,
      extraUsd: plans.map(() => 0),
      matters,
    });
    expect(seen.length).toBe(3);
    for (const [p, one] of seen.entries())
      expect([...costs.subarray(p * 5, (p + 1) * 5)].map(Number.isFinite)).toEqual([0, 1, 2, 3, 4].map((k) => k < one));
    return [...seen];
  };
  expect(survivors(1.1)).toEqual([5, 2, 5]);
  expect(asked.at(-1)).toEqual([ids.open, ids.another]);
  expect(survivors(1.112)).toEqual([5, 5, 5]);
  expect(survivors(1)).toEqual([5, 2, 5]);
  expect(survivors(1.1, 1)).toEqual([5, 1, 5]);
  // Draws that are all there are: nothing is left out, and nobody is asked what matters.
  const before = asked.length;
  expect(survivors(1, 5)).toEqual([5, 5, 5]);
  expect(survivors(1, 9)).toEqual([5, 5, 5]);
  expect(asked).toHaveLength(before);
});

test('draws and likely values of inputs, in their order', () => {
  const inputs = [ranged('a', [0.25, 0.5]), ranged('b', [0.75, 1], { likely: 7 })];
  const into = new Float64Array(2);
  expect(drawn(inputs, 1, into)).toBe(into);
  expect([...into]).toEqual([500, 1000]);
  expect([...drawn(inputs, 0, into)]).toEqual([250, 750]);
  expect([...likelyOf(inputs)]).toEqual([500, 7]);
});

test('over budget: draws in which the dearest month is above it, or what is paid at the start', () => {
  const output = ranged('tasks.faq.tokens.output', [0.1, 0.4, 0.41, 1]);
  const share = (budget: object, draws = 4, more: Partial<Written> = {}) => {
    const { read, context } = known(faq({ budget, ...more }), three);
    return overBudgetShare(planNamed(ids.closed, context), draws, [output], casesOf(read, context, [output]));
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
  const exact = monthsOf(planNamed(ids.closed, plain), plain).peakCashUsd;
  expect(share({ monthly: exact })).toBe(0.5);
  expect(share({ monthly: exact * (1 - 2e-9) })).toBe(0.75);
  // Without a budget there is nothing to be above; one of the two is enough.
  expect(share({})).toBeNull();
  expect(share({ upfront: 1 })).toBe(0);
  // A machine is paid at the start; the wages of setting it up are no cash: 0.5 + ln(10) / ln(50) x (8 - 0.5) = 4.91 weeks.
  const bought = (budget: object) => {
    const { read, context } = known(faq({ budget }), few);
    return overBudgetShare(planNamed(machine.own, context), 4, [output], casesOf(read, context, [output]));
  };
  const ownAt = (output: number) =>
    planNamed(machine.own, known(faq({}, { tokens: { input: 1000, output } }), few).context);
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
  const plan = planNamed(`faq.easy=${ids.closed};faq.hard=${ids.open}`, context);
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

test('where a range straddles a rule: on which side, from which value on, and why', () => {
  const budget = 5000 * month;
  const { read, context } = known(faq({ budget: { monthly: budget } }), three);
  const plans = [ids.closed, ids.open].map((id) => planNamed(id, context));
  const path = 'tasks.faq.tokens.output';
  const within = (low: number, likely: number, high: number, more: Partial<UncertainInput> = {}) =>
    ranged(path, [], { low, likely, high, ...more });
  const found = (input: UncertainInput, among = [0, 1]) =>
    straddlesOf(plans, among, [input], casesOf(read, context, [input]));
  const reason = expect.stringMatching(/ a month in cash against a budget of \$/);
  const straddle = { plan: 0, input: 0, gate: 'budget', task: null, reason };
  // At 400 tokens the bill is the budget; the other costs more than that at any.
  const over = found(within(200, 300, 3000));
  expect(over.base).toEqual([true, false]);
  expect(over.straddles).toEqual([{ ...straddle, value: expect.closeTo(400, 1), side: 'above', stands: false }]);
  const under = found(within(200, 500, 3000), [0]);
  expect(under.base).toEqual([false, true]);
  expect(under.straddles).toEqual([{ ...straddle, value: expect.closeTo(400, 1), side: 'below', stands: true }]);
  // It breaks the rule before it is told why, and keeps it beyond.
  for (const one of [...over.straddles, ...under.straddles]) expect(Math.abs(one.value - 400)).toBeLessThan(1.01);
  expect(found(within(200, 200, 3000)).straddles).toMatchObject([{ side: 'above', stands: false }]);
  expect(found(within(200, 3000, 3000)).straddles).toMatchObject([{ side: 'below', stands: true }]);
  // Neither within one side, nor of estimates of the tables, nor of plans that are not asked for.
  expect(found(within(100, 200, 300)).straddles).toEqual([]);
  expect(found(within(200, 300, 3000, { origin: 'tables' })).straddles).toEqual([]);
  expect(found(within(200, 300, 3000), [1]).straddles).toEqual([]);
  expect(found(within(200, 300, 3000), [])).toEqual({ base: [true, true], straddles: [] });
});

test('what has no price at an end, or a part of a task that is gone there, straddles too', () => {
  const shared = (share: number | object) => ({ share, told: 'before' });
  const { read, context } = known(
    faq({}, { easy: shared({ low: 0, likely: 0.5, high: 1 }), capability: { minIndex: 51 } }),
    three,
  );
  const plan = planNamed(`faq.easy=${ids.closed};faq.hard=${ids.open}`, context);
  const path = 'tasks.faq.easy.share';
  const input = ranged(path, [], { low: 0, likely: 0.5, high: 1, unit: 'fraction' });
  const { base, straddles } = straddlesOf([plan], [0], [input], casesOf(read, context, [input]));
  expect(base).toEqual([true]);
  expect(straddles.map(({ side, gate, reason, task }) => [side, gate, reason, task])).toEqual([
    ['below', 'slicing', 'a part of a task is empty', null],
    ['above', 'slicing', 'a part of a task is empty', null],
  ]);
});

test('rules on the draws: of the plans that are best in some draw, by the straddle of each input', () => {
  const { read, context } = known(faq({ budget: { monthly: 5000 * month } }), three);
  const plans = [ids.closed, ids.open, ids.another].map((id) => planNamed(id, context));
  const path = 'tasks.faq.tokens.output';
  const input = ranged(path, [0.1, 0.45, 0.6, 3], { likely: 300 });
  const caseAt = casesOf(read, context, [input]);
  const sample = sampleOf(plans, [input], 4, caseAt, {
    first: 4,
    upTo: 1,
    extraUsd: plans.map(() => 0),
    matters: () => new Set(),
  });
  const { stands, standsAt, straddles } = rulesIn(sample, plans, () => true, [input], caseAt);
  // At 100, 450, 600 and 3,000 tokens: the third is cheapest up to 500; the second, from 1,300 on, is above the budget at any.
  const draws = [-1, 0, 1, 2, 3];
  expect(draws.map((k) => stands(0, k))).toEqual([true, true, false, false, false]);
  expect(draws.map((k) => stands(2, k))).toEqual([true, true, true, false, false]);
  expect(draws.map((k) => stands(1, k))).toEqual([false, false, false, false, false]);
  expect(straddles.map(({ plan, value, stands: beyond }) => [plan, Math.round(value), beyond])).toEqual([
    [0, 400, false],
    [2, 500, false],
  ]);
  const at = (p: number, i = 0) => [100, 450, 600].map((value) => standsAt(p, i, value));
  expect(at(0)).toEqual([true, false, false]);
  expect(at(1)).toEqual([false, false, false]);
  expect(at(2)).toEqual([true, true, false]);
  // Another input turns nothing, and a plan that is never best is not looked at: what is not known stands.
  expect(at(2, 1)).toEqual([true, true, true]);
  const cheap = rulesIn(
    { ...sample, usd: Float64Array.of(1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9) },
    plans,
    () => true,
    [{ ...input, high: 310 }],
    caseAt,
  );
  expect(draws.map((k) => cheap.stands(1, k))).toEqual([true, true, true, true, true]);
  expect([100, 450].map((value) => cheap.standsAt(1, 0, value))).toEqual([true, true]);
});

const choice = (more: Partial<Choice>): Choice =>
  ({
    ...{ cheapest: null, runnerUp: null, otherMain: null, kinds: [], ofKinds: () => [] },
    advice: { moves: [], isAdjusted: false },
    ...more,
  }) as unknown as Choice;

test('plans met: the advised one first, each once, those of a kind where they may run, and none that a rule turns down', () => {
  const { context } = known(
    faq({ budget: { monthly: 6500 * month } }, { tokens: { input: 1000, output: 500 } }),
    three,
  );
  // 6,000, 10,500 and 5,000 micro-dollars a request.
  const [one, dear, other] = [ids.closed, ids.open, ids.another].map((id) => planNamed(id, context)) as [
    Plan,
    Plan,
    Plan,
  ];
  const met = (more: Partial<Choice>, most = 9, advised = one) => plansMet(advised, choice(more), most, context);
  expect(met({})).toEqual([one]);
  expect(met({ cheapest: other, runnerUp: other, otherMain: dear })).toEqual([one, other]);
  expect(met({ cheapest: { ...one }, runnerUp: other })).toEqual([one, other]);
  // What the advice moved away from is what a reader compares it with.
  const moves = [{ rule: 'adjusted', from: other, to: one }];
  expect(met({ advice: { moves, isAdjusted: true } as unknown as Choice['advice'] })).toEqual([one, other]);
  // Of a plan that is met twice it is the first.
  expect(met({ cheapest: { ...one } })[0]).toBe(one);
  expect(met({ runnerUp: other, ofKinds: () => [{ ...other }] })[1]).toBe(other);
  const kind = (plan: Plan | null, feasible: boolean) => ({ plan, feasible }) as Choice['kinds'][number];
  expect(met({ kinds: [kind(null, true), kind(other, false)] })).toEqual([one]);
  expect(met({ kinds: [kind(other, true), kind(dear, true)] })).toEqual([one, other]);
  const asked: number[] = [];
  const ofKinds = (most: number) => {
    asked.push(most);
    return [dear, other];
  };
  expect(met({ ofKinds }, 7)).toEqual([one, other]);
  expect(asked).toEqual([7]);
  expect(met({ cheapest: other }, 1)).toEqual([one]);
  // What is advised is told, whatever the rules say.
  expect(met({ cheapest: other }, 9, dear)).toEqual([dear, other]);
});

test('the pool: what whole decisions on the first draws advise is in it, beside as many of the plans met as there is room for', () => {
  const { read, context } = known(faq(), three);
  const plans = [ids.open, ids.closed].map((id) => planNamed(id, context));
  const output = ranged('tasks.faq.tokens.output', [0.5, 0.1, 3, 0.5]);
  const caseAt = casesOf(read, context, [output]);
  const pooled = (met: readonly Plan[], pilots: number, most: number) => {
    const decided: number[] = [];
    let told = 0;
    const pool = poolOf(
      met,
      pilots,
      most,
      (draw) => {
        decided.push(draw);
        return caseAt(drawn([output], draw, new Float64Array(1)));
      },
      null,
      () => told++,
    );
    expect(decided).toEqual(Array.from({ length: pilots }, (_, k) => k));
    expect(told).toBe(pilots);
    expect(pool.pilots).toBe(pilots);
    return pool.plans.map(({ id }) => id);
  };
  // The third is cheapest, or alike, at all but 3,000 tokens.
  expect(pooled(plans, 0, 9)).toEqual([ids.open, ids.closed]);
  expect(pooled(plans, 4, 9)).toEqual([ids.open, ids.closed, ids.another]);
  expect(pooled(plans, 1, 2)).toEqual([ids.open, ids.another]);
  expect(pooled(plans, 1, 1)).toEqual([ids.open]);
  expect(pooled(plans.slice(1), 4, 9)).toEqual([ids.closed, ids.another, ids.open]);
});

const uncertain = (written: Written, advised: string, others: readonly string[], seed = 0) => {
  const { read, context } = known(written, three);
  const [first, ...rest] = [advised, ...others].map((id) => planNamed(id, context)) as [Plan, ...Plan[]];
  const [cheapest = null, runnerUp = null] = rest;
  const drawn = uncertaintyOf(read, choice({ advised: first, cheapest, runnerUp }), context, { seed });
  if (drawn === null) throw new Error('nothing is advised');
  return { drawn, read, context, first };
};
const sparse = {
  drawCount: 64,
  drawPilots: 1,
  drawChecks: 16,
  drawCountWithoutRanges: 64,
  near: (usd: number) => usd * (1 + 0),
};

test('plans that are as often best stand by their cost; of those that never are it is not asked how often they break the budget', () => {
  const written = faq(
    { budget: { monthly: 7000 * month }, assumptions: sparse },
    { tokens: { input: 1000, output: { low: 200, likely: 400, high: 600 } } },
  );
  const { drawn } = uncertain(written, ids.open, [ids.closed, ids.another]);
  const { uncertainty, advised } = drawn;
  expect(
    uncertainty.plans.map(({ plan, probabilityBest, probabilityOverBudget, probabilityKindsBest }) => [
      plan,
      probabilityBest,
      probabilityOverBudget,
      probabilityKindsBest,
    ]),
  ).toEqual([
    [ids.another, 1, 0, 1],
    [ids.closed, 0, null, 1],
    [ids.open, 0, 1, 0],
  ]);
  expect(advised).toBe(uncertainty.plans[2]);
  // What is advised breaks the budget at any value, so it is not the one with the least regret.
  expect(uncertainty.leastRegret).toMatchObject({ plan: ids.another, regret: 0 });
  expect(uncertain(written, ids.another, [ids.closed]).drawn.uncertainty.leastRegret).toBeNull();
  expect(
    uncertaintyOf(known(written, three).read, choice({ advised: null }), known(written, three).context, { seed: 0 }),
  ).toBeNull();
});

test('further draws, decided anew: how often another deployment type would be advised than the best of the plans that are priced', () => {
  const written = faq({ assumptions: sparse });
  const { context, read } = known(written, three);
  const [output] = uncertainInputs(read.scenario, [planNamed(ids.open, context)], context, 0);
  // The closed models are cheaper below 9,000 / 7 tokens.
  const closedAt = (seed: number, draw: number) => {
    const [input = output] = uncertainInputs(read.scenario, [planNamed(ids.open, context)], context, seed);
    return (input as UncertainInput).quantile((input as UncertainInput).share(draw)) < 9000 / 7;
  };
  // A seed with which the one draw that is decided beforehand does not bring one of them in.
  const seed = Array.from({ length: 50 }, (_, i) => i).find((one) => !closedAt(one, 0)) as number;
  const told: number[] = [];
  const { drawn } = uncertain(written, ids.open, [], seed);
  const others = Array.from({ length: 16 }, (_, k) => closedAt(seed, 64 + k)).filter(Boolean).length;
  expect(others).toBeGreaterThan(4);
  expect(drawn.uncertainty).toMatchObject({
    draws: 64,
    seed,
    ranges: 1,
    pilots: 1,
    checked: 16,
    disagreement: others / 16,
  });
  expect(drawn.uncertainty.plans).toHaveLength(1);
  uncertaintyOf(read, choice({ advised: planNamed(ids.open, context) }), context, {
    seed,
    progress: (done) => told.push(done),
  });
  expect(told).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
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
  ].map((id) => planNamed(id, context));
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

test('a whole case moves machines that no plan met has as it would if one had', () => {
  const { read, context } = known(two(), few);
  const own = planNamed(machine.own, context);
  const among = (ids: readonly string[]) =>
    uncertainInputs(
      read.scenario,
      ids.map((id) => planNamed(id, context)),
      context,
      5,
    );
  const all = among([machine.mini, machine.own]);
  expect(all.map(({ subject }) => subject.is)).toEqual(expect.arrayContaining(['listPrice', 'capacity']));
  // Assumptions that only machines ask for stay where they are: they are no part of a whole case.
  const whole = wholeCases(read, context, among([machine.mini]), 5);
  const same = new Set(among([machine.mini]).map(({ path }) => path));
  const some = all.filter(({ path, subject }) => same.has(path) || subject.is !== 'assumption');
  const caseAt = casesOf(read, context, some);
  for (const draw of [0, 1, 2, 3]) {
    const expected = usdIn(own, caseAt(drawn(some, draw, new Float64Array(some.length))));
    expect(usdIn(own, whole(draw)) / expected, `draw ${draw}`).toBeCloseTo(1, 9);
  }
  // Where the tables have no band, predictions are taken as they are.
  const unsure = {
    ...context,
    tables: tablesWith(context.tables, {
      bands: [],
      accelerators: context.tables.accelerators.map((row) => ({ ...row, listPriceLowUsd: null })),
    }),
  };
  expect(uncertainInputs(read.scenario, [own], unsure, 5).map(({ subject }) => subject.is)).not.toContain('capacity');
  expect(usdIn(planNamed(machine.own, unsure), wholeCases(read, unsure, [], 5)(0))).toBeCloseTo(own.monthlyUsd, 6);
});

test('what a year of somebody costs is drawn where nobody wrote it: the bill moves by the people in it', () => {
  const staffed = (more: Partial<Written> = {}) =>
    known(
      faq({ assumptions: { fteApi: 0.5 }, ...more }, { tokens: { input: 1000 }, easy: { share: 0.5, told: 'before' } }),
      three,
    );
  const { read, context } = staffed();
  // A second provider is half a person.
  const plan = planNamed(`faq.easy=${ids.closed};faq.hard=${ids.open}`, context);
  const inputs = uncertainInputs(read.scenario, [plan], context, 0);
  const yearly = inputs.findIndex(({ path }) => path === 'assumptions.defaultLoadedFte');
  const { low, likely, high } = context.tables.parameterOf.get('defaultLoadedFte') as ParameterRow;
  expect(inputs[yearly]).toMatchObject({
    low,
    likely,
    high,
    origin: 'tables',
    unit: expect.stringMatching(/^usd\/year/),
  });
  const caseAt = casesOf(read, context, inputs);
  const at = (usd: number) => usdIn(plan, caseAt(likelyOf(inputs).with(yearly, usd)));
  for (const usd of [low, high]) expect(at(usd) - at(likely)).toBeCloseTo((plan.fte * (usd - likely)) / 12, 6);
  expect(plan.fte).toBe(0.5);
  // What the scenario says is as sure as it says.
  const written = staffed({ team: { yearlyCost: 90_000 }, assumptions: {} });
  const paths = uncertainInputs(written.read.scenario, [plan], written.context, 0).map(({ path }) => path);
  expect(paths).not.toContain('assumptions.defaultLoadedFte');
  expect(paths).toContain('assumptions.fteApi');
});

test('rents are drawn together: a bill moves by what is rented by the hour in it; what is reserved stays', () => {
  const { read, context } = known(
    faq({ preferences: { only: ['self-hosted-cloud', 'managed-hosting'], objective: 'cost' } }),
    all,
  );
  const on = (...only: string[]): Plan => {
    const { workload } = context;
    const narrowed = { ...context, workload: { ...workload, rules: { ...workload.rules, only } } };
    return cheapestIn(narrowed) as Plan;
  };
  const path = 'price of rented machines';
  const rentOf = (plan: Plan): number => {
    const inputs = uncertainInputs(read.scenario, [plan], context, 0);
    const rent = inputs.findIndex((input) => input.path === path);
    expect(inputs[rent]).toMatchObject({ low: 0.8, likely: 1, high: 1.2, origin: 'tables' });
    const caseAt = casesOf(read, context, inputs);
    const at = (factor: number) => usdIn(plan, caseAt(likelyOf(inputs).with(rent, factor)));
    expect(at(1.2) - at(1)).toBeCloseTo(at(1) - at(0.8), 6);
    return (at(1.2) - at(1)) / 0.2;
  };
  const [rented, endpoint] = [on('self-hosted-cloud', 'on-demand'), on('managed-hosting')];
  const billed = (plan: Plan) => plan.monthlyUsd - peopleUsdOf(plan, context.workload);
  // All of a bill but storage and the like.
  for (const plan of [rented, endpoint]) {
    expect(rentOf(plan)).toBeGreaterThan(0.8 * billed(plan));
    expect(rentOf(plan)).toBeLessThanOrEqual(billed(plan) * (1 + 1e-9));
  }
  expect(rentOf(on('self-hosted-cloud', 'reserved-1y'))).toBeCloseTo(0, 6);
  const api = known(faq(), three);
  const paths = uncertainInputs(api.read.scenario, [planNamed(ids.open, api.context)], api.context, 0);
  expect(paths.map((input) => input.path)).not.toContain(path);
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
  const plans = [machine.mini, machine.rented, machine.nano, machine.own, hosted].map((id) => planNamed(id, context));
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
    plans.map(({ id }) => expect.closeTo(planNamed(id, priced(...asked).context).monthlyUsd, 6));
  expect([...at({})]).toEqual(expected(30, 2, 1.1));
  expect([...at({ 'discounts.0.percent': 44 })]).toEqual(expected(44, 2, 1.1));
  expect([...at({ 'rates.0.input': 1.5 })]).toEqual(expected(30, 3, 1.1));
  expect([...at({ 'rates.0.input': 1.5, 'currency.usdPerUnit': 0.5 })]).toEqual(expected(30, 3, 0.55));
  expect([...at({ 'currency.usdPerUnit': 0.5 })]).toEqual(expected(30, 2, 0.55));
  expect([...at({})]).toEqual(expected(30, 2, 1.1));
});

test('what the plans met would advise pays the prices of the draw, not the likely ones', () => {
  const { read, context } = known(
    two({ prices: { rates: [{ provider: 'openai', model: 'gpt-5-mini', input: '1..3', output: 2 }] } }),
    few,
  );
  const plan = planNamed(machine.mini, context);
  const inputs = uncertainInputs(read.scenario, [plan], context, 0);
  const caseAt = casesOf(read, context, inputs);
  const path = 'prices.rates.0.input';
  const usd = [0.5, 1, 1.5].map((factor) => {
    const values = likelyOf(inputs);
    values[inputs.findIndex((one) => one.path === path)] = factor;
    const then = caseAt(values);
    const advised = advisedAmong([plan], then, null)?.monthlyUsd;
    expect(advised).toBeCloseTo(usdIn(plan, then), 6);
    return advised as number;
  });
  expect(usd[1]).toBeCloseTo(plan.monthlyUsd, 6);
  expect((usd[0] as number) + (usd[2] as number)).toBeCloseTo(2 * plan.monthlyUsd, 6);
  expect(usd[2]).toBeGreaterThan(1.1 * plan.monthlyUsd);
});

test('a list price is uncertain where the table has both its ends, and they differ', () => {
  const [row] = few.accelerators.filter(({ accelerator }) => accelerator === 'l4-24gb');
  if (row === undefined) throw new Error('no L4');
  const { listPriceUsd, listPriceLowUsd, listPriceHighUsd } = row;
  const told = (more: Partial<typeof row>) => {
    const input = listPriceInput({ ...row, ...more }, 4);
    return (
      input && [
        input.path,
        input.unit,
        input.low,
        input.likely,
        input.high,
        input.origin,
        input.subject,
        input.share(3),
      ]
    );
  };
  const path = 'price of l4-24gb';
  const subject = { is: 'listPrice', accelerator: 'l4-24gb' };
  expect(told({})).toEqual([
    path,
    'USD',
    listPriceLowUsd,
    listPriceUsd,
    listPriceHighUsd,
    'tables',
    subject,
    dimensionOf(4, path, 0)(3),
  ]);
  for (const none of [
    { listPriceUsd: null },
    { listPriceLowUsd: null },
    { listPriceHighUsd: null },
    { listPriceLowUsd: listPriceHighUsd },
  ])
    expect(told(none)).toBeNull();
});

test('every range that a scenario may have: its path, its unit and its ends', () => {
  const { read, context } = known(
    {
      workload: {
        volume: '2k..3k users',
        requestsPerUser: '4..6',
        turns: '2..4',
        growth: '1..4% per month',
        profile: { peakToMean: '2..4' },
      },
      tasks: [
        {
          name: 'a',
          type: 'rag-answering',
          share: '40..60%',
          tokens: {
            input: '1000..2000',
            output: '100..200',
            cacheablePrefix: '300..500',
            cacheHitRate: '20..40%',
            reasoning: '10..20',
          },
          capability: { minIndex: '30..40' },
          latency: { ttftP95: '2s' },
          easy: { share: '20..40%', told: 'after' },
          tuned: { cost: '1000..3000' },
        },
        { name: 'b', type: 'faq-chat', volume: '1k..2k requests/day' },
        { name: 'c', type: 'faq-chat', volume: '30k..60k requests/month' },
        { name: 'd', type: 'faq-chat', share: '40..60%', capability: { relative: '40..60%' } },
      ],
      needs: { rag: { documents: '10M..20M tokens', retrieved: '500..1500' } },
      team: { devops: '1..2', mlInfra: '0..1', free: '0.2..0.4', yearlyCost: '100k..200k USD/year' },
      today: { option: machine.mini, bill: '100..300 USD/month' },
      devices: { count: '1k..3k' },
      development: { share: '1..3%' },
      prices: { rates: [{ provider: 'openai', model: 'gpt-5-mini', input: '1..3', output: 2 }] },
      assumptions: { retryRate: '0.01..0.03' },
    },
    few,
  );
  const inputs = uncertainInputs(read.scenario, [planNamed(machine.mini, context)], context, 9);
  const users = inputs.filter(({ origin }) => origin === 'user');
  const short = (value: number) => Number(value.toPrecision(6));
  expect(
    users.map(({ path, low, likely, high, unit }) => `${path}: ${[low, likely, high].map(short).join(' ')} ${unit}`),
  ).toEqual([
    'workload.volume: 2000 2500 3000 users',
    'workload.turns: 2 3 4 requests',
    'workload.requestsPerUser: 4 5 6 requests',
    'workload.profile.peakToMean: 2 3 4 ',
    // Far apart, so judged by their logarithms.
    'workload.growth: 0.01 0.02 0.04 fraction/month',
    'tasks.a.share: 0.4 0.5 0.6 fraction',
    'tasks.a.tokens.input: 1000 1500 2000 tokens',
    'tasks.a.tokens.output: 100 150 200 tokens',
    'tasks.a.tokens.cacheablePrefix: 300 400 500 tokens',
    'tasks.a.tokens.reasoning: 10 15 20 tokens',
    'tasks.a.tokens.cacheHitRate: 0.2 0.3 0.4 fraction',
    'tasks.a.capability.minIndex: 30 35 40 ',
    'tasks.a.easy.share: 0.2 0.3 0.4 fraction',
    'tasks.a.tuned.cost: 1000 2000 3000 USD',
    'tasks.b.volume: 1000 1500 2000 requests/day',
    'tasks.c.volume: 30000 45000 60000 requests/month',
    'tasks.d.share: 0.4 0.5 0.6 fraction',
    'tasks.d.capability.relative: 0.4 0.5 0.6 fraction',
    'needs.rag.documents: 10000000 15000000 20000000 tokens',
    'needs.rag.retrieved: 500 1000 1500 tokens',
    'development.share: 0.01 0.02 0.03 fraction',
    'team.devops: 1 1.5 2 FTE',
    'team.mlInfra: 0 0.5 1 FTE',
    'team.free: 0.2 0.3 0.4 FTE',
    'team.yearlyCost: 100000 150000 200000 USD/year',
    'today.bill: 100 200 300 USD/month',
    'devices.count: 1000 2000 3000 devices',
    'assumptions.retryRate: 0.01 0.02 0.03 fraction of requests',
    'prices.rates.0.input: 0.5 1 1.5 x likely',
  ]);
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
