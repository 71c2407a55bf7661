import { describe, expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { type BrutePlan, bruteBest, soldOnly, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long, sampled } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const code = { name: 'code', type: 'code-chat', tokens: { output: 700 } };
const night = { name: 'night', type: 'summarization', volume: '20k requests/day', deadline: '24h' };
const own = { data: { boundary: 'own-account' } };

const tasks = {
  one: [faq],
  two: [
    { ...faq, share: '80%' },
    { ...code, share: '20%' },
  ],
  'two, one of them at home': [
    { ...faq, share: '80%', ...own },
    { ...code, share: '20%' },
  ],
  'two at home, one of them may wait': [
    { ...faq, share: '60%', ...own },
    { name: 'digest', type: 'summarization', share: '40%', deadline: '6h', ...own },
  ],
  three: [{ ...faq, share: '60%' }, { ...rag, share: '40%' }, night],
};
const minute = 60_000;

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

const rentedOnly = 1;
/** So much of the catalog: a walk through every plan takes as long as its square. */
const part = long ? 0.1 : 0.05;

/** Compares the search with every plan there is, and says what the cheapest consists of. */
async function compare(written: Written, seed: number, share = part): Promise<string> {
  const some = someOf(await shippedTables(), share, seed);
  // Where hardware is for sale it mostly wins: in one draw it is not, so that what is rented is met too.
  // Capacity of one's own with an API above it has a brute force of its own, and tasks are taken whole.
  const preferences = { exclude: ['overflow'] };
  // What serves tasks for a little less on another model leaves out what would share one: people of a further model are left out.
  const assumptions = { slicingVariants: 1, ftePerModel: 0, ...(written.assumptions as object | undefined) };
  const context = await caseOf(
    { preferences, ...written, assumptions },
    seed === rentedOnly ? tablesWith(some, { accelerators: soldOnly(some.accelerators, []) }) : some,
  );
  const brute = bruteBest(context, allowed(context));
  const found = choose(context);
  same(found.cheapest?.monthlyUsd, brute.cheapest?.usd, 'cheapest');
  if (brute.cheapest === null) return 'nothing';
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
  return [...new Set(brute.cheapest.kinds)].sort().join(' + ');
}

const winners = new Set<string>();
describe('the search finds what a walk through every plan finds, on a random part of the catalog', () => {
  const grid = [1, 2].flatMap((seed) =>
    // Every plan of three large fleets is a long walk, for a long run.
    (Object.keys(tasks) as (keyof typeof tasks)[])
      .filter((of) => long || of !== 'three')
      .flatMap((of) =>
        (of === 'three' ? ['2k', '300k', '5M'] : ['2k', '300k', '20M', '80M']).map((perDay) => ({ seed, of, perDay })),
      ),
  );
  test.each(sampled(grid, 6, { group: ({ of, perDay }) => `${of} ${perDay}`, name: JSON.stringify }))(
    '$of at $perDay requests a day, part $seed',
    async ({ seed, of, perDay }) => {
      winners.add(await compare({ workload: { volume: `${perDay} requests/day` }, tasks: tasks[of] }, seed));
    },
    minute,
  );

  test(
    'under growth',
    async () => {
      const workload = { volume: '300k requests/day', growth: '8% per month', horizon: '24 months' };
      winners.add(await compare({ workload, tasks: tasks.one }, 1));
    },
    minute,
  );

  test.each([
    { why: 'a team that may not grow', blocks: { team: { devops: 1, free: '0.45 FTE', mayHire: false } } },
    { why: 'money up front for one fleet', blocks: { ...own, budget: { upfront: 30_000 } } },
    { why: 'no money up front', blocks: { budget: { upfront: 0 } } },
  ])(
    'with $why',
    async ({ blocks }) => {
      const workload = { volume: '20M requests/day' };
      winners.add(await compare({ workload, tasks: tasks.two, ...blocks }, 3));
    },
    minute,
  );

  const device = { data: { boundary: 'device' } };
  const phones = { count: 20_000, classes: { 'snapdragon-8-gen-3-12gb': '60%', 'apple-m1-16gb': '40%' } };
  const laptops = { count: 300, classes: { 'apple-m4-32gb': '100%' } };
  const edges: { why: string; of: Record<string, unknown>[]; perDay: string; blocks: Record<string, unknown> }[] = [
    { why: 'one of two on devices', of: [{ ...faq, ...device }, code], perDay: '2k', blocks: {} },
    {
      why: 'one on devices, one on APIs, one anywhere',
      of: [{ ...faq, ...device }, code, night],
      perDay: '20k',
      blocks: {},
    },
    {
      why: 'one on devices, one at home',
      of: [
        { ...faq, ...device },
        { ...code, ...own },
      ],
      perDay: '300k',
      blocks: {},
    },
    {
      why: 'devices as one choice of many',
      of: [faq, code],
      perDay: '20M',
      blocks: { devices: { ...laptops, count: 100_000 } },
    },
    { why: 'devices that cannot do everything', of: [faq, code], perDay: '2k', blocks: { devices: laptops } },
    {
      why: 'a speed that not all models keep',
      of: [{ ...faq, ...device, latency: { tokensPerSecond: 15 } }, code],
      perDay: '2k',
      blocks: {},
    },
    {
      why: 'money up front for one set-up only',
      of: [faq, { ...code, ...own }],
      perDay: '2k',
      blocks: { budget: { upfront: 60_000 } },
    },
  ];
  // Phones take their time, more than people bear who are not told of it.
  const patient = { ...device, latency: { ttftP95: '120s' } };
  const alone = {
    why: 'all tasks on devices',
    of: [faq, rag].map((one) => ({ ...one, ...patient })),
    perDay: '2k',
    blocks: {},
  };
  test.each([alone, ...sampled(edges, 2, { group: () => '', name: ({ why }) => why })])(
    'with devices: $why',
    async ({ of, perDay, blocks }) => {
      const written = {
        workload: { volume: `${perDay} requests/day` },
        tasks: of,
        devices: { ...phones, owner: 'users' },
        ...blocks,
      };
      winners.add(await compare(written, 5));
    },
    minute,
  );

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
});
