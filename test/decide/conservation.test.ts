import { describe, expect, test } from 'vitest';
import { at } from '../../src/cost/curve.js';
import { caseAt, planIn } from '../../src/decide/choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { billsOf, oneOffsOf, timelineOf } from '../../src/decide/timeline.js';
import type { Context } from '../../src/places/placement.js';
import { committedCase, kindsExpected } from '../support/committed.js';
import { decidedInFull } from '../support/committed-decisions.js';
import { sampled } from '../support/sample.js';

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

const chosen = new Map<string, Promise<{ context: Context; plans: Plan[] }>>();

/** The plan that is advised, its runner-up, and the best of every kind, each once. */
function plansOf(name: string): Promise<{ context: Context; plans: Plan[] }> {
  const known = chosen.get(name) ?? decide(name);
  chosen.set(name, known);
  return known;
}

async function decide(name: string): Promise<{ context: Context; plans: Plan[] }> {
  const context = await committedCase(name);
  const { advised, cheapest, runnerUp, kinds } = choose(context);
  const all = [advised, cheapest, runnerUp, ...kinds.map(({ plan }) => plan)].filter((plan) => plan !== null);
  return { context, plans: [...new Map(all.map((plan) => [plan.id, plan])).values()] };
}

function same(found: number, expected: number, what: string, room = 1e-9): void {
  const scale = Math.max(1, Math.abs(expected));
  expect(Math.abs(found - expected) / scale, `${what}: ${found} against ${expected}`).toBeLessThanOrEqual(room);
}

/**
 * What overflows is sized and charged at the API's mean price of the horizon; where prices fall while the peaks grow, the
 * months, each at its own price, pay less for them than that.
 */
const meanPriced = (plan: Plan, { workload }: Context): boolean =>
  plan.deployments.some(({ second }) => second?.role === 'overflow') &&
  workload.growth.length > 1 &&
  workload.assume('priceDeclinePerYear') !== 0;

/** Work that waits fills the hours that others on its machines leave: as of the volume of the case, also on the curve. */
const fillsHours = ({ deployments }: Plan): boolean =>
  deployments.some(
    ({ option, taskParts }) => option.fleet !== null && new Set(taskParts.map(({ waits }) => waits === null)).size > 1,
  );

/** All payments, and the cost of capital, are what the plan costs a month over its months. */
function conserved(plan: Plan, context: Context): void {
  const total = plan.monthlyUsd * context.workload.months;
  const { upfrontUsd, renewalUsd, exitUsd, resaleUsd, capitalUsd } = oneOffsOf(plan, context);
  const once = upfrontUsd + sum([...renewalUsd.values()]) + exitUsd - resaleUsd + capitalUsd;
  const bills = billsOf(plan, context);
  const room = meanPriced(plan, context) ? 0.06 : 1e-9;
  expect(bills).toHaveLength(context.workload.months);
  same(sum(bills) + once, total, `${plan.id}, months and one-offs`, room);
  const { rows } = timelineOf(plan, context);
  expect(rows).toHaveLength(context.workload.months + 1);
  same((rows.at(-1)?.cumulative ?? Number.NaN) + capitalUsd, total, `${plan.id}, what is paid in the end`, room);
  same(sum(rows.map(({ paid }) => paid)) + capitalUsd, total, `${plan.id}, what is paid`, room);
}

/** Of each kind of answer one before any has two. */
const some = sampled(decidedInFull, 6, { group: kindsExpected, name: String });

describe.each(some)('%s', (name) => {
  test('a plan at another volume costs what its curve says there', async () => {
    const { context, plans } = await plansOf(name);
    for (const factor of [1e-3, 0.07, 0.9, 3, 40, 1000]) {
      const volume = Math.max(1, Math.round(context.workload.requestsPerDay * factor));
      for (const plan of plans) {
        const there = planIn(plan, caseAt(context, volume));
        const room = fillsHours(plan) ? 1e-4 : 1e-9;
        same(at(plan.curve, volume), there?.monthlyUsd ?? Number.NaN, `${plan.id} at ${volume} a day`, room);
      }
    }
  });

  const changes = [
    { when: 'as it is', set: [] },
    { when: 'under growth of 5 %', set: ['workload.growth=5% per month'] },
    { when: 'as volume shrinks by 4 %', set: ['workload.growth=-4% per month'] },
    { when: 'as prices decline', set: ['assumptions.priceDeclinePerYear=0.3'] },
    {
      when: 'under growth as prices decline',
      set: ['workload.growth=5% per month', 'assumptions.priceDeclinePerYear=0.3'],
    },
    { when: 'over 30 months of growth', set: ['workload.growth=5% per month', 'workload.horizon=30 months'] },
    { when: 'over 5 months', set: ['workload.horizon=5 months'] },
  ];
  // In each scenario others.
  const changed = sampled(changes, 3, { group: ({ when }) => when, name: ({ when }) => `${name} ${when}` });
  test.each(changed)('months and one-offs are the whole cost, $when', async ({ set }) => {
    const { plans } = await plansOf(name);
    const context = await committedCase(name, set);
    for (const plan of plans) {
      const there = planIn(plan, context);
      expect(there, plan.id).not.toBeNull();
      if (there !== null) conserved(there, context);
    }
  });
});
