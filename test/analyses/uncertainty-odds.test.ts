import { beforeAll, expect, test } from 'vitest';
import { type Swing, swingsOf, tornadoOf } from '../../src/analyses/uncertainty/confidence.js';
import { belowFloorShare, inWords, measuresOf } from '../../src/analyses/uncertainty/costs.js';
import { costsOfPlan, percentilesOf, type Sample, valuesOfInput } from '../../src/analyses/uncertainty/draws.js';
import type { UncertainInput } from '../../src/analyses/uncertainty/input.js';
import { worthOf } from '../../src/analyses/uncertainty/uncertainty.js';
import {
  cheapestShares,
  isBeyond,
  regretOf,
  type Standing,
  winnersOf,
} from '../../src/analyses/uncertainty/winners.js';
import { normalQuantile } from '../../src/capacity/queue/percentiles.js';
import type { TornadoRow } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { type Dimension, deviationOf, dimensionOf, probabilityAtLeast } from '../../src/units/statistics.js';
import { caseOf } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/** What costs in a few draws say, on draws and costs that a test writes down. */

const never = Number.POSITIVE_INFINITY;
const always = () => true;

/** A row of costs for each plan; `seen`: in how many draws each was priced, all unless told. */
const costs = (rows: readonly (readonly number[])[], seen = rows.map((row) => row.length)) => ({
  draws: rows[0]?.length ?? 0,
  usd: Float64Array.from(rows.flat()),
  seen: Int32Array.from(seen),
});

test('the cheapest in a draw wins it, of equals the first; what may not run never does; none at all is -1', () => {
  const sample = costs([
    [100, 104, 100, 104, never],
    [104, 100, 100, 110, never],
    [104, 104, 104, 100, never],
  ]);
  const won = (stands: Standing) => {
    const { winners, least } = winnersOf(sample, stands);
    return { winners: [...winners], least: [...least] };
  };
  expect(won(always)).toEqual({ winners: [0, 1, 0, 2, -1], least: [100, 100, 100, 100, never] });
  expect(won((p, k) => p !== 2 || k < 3)).toEqual({ winners: [0, 1, 0, 0, -1], least: [100, 100, 100, 104, never] });
  expect(won((p) => p === 1)).toEqual({ winners: [1, 1, 1, 1, -1], least: [104, 100, 100, 110, never] });
  expect(won(() => false)).toEqual({ winners: [-1, -1, -1, -1, -1], least: [never, never, never, never, never] });
});

test('what was not priced any more is not looked at', () => {
  const sample = costs(
    [
      [100, 100, 100, never],
      [104, 90, 99, never],
    ],
    [4, 2],
  );
  expect([...costsOfPlan(sample, 1)]).toEqual([104, 90]);
  const { winners, least } = winnersOf(sample, always);
  expect([...winners]).toEqual([0, 1, 0, -1]);
  expect([...least]).toEqual([100, 90, 100, never]);
});

test('the cheapest that may run in each draw; equals share a draw, and where nothing runs nobody has it', () => {
  const sample = costs([
    [100, 100, 100, never],
    [104, 100, 99, never],
  ]);
  expect([...cheapestShares(sample, always)]).toEqual([0.375, 0.375]);
  expect([...cheapestShares(sample, (p) => p === 1)]).toEqual([0, 0.75]);
  // One that may not run costs as much as the cheapest that may.
  expect([...cheapestShares(sample, (p, k) => p === 0 || k === 2)]).toEqual([0.5, 0.25]);
});

test('regret: the mean above the cheapest, over the draws in which both can run; a cheaper one that no rule lets run has none', () => {
  expect(regretOf(Float64Array.of(100, 104, 99), Float64Array.of(100, 100, 99))).toBeCloseTo(4 / 3, 12);
  expect(regretOf(Float64Array.of(never, 104, 99), Float64Array.of(100, 100, never))).toBe(4);
  expect(regretOf(Float64Array.of(90, 104), Float64Array.of(100, 100))).toBe(2);
  expect(regretOf(Float64Array.of(never), Float64Array.of(100))).toBeNull();
  expect(regretOf(Float64Array.of(100), Float64Array.of(never))).toBeNull();
});

