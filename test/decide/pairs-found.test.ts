import { expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import type { Plan } from '../../src/decide/plan.js';
import { searchByCost, severalCase } from '../../src/decide/several-case.js';
import { choose } from '../../src/decide/several-choice.js';
import { askedRow } from '../../src/decide/shortlist.js';
import type { Context } from '../../src/places/placement.js';
import { cheapestIn } from '../support/cheapest.js';
import { everyWay } from '../support/every-option.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, type Written } from '../support/scenario.js';

/**
 * Every pair of places that can be written down, priced and held to the rules one by one, against what a decision finds that
 * leaves most machines out by bounds: on the way to the advice, to the cheapest plan alone, and within a limit.
 */

const tables = fewRows(await shippedTables());

const scenario = (volume: string, more: Partial<Written> = {}): Promise<Context> =>
  caseOf(
    { workload: { volume }, tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1500, output: 500 } }], ...more },
    tables,
  );

/** What the cheapest plan of one or two places costs (USD a month), by a walk through all of them. */
const leastOf = (context: Context): number => everyWay(context).cheapest?.plan.monthlyUsd ?? Number.POSITIVE_INFINITY;

/** The cheapest plan is found, on its own, by each way to ask for it, and named by its id. */
function found(context: Context, least: number): void {
  const byId = (plan: Plan | null) => askedRow(plan?.id ?? '', null, context);
  const plans = [choose(context).cheapest, cheapestIn(context), advisedPlan(context)];
  for (const plan of plans) {
    expect(plan?.monthlyUsd).toBeCloseTo(least, 4);
    expect(byId(plan)).toMatchObject({ feasible: true, failedGates: [] });
  }
  const below = (belowUsd: number) => searchByCost(severalCase(context)).best({ belowUsd });
  expect(below(least * 1.001)?.usd).toBeCloseTo(least, 4);
  expect(below(least * 0.999)).toBeNull();
}

const atTop = { needs: { availability: '99.95%' } };
const cases = [
  ...(long ? ['3M', '20M', '200M'].flatMap((volume) => [1, 3].map((sites) => [volume, { sites }])) : []),
  ...(long ? [] : [['3M', { sites: 3 }]]),
  ...(long ? ['1M', '40M'] : ['1M']).map((volume) => [volume, atTop]),
  ['40M', { ...atTop, preferences: { only: ['on-prem', 'cloud-api'] } }],
  ...(long ? [['60M', { team: { devops: 3, mlInfra: 1, mayHire: false }, budget: { upfront: 900_000 } }]] : []),
].map(([volume, more]) => ({ volume, more })) as { volume: string; more: Partial<Written> & { sites?: number } }[];

test.each(cases)('$volume requests a day, $more', async ({ volume, more }) => {
  const { sites = 1, ...rest } = more;
  const context = await scenario(volume, {
    ...rest,
    workload: { volume, sites, profile: 'flat', horizon: '36 months' },
  });
  const least = leastOf(context);
  expect(least).toBeLessThan(Number.POSITIVE_INFINITY);
  found(context, least);
});

test.each([{ volume: '14M', sites: 4 }, ...(long ? [2, 5].map((m) => ({ volume: `${m}M`, sites: m - 2 || 1 })) : [])])(
  'own hardware with an API above it: $volume at $sites sites',
  async ({ volume, sites }) => {
    const context = await caseOf(
      {
        workload: { volume, sites, profile: 'flat', horizon: '36 months' },
        tasks: [{ name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } }],
        needs: { availability: '99.9%' },
        preferences: { only: ['on-prem', 'cloud-api', 'open-model-api'] },
      },
      fewRows(await shippedTables(), [
        'qwen3.6-35b-a3b',
        'deepseek-v3.2',
        'qwen3.6-flash',
        'alibaba',
        'rtx-pro-6000-96gb',
      ]),
    );
    const { ways, cheapest } = everyWay(context);
    expect(ways.some(({ second }) => second?.role === 'overflow')).toBe(true);
    found(context, cheapest?.plan.monthlyUsd ?? Number.NaN);
  },
);

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
