import { expect, test } from 'vitest';
import { advisedIn } from '../../src/decide/core-choice.js';
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
import { type FamilyName, smallCaseOf } from '../support/small-cases.js';

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

const families: FamilyName[] = ['availability', 'peaks that an API takes', 'machines that are there', 'monthly budget'];
const cases = families.flatMap((family) => Array.from({ length: long ? 20 : 4 }, (_, seed) => ({ family, seed })));
const met = new Set<string>();

test.each(cases)('$family, $seed: each way to ask finds the cheapest plan, which its id names', async (one) => {
  const context = await smallCaseOf(one.family, one.seed, await shippedTables());
  const { cheapest } = everyWay(context);
  met.add(cheapest === null ? 'nothing' : (cheapest.second?.role ?? 'alone'));
  for (const plan of [choose(context).cheapest, cheapestIn(context), advisedIn(context)]) {
    if (cheapest === null) expect(plan).toBeNull();
    else {
      expect(plan?.monthlyUsd).toBeCloseTo(cheapest.plan.monthlyUsd, 4);
      expect(askedRow(plan?.id ?? '', null, context)).toMatchObject({ feasible: true, failedGates: [] });
    }
  }
  const least = cheapest?.plan.monthlyUsd ?? Number.NaN;
  const below = (belowUsd: number) => searchByCost(severalCase(context)).best({ belowUsd });
  if (cheapest !== null) expect(below(least * 1.001)?.usd).toBeCloseTo(least, 4);
  expect(below(cheapest === null ? Number.POSITIVE_INFINITY : least * 0.999)).toBeNull();
});

test('pairs of both kinds were among them', () => {
  expect([...met]).toEqual(expect.arrayContaining(['alone', 'failover', 'overflow']));
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
