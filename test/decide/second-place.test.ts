import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { timelineOf } from '../../src/decide/timeline.js';
import { cheapestIn } from '../support/cheapest.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

function same(found: number | undefined, expected: number, what: string): void {
  const off = Math.abs((found ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected));
  expect(off, `${what}: ${found} against ${expected}`).toBeLessThanOrEqual(1e-9);
}

const faq = { name: 'faq', type: 'faq-chat' };
const decisions = new Map<Written, Promise<Decision>>();

/** A decision that several tests look at. */
function decideOnce(written: Written): Promise<Decision> {
  const known = decisions.get(written) ?? decide(written, { point: true });
  decisions.set(written, known);
  return known;
}

const evening: Written = {
  workload: { volume: '10M requests/day', profile: 'consumer-chat', horizon: '36 months' },
  tasks: [{ name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } }],
  needs: { availability: '99.9%' },
  data: { boundary: 'under-contract' },
  preferences: { exclude: ['spot', 'serverless-gpu'] },
};
const twoProviders: Written = {
  workload: { volume: '50k requests/day' },
  tasks: [{ name: 'support', type: 'faq-chat', capability: { atLeast: 'claude-sonnet-5' }, availability: '99.95%' }],
};
describe('the decision', () => {
  test('refuses to hand over what no bought machine leaves', async () => {
    const context = await caseOf(evening);
    const api = 'cloud-api/alibaba/qwen3.6-flash';
    expect(findPlan(`answer.base=${api};answer.peak=${api}`, context)).toMatch(/has no peaks to hand over/);
    const rented = 'self-hosted-cloud/hyperstack/qwen3.5-27b@mxfp4-ptq/1xb200-sxm-180gb/global/on-demand';
    expect(findPlan(rented, context)).toMatchObject({ shape: 'single' });
    expect(findPlan(`answer.base=${rented};answer.peak=${api}`, context)).toMatch(/has no peaks to hand over/);
    const there = await caseOf({ ...evening, existing: [{ accelerator: 'b300-sxm-288gb', count: 8 }] });
    const mine = cheapestIn(there, (_set, _first, _second, isOwned) => isOwned);
    const id = mine?.deployments[0]?.option.id ?? '';
    expect(mine?.deployments[0]?.option.purchase).toBe('owned');
    expect(findPlan(id, there)).toMatchObject({ shape: 'single' });
    expect(findPlan(`answer.base=${id};answer.peak=${api}`, there)).toMatch(/has no peaks to hand over/);
  });

  test.each([
    { decline: 0.95, shape: 'single' },
    { decline: 0.3, shape: 'overflow' },
  ])(
    'tells what its months come to where volume and prices move: $decline a year advises $shape',
    async ({ decline, shape }) => {
      const written: Written = {
        workload: { ...evening.workload, growth: '-5% per month' },
        tasks: evening.tasks,
        data: { boundary: 'under-contract' },
        preferences: { only: ['on-prem', 'cloud-api'], exclude: ['spot'] },
        assumptions: { priceDeclinePerYear: decline },
      };
      const { recommendation } = await decide(written, { point: true });
      expect(recommendation.shape).toBe(shape);
      const context = await caseOf(written);
      const { rows, oneOffs } = timelineOf(findPlan(recommendation.plan ?? '', context) as Plan, context);
      const paid = sum(rows.map((month) => month.paid)) + oneOffs.capitalUsd;
      expect(recommendation.monthlyCost).toBeCloseTo(paid / 36, 2);
    },
  );
});

describe('a second provider', () => {
  const onlyFrom = async (...providers: string[]) => {
    const tables = await shippedTables();
    return tablesWith(tables, {
      api: tables.api.filter(({ provider }) => providers.includes(provider)),
      rental: [],
      hosting: [],
      accelerators: [],
    });
  };
  const asked = (availability: string): Written => ({
    workload: { volume: '50k requests/day' },
    tasks: [{ ...faq, availability }],
  });
  const gateOf = async (written: Written, tables: Awaited<ReturnType<typeof onlyFrom>>) =>
    (await decide(written, { tables, point: true })).nearestMisses.find(({ gate }) => gate === 'availability');

  test('by hand: the first bill, its time down x the second bill, and a twentieth of a person', async () => {
    const { monthlyCost, costParts, fteNeeded } = (await decideOnce(twoProviders)).recommendation;
    // 50,000 x 365 / 12 requests; azure answers 99.9 % of the time; both ask the same list price.
    const part = (id: string) => costParts.find((one) => one.part === id)?.monthly ?? Number.NaN;
    const bill = part('tokens.input') + part('tokens.output') + part('tokens.retries');
    same(part('tokens.failover'), 0.001 * bill, 'standby');
    same(part('people.run'), (0.05 * 200_000) / 12, 'a second provider');
    same(fteNeeded ?? undefined, 0.05, 'people');
    same(monthlyCost ?? undefined, bill * 1.001 + (0.05 * 200_000) / 12, 'in all');
  });

  test('is found where one reaches 99.7 % and 99.9 % is asked', async () => {
    const tables = await onlyFrom('anthropic', 'openai', 'google');
    const context = await caseOf(asked('99.9%'), tables);
    const { cheapest } = choose(context);
    expect(cheapest?.shape).toBe('failover');
    const single = await caseOf(asked('99.7%'), tables);
    expect(choose(single).cheapest?.shape).toBe('single');
    expect(findPlan(cheapest?.id ?? '', context)).toMatchObject({ id: cheapest?.id, monthlyUsd: cheapest?.monthlyUsd });
    const without = await decide(
      { ...asked('99.9%'), preferences: { exclude: ['failover'] } },
      { tables, point: true },
    );
    expect(without.recommendation.status).toBe('infeasible');
    expect(without.nearestMisses[0]?.reason).toMatch(
      /99.7 % of the time \(observed\): an API of another provider could/,
    );
  });

  test('does not help where more is asked than any two reach, which the near miss says', async () => {
    const tables = await onlyFrom('anthropic', 'openai');
    const decision = await decide(asked('99.98%'), { tables, point: true });
    expect(decision.recommendation.status).toBe('infeasible');
    const miss = await gateOf(asked('99.98%'), tables);
    expect(miss).toMatchObject({ need: '99.98 % of the time', have: '99.7 %' });
    expect(miss?.reason).toMatch(/with an API of another provider beside it no more than 99.97 % is reached/);
  });

  test('counts the people and the money of both', async () => {
    const team = (free: string) => ({ team: { devops: 1, free, mayHire: false } });
    const plan = async (more: object) =>
      (await decide({ ...twoProviders, ...more }, { point: true })).recommendation.shape;
    expect(await plan(team('0.05 FTE'))).toBe('failover');
    expect(await plan(team('0.04 FTE'))).toBeNull();
    const { monthlyCost } = (await decideOnce(twoProviders)).recommendation;
    expect(await plan({ budget: { monthly: Math.ceil(monthlyCost ?? 0) } })).toBe('failover');
    expect(await plan({ budget: { monthly: Math.floor(monthlyCost ?? 0) - 1 } })).toBeNull();
  });
});
