import type { Context } from '../places/placement.js';
import { mistakeIn } from '../workload/lint-contradictions.js';
import { costBeside } from './compared.js';
import type { AskedRow } from './decision.js';
import { findPlan, missing } from './find-plan.js';
import { failedGates, planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { kindsOf } from './recommendation.js';
import { review } from './review.js';
import { rounded, roundedFigures } from './round.js';
import { planWords } from './words.js';

/** What was asked for by id, options and plans alike, with every rule that turns it down; what is not there is not on sale. */
export function askedRow(id: string, advised: Plan | null, context: Context): AskedRow {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') {
    const absent = plan === missing(id, context);
    const [need, have] = absent ? ['on sale', 'not on sale'] : ['a plan with a price', 'none'];
    // Of an id that is nearly one, what may be meant.
    const near = absent ? (mistakeIn(id, context.tables)?.near ?? null) : null;
    const why = near === null ? '' : ` (did you mean ${near}?)`;
    const failed = { gate: 'available', task: 'all', need, have, reason: `${plan}${why}`, figures: {} };
    return {
      id,
      label: null,
      kinds: [],
      feasible: false,
      monthlyCost: null,
      verdict: absent ? `no: not on sale in the tables of ${context.tables.snapshot.date}${why}` : `no: ${plan}`,
      figures: {},
      failedGates: [failed],
    };
  }
  const failed = failedGates({ verdicts: [...review(plan, context).verdicts, ...planVerdicts(plan, context)] });
  const [first] = failed;
  const beside = advised === null ? { text: 'passes every rule', figures: {} } : costBeside(plan, advised, context);
  const verdict =
    first !== undefined
      ? { text: `no: ${first.gate}, ${first.reason}`, figures: first.figures }
      : plan.id === advised?.id
        ? { text: 'recommended', figures: {} }
        : beside;
  return {
    id: plan.id,
    label: planWords(plan),
    kinds: kindsOf(plan, context.workload),
    feasible: first === undefined,
    monthlyCost: rounded(plan.monthlyUsd),
    verdict: verdict.text,
    figures: roundedFigures(verdict.figures),
    failedGates: failed,
  };
}

/** The plans that were asked for by id, of those that there are. */
export const askedPlans = (ids: readonly string[], context: Context): Plan[] =>
  ids.flatMap((id) => {
    const plan = findPlan(id, context);
    return typeof plan === 'string' ? [] : [plan];
  });
