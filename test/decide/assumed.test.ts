import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

/** Inputs left out, and the share of the cost that is worked out with them, against what the cost does when they are said. */

const chat: Written = {
  workload: { volume: '50k requests/day' },
  tasks: [
    { name: 'faq', type: 'faq-chat', share: '90%' },
    { name: 'letters', type: 'translation', share: '10%' },
  ],
};
/** So many requests that machines are more than next to nothing beside people. */
const ownMachines: Partial<Written> = {
  workload: { volume: '2M requests/day' },
  data: { sensitivity: 'pii', boundary: 'own-premises' },
};
const tables = fewRows(await shippedTables());
const known = new Map<string, Promise<Decision>>();
/** Each once: several tests begin with the same. */
function decided(more: Partial<Written> = {}, point = false): Promise<Decision> {
  const key = JSON.stringify([more, point]);
  const found = known.get(key) ?? decide({ ...chat, ...more }, { tables, point });
  known.set(key, found);
  return found;
}
const assumed = ({ scenario }: Decision, path: string) => scenario.assumed.find((one) => one.path === path);
const cost = ({ recommendation }: Decision) => recommendation.monthlyCost as number;

/** What the cost rises by when an input that was left out is said, over what it would rise by if all of it did. */
async function rise(path: string, factor: number, said: Partial<Written>, beside: Partial<Written> = {}) {
  const base = await decided(beside);
  const changed = await decided({ ...beside, ...said });
  expect(changed.recommendation.plan).toBe(base.recommendation.plan);
  return { share: assumed(base, path)?.share as number, rise: (cost(changed) / cost(base) - 1) / (factor - 1) };
}

test('people who cost a thousandth more cost as much more of what is worked out with it', async () => {
  const { share, rise: part } = await rise(
    'team.yearlyCost',
    1.001,
    { team: { yearlyCost: '$200200/year' } },
    // A team that is described without anybody who knows such machines takes longer to set them up.
    { ...ownMachines, assumptions: { learningFactor: 1 } },
  );
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.95);
  expect(part).toBeCloseTo(share, 6);
});

test('growth of nothing is no figure of the bill, and rests on the requests: all that a closed month costs more', async () => {
  const months = Array.from({ length: 12 }, (_, month) => 1.002 ** month).reduce((sum, one) => sum + one) / 12;
  const { share, rise: part } = await rise('workload.growth', months, {
    workload: { ...chat.workload, growth: '0.2% per month' },
  });
  expect(part).toBeCloseTo(share, 6);
});

test('a decline of no price rests on the prices of APIs, and one turn on what is written', async () => {
  const api = await decided();
  const own = await decided(ownMachines);
  const decline = 'assumptions.priceDeclinePerYear';
  expect(assumed(api, decline)?.share).toBeGreaterThan(0.9);
  expect(assumed(own, decline)?.share).toBeNull();
  const turns = assumed(api, 'workload.turns')?.share as number;
  expect(turns).toBeLessThanOrEqual(assumed(api, 'workload.growth')?.share as number);
  expect(turns).toBeGreaterThanOrEqual(assumed(api, 'tasks.letters.tokens.input')?.share as number);
});

test('the horizon is in what is bought for it, and in every mean over months that differ; hours in what is sized by them', async () => {
  const own = await decided(ownMachines);
  const capital = own.recommendation.costParts.filter(({ part }) => part.startsWith('capital.purchase'));
  const bought = capital.reduce((sum, { monthly }) => sum + monthly, 0) / cost(own);
  expect(bought).toBeGreaterThan(0.02);
  const horizon = assumed(own, 'workload.horizon')?.share as number;
  expect(horizon).toBeGreaterThanOrEqual(bought);
  expect(assumed(own, 'workload.profile')?.share).toBeGreaterThanOrEqual(bought);
  const api = await decided();
  expect(assumed(api, 'workload.horizon')?.share).toBeLessThan(0.1);
  const growing = await decided({ workload: { ...chat.workload, growth: '3% per month' } });
  expect(assumed(growing, 'workload.horizon')?.share).toBeGreaterThan(0.9);
});

test('what only decides what may run has no share, nor has anything where there is no plan or only the decision is asked', async () => {
  const base = await decided();
  expect(assumed(base, 'tasks.faq.capability')).toEqual({
    path: 'tasks.faq.capability',
    value: '34 (usual for faq-chat)',
    share: null,
  });
  const noPlan = await decided({ tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex: 99.9 } }] });
  for (const { scenario, recommendation } of [noPlan, await decided({}, true)]) {
    expect(recommendation.status === 'recommended').toBe(recommendation.plan !== null);
    expect(scenario.assumed.length).toBeGreaterThan(5);
    expect(new Set(scenario.assumed.map(({ share }) => share))).toEqual(new Set([null]));
  }
});
