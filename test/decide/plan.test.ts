import { describe, expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { commitmentFactor } from '../../src/cost/rented.js';
import { monthsOf } from '../../src/decide/months.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { endpoints } from '../../src/places/managed-hosting.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { rentedUnits } from '../../src/places/rented.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

function lookUp(id: string, context: Context): Option {
  for (const placement of placements) {
    const found = placement.lookUp(id, context);
    if (found !== null) return found;
  }
  throw new Error(`no ${id}`);
}
function priced(id: string, context: Context): Plan {
  const plan = planOf([{ option: lookUp(id, context), taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return plan;
}
const flat = (volume: string, workload: object = {}, task: object = {}): Written => ({
  workload: { volume, profile: 'flat', ...workload },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200 }, ...task }],
});

const gpt4o = 'cloud-api/openai/gpt-4o';
/** One L4 with 8.03B weights of 9 bits (9.03 GB): 0.8048 an hour on demand, 0.5239 for one year, 0.3694 for three. */
const l4 = (purchase: string) => `self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/${purchase}`;
/** Weights of one's own 0.15, and 0.06 x 2^0.6 for two machines. */
const fte = 0.15 + 0.06 * 2 ** 0.6;
const people = (fte * 200_000) / 12;
const setup = (4 / 52) * 200_000; // four weeks for rented machines
/** What comes with two machines: disks of 9.03375 GB at 0.10, monitoring at 25, a load balancer and a control plane. */
const besides = 2 * 9.03375 * 0.1 + 2 * 25 + 25 + 73;
/** 1,000 requests a day: 30,416.67 a month x 200 tokens x 30 bytes at 0.09 a GB. */
const egress = ((1000 * 730) / 24) * 200 * 30 * 1e-9 * 0.09;

describe('a small rented fleet, by hand: one machine and a spare', () => {
  test('traffic at a price of the scenario, also where the highest of the tables stands in', async () => {
    const costs = async (provider: string, assumptions: object) => {
      const context = await caseOf({ ...flat('1000 requests/day'), assumptions });
      return priced(provider, context).monthlyUsd;
    };
    const aws = l4('on-demand');
    const free = await costs(aws, { egressAws: 0 });
    expect((await costs(aws, {})) - free).toBeCloseTo(egress, 8);
    expect((await costs(aws, { egressAws: 0.18 })) - free).toBeCloseTo(2 * egress, 8);
    const unknown = 'self-hosted-cloud/verda/llama-3.1-8b@fp8/1xrtx-a6000-48gb/eu/on-demand';
    // 0.12 at Google is the highest of the tables.
    const none = await costs(unknown, { egressGcp: 0 });
    expect((await costs(unknown, {})) - none).toBeCloseTo((egress / 0.09) * 0.12, 8);
  });

  test('on demand: 2 x 730 h x 0.8048', async () => {
    const context = await caseOf(flat('1000 requests/day'));
    const plan = priced(l4('on-demand'), context);
    expect(plan.monthlyUsd).toBeCloseTo(2 * 730 * 0.8048 + besides + egress + people + setup / 12, 6);
    expect(plan.upfrontUsd).toBeCloseTo(setup, 6);
    expect(plan.fte).toBeCloseTo(fte, 12);
  });

  test('reserved for three years and used for one: all 36 months are paid, 24 of them up front', async () => {
    const context = await caseOf(flat('1000 requests/day'));
    const plan = priced(l4('reserved-3y'), context);
    const month = 2 * 730 * 0.3694;
    expect(plan.monthlyUsd).toBeCloseTo((36 / 12) * month + besides + egress + people + setup / 12, 6);
    expect(plan.upfrontUsd).toBeCloseTo(24 * month + setup, 6);
    expect(monthsOf(plan, context).firstUsd).toBeCloseTo(month + besides + egress + people, 6);
  });

  test('reserved for three years and used for three: nothing is left over', async () => {
    const context = await caseOf(flat('1000 requests/day', { horizon: '36 months' }));
    const plan = priced(l4('reserved-3y'), context);
    expect(plan.monthlyUsd).toBeCloseTo(2 * 730 * 0.3694 + besides + egress + people + setup / 36, 6);
    expect(plan.upfrontUsd).toBeCloseTo(setup, 6);
  });

  test.each([
    { term: 0, months: 12, factor: 1, why: 'nothing is committed' },
    { term: 12, months: 12, factor: 1, why: 'just used up' },
    { term: 12, months: 6, factor: 2, why: 'half used' },
    { term: 12, months: 18, factor: 24 / 18, why: 'renewed once' },
    { term: 36, months: 12, factor: 3, why: 'a third used' },
    { term: 36, months: 60, factor: 72 / 60, why: 'renewed once' },
  ])('$term months paid for $months: x $factor ($why)', ({ term, months, factor }) => {
    expect(commitmentFactor(term, months)).toBeCloseTo(factor, 12);
  });
});

describe('months', () => {
  test('an API under growth of 10 %: the first month, the last of twelve, and the mean of them', async () => {
    const context = await caseOf(flat('24k requests/day', { growth: '10% per month' }));
    const plan = priced(gpt4o, context);
    const { firstUsd, peakUsd } = monthsOf(plan, context);
    expect(firstUsd).toBeCloseTo(3317.85, 6);
    expect(peakUsd).toBeCloseTo(3317.85 * 1.1 ** 11, 6);
    expect(plan.monthlyUsd).toBeCloseTo((3317.85 * (1.1 ** 12 - 1)) / 0.1 / 12, 6);
  });

  test('people cost cash only beyond the free ones', async () => {
    const context = await caseOf({ ...flat('1000 requests/day'), team: { devops: 1, yearlyCost: '200k' } });
    const plan = priced(l4('on-demand'), context);
    const { firstUsd, peakCashUsd } = monthsOf(plan, context);
    expect(firstUsd - peakCashUsd).toBeCloseTo(people, 6);
  });
});

describe('the recommendation adds up', () => {
  const mixed: Written = {
    workload: { volume: '20M requests/day', growth: '4% per month' },
    tasks: [
      { name: 'faq', type: 'faq-chat', share: '90%' },
      { name: 'hard', type: 'complex-reasoning', share: '10%' },
    ],
  };
  test.each<{ name: string; written: Written }>([
    { name: 'an API', written: flat('24k requests/day') },
    { name: 'a fleet', written: { ...flat('100M requests/day'), data: { boundary: 'own-account' } } },
    { name: 'two tasks under growth', written: mixed },
  ])('$name: parts sum to the total, for the plan and for every option listed', async ({ written }) => {
    const { recommendation, options } = await decide(written, { point: true });
    const sum = (parts: readonly { monthly: number; upfront: number }[]) => ({
      monthly: parts.reduce((total, { monthly }) => total + monthly, 0),
      upfront: parts.reduce((total, { upfront }) => total + upfront, 0),
    });
    expect(sum(recommendation.costParts).monthly / (recommendation.monthlyCost ?? 0)).toBeCloseTo(1, 9);
    expect(sum(recommendation.costParts).upfront).toBeCloseTo(recommendation.upfrontCost ?? -1, 4);
    for (const { id, costParts, monthlyCost, upfrontCost } of options) {
      if (monthlyCost === null || upfrontCost === null) continue;
      expect(sum(costParts).monthly / monthlyCost, id).toBeCloseTo(1, 9);
      expect(sum(costParts).upfront, id).toBeCloseTo(upfrontCost, 4);
    }
    const shares = recommendation.assignments.reduce((total, { share }) => total + share, 0);
    expect(shares).toBeCloseTo(1, 9);
  });

  test('cost per request and per million tokens: 3,317.85 / 730,000, and / 876', async () => {
    const { options, recommendation } = await decide(flat('24k requests/day'), { include: [gpt4o], point: true });
    const monthly = recommendation.monthlyCost ?? 0;
    expect(recommendation.costPerRequest).toBeCloseTo(monthly / 730_000, 9);
    expect(recommendation.costPerMillionTokens).toBeCloseTo(monthly / 876, 9);
    expect(options.find(({ id }) => id === gpt4o)?.monthlyCost).toBeCloseTo(3317.85, 6);
  });

  test('savings: the bill of today and its people, less the plan', async () => {
    const today = (option: string) => ({ ...flat('24k requests/day'), today: { option, bill: '9000/month' } });
    const onApi = (await decide(today(gpt4o), { point: true })).recommendation;
    expect(onApi.savingsOverToday).toBeCloseTo(9000 - (onApi.monthlyCost ?? 0), 6);
    const onFleet = (await decide(today(l4('on-demand')), { point: true })).recommendation;
    expect(onFleet.savingsOverToday).toBeCloseTo(9000 + people - (onFleet.monthlyCost ?? 0), 6);
    expect((await decide(flat('24k requests/day'), { point: true })).recommendation.savingsOverToday).toBeNull();
  });
});

test('an id names one option: no two machines share provider, instance, region and purchase', async () => {
  const seen = new Map<string, number>();
  const context = await caseOf(flat('1000 requests/day'));
  for (const { offers } of [...rentedUnits(context, true), ...endpoints(context)]) {
    for (const { provider, region, instance, purchase } of offers) {
      const key = [provider, instance, region, purchase].join('/');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  expect([...seen].filter(([, count]) => count > 1).map(([key]) => key)).toEqual([]);
});
