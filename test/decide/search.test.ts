import { expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { type BrutePlan, bruteBest, soldOnly, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const code = { name: 'code', type: 'code-chat', tokens: { output: 700 } };
const night = { name: 'night', type: 'summarization', volume: '20k requests/day', deadline: '24h' };
const own = { data: { boundary: 'own-account' } };
// Phones take their time, more than people bear who are not told of it.
const onPhones = { data: { boundary: 'device' }, latency: { ttftP95: '120s' } };
const phones = { count: 20_000, classes: { 'snapdragon-8-gen-3-12gb': '60%', 'apple-m1-16gb': '40%' }, owner: 'users' };
const halves = [
  { ...faq, share: '80%' },
  { ...code, share: '20%' },
];

/** The rules about people and money that a plan of the brute force is held to. */
const allowed =
  ({ workload: { team, rules } }: Context) =>
  ({ fte, upfront }: BrutePlan): boolean =>
    (!team.given || team.mayHire || fte <= team.freeFte) &&
    upfront <= (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY);

const same = (found: number | null | undefined, expected: number | null | undefined, what: string) => {
  if (expected === null || expected === undefined) expect(found ?? null, what).toBeNull();
  else expect((found ?? Number.NaN) / expected, what).toBeCloseTo(1, 9);
};

/** So much of the catalog: a walk through every plan takes as long as its square. */
const part = long ? 0.1 : 0.05;

type Case = { why: string; perDay: string; tasks: Written['tasks']; seed: number; more?: Partial<Written> };
const cases: Case[] = [
  { why: 'one task, of many requests', perDay: '20M', tasks: [faq], seed: 2 },
  {
    why: 'one of two at home',
    perDay: '300k',
    tasks: [
      { ...halves[0], ...own },
      { ...code, share: '20%' },
    ],
    seed: 1,
  },
  {
    why: 'two at home, one of which may wait',
    perDay: '80M',
    tasks: [
      { ...faq, ...own },
      { ...night, volume: '10M requests/day', ...own },
    ],
    seed: 2,
  },
  {
    why: 'a team that may not grow',
    perDay: '20M',
    tasks: halves,
    seed: 3,
    more: { team: { devops: 1, free: '0.45 FTE', mayHire: false } },
  },
  {
    why: 'money up front for one fleet',
    perDay: '20M',
    tasks: halves,
    seed: 3,
    more: { ...own, budget: { upfront: 30_000 } },
  },
  { why: 'no money up front', perDay: '20M', tasks: halves, seed: 3, more: { budget: { upfront: 0 } } },
  {
    why: 'all on devices',
    perDay: '2k',
    tasks: [faq, rag].map((one) => ({ ...one, ...onPhones })),
    seed: 5,
    more: { devices: phones },
  },
  {
    why: 'one on devices, one on APIs, one anywhere',
    perDay: '20k',
    tasks: [{ ...faq, data: onPhones.data }, code, night],
    seed: 5,
    more: { devices: phones },
  },
  ...(long
    ? ['2k', '300k', '5M'].map((perDay) => ({
        why: 'three',
        perDay,
        tasks: [halves[0] ?? faq, { ...rag, share: '20%' }, night],
        seed: 1,
      }))
    : []),
];

test.each(cases)('every plan, walked through: $why, $perDay requests a day', async ({ perDay, tasks, seed, more }) => {
  // Capacity of one's own with an API above it has a brute force of its own, and tasks are taken whole.
  // What serves tasks for a little less on another model leaves out what would share one: people of a further model are left out.
  const context = await caseOf(
    {
      workload: { volume: `${perDay} requests/day` },
      tasks,
      preferences: { exclude: ['overflow'] },
      assumptions: { slicingVariants: 1, ftePerModel: 0 },
      ...more,
    },
    someOf(await shippedTables(), part, seed),
  );
  const brute = bruteBest(context, allowed(context));
  const found = choose(context);
  same(found.cheapest?.monthlyUsd, brute.cheapest?.usd, 'cheapest');
  if (brute.cheapest === null) throw new Error('nothing fits');
  // The brute force adds up by itself; its winner must cost the same when it is priced as a plan.
  const parts = brute.cheapest.parts.map(({ option, taskParts }) => ({
    option,
    taskParts: taskParts.map((s) => context.workload.taskParts[s] as TaskPart),
  }));
  const plan = planOf(parts, context);
  same(isUnpriced(plan) ? null : plan.monthlyUsd, brute.cheapest.usd, 'the same plan, priced whole');
  // Where a simpler plan of other kinds is advised, the best of other kinds is the cheapest plan itself.
  const kindsOf = (plan: Plan | null) =>
    plan?.deployments
      .flatMap(({ option, taskParts }) => taskParts.map(({ id }) => `${id} ${option.kind}`))
      .sort()
      .join();
  const other = kindsOf(found.advised) === kindsOf(found.cheapest) ? brute.runnerUp : brute.cheapest;
  same(found.runnerUp?.monthlyUsd, other?.usd, 'best of other kinds');
  for (const { kind, plan: best, feasible } of found.kinds) {
    same(feasible ? best?.monthlyUsd : null, brute.ofKind.get(kind)?.usd, `best of ${kind}`);
  }
});

test('a reservation that is cheaper, but dearer up front, does not hide the one that the budget allows', async () => {
  const tables = await shippedTables();
  const [machine] = tables.rental.filter(
    ({ provider, instanceType }) => provider === 'aws' && instanceType === 'g6.xlarge',
  );
  if (machine === undefined) throw new Error('no g6.xlarge');
  // 36 months of 0.30 for 24 months of use are 0.45 an hour, below 0.5239, with 12 months to pay up front.
  const rental = [{ ...machine, reserved1yUsdPerHour: 0.5239, reserved3yUsdPerHour: 0.3 }];
  const advised = async (upfront: number) => {
    const workload = { volume: '1000 requests/day', horizon: '24 months' };
    const context = await caseOf(
      { workload, tasks: [faq], budget: { upfront } },
      tablesWith(tables, { api: [], hosting: [], accelerators: soldOnly(tables.accelerators, []), rental }),
    );
    return choose(context).cheapest;
  };
  expect((await advised(1e6))?.id).toMatch(/reserved-3y$/);
  // The 12 months of two machines are 5,256; wages of setting up are no cash up front.
  expect((await advised(5300))?.id).toMatch(/reserved-3y$/);
  expect((await advised(5200))?.id).toMatch(/reserved-1y$/);
});