test('percentiles: between neighbors in proportion, without what cannot run', () => {
  expect(percentilesOf(Float64Array.of(3, 1, 2, never))).toEqual({ p5: 1.1, p50: 2, p95: 2.9 });
  expect(percentilesOf(Float64Array.of(10, 9))).toEqual({ p5: 9.05, p50: 9.5, p95: 9.95 });
  expect(percentilesOf(Float64Array.of(7))).toEqual({ p5: 7, p50: 7, p95: 7 });
  expect(percentilesOf(Float64Array.of(never))).toBeNull();
});

/** Costs and values of inputs; chance is what costs depend on in no way. */
const worth = (plans: number[][], values: number[][], chance: number[][] = [], among = plans.map((_, p) => p)) => {
  const sample: Sample = {
    ...costs(plans),
    inputs: values.map(() => ({}) as UncertainInput),
    values: Float64Array.from(values.flat()),
  };
  return [
    ...worthOf(
      sample,
      among,
      chance.map((one) => Float64Array.from(one)),
    ),
  ];
};
const eighths = [1, 2, 3, 4, 5, 6, 7, 8];
const ten = eighths.map(() => 10);

test('knowing an input is worth what choosing by a quarter of its range saves, less what chance seems worth', () => {
  // Without it either costs 10; with it the other costs 0 in the lower half.
  const switches = [ten, [0, 0, 0, 0, 20, 20, 20, 20]];
  expect(worth(switches, [eighths])).toEqual([5]);
  expect(worth(switches, [eighths.toReversed(), eighths])).toEqual([5, 5]);
  // It tells the halves apart nowhere, in a quarter, and everywhere.
  const [nowhere, aQuarter] = [
    [1, 3, 5, 7, 2, 4, 6, 8],
    [1, 2, 5, 7, 3, 4, 6, 8],
  ];
  expect(worth(switches, [nowhere, aQuarter, eighths])).toEqual([0, 2.5, 5]);
  expect(worth(switches, [nowhere, aQuarter, eighths], [aQuarter])).toEqual([0, 0, 2.5]);
  expect(worth(switches, [nowhere, aQuarter, eighths], [nowhere, aQuarter])).toEqual([0, 0, 2.5]);
  expect(worth(switches, [eighths], [nowhere])).toEqual([5]);
  // Of the one plan there is, and in draws in which nothing depends on it.
  expect(worth(switches, [eighths], [], [1])).toEqual([0]);
  expect(worth(switches, [[...eighths.slice(1), Number.NaN], eighths])).toEqual([0, 5]);
});

test('quarters of draws that four does not divide weigh by their draws', () => {
  // One, two, one and two draws: 0, 10, 10 and 10.
  expect(
    worth(
      [
        [10, 10, 10, 10, 10, 10],
        [0, 12, 12, 12, 12, 12],
      ],
      [[1, 2, 3, 4, 5, 6]],
    ),
  ).toEqual([10 - 50 / 6]);
  // Too few draws to be cut into four tell nothing.
  expect(worth([[10, 10], [0, 20]], [[1, 2]])).toEqual([0]); // biome-ignore format: a table
});

test('a part of the range for every 128 draws', () => {
  const alternating = (draws: number, parts: number) =>
    Array.from({ length: draws }, (_, k) => (Math.floor((k * parts) / draws) % 2 === 0 ? 0 : 20));
  const valued = (draws: number, parts: number) => {
    const order = Array.from({ length: draws }, (_, k) => k);
    return worth([order.map(() => 10), alternating(draws, parts)], [order]);
  };
  // Eight parts that take turns look alike by quarters.
  expect(valued(1024, 8)).toEqual([5]);
  expect(valued(896, 8)[0]).toBeLessThan(4);
  expect(valued(512, 8)).toEqual([0]);
});

