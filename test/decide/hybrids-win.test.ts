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
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { sampled } from '../support/sample.js';
import { caseOf } from '../support/scenario.js';

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
  test('what has a volume of its own overflows beside what follows the common one, at the same cost as the other way round', async () => {
    const answer = { name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } };
    const chat = { name: 'chat', type: 'faq-chat' };
    const tables = fewRows(await shippedTables(), ['deepseek-v3.2', 'b300-sxm-288gb', 'together', 'gemma-3n-e4b']);
    const chosen = async (
      own: Record<string, unknown>,
      common: Record<string, unknown>,
      volume: string,
      ownVolume: string,
    ) => {
      const context = await caseOf(
        {
          workload: { volume, profile: 'consumer-chat', horizon: '36 months' },
          tasks: [common, { ...own, volume: ownVolume }],
          needs: { availability: '99.9%' },
          data: { boundary: 'under-contract' },
          preferences: { exclude: ['spot', 'serverless-gpu'] },
        },
        tables,
      );
      const { cheapest } = choose(context);
      if (cheapest === null) throw new Error('no plan');
      return { context, plan: cheapest };
    };
    const common = await chosen(chat, answer, '10M', '100');
    const own = await chosen(answer, chat, '100', '10M');
    expect(own.plan.monthlyUsd).toBeCloseTo(common.plan.monthlyUsd, 6);
    expect(own.plan.deployments.map(({ second }) => second?.role ?? null).sort()).toEqual([null, 'overflow'].sort());
    expect(
      Math.abs(monthsOf(own.plan, own.context).peakUsd - monthsOf(common.plan, common.context).peakUsd),
    ).toBeLessThan(1e-6);
    // Twice the common volume is another bill for the chat alone.
    const twice = planIn(own.plan, caseAt(own.context, 200));
    expect((twice?.monthlyUsd ?? 0) - own.plan.monthlyUsd).toBeLessThan(own.plan.monthlyUsd / 10_000);
  });

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

test.each(['cloud-api', 'open-model-api'] as const)(
  'two providers of one kind are a plan of that kind, the best of it: %s',
  async (kind) => {
    const { workload: usual, tables: all } = await committedCase('support-chatbot');
    const tables = fewRows(all, ['together', 'novita']);
    const taskParts = usual.taskParts.map((taskPart) => ({
      ...taskPart,
      needs: { ...taskPart.needs, availability: 0.9995 },
    }));
    const workload = { ...usual, taskParts };
    const { kinds, cheapest } = choose({ workload, tables });
    const best = kinds.find((one) => one.kind === kind);
    const only = choose({ tables, workload: { ...workload, rules: { ...workload.rules, only: [kind] } } }).cheapest;
    expect(only?.shape).toBe('failover');
    expect([best?.feasible, best?.plan?.id]).toEqual([true, only?.id]);
    expect(best?.plan?.monthlyUsd).toBeGreaterThanOrEqual(cheapest?.monthlyUsd ?? Number.NaN);
  },
);
