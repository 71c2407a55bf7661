import { mayFall } from '../cost/cache-hits.js';
import { at, isUnpriced, type Unpriced } from '../cost/curve.js';

import { cashExtraUsd, fteUsdPerMonth } from '../cost/people.js';
import type { Context } from '../places/placement.js';
import { monthAfter } from '../units/month.js';
import { grownMonth, monthOf } from '../workload/month-of.js';
import type { Workload } from '../workload/workload.js';
import { type Deployment, linesOf, optionsOf, type Plan, partsOf, planOf } from './plan.js';
import { taskPartIn } from './splits/cuts.js';

/** What single months cost: what is paid in them, one-offs apart. People in cash are only what the team lacks. */
export type Months = { firstUsd: number; peakUsd: number; peakCashUsd: number };

export function monthsOf(plan: Plan, context: Context): Months {
  const months = monthlyPlans(plan, context).map(paidIn);
  return {
    firstUsd: months[0]?.usd ?? 0,
    peakUsd: Math.max(...months.map(({ usd }) => usd)),
    peakCashUsd: Math.max(...months.map(({ cash }) => cash)),
  };
}

/** A month of the horizon (0 = first) alone: its workload, and the plan priced for it. */
export type MonthlyPlan = { month: number; plan: Plan; then: Context };

/** The first month, and those among which the dearest is. */
export const monthlyPlans = (plan: Plan, context: Context): MonthlyPlan[] =>
  monthsToPrice(plan, context.workload).map((month) => monthlyPlan(plan, context, month));

function monthlyPlan(plan: Plan, context: Context, month: number): MonthlyPlan {
  const then = { ...context, workload: monthOf(context.workload, month) };
  const priced = planIn(plan, context.workload, then);
  if (isUnpriced(priced)) throw new Error(`a plan that has a price has none in month ${month + 1}: ${priced.unpriced}`);
  return { month, plan: priced, then };
}

/** A plan that was made for a workload, priced for a month of its own; says why when something has no price then. */
export function planIn(plan: Plan, workload: Workload, then: Context): Plan | Unpriced {
  const parts = partsOf(plan, taskPartIn(then)).map((part, i) => {
    // What is bought for all months is there in each of them.
    const held = plan.deployments[i]?.units?.(workload.requestsPerDay);
    return part.second === undefined || held === undefined ? part : { ...part, second: { ...part.second, held } };
  });
  return planOf(parts, then);
}

/** What is paid in a month, one-offs apart. */
function paidIn({ plan, then: { workload } }: MonthlyPlan): { usd: number; cash: number } {
  const usd = plan.monthlyUsd - onceUsd(plan, workload);
  return { usd, cash: usd - fteUsdPerMonth(plan.fte, workload) + cashExtraUsd(plan.fte, workload) };
}

/** What is paid in one month (0 = first) of a plan, one-offs apart. */
export const monthUsd = (plan: Plan, context: Context, month: number): number =>
  paidIn(monthlyPlan(plan, context, month)).usd;

/** The same with so much of the volume of month 1, at prices of the calendar `month` months on; null: it has no price then. */
export function grownMonthUsd(plan: Plan, context: Context, factor: number, month: number): number | null {
  const then = { ...context, workload: grownMonth(context.workload, factor, month) };
  const priced = planIn(plan, context.workload, then);
  return isUnpriced(priced) ? null : paidIn({ month, plan: priced, then }).usd;
}

/** Whether every month is billed alike: neither volume nor prices move. */
export const steady = (plan: Plan, workload: Workload): boolean =>
  workload.growth.length === 1 && monthsToPrice(plan, workload).length === 1;

/** Part of an average month that no month's bill shows. */
const onceUsd = (plan: Plan, { requestsPerDay }: Workload): number =>
  linesOf(plan)
    .filter(({ once }) => once === true)
    .reduce((sum, { curve }) => sum + at(curve, requestsPerDay), 0);

/**
 * Months (0 = first) among which the dearest is: the first and the last, as volume grows or falls steadily, and those
 * around a change of price; all of them when prices decline against a growing volume, or hits of a cache make a bill fall.
 */
function monthsToPrice(plan: Plan, workload: Workload): number[] {
  const last = workload.months - 1;
  const every = () => Array.from({ length: workload.months }, (_, month) => month);
  if (workload.assume('priceDeclinePerYear') !== 0) return every();
  if (workload.growth.length > 1 && plan.deployments.some(fallsWithHits)) return every();
  const months = new Set(workload.growth.length === 1 ? [0] : [0, last]);
  for (const { api } of plan.deployments.flatMap(optionsOf)) {
    const until = api?.until?.slice(0, 7);
    if (until === undefined) continue;
    for (let month = 0; month <= last; month++) {
      if (monthAfter(workload.firstMonth, month) === until)
        months
          .add(month)
          .add(Math.min(last, month + 1))
          .add(last);
    }
  }
  return [...months].sort((a, b) => a - b);
}

const fallsWithHits = (deployment: Deployment): boolean =>
  optionsOf(deployment).some(
    ({ api }) => api !== null && deployment.taskParts.some(({ tokens }) => mayFall(tokens, api)),
  );