test('what sums are off by is worth nothing', () => {
  const halves = (off: number) => [ten, eighths.map((one) => (one < 5 ? 10 - off : 10 + off))];
  expect(worth(halves(1e-8), [eighths])).toEqual([0]);
  expect(worth(halves(1e-7), [eighths])[0]).toBeCloseTo(5e-8, 12);
});

test('knowing an input is worth what switching on it saves: closed form, and nothing for what changes nothing', () => {
  const draws = 4096;
  const values = (name: string) => Array.from({ length: draws }, (_, k) => dimensionOf(0, name, 0)(k));
  const x = values('x');
  // One plan costs 100, the other 200 x: knowing x saves E[min] = 100 x 1/2 + 50 x 1/2 = 75 against 100.
  const plans = [x.map(() => 100), x.map((value) => 200 * value)];
  const [known, other] = worth(plans, [x, values('other')], [values('chance')]);
  expect(Math.abs((known as number) - 25)).toBeLessThan(2.5);
  expect(other).toBeLessThan(1);
});

test('a value on the far side of where a rule turns, that value included', () => {
  const side = (towards: 'below' | 'above') =>
    [1, 2, 3].map((value) => isBeyond({ value: 2, side: towards } as never, value));
  expect(side('below')).toEqual([true, true, false]);
  expect(side('above')).toEqual([false, true, true]);
  const values = { values: Float64Array.of(1, 2, 3, 4), draws: 2 };
  expect([0, 1].map((i) => [...valuesOfInput(values, i)])).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a table
});

const row = (parameter: string, worthUsd: number, swing: number | null, flips = false): TornadoRow =>
  ({ parameter, worth: worthUsd, swing, flips }) as TornadoRow;

test('measured first is what is worth most, then what may change the advice; three at the most, and nothing that does neither', () => {
  const told = (least: number, ...rows: TornadoRow[]) =>
    measuresOf(rows, least, { once: false }).map(({ text }) => text);
  expect(
    told(
      4,
      row('workload.volume', 0, 1234),
      row('budget.monthly', 0, null),
      row('tasks.a.tokens.output', 5, 10),
      row('tasks.b.tokens.output', 5, 20),
      row('tasks.c.tokens.output', 70.4, null),
    ),
  ).toEqual([
    'measure output tokens of c first: worth up to $70 a month',
    'measure output tokens of b: worth up to $5.00 a month',
    'measure output tokens of a: worth up to $5.00 a month',
  ]);
  expect(told(6, row('a', 5, 3), row('workload.volume', 0, 1234, true), row('b', 7, null))).toEqual([
    'measure b first: worth up to $7.00 a month',
    'measure volume: it may change the advice',
  ]);
  expect(told(6, row('a', 6, 3), row('b', 0, 1e6))).toEqual([]);
});

test.each([
  ['tasks.faq.tokens.output', 'output tokens of faq'],
  ['tasks.faq.tokens.cacheablePrefix', 'cacheable prefix of faq'],
  ['tasks.faq.tokens.cacheHitRate', 'cache hit rate of faq'],
  ['tasks.a.b.tokens.input', 'input tokens of a.b'],
  ['tasks.faq.volume', 'volume of faq'],
  ['workload.requestsPerUser', 'requests per user'],
  ['assumptions.ownPrefixCacheHit', 'own prefix cache hit'],
  ['assumptions.fteServerOwnRoom', 'people for server own room'],
  ['assumptions.fteless', 'fteless'],
  ['assumptions.setupEffortKubernetes', 'people for setting up kubernetes'],
  ['tasks.faq.capability.minIndex', 'quality asked for of faq'],
  ['tasks.faq.latency.ttftP95', 'ttft p95 asked for of faq'],
  ['team.yearlyCost', 'team.yearly cost'],
  ['capacity of qwen3-4b on H100', 'capacity of qwen3-4b on H100'],
])('%s in words: %s', (path, text) => {
  expect(inWords(path)).toBe(text);
});

