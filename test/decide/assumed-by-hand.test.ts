import { describe, expect, test } from 'vitest';
import { at, type CostCurve } from '../../src/cost/curve.js';
import { assumedOf } from '../../src/decide/basis.js';
import type { Assumed } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { linesOf, type Plan, planOf } from '../../src/decide/plan.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { everyOption } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';
import { closed, twoPrices } from '../support/two-prices.js';

/** What of a bill rests on inputs that are left out, where the bill follows by hand. */

/** Of one model for two tasks, of which the second one says its volume and its tokens. */
async function shares(usd: [input: number, output: number], withPlan = true): Promise<Map<string, Assumed['share']>> {
  const tables = twoPrices((await shipped()).tables, { closed: usd, open: [10, 10] });
  const tasks = [
    { name: 'faq', type: 'faq-chat', capability: { minIndex: 40 } },
    { name: 'mail', type: 'translation', volume: 500, tokens: { input: 1000, output: 500 } },
  ];
  const context = await caseOf({ workload: { volume: 1000 }, tasks }, tables);
  const plan = findPlan(`cloud-api/${closed}`, context) as Plan;
  const assumed = assumedOf(withPlan ? plan : null, context.workload);
  return new Map(assumed.map(({ path, share }) => [path, share]));
}

test('amounts that an input is a part of, over all: of the bill for tokens, and for calls made again, task by task', async () => {
  const found = await shares([1, 10]);
  // USD a day: 1,150 tokens at 1 and 260 at 10 make 1.15 and 2.6, those of the mail 0.5 and 2.5; one call in 100 again.
  const all = (1.15 + 2.6 + 0.5 + 2.5) * 1.01;
  const [faqAgain, mailAgain] = [3.75 / 100, 3 / 100];
  expect(found.get('tasks.faq.tokens.input')).toBeCloseTo((1.15 + faqAgain) / all, 10);
  expect(found.get('tasks.faq.tokens.output')).toBeCloseTo((2.6 + faqAgain) / all, 10);
  // Turns are told where tokens that are read are, growth where volumes are: that of the task that says its own too.
  expect(found.get('workload.turns')).toBeCloseTo((1.15 + 0.5 + faqAgain + mailAgain) / all, 10);
  expect(found.get('workload.growth')).toBe(1);
  expect(found.get('assumptions.priceDeclinePerYear')).toBe(1);
  // Nobody has to be hired or set anything up: amounts of nothing.
  expect(found.get('team.yearlyCost')).toBe(0);
  expect(found.get('workload.horizon')).toBe(0);
  // No tokens are read at another price, and no fleet is sized.
  expect(found.get('tasks.faq.tokens.cacheablePrefix')).toBeNull();
  expect(found.get('workload.profile')).toBeNull();
  expect([...found.keys()].filter((path) => path.startsWith('tasks.mail'))).toEqual([
    'tasks.mail.tokens.cacheablePrefix',
    'tasks.mail.capability',
  ]);
});

describe('the profile of the hours is in what is predicted hour by hour', () => {
  const profile = (plan: Plan, context: Context): number =>
    assumedOf(plan, context.workload).find(({ path }) => path === 'workload.profile')?.share as number;

  test('seconds of workers that start when asked, and their cold starts; not disks, traffic and people', async () => {
    const tables = fewRows((await shipped()).tables);
    const context = await caseOf({ workload: { volume: 1000 }, tasks: [{ name: 'faq', type: 'faq-chat' }] }, tables);
    const { taskParts } = context.workload;
    const option = everyOption(context).find(({ kind, family }) => kind === 'serverless-gpu' && family === 'qwen3-4b');
    const plan = planOf([{ option: option as Option, taskParts }], context) as Plan;
    const usd = (part: string) => linesOf(plan).find((line) => line.part === part)?.curve as CostCurve;
    const predicted = at(usd('compute.serverless'), 1000) + at(usd('compute.cold-starts'), 1000);
    expect(profile(plan, context)).toBeCloseTo(predicted / plan.monthlyUsd, 10);
    expect(profile(plan, context)).toBeLessThan(0.5);
  });

  test('who finds a prefix in the cache of an API, which is in the price of what is read', async () => {
    const cached = async (cachedInputUsdPerMTok: number | null) => {
      const tables = twoPrices((await shipped()).tables, { closed: [1, 10], open: [10, 10] });
      const api = tables.api.map((row) => ({ ...row, cachedInputUsdPerMTok }));
      const tokens = { input: 3000, cacheablePrefix: 2000, output: 500 };
      const tasks = [{ name: 'faq', type: 'faq-chat', tokens, capability: { minIndex: 40 } }];
      const context = await caseOf({ workload: { volume: 1000 }, tasks }, tablesWith(tables, { api }));
      const plan = findPlan(`cloud-api/${closed}`, context) as Plan;
      return { share: profile(plan, context), usd: plan.monthlyUsd };
    };
    expect((await cached(null)).share).toBeNull();
    const { share, usd } = await cached(0.1);
    // 365,000 / 12 requests of 1,000 other tokens at 1 and 500 at 10 cost 182.50 whoever finds what.
    expect(share).toBeCloseTo((usd - 182.5) / usd, 10);
    expect(share).toBeGreaterThan(0.05);
  });
});
