import { beforeAll, expect, test } from 'vitest';
import { belowFloorShare, inWords, measuresOf } from '../../src/analyses/uncertainty/costs.js';
import type { Sample } from '../../src/analyses/uncertainty/draws.js';
import type { UncertainInput } from '../../src/analyses/uncertainty/input.js';
import { worthOf } from '../../src/analyses/uncertainty/uncertainty.js';
import { cheapestShares, regretOf } from '../../src/analyses/uncertainty/winners.js';
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
