import { adjustedTerms, summedTerms } from '../core/adjusted.js';
import type { Context } from '../places/placement.js';
import { certainlyAbove, rounded, roundedTree } from '../units/numeric.js';
import type { Target, TaskPart } from '../workload/workload.js';
import {
  adjustedPricesIn,
  adjustedTermsOf,
  boughtUsd,
  whyNotCheaper as differenceOf,
  meanQuality,
  unsureTasks,
  type Weighed,
} from './adjusted-plan.js';
import type { Choice } from './choice.js';
import type { Recommendation } from './decision.js';
import { optionsOf, type Plan, planWords } from './plan.js';
import { review } from './review.js';

/** Whether somebody waits for the answer. */
export const isWaitedFor = ({ waits }: TaskPart): boolean => waits === null;

/** Requests a day on models that are not sure enough to be good enough, of needs that are assumed. */
export const unsureRequests = (plan: Plan, context: Context): number =>
  requestsOf(unsureTasks(plan, { confidence: context.workload.assume('capabilityConfidence') }), context);

/** Tasks without a written target that wait longer than people bear, by their preset. */
export function lateTasks(plan: Plan, context: Context): string[] {
  const times = context.workload.assume('softLatencyTimes');
  return tasksSeen(plan, context, 'preset', (seen, usual) => seen > times * usual);
}

/** Tasks whose predicted first token is so near the target that the prediction may be off by more. */
export function tightTasks(plan: Plan, context: Context): string[] {
  const least = 1 - context.workload.assume('latencyHeadroom');
  return tasksSeen(plan, context, 'user', (seen, asked) => seen > least * asked * certainlyAbove);
}

/** Tasks that somebody waits for and of whose first token something holds, against a target of the user or a preset. */
const tasksSeen = (
  plan: Plan,
  context: Context,
  by: Target['by'],
  holds: (seenMs: number, targetMs: number) => boolean,
): string[] => {
  const tasks = [...review(plan, context).services].flatMap(([taskPart, service]) => {
    const target = taskPart.needs.ttftP95Ms;
    const seen = service?.ttftP95Ms ?? null;
    const isMeant = isWaitedFor(taskPart) && target?.by === by && seen !== null && holds(seen, target.value);
    return isMeant ? [taskPart.task] : [];
  });
  return [...new Set(tasks)];
};

const requestsOf = (tasks: readonly string[], { workload }: Context): number =>
  workload.taskParts.reduce((sum, { task, requestsPerDay }) => sum + (tasks.includes(task) ? requestsPerDay : 0), 0);

type Told = Pick<Recommendation, 'adjusted' | 'whyNotCheaper'>;

/** What the plan advised counts beyond its cost, and why it is not the cheaper one. */
export function adjustedCostOf(
  plan: Plan,
  choice: Pick<Choice, 'cheapest' | 'isAdjusted' | 'cheaperPlan'>,
  context: Context,
): Told {
  const { cheapest } = choice;
  if (cheapest === null || !choice.isAdjusted) return { adjusted: null, whyNotCheaper: null };
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

function whyNot(plan: Plan, choice: Pick<Choice, 'cheapest' | 'cheaperPlan'>, context: Context) {
  const { cheapest, cheaperPlan: other } = choice;
  if (cheapest === null || other === null) return null;
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
