import { at, isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import type { Placed, PlanLimits } from '../several/decide.js';
import { planVerdicts } from './option-report.js';
import { type Plan, planOf, taskLines } from './plan.js';
import type { TaskPlan } from './task-plans.js';

/** A plan by its places, before its lines: USD a month, under one split of the tasks. */
export type CasePlan = { places: readonly Placed[]; usd: number; context: Context };

export const planOfTask = ({ option, second, usd }: TaskPlan, context: Context): CasePlan => ({
  places: [{ option, taskParts: context.workload.taskParts, ...(second && { second }) }],
  usd,
  context,
});

/** The plan with its lines. */
export function tracedCase({ places, context }: Pick<CasePlan, 'places' | 'context'>): Plan {
  const plan = planOf(places, context);
  if (isUnpriced(plan)) throw new Error(`a plan has no price: ${plan.unpriced}`);
  return plan;
}

/** What tasks cost a month wherever they run. */
export const extraUsd = (context: Context): number =>
  taskLines([{ taskParts: context.workload.taskParts }], context).reduce(
    (usd, { curve }) => usd + at(curve, context.workload.requestsPerDay),
    0,
  );

/** Rules on whole plans, for a plan with its lines; null: none can exclude one. */
export function limitsIn(context: Context): PlanLimits {
  const { team, rules } = context.workload;
  const isAsked =
    (team.given && !team.mayHire) ||
    rules.budgetMonthlyUsd !== null ||
    rules.budgetUpfrontUsd !== null ||
    (rules.maxFte ?? null) !== null;
  if (!isAsked) return null;
  return (places, workload) => {
    const then = { ...context, workload };
    const plan = planOf(places, then);
    if (isUnpriced(plan) || plan.fte > (rules.maxFte ?? Number.POSITIVE_INFINITY)) return false;
    return planVerdicts(plan, then).every(({ verdict }) => mayRun(verdict));
  };
}
