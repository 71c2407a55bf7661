import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustedTerms } from '../../src/core/adjusted.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { adjustedTermsOf, whyNotCheaper } from '../../src/decide/adjusted-plan.js';
import { planRulesOf } from '../../src/decide/core-choice.js';
import { planOf } from '../../src/decide/plan.js';
import { type AdvisedPlan, advisedOfTypes, advisedPlan } from '../../src/decide/task-advice.js';
import { taskCase } from '../../src/decide/task-case.js';
import { bestPlans } from '../../src/decide/task-plans.js';
import type { Context } from '../../src/places/placement.js';
import { adjustedPrices } from '../support/adjusted-cost.js';
import { committedCase } from '../support/committed.js';

/** Cheap plans and dear ones, with second places, owned and bought machines, devices, targets and none. */
const scenarios = ['two-providers', 'factory-sites', 'device-keyboard', 'legal-rag', 'reports-in-bursts'];

function lined({ option, second }: AdvisedPlan, context: Context) {
  const plan = planOf([{ option, taskParts: context.workload.taskParts, ...(second && { second }) }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return plan;
}

test.each(scenarios)(
  'what a plan of %s counts beyond its bill and people is, term by term, what the columns say',
  async (name) => {
    const context = await committedCase(name);
    const { workload } = context;
    expect(workload.taskParts).toHaveLength(1);
    const rules = planRulesOf(context);
    const best = bestPlans(taskCase(context).start, workload, rules);
    const baseUsd = (best.cheapest?.usd ?? Number.NaN) + rules.taskUsd;
    const { plan: advised } = advisedPlan(best, workload, rules, adjustedPrices);
    const plans = [advised, ...advisedOfTypes(best, workload, rules, adjustedPrices).ofTypes].filter(
      (one) => one !== null,
    );
    expect(plans.length).toBeGreaterThan(1);
    for (const plan of plans) {
      const whole = lined(plan, context);
      const terms = adjustedTermsOf(whole, baseUsd, adjustedPrices, context);
      expect(Math.abs(whole.monthlyUsd / (plan.usd + rules.taskUsd) - 1), plan.option.id).toBeLessThan(1e-9);
      for (const term of adjustedTerms)
        expect(Math.abs(terms[term] - plan.terms[term]), `${plan.option.id}: ${term}`).toBeLessThan(
          1e-9 * plan.adjustedUsd,
        );
    }
  },
);

describe('why not the cheaper one', () => {
  const usd = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const terms = fc.record(Object.fromEntries(adjustedTerms.map((term) => [term, usd]))) as fc.Arbitrary<
    AdvisedPlan['terms']
  >;

  test('the lines add up to the difference, and each that is told is no small part of it', () => {
    fc.assert(
      fc.property(terms, terms, usd, usd, fc.double({ min: 0, max: 0.5, noNaN: true }), (a, b, one, other, share) => {
        const { lines, countsMoreUsd, savesUsd } = whyNotCheaper(
          { usd: one, terms: a },
          { usd: other, terms: b },
          share,
        );
        const sum = lines.reduce((all, line) => all + line.usd, 0);
        expect(sum).toBeCloseTo(countsMoreUsd, 3);
        expect(savesUsd).toBe(one - other);
        for (const { term, usd: told } of lines)
          if (term !== 'others') expect(Math.abs(told)).toBeGreaterThanOrEqual(share * Math.abs(countsMoreUsd));
      }),
    );
  });

  test('a weaker model, a later token: what is small is one line', () => {
    const none = { redo: 0, upkeep: 0, failed: 0, wait: 0, notOwned: 0, atRisk: 0, places: 25 };
    const found = whyNotCheaper(
      { usd: 346, terms: { ...none, redo: 1, upkeep: 126 } },
      { usd: 187, terms: { ...none, redo: 25, upkeep: 298, failed: 4, wait: 1 } },
      0.05,
    );
    expect(found).toEqual({
      savesUsd: 159,
      countsMoreUsd: 201,
      lines: [
        { term: 'upkeep', terms: ['upkeep'], usd: 172 },
        { term: 'redo', terms: ['redo'], usd: 24 },
        { term: 'others', terms: ['failed', 'wait'], usd: 5 },
      ],
    });
  });
});
