import { expect, test } from 'vitest';
import { partsUnder, repricer } from '../../src/analyses/uncertainty/costs.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf } from '../support/scenario.js';
import { type SmallName, smallCase } from '../support/small-scenarios.js';

/**
 * Many plans priced at once, against the plan of each priced by itself: under other volumes, and under a case in which a part
 * of a task is gone.
 */

const cases: [SmallName, string, string][] = [
  [
    'hard questions after a first answer, or a model tuned to them',
    'workload.volume=700k requests/day',
    'tasks.rag.name=other',
  ],
  ['a second provider while the first is down', 'workload.volume=90k users', 'tasks.faq.name=other'],
  ['evening peaks handed over to an API', 'workload.volume=2M requests/day', 'workload.volume=30M requests/day'],
  ['sensitive requests apart, redacted first', 'workload.volume=5k requests/day', 'tasks.rag.sensitive.share=30%'],
];

/** USD a month by itself; infinite where a part has no price, or is gone. */
function alone(plan: Plan, context: Context): number {
  const parts = partsUnder(plan, context);
  const again = parts === null ? null : planOf(parts, context);
  return again === null || 'unpriced' in again ? Number.POSITIVE_INFINITY : again.monthlyUsd;
}

test.each(cases)('%s, with %s', async (name, ...settings) => {
  const { read, context, tables } = await smallCase(name);
  const choice = choose(context);
  const plans = [...choice.ofKinds(12), ...choice.kinds.flatMap(({ plan }) => plan ?? [])];
  const price = repricer(plans, tables);
  for (const setting of ['', ...settings]) {
    const scenario = setting === '' ? read.scenario : read.changed([setting]);
    if (scenario === null) throw new Error(`${setting} is refused`);
    const gone = setting.includes('name');
    const other = { tables, workload: resolve({ ...read, scenario }, tables, asOf) };
    const usd = new Float64Array(plans.length);
    price(other, usd);
    for (const [p, plan] of plans.entries()) {
      expect(partsUnder(plan, other) === null, plan.id).toBe(gone);
      const own = alone(plan, other);
      if (Number.isFinite(own)) expect(usd[p], plan.id).toBeCloseTo(own, 6);
      else expect(usd[p], plan.id).toBe(own);
    }
  }
});