let context: Context;
let plans: [own: Plan, other: Plan];
beforeAll(async () => {
  const { tables } = await oppositePrices();
  context = await caseOf(
    {
      workload: { volume: '10k' },
      tasks: [
        { name: 'faq', type: 'faq-chat', capability: { minIndex: { low: 40, likely: 45, high: 52 } } },
        { name: 'mail', type: 'faq-chat', capability: { minIndex: 51 } },
      ],
    },
    tables,
  );
  plans = [`cloud-api/${closed}`, `open-model-api/${open}`].map((id) => {
    const plan = findPlan(id, context);
    if (typeof plan === 'string') throw new Error(plan);
    return plan;
  }) as typeof plans;
});

const input = (path: string, more: Partial<UncertainInput> = {}): UncertainInput => ({
  path,
  unit: 'tokens',
  low: 0,
  likely: 5,
  high: 10,
  origin: 'user',
  subject: { is: 'scenario' },
  quantile: (share) => 10 * share,
  share: () => 0.5,
  ...more,
});

test('swings: an input at its 10th and 90th percentile, all others at their likely values', () => {
  const inputs = [input('a'), input('b', { quantile: (share) => 100 * share, likely: 7 })];
  const asked: number[][] = [];
  const swings = swingsOf(
    2,
    inputs,
    (values) => values as never,
    (values, into) => {
      const [a, b] = [...(values as unknown as Float64Array)] as [number, number];
      asked.push([a, b]);
      into[0] = a + b;
      into[1] = a * b;
    },
  );
  expect(asked).toEqual([[1, 7], [9, 7], [5, 10], [5, 90]]); // biome-ignore format: a table
  expect(swings).toEqual([
    { input: 0, values: [1, 9], usd: [Float64Array.of(8, 7), Float64Array.of(16, 63)] },
    { input: 1, values: [10, 90], usd: [Float64Array.of(15, 50), Float64Array.of(95, 450)] },
  ]);
});

test('the tornado: what each input does to the cost of the advice, the largest swing first, and where another kind is best', () => {
  const field = { plans, own: 0, extraUsd: [0, 0], standsAt: always };
  const swing = (at: number, low: [number, number], high: [number, number]): Swing => ({
    input: at,
    values: [1, 9],
    usd: [Float64Array.from(low), Float64Array.from(high)],
  });
  const names = ['d', 'none', 'c', 'worth', 'cannot run', 'flips', 'tied', 'beyond'];
  const inputs = names.map((name) => input(name));
  const swings = [
    swing(0, [10, 90], [15, 90]),
    swing(1, [10, 90], [10, 90]),
    swing(2, [20, 90], [15, 90]),
    swing(3, [10, 90], [10, 90]),
    swing(4, [10, 90], [never, 90]),
    swing(5, [10, 9], [10, 90]),
    swing(6, [10, 10], [20, 90]),
    swing(7, [never, never], [12, 10]),
  ];
  const rows = tornadoOf(inputs, swings, Float64Array.of(0, 0, 0, 3, 0, 0, 0, 0), field);
  expect(rows.map(({ parameter, swing: usd, flips, becomes }) => [parameter, usd, flips, becomes])).toEqual([
    ['beyond', null, true, plans[1].id],
    ['cannot run', null, true, plans[1].id],
    ['tied', 10, false, null],
    ['c', 5, false, null],
    ['d', 5, false, null],
    ['flips', 0, true, plans[1].id],
    ['worth', 0, false, null],
  ]);
  expect(rows[3]).toEqual({
    parameter: 'c',
    unit: 'tokens',
    origin: 'user',
    low: 1,
    likely: 5,
    high: 9,
    costAtLow: 20,
    costAtHigh: 15,
    swing: 5,
    flips: false,
    becomes: null,
    worth: 0,
  });
  expect(rows[0]).toMatchObject({ costAtLow: null, costAtHigh: 12 });
  // A rule that lets only the other one run at one end.
  const standsAt = (p: number, i: number, value: number) => p === 1 || i !== 1 || value > 5;
  const ruled = tornadoOf(inputs, swings.slice(0, 2), new Float64Array(2), { ...field, standsAt });
  expect(ruled.map(({ parameter, becomes }) => [parameter, becomes])).toEqual([
    ['d', null],
    ['none', plans[1].id],
  ]);
  // Of the same deployment types another plan is no flip.
  const alike = { ...field, plans: [plans[0], plans[0]] };
  expect(tornadoOf(inputs, swings.slice(5, 6), new Float64Array(6), alike)).toEqual([]);
});

