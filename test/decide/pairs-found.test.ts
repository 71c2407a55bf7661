import { beforeAll, expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import { planUsd } from '../../src/decide/assignment.js';
import { candidatesOf } from '../../src/decide/candidates.js';
import { choose } from '../../src/decide/choose.js';
import { filterBy } from '../../src/decide/filter.js';
import { askedRow } from '../../src/decide/shortlist.js';
import { cheapestPlan } from '../../src/decide/ways.js';
import type { Candidate } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { availability } from '../../src/rules/service.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

/**
 * Every pair of places that can be written down, priced and held to the rules one by one, against what a decision finds that
 * leaves most machines out by bounds: on the way to the advice, to the cheapest plan alone, and within a limit.
 */

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const scenario = (volume: string, more: Partial<Written> = {}): Promise<Context> =>
  caseOf(
    { workload: { volume }, tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1500, output: 500 } }], ...more },
    tables,
  );

/** Ids of all that may serve if nobody asks how available it is. */
function places(context: Context): { apis: string[]; machines: string[] } {
  const ids = (perToken: boolean) =>
    placements
      .filter((placement) => placement.perToken === perToken)
      .flatMap((placement) => candidatesOf(placement, context, filterBy(context, { ignore: availability.id }).filter))
      .map(({ option }) => option().id);
  return { apis: ids(true), machines: ids(false) };
}

/** What the cheapest plan of one or two places costs (USD a month), by asking for each. */
function cheapestAsked(context: Context): number {
  const { apis, machines } = places(context);
  const ids = [
    ...[...apis, ...machines],
    ...machines.flatMap((own) => apis.map((api) => `faq.base=${own};faq.peak=${api}`)),
    ...[...apis, ...machines].flatMap((main) => apis.map((api) => `faq.main=${main};faq.standby=${api}`)),
  ];
  return ids.reduce((least, id) => {
    const { feasible, monthlyCost } = askedRow(id, null, context);
    return feasible && monthlyCost !== null ? Math.min(least, monthlyCost) : least;
  }, Number.POSITIVE_INFINITY);
}

/** Machines of which there may be one, with an API that takes whatever exceeds them. */
const below = (own: Candidate, candidate: Candidate): Candidate => ({
  ...own,
  fleet: own.fleet && { ...own.fleet, min: 1, spare: 0, spareShare: 0 },
  fixed: own.fixed + candidate.fixed,
  second: { role: 'overflow', candidate },
});

const atTop = { needs: { availability: '99.95%' } };
const bands = [{ tieBand: 0 }, { tieBand: 0.05 }];
const cases = [
  ...['3M', '20M', '200M'].flatMap((volume) => [1, 3].map((sites): [string, Partial<Written>] => [volume, { sites }])),
  ...['1M', '40M'].map((volume): [string, Partial<Written>] => [volume, atTop]),
  ['40M', { ...atTop, preferences: { only: ['on-prem', 'cloud-api'] } }],
  ['60M', { team: { devops: 3, mlInfra: 1, mayHire: false }, budget: { upfront: 900_000 } }],
].flatMap(([volume, more]) => bands.map((assumptions) => ({ volume, more, assumptions }))) as {
  volume: string;
  more: Partial<Written> & { sites?: number };
  assumptions: { tieBand: number };
}[];

test.each(cases)('$volume requests a day, $more, $assumptions', async ({ volume, more, assumptions }) => {
  const { sites = 1, ...rest } = more;
  const context = await scenario(volume, {
    ...rest,
    assumptions,
    workload: { volume, sites, profile: 'flat', horizon: '36 months' },
  });
  const least = cheapestAsked(context);
  expect(least).toBeLessThan(Number.POSITIVE_INFINITY);
  const found = [
    choose(context).cheapest,
    cheapestPlan(context),
    cheapestPlan(context, { below: least * 1.001 }),
    advisedPlan(context),
  ];
  const [cheapest, alone, below, advised] = found.map((plan) => plan?.monthlyUsd ?? Number.NaN);
  for (const usd of [cheapest, alone, below]) expect(usd).toBeCloseTo(least, 4);
  expect(advised).toBeLessThanOrEqual(least * (1 + assumptions.tieBand) + 1e-6);
});

