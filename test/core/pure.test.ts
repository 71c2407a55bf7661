import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdjustedPrices } from '../../src/core/adjusted.js';
import { admit } from '../../src/core/admitted.js';
import { kindCount } from '../../src/core/apis.js';
import { type PlaceOptions, type Prepared, prepared } from '../../src/core/decide.js';
import { termsAt } from '../../src/core/floors.js';
import { shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { advisedPlan } from '../../src/decide/task-advice.js';
import {
  bestPlans,
  cheapestWhere,
  type PlanRules,
  type TaskDecision,
  type TaskPlan,
} from '../../src/decide/task-plans.js';
import type { Context } from '../../src/places/placement.js';
import { type Workload, workloadAt } from '../../src/workload/workload.js';
import { committedCase } from '../support/committed.js';
import { long } from '../support/sample.js';

const scenarios = ['two-providers', 'voice-assistant', 'factory-sites'];
const multiples = [0.02, 0.3, 1, 7, 60];
const rules: PlanRules = { limits: null, mayOverflow: true, taskUsd: 0 };
/** Some providers are turned down, so that others have to be looked for: all models of a machine alike. */
const strict: PlanRules = { ...rules, limits: ({ option }) => option.provider.length % 3 !== 1 };

const prices: AdjustedPrices = {
  redoWeeks: 2,
  redoMonths: 1,
  upkeepUsdPerPoint: 5,
  waitPerDoubling: 0.05,
  mostDoublings: 4,
  targetMargin: 0.1,
  marginShare: 0.3,
  atRisk: 0.1,
  ownedShare: 0.1,
  ownedUsd: 500,
  placeUsd: 100,
  confidence: 0.5,
};

const idOf = (places: PlaceOptions | null): string =>
  places === null ? '' : `${places.option.id} ${places.second?.role ?? ''} ${places.second?.option.id ?? ''}`;
const planned = (plan: TaskPlan | null) => [idOf(plan), plan?.usd ?? null];
const saidIn = ({ cheapest, ofTypes }: TaskDecision) => [cheapest, ...ofTypes].map(planned);

/** All that one may ask at a volume; the prepared value for the next question is the one with what was asked. */
type Question = (before: Prepared, workload: Workload) => { said: unknown; next: Prepared };
const isElsewhere = (first: number): boolean => first > 1;
const questions: Record<string, Question> = {
  plans(before, workload) {
    const found = bestPlans(before, workload, rules);
    return { said: saidIn(found), next: found.prepared };
  },
  limited(before, workload) {
    const found = bestPlans(before, workload, strict);
    return { said: saidIn(found), next: found.prepared };
  },
  elsewhere(before, workload) {
    const unpriced = { prepared: before, terms: termsAt(before.shape, workload), known: null };
    const found = planned(cheapestWhere(unpriced, workload, rules, isElsewhere));
    // Prices that are known already are those that would be told.
    const priced = bestPlans(before, workload, rules);
    expect(planned(cheapestWhere(priced, workload, rules, isElsewhere))).toEqual(found);
    return { said: found, next: before };
  },
  otherTypes(before, workload) {
    for (const some of [rules, strict]) {
      const best = bestPlans(before, workload, some);
      const unpriced = { prepared: before, terms: termsAt(before.shape, workload), known: null };
      for (let type = 0; type < kindCount; type++) {
        const isOther = (first: number, second: number) => first !== type || (second >= 0 && second !== type);
        const found = cheapestWhere(best, workload, some, isOther);
        expect(found?.usd).toBe(cheapestWhere(unpriced, workload, some, isOther)?.usd);
        // An overflow may cost less than the best of each type alone, and nothing may cost more.
        const others = [...best.ofTypes.filter((_, other) => other !== type), best.mixed];
        const single = Math.min(...others.map((plan) => plan?.usd ?? Number.POSITIVE_INFINITY));
        if (some.mayOverflow) expect(found?.usd ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(single);
        else expect(found?.usd ?? Number.POSITIVE_INFINITY).toBe(single);
      }
    }
    return { said: null, next: before };
  },
  adjusted(before, workload) {
    const start = bestPlans(before, workload, rules);
    const { plan, prepared: next } = advisedPlan(start, workload, rules, prices);
    return { said: [plan?.adjustedUsd, plan?.terms], next };
  },
};

function startOf(context: Context): Prepared {
  return prepared(shapeOf(admit(supplyOf(context), context), context));
}

describe.each(scenarios)('%s', (name) => {
  const context = committedCase(name, ['preferences.objective=cost']);
  const at = async (multiple: number): Promise<Workload> => {
    const { workload } = await context;
    return workloadAt(workload, workload.requestsPerDay * multiple);
  };
  const known = new Map<string, unknown>();
  /** What is said of a question that is the first one. */
  async function first(question: string, multiple: number): Promise<unknown> {
    const key = `${question} ${multiple}`;
    if (!known.has(key)) known.set(key, questions[question]?.(startOf(await context), await at(multiple)).said);
    return known.get(key);
  }

  const asked = fc.array(
    fc.tuple(fc.constantFrom(...Object.keys(questions)), fc.constantFrom(...multiples), fc.boolean()),
    {
      minLength: 2,
      maxLength: 6,
    },
  );

  test('the answer is the same whatever was asked before', async () => {
    const start = startOf(await context);
    await fc.assert(
      fc.asyncProperty(asked, async (list) => {
        let now = start;
        for (const [question, multiple, isPassedOn] of list) {
          const ask = questions[question] as Question;
          const { said, next } = ask(now, await at(multiple));
          expect(said, `${question} at ${multiple}`).toEqual(await first(question, multiple));
          now = isPassedOn ? next : start;
        }
      }),
      { numRuns: long ? 100 : 6 },
    );
  });
});