test('below what a task needs: one draw for each family of models, one for the need of each task', () => {
  const [own, other] = plans;
  const asked = (plan: Plan, ...needs: [name: string, low: number, need: number, high: number][]): Plan => ({
    ...plan,
    deployments: plan.deployments.map((deployment) => {
      const [taskPart] = deployment.taskParts;
      if (taskPart === undefined) throw new Error('nothing is served');
      const taskParts = needs.map(([task, low, need, high]) => ({
        ...taskPart,
        task,
        needs: { ...taskPart.needs, capability: { low, need, high, text: '', assumed: true } },
      }));
      return { ...deployment, taskParts };
    }),
  });
  const draws = 4096;
  const share = (...needs: [name: string, low: number, need: number, high: number][]) =>
    belowFloorShare(asked(own, ...needs), draws, 3);
  const index = capabilityOf(own.deployments[0]?.option as Option);
  if (index === null) throw new Error('its capability is not known');
  const { have, low, high } = index;
  expect(have).toBe(50.7);
  const wide = { middle: have, low, high };
  const exactly = (need: number) => ['faq', need, need, need] as const;
  for (const [from, need, to] of [[45, 48, 51], [40, 50.7, 55], [52, 52, 52]] as const) // biome-ignore format: a table
    expect(share(['faq', from, need, to])).toBeCloseTo(
      1 - probabilityAtLeast(wide, { middle: need, low: from, high: to }),
      2,
    );
  // What the model is off by holds for all its tasks, so the easier one of two adds nothing.
  expect(share([...exactly(52)], [...exactly(49)])).toBe(share([...exactly(52)]));
  expect(share([...exactly(49)], [...exactly(52)])).toBe(share([...exactly(52)]));
  // Of two needs that are not known exactly each has a draw of its own; of one task they have the same one.
  const once = share(['faq', 45, 50, 55]);
  expect(share(['faq', 45, 50, 55], ['faq', 45, 50, 55])).toBe(once);
  expect(share(['faq', 45, 50, 55], ['mail', 45, 50, 55])).toBeGreaterThan((once ?? 1) + 0.03);
  // Draws of their own for every family and task, whatever else is there.
  const [of, need] = ['capability of gpt-5-nano', 'need of faq'].map((name) => dimensionOf(3, name, 0)) as [
    Dimension,
    Dimension,
  ];
  const missed = [0, 1, 2, 3, 4, 5, 6, 7].filter(
    (k) =>
      have + deviationOf(index) * normalQuantile(of(k)) <
      50 + deviationOf({ low: 45, high: 55 }) * normalQuantile(need(k)),
  );
  expect(missed.length % 8).not.toBe(0);
  expect(belowFloorShare(asked(own, ['faq', 45, 50, 55]), 8, 3)).toBe(missed.length / 8);
  expect(belowFloorShare(asked(other, ['faq', 0, 0, 0]), 8, 3)).toBe(0);
  const unknown = asked(own, ['faq', 0, 0, 0]);
  for (const deployment of unknown.deployments) deployment.option = { ...deployment.option, capability: null };
  expect(belowFloorShare(unknown, 8, 3)).toBeNull();
  // Of two places one is enough.
  const both = { ...unknown, deployments: [...asked(own, ['faq', 0, 0, 0]).deployments, ...unknown.deployments] };
  expect(belowFloorShare(both, 8, 3)).toBeNull();
});