test.each([
  { volume: '5M', sites: 3, tieBand: 0.05 },
  { volume: '2M', sites: 1, tieBand: 0 },
  { volume: '14M', sites: 4, tieBand: 0 },
])('own hardware with an API above it on all tables: $volume at $sites sites', async ({ volume, sites, tieBand }) => {
  const context = await caseOf({
    workload: { volume, sites, profile: 'flat', horizon: '36 months' },
    tasks: [{ name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } }],
    needs: { availability: '99.9%' },
    preferences: { only: ['on-prem', 'cloud-api', 'open-model-api'] },
    assumptions: { tieBand },
  });
  // Nothing is left out by what it costs.
  const { filter } = filterBy(context);
  const all = placements.map((placement) => ({
    perToken: placement.perToken,
    found: candidatesOf(placement, context, filter),
  }));
  const [apis, machines] = [true, false].map((is) => all.flatMap((one) => (one.perToken === is ? one.found : []))) as [
    Candidate[],
    Candidate[],
  ];
  const held = machines.filter(({ fleet }) => fleet !== null && !fleet.followsHours && fleet.beyondOwned === null);
  const pairs = held.flatMap((own) => apis.map((api) => below(own, api)));
  expect(pairs.length).toBeGreaterThan(0);
  const least = [...pairs, ...apis, ...machines].reduce(
    (usd, candidate) => Math.min(usd, planUsd([{ candidate, taskParts: [0] }], context.workload)),
    Number.POSITIVE_INFINITY,
  );
  for (const plan of [choose(context).cheapest, cheapestPlan(context), cheapestPlan(context, { below: least * 1.001 })])
    expect(plan?.monthlyUsd).toBeCloseTo(least, 4);
});

test('of several tasks on the same machines each may leave its peaks to the API that is cheapest for it alone', async () => {
  const context = await caseOf({
    workload: { volume: '6M', profile: 'consumer-chat', horizon: '36 months' },
    tasks: [
      { name: 'a', type: 'rag-answering', capability: { minIndex: 50 }, share: '99%' },
      { name: 'b', type: 'support-agent-tools', capability: { minIndex: 55 }, share: '1%' },
    ],
    data: { boundary: 'under-contract' },
    preferences: { only: ['on-prem', 'alibaba', 'cloud-api'] },
  });
  const own = 'on-prem/own-room/gemma-4-e4b@mxfp4-ptq/8xrtx-pro-6000-96gb/us/bought';
  const asked = askedRow(
    `a.base=${own};a.peak=cloud-api/alibaba/qwen-turbo;b=cloud-api/alibaba/qwen-flash`,
    null,
    context,
  );
  expect(asked.feasible).toBe(true);
  expect(choose(context).cheapest?.monthlyUsd).toBeLessThanOrEqual((asked.monthlyCost ?? Number.NaN) * (1 + 1e-9));
});

test('a standby that does not reach it, or is of the same provider, is turned down by the rule on availability', async () => {
  const context = await scenario('1M', { needs: { availability: '99.95%' } });
  const asked = (main: string, standby: string) => askedRow(`faq.main=${main};faq.standby=${standby}`, null, context);
  const [mini, nano] = ['cloud-api/azure/gpt-5-mini', 'cloud-api/azure/gpt-5-nano'];
  expect(asked(mini, nano)).toMatchObject({
    feasible: false,
    failedGates: [{ gate: 'availability', need: 'two providers', have: 'one' }],
  });
  expect(asked(mini, 'cloud-api/openai/gpt-5-nano')).toMatchObject({ feasible: true, failedGates: [] });
  const most = await scenario('1M', { needs: { availability: '99.99%' } });
  expect(askedRow(`faq.main=${mini};faq.standby=cloud-api/openai/gpt-5-nano`, null, most).failedGates).toMatchObject([
    { gate: 'availability', need: '99.99 % of the time', have: '99.97 %' },
  ]);
});

test.each([
  ['failover', 'main', 'standby'],
  ['overflow', 'base', 'peak'],
])('a pair that preferences exclude (%s) is turned down, asked for by id too', async (role, first, second) => {
  const own = 'on-prem/own-room/qwen3-4b@fp8/8xh100-sxm-80gb/us/bought';
  const id = `faq.${first}=${own};faq.${second}=cloud-api/azure/gpt-5-nano`;
  const failed = async (exclude: string[]) =>
    askedRow(id, null, await scenario('40M', { preferences: { exclude } })).failedGates;
  expect(await failed(['spot'])).toEqual([]);
  expect(await failed(['spot', role])).toMatchObject([
    { gate: 'preferences', need: `not ${role}`, reason: `preferences exclude ${role}` },
  ]);
});

test('machines with an API above them are each as available as is asked', async () => {
  const context = await scenario('40M', { needs: { availability: '99.95%' } });
  const own = 'on-prem/own-room/qwen3-4b@fp8/8xh100-sxm-80gb/us/bought';
  const { failedGates } = askedRow(`faq.base=${own};faq.peak=cloud-api/azure/gpt-5-nano`, null, context);
  expect(failedGates.map(({ gate, have }) => [gate, have])).toContainEqual(['availability', '99.9 %']);
});
