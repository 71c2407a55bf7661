import { mayFall } from '../cost/cache-hits.js';
import { at } from '../cost/curve.js';
import { isUnpriced, type Unpriced } from '../cost/line.js';
import { cashExtraUsd, fteUsdPerMonth } from '../cost/people.js';
import type { Case } from '../places/placement.js';
import { monthAfter } from '../units/month.js';
import type { Demand } from '../workload/demand.js';
import { grownMonth, monthOf } from '../workload/month-of.js';
import { type Deployment, linesOf, optionsOf, type Plan, partsOf, planOf } from './plan.js';
import { sliceIn } from './slicings/cuts.js';

/** What single months cost: what is paid in them, one-offs apart. People in cash are only what the team lacks. */
export type Months = { firstUsd: number; peakUsd: number; peakCashUsd: number };

export function monthsOf(plan: Plan, of: Case): Months {
  const months = monthlyPlans(plan, of).map(paidIn);
  return {
    firstUsd: months[0]?.usd ?? 0,
    peakUsd: Math.max(...months.map(({ usd }) => usd)),
    peakCashUsd: Math.max(...months.map(({ cash }) => cash)),
  };
}

/** A month of the horizon (0 = first) alone: its demand, and the plan priced for it. */
export type MonthlyPlan = { month: number; plan: Plan; then: Case };

/** The first month, and those among which the dearest is. */
export const monthlyPlans = (plan: Plan, of: Case): MonthlyPlan[] =>
  monthsToPrice(plan, of.demand).map((month) => monthlyPlan(plan, of, month));

function monthlyPlan(plan: Plan, of: Case, month: number): MonthlyPlan {
  const then = { ...of, demand: monthOf(of.demand, month) };
  const priced = planIn(plan, of.demand, then);
  if (isUnpriced(priced)) throw new Error(`a plan that has a price has none in month ${month + 1}: ${priced.unpriced}`);
  return { month, plan: priced, then };
}

/** A plan that was made for a demand, priced for a month of its own; says why when something has no price then. */
export function planIn(plan: Plan, demand: Demand, then: Case): Plan | Unpriced {
  const parts = partsOf(plan, sliceIn(then)).map((part, i) => {
    // What is bought for all months is there in each of them.
    const held = plan.deployments[i]?.units?.(demand.requestsPerDay);
    return part.second === undefined || held === undefined ? part : { ...part, second: { ...part.second, held } };
  });
  return planOf(parts, then);
}

/** What is paid in a month, one-offs apart. */
function paidIn({ plan, then: { demand } }: MonthlyPlan): { usd: number; cash: number } {
  const usd = plan.monthlyUsd - onceUsd(plan, demand);
  return { usd, cash: usd - fteUsdPerMonth(plan.fte, demand) + cashExtraUsd(plan.fte, demand) };
}

/** What is paid in one month (0 = first) of a plan, one-offs apart. */
export const monthUsd = (plan: Plan, of: Case, month: number): number => paidIn(monthlyPlan(plan, of, month)).usd;

/** The same with so much of the volume of month 1, at prices of the calendar `month` months on; null: it has no price then. */
export function grownMonthUsd(plan: Plan, of: Case, factor: number, month: number): number | null {
  const then = { ...of, demand: grownMonth(of.demand, factor, month) };
  const priced = planIn(plan, of.demand, then);
  return isUnpriced(priced) ? null : paidIn({ month, plan: priced, then }).usd;
}

/** Whether every month is billed alike: neither volume nor prices move. */
export const steady = (plan: Plan, demand: Demand): boolean =>
  demand.growth.length === 1 && monthsToPrice(plan, demand).length === 1;

/** Part of an average month that no month's bill shows. */
const onceUsd = (plan: Plan, { requestsPerDay }: Demand): number =>
  linesOf(plan)
    .filter(({ once }) => once === true)
    .reduce((sum, { curve }) => sum + at(curve, requestsPerDay), 0);

/**
 * Months (0 = first) among which the dearest is: the first and the last, as volume grows or falls steadily, and those
 * around a change of price; all of them when prices decline against a growing volume, or hits of a cache make a bill fall.
 */
function monthsToPrice(plan: Plan, demand: Demand): number[] {
  const last = demand.months - 1;
  const every = () => Array.from({ length: demand.months }, (_, month) => month);
  if (demand.assume('priceDeclinePerYear') !== 0) return every();
  if (demand.growth.length > 1 && plan.deployments.some(fallsWithHits)) return every();
  const months = new Set(demand.growth.length === 1 ? [0] : [0, last]);
  for (const { api } of plan.deployments.flatMap(optionsOf)) {
    const until = api?.until?.slice(0, 7);
    if (until === undefined) continue;
    for (let month = 0; month <= last; month++) {
      if (monthAfter(demand.firstMonth, month) === until)
        months
          .add(month)
          .add(Math.min(last, month + 1))
          .add(last);
    }
  }
  return [...months].sort((a, b) => a - b);
}

const fallsWithHits = (deployment: Deployment): boolean =>
  optionsOf(deployment).some(({ api }) => api !== null && deployment.slices.some(({ tokens }) => mayFall(tokens, api)));
