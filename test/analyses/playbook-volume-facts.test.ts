import { beforeAll, expect, test } from 'vitest';
import type { Lists } from '../../src/analyses/playbook/facts.js';
import { crossing, neighbors } from '../../src/analyses/playbook/volume-facts.js';
import { at } from '../../src/cost/curve.js';
import type { Choice } from '../../src/decide/choice.js';
import type { LadderRow } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** From which volume on machines cost less than an API, and when that is: what the playbook says of committing to them. */

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const api = 'cloud-api/openai/gpt-5-mini';
const cheapApi = 'cloud-api/openai/gpt-5-nano';
const machines = 'self-hosted-cloud/aws/qwen3-4b@bf16/g6.xlarge/us-east-1/on-demand';
const lists = (...weeks: (number | null)[]) => ({ places: weeks.map((leadWeeks) => ({ leadWeeks })) }) as Lists;

async function caseAt(volume: string, growth = '10% per month'): Promise<Context> {
  const tasks = [{ name: 'faq', type: 'faq-chat', tokens: { input: 900, output: 200 }, capability: { minIndex: 5 } }];
  return caseOf({ workload: { volume, growth }, tasks }, tables);
}
const named = (id: string, context: Context): Plan => {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};

/**
 * The first volume at which one plan is cheaper, by trying from below: in steps of 0.01 %, as a machine more may make it dearer
 * again within 1 %; then one by one in halves.
 */
function firstCheaper(plan: Plan, now: Plan, from: number): number {
  const cheaper = (volume: number) => at(plan.curve, volume) < at(now.curve, volume);
  let [below, above] = [from, from];
  for (; !cheaper(above); above = Math.ceil(above * 1.0001)) below = above;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (cheaper(middle)) above = middle;
    else below = middle;
  }
  return above;
}

const nothing = {
  crossNow: false,
  crossLater: false,
  crossNever: false,
  crossVolume: null,
  crossMonth: null,
  commitOn: null,
};

test('later: the month in which growth reaches it, and the day to commit so that it is ready on its first', async () => {
  const context = await caseAt('1k requests/day');
  const [plan, now] = [named(machines, context), named(api, context)];
  const volume = firstCheaper(plan, now, 1000);
  const month = 1 + Math.ceil(Math.log(volume / 1000) / Math.log(1.1));
  expect(month).toBeGreaterThan(12);
  // The day of the decision, 2026-11-20, lies in month 1.
  const first = Date.UTC(2026, 10 + month - 1, 1);
  const day = (days: number) => new Date(first - days * 86_400_000).toISOString().slice(0, 10);
  expect(crossing(plan, now, lists(), context)).toEqual({
    ...nothing,
    crossLater: true,
    crossVolume: volume,
    crossMonth: month,
    commitOn: day(0),
  });
  // The slowest place counts, in whole days; of one nothing is known.
  expect(crossing(plan, now, lists(2, null, 3.5, 1), context).commitOn).toBe(day(25));
});

test('later, but out of sight: without growth there is no month and no day', async () => {
  const context = await caseAt('1k requests/day', '0% per month');
  const found = crossing(named(machines, context), named(api, context), lists(2), context);
  expect(found).toEqual({ ...nothing, crossLater: true, crossVolume: expect.any(Number) });
});

test('now: the volume from which on it has been cheaper', async () => {
  const little = await caseAt('1k requests/day');
  const volume = firstCheaper(named(machines, little), named(api, little), 1000);
  const context = await caseAt(`${3 * volume} requests/day`);
  const found = crossing(named(machines, context), named(api, context), lists(2), context);
  expect(found).toMatchObject({ ...nothing, crossNow: true, crossVolume: expect.any(Number) });
  expect(found.crossVolume).toBeLessThanOrEqual(3 * volume);
});

