import { adjustedTerms, summedTerms } from '../core/adjusted.js';
import type { Context } from '../places/placement.js';
import {
  adjustedPricesIn,
  adjustedTermsOf,
  boughtUsd,
  whyNotCheaper as differenceOf,
  meanQuality,
  type Weighed,
} from './adjusted-plan.js';
import { unsureRequests } from './advice.js';
import type { Choice } from './choice.js';
import type { Recommendation } from './decision.js';
import { optionsOf, type Plan, planWords } from './plan.js';
import { review } from './review.js';
import { rounded, roundedTree } from './round.js';

type Told = Pick<Recommendation, 'adjusted' | 'whyNotCheaper'>;

/** What the plan advised counts beyond its cost, and why it is not the cheaper one. */
export function adjustedCostOf(plan: Plan, choice: Pick<Choice, 'cheapest' | 'advice'>, context: Context): Told {
  const { cheapest } = choice;
  if (cheapest === null || !choice.advice.isAdjusted) return { adjusted: null, whyNotCheaper: null };
  const advised = weighed(plan, cheapest, context);
  const terms = adjustedTerms.map((term) => [term, rounded(advised.terms[term])]);
  return {
    adjusted: {
      ...(Object.fromEntries(terms) as Weighed['terms']),
      total: rounded(advised.usd + summedTerms(advised.terms)),
    },
    whyNotCheaper: whyNot(plan, choice, context),
  };
}

/** Whether a plan is better than the advised one, by what the case minimizes, at its C0. */
export function isAdvisedBefore(plan: Plan, advised: Plan, { cheapest }: Pick<Choice, 'cheapest'>, context: Context) {
  if (cheapest === null || context.workload.rules.objective === 'cost') return plan.monthlyUsd < advised.monthlyUsd;
  const countedUsd = (one: Plan): number => {
    const { usd, terms } = weighed(one, cheapest, context);
    return usd + summedTerms(terms);
  };
  return unsureRequests(plan, context) <= unsureRequests(advised, context) && countedUsd(plan) < countedUsd(advised);
}

/** The cost of a plan, and its other terms, at the C0 of the case. */
export const weighed = (plan: Plan, cheapest: Plan, context: Context): Weighed => ({
  usd: plan.monthlyUsd,
  terms: adjustedTermsOf(plan, cheapest.monthlyUsd, adjustedPricesIn(context.workload), context),
});

function whyNot(plan: Plan, { cheapest, advice }: Pick<Choice, 'cheapest' | 'advice'>, context: Context) {
  const other = advice.moves.find(({ rule }) => rule === 'adjusted')?.from;
  if (cheapest === null || other === undefined) return null;
  const [mine, its] = [weighed(plan, cheapest, context), weighed(other, cheapest, context)];
  const { savesUsd, countsMoreUsd, lines } = differenceOf(mine, its, context.workload.assume('smallTermShare'));
  const saves = rounded(savesUsd);
  if (saves <= 0) return null;
  return {
    plan: other.id,
    label: planWords(other, context.tables),
    monthlyCost: rounded(other.monthlyUsd),
    savesMonthly: saves,
    countsMore: rounded(countsMoreUsd),
    lines: lines.map(({ term, terms, usd }) => ({ term, terms, monthly: rounded(usd) })),
    figures: roundedTree({
      ...figuresOf(plan, context, (name) => name),
      ...figuresOf(other, context, (name) => `its${name.charAt(0).toUpperCase()}${name.slice(1)}`),
      redoWeeks: context.workload.assume('redoWeeks'),
      redoMonths: context.workload.assume('redoMonths'),
    }),
  };
}

/** What the terms of a plan are made of, by names; a first token that is not known is left out. */
function figuresOf(plan: Plan, context: Context, named: (name: string) => string): Record<string, number> {
  const { index, goodEnough } = meanQuality(plan, context);
  const firstTokens = [...review(plan, context).services.values()].flatMap((seen) => seen?.ttftP95Ms ?? []);
  const figures = {
    quality: index,
    goodEnough,
    ...(firstTokens.length > 0 && { ttftP95Ms: Math.max(...firstTokens) }),
    boughtFor: boughtUsd(plan),
    places: plan.deployments.flatMap(optionsOf).length,
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [named(name), value]));
}
