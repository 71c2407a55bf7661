import { beforeAll, expect, test } from 'vitest';
import { betterQuality, byFailedPrice, usdWithFailures } from '../../src/decide/better-quality.js';
import { advisedOfOneTask } from '../../src/decide/core-choice.js';
import { feasible, lookAt } from '../../src/decide/option-report.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { allOptions } from '../../src/decide/shortlist.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { failedShare } from '../../src/rules/model.js';
import type { Tables } from '../../src/tables/tables.js';
import { onlyPart, type TaskPart } from '../../src/workload/workload.js';
import { cheapestIn } from '../support/cheapest.js';
import { committedCase } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

let few: Tables;
let chatbot: Context;
beforeAll(async () => {
  few = fewRows(await shippedTables());
  chatbot = await committedCase('support-chatbot', ['preferences.objective=advice']);
});

const indexed = (index: number): Option =>
  ({
    capability: { index, indexLow: index, indexHigh: index, indexStandard: index },
    mode: 'standard',
    lossAt50: 0,
  }) as Option;

test.each([
  { index: 50.4, share: 0.0635 },
  { index: 63.5, share: 0.0441 },
  { index: 79.2, share: 0.0286 },
  { index: 80.5, share: 0.0275 },
  { index: 34, share: 0.1 },
  { index: -1000, share: 1 },
])('of a model of $index, needed 34, $share of the answers fail', ({ index, share }) => {
  const needs = { capability: { need: 34 } } as TaskPart['needs'];
  expect(failedShare(indexed(index), { needs }, chatbot.workload)).toBeCloseTo(share, 4);
});

/** What each option costs alone with its failed answers, of those that every rule lets through. */
const priced = (context: Context): { usd: number; plan: Plan }[] =>
  allOptions(context).flatMap((option) => {
    const looked = lookAt(option, context);
    return looked.plan !== null && feasible(looked)
      ? [{ usd: usdWithFailures(looked.plan, context), plan: looked.plan }]
      : [];
  });

const one = (failedAnswerCost: number | undefined, volume: number, minIndex: number, more: object = {}) =>
  caseOf(
    {
      workload: { volume, profile: 'flat' },
      tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex } }],
      preferences: {
        objective: 'advice',
        maxDeployments: 1,
        ...(failedAnswerCost !== undefined && { failedAnswerCost }),
      },
      ...more,
    },
    few,
  );

test('without a price of a failed answer a plan costs its bill alone', async () => {
  const context = await one(undefined, 10_000, 30);
  const plan = cheapestIn(context) as Plan;
  expect(usdWithFailures(plan, context)).toBe(plan.monthlyUsd);
});

test('better quality is a convex hull that begins at the plan: each step pays from more than the one before', async () => {
  const { workload, ...rest } = await one(undefined, 20_000, 20);
  // By bills alone: the adjusted cost counts more.
  const context = { ...rest, workload: { ...workload, rules: { ...workload.rules, objective: 'cost' as const } } };
  const advised = cheapestIn(context);
  const rows = betterQuality(advised as Plan, context);
  expect(rows.length).toBeGreaterThan(2);
  expect(rows[0]).toMatchObject({ plan: advised?.id, paysFrom: null });
  const answers = (20_000 * 365) / 12;
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1];
    if (before === undefined) continue;
    expect(row.capability).toBeGreaterThan(before.capability);
    const paysFrom = (row.monthlyCost - before.monthlyCost) / (answers * (before.failedShare - row.failedShare));
    expect(row.paysFrom as number).toBeCloseTo(Math.max(0, paysFrom), 6);
    expect(row.paysFrom as number).toBeGreaterThanOrEqual(before.paysFrom ?? 0);
  }
  // Nothing that any option costs lies below it, at any price of a failed answer.
  for (const usd of [0.001, 0.01, 0.1]) {
    const price = (cost: number, share: number): number => cost + usd * answers * share;
    const least = Math.min(...rows.map((row) => price(row.monthlyCost, row.failedShare)));
    const paid = await one(usd, 20_000, 20);
    const all = Math.min(...priced(paid).map((each) => each.usd));
    expect(least / all).toBeCloseTo(1, 6);
  }
});

/** On the devices models of a higher index are less sure, by a wider band, or better by tenths alone. */
test.each(['redacted-claims', 'device-keyboard'])(
  '%s: from the plan advised on no step is less sure than the one before, or its equal in what is shown',
  async (name) => {
    const context = await committedCase(name);
    const { advised } = choose(context);
    const rows = betterQuality(advised as Plan, context);
    if (rows.length > 0) expect(rows[0]).toMatchObject({ plan: advised?.id, paysFrom: null });
    // In whole points, as they are shown.
    const shown = rows.map(({ capability, goodEnough }) =>
      [Math.round(capability), Math.round(100 * (goodEnough ?? 0))].join(),
    );
    expect(new Set(shown).size).toBe(rows.length);
    for (const [i, row] of rows.slice(1).entries()) {
      const before = rows[i] as (typeof rows)[number];
      const [sure, least] = [row, before].map(({ goodEnough }) => Math.min(0.99, goodEnough ?? 0)) as [number, number];
      expect(sure).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      expect(row.failedShare).toBeLessThan(before.failedShare);
      expect(row.paysFrom as number).toBeGreaterThanOrEqual(before.paysFrom ?? 0);
    }
  },
);

test('on both sides of the price at which a better plan pays the advice is the one and the other', async () => {
  const context = await committedCase('support-chatbot');
  const steps = byFailedPrice(onlyPart(context.workload).task, context, 12);
  expect(steps.length).toBeGreaterThan(2);
  expect(steps[0]?.plan.id).toBe(advisedOfOneTask(context)?.id);
  const { workload } = context;
  const advisedAt = (failedAnswerUsd: number): string | undefined =>
    advisedOfOneTask({ ...context, workload: { ...workload, rules: { ...workload.rules, failedAnswerUsd } } })?.id;
  let looked = 0;
  for (const [i, next] of steps.slice(1).entries()) {
    const before = steps[i];
    if (before === undefined) continue;
    expect(next.failures).toBeLessThan(before.failures);
    const pays = (next.usd - before.usd) / (before.failures - next.failures);
    const around = [advisedAt(pays * 0.999), advisedAt(pays * 1.001)];
    if (around[0] !== before.plan.id && around[1] !== next.plan.id) continue;
    expect(around).toEqual([before.plan.id, next.plan.id]);
    looked += 1;
  }
  expect(looked).toBeGreaterThan(1);
});