test('never: cheaper at every volume; and nothing at all where it is dearer at every volume, or there is no plan today', async () => {
  const context = await caseAt('1k requests/day');
  const [dear, cheap] = [named(api, context), named(cheapApi, context)];
  expect(crossing(cheap, dear, lists(), context)).toEqual({ ...nothing, crossNever: true });
  expect(crossing(dear, cheap, lists(), context)).toEqual(nothing);
  expect(crossing(dear, null, lists(), context)).toEqual(nothing);
});

test('beside the rung that the plan stands on: the next one of another plan, when growth reaches it, and the one below', async () => {
  const context = await caseAt('1k requests/day');
  const [plan, other] = [named(api, context), named(machines, context)];
  const rung = (from: number, to: number | null, id: string | null) =>
    ({ from, to, plan: id, label: id === null ? null : `rung of ${id}` }) as LadderRow;
  const met = (more: Partial<Choice> = {}) =>
    ({ cheapest: null, advised: null, runnerUp: null, kinds: [], ...more }) as unknown as Choice;
  const beside = (ladder: LadderRow[], choice = met(), workload = context.workload) =>
    neighbors(plan, ladder, choice, { ...context, workload });
  const growth = expect.closeTo(0.1, 9);
  const none = {
    nextVolume: null,
    nextPlan: null,
    nextMonth: null,
    nextOn: null,
    growth,
    belowVolume: null,
    belowPlan: null,
  };
  expect(beside([])).toEqual(none);
  expect(beside([rung(1, null, api)])).toEqual(none);
  // 1.1 to the tenth is 2.59; month 11 begins in September.
  const next = { ...none, nextVolume: 2500, nextPlan: `rung of ${machines}`, nextMonth: 11, nextOn: '2027-09-01' };
  expect(beside([rung(1, 2499, api), rung(2500, null, machines)])).toEqual(next);
  expect(beside([rung(1, 1000, api), rung(1001, 2499, api), rung(2500, null, machines)])).toEqual(next);
  // A plan of the decision is told in its own words.
  for (const choice of [
    met({ cheapest: other }),
    met({ advised: other }),
    met({ runnerUp: other }),
    met({ kinds: [{ plan: null }, { plan: other }] as Choice['kinds'] }),
  ])
    expect(beside([rung(1, 2499, api), rung(2500, null, machines)], choice).nextPlan).toBe(
      'Qwen3 4B (bf16), AWS, L4 24 GB',
    );
  // Next month is the month after; this month's day is the day of the decision.
  expect(beside([rung(1, 1000, api), rung(1001, null, machines)])).toMatchObject({
    nextMonth: 2,
    nextOn: '2026-12-01',
  });
  expect(beside([rung(1, 1000, api), rung(1100, null, machines)])).toMatchObject({ nextMonth: 2 });
  expect(beside([rung(1, 1000, api), rung(1e9, null, machines)])).toMatchObject({
    nextVolume: 1e9,
    nextMonth: null,
    nextOn: null,
  });
  const flat = (await caseAt('1k requests/day', '0% per month')).workload;
  expect(beside([rung(1, 1000, api), rung(1001, null, machines)], met(), flat)).toEqual({
    ...none,
    growth: 0,
    nextVolume: 1001,
    nextPlan: `rung of ${machines}`,
  });
  // Below: where another plan ends at the volume before.
  const below = { ...none, belowVolume: 1000, belowPlan: `rung of ${machines}` };
  expect(beside([rung(1, 999, machines), rung(1000, null, api)])).toEqual(below);
  expect(beside([rung(1, 998, machines), rung(1000, null, api)])).toEqual(none);
  expect(beside([rung(1, 999, machines), rung(1000, null, cheapApi)])).toEqual(none);
  expect(beside([rung(1, 999, null), rung(1000, null, api)])).toEqual({ ...below, belowPlan: null });
  // Outside of the ladder there is no rung to stand on.
  expect(beside([rung(1001, null, api)])).toMatchObject({ belowVolume: null });
});
