import { describe, expect, test } from 'vitest';
import { caseAt, planIn } from '../../src/decide/choice.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { monthsOf } from '../../src/decide/months.js';
import type { Plan } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { mayRun } from '../../src/rules/rule.js';
import { cheapestIn } from '../support/cheapest.js';
import { committedCase } from '../support/committed.js';
import { sampled } from '../support/sample.js';

/** The cheapest way to serve every task as a whole on one option. */
const bestSingle = ({ workload, tables }: Context): Plan | null => {
  const taskParts = workload.taskParts.map(({ divisible: _, ...taskPart }) => taskPart);
  return cheapestIn({
    tables,
    workload: { ...workload, taskParts, rules: { ...workload.rules, maxDeployments: 1 } },
  });
};

describe('every shape of hybrid wins somewhere', () => {
  const shapes: [scenario: string, shape: string, onlyOne: boolean][] = [
    ['support-escalation', 'cascade', false],
    ['question-routing', 'tiered-routing', false],
    ['ministry-letters', 'sensitivity-split', false],
    ['hr-system', 'sensitivity-split', true],
    ['ecommerce-assistant', 'sensitivity-split', true],
    ['redacted-claims', 'sensitivity-split', true],
    ['assistant-on-phones', 'edge-fallback', false],
    ['legal-rag', 'rag-fine-tuned', false],
    ['evening-peaks', 'overflow', false],
    ['two-providers', 'failover', true],
    ['keyboard-development', 'dev-prod-split', true],
  ];
  // One of each shape.
  const some = sampled(shapes, new Set(shapes.map(([, shape]) => shape)).size, {
    group: ([, shape]) => shape,
    name: ([scenario]) => scenario,
  });
  test.each(some)('%s: %s', async (name, shape, onlyOne) => {
    const context = await committedCase(name);
    const { cheapest, advised } = choose(context);
    expect(cheapest?.shape).toBe(shape);
    expect(advised?.shape).toBe(shape);
    const single = bestSingle(context);
    if (onlyOne) expect(single).toBeNull();
    else expect(single?.monthlyUsd).toBeGreaterThanOrEqual(1.05 * (cheapest?.monthlyUsd ?? Number.NaN));
    for (const plan of [cheapest, advised]) {
      if (plan === null) throw new Error('no plan');
      // Its id alone says what it is, at the same cost; no rule turns any of its parts down.
      const found = findPlan(plan.id, context);
      expect(typeof found === 'string' ? found : found.monthlyUsd).toBeCloseTo(plan.monthlyUsd, 6);
      expect(review(plan, context).verdicts.filter(({ verdict }) => !mayRun(verdict))).toEqual([]);
      // It has a price at other volumes and in single months too.
      expect(planIn(plan, caseAt(context, 2 * context.workload.requestsPerDay))?.monthlyUsd).toBeGreaterThan(0);
      expect(monthsOf(plan, context).peakUsd).toBeGreaterThan(0);
    }
  });
});
