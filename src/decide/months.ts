import { add, at, type CostLine, fixedCost, isUnpriced, meanMultipleOf, termAt, type Unpriced } from '../cost/curve.js';
import { cashExtraUsd, fteUsdPerMonth, runFormula } from '../cost/people.js';
import { mayFall } from '../cost/prompt.js';
import type { Context, TaskService } from '../places/placement.js';
import { workNeeded } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { pricedLater } from '../tables/offers.js';
import type { Tables } from '../tables/tables.js';
import { minutesPerDay, monthAfter, secondsPerDay } from '../units/month.js';
import { highestOf } from '../workload/load.js';
import { grownMonth, monthOf } from '../workload/scheduling.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { taskPartIn } from './cuts.js';
import type { Warning } from './decision.js';
import { type Deployment, fleetTermOf, linesOf, optionsOf, type Plan, partsOf, planOf } from './plan.js';

/**
 * Costs of single months, without one-time costs. Cash has only the people whom the team lacks, and bought machines by
 * their monthly cost where no limit on one-time costs applies.
 */
export type Months = { firstUsd: number; peakUsd: number; peakCashUsd: number };

export function monthsOf(plan: Plan, context: Context): Months {
  const months = monthlyPlans(plan, context).map(paidIn);
  return {
    firstUsd: months[0]?.usd ?? 0,
    peakUsd: Math.max(...months.map(({ usd }) => usd)),
    peakCashUsd: Math.max(...months.map(({ cash }) => cash)) + boughtUsd(plan, context),
  };
}

/** What bought machines cost a month, where no limit on one-offs holds them. */
const boughtUsd = (plan: Plan, { workload }: Context): number =>
  workload.rules.budgetUpfrontUsd === null ? onceUsd(plan, workload, isBought) : 0;

/** A month of the horizon (0 = first) alone: its workload, and the plan priced for it. */
export type MonthlyPlan = { month: number; plan: Plan; then: Context };

/** The first month, and those among which the dearest is. */
export const monthlyPlans = (plan: Plan, context: Context): MonthlyPlan[] =>
  monthsToPrice(plan, context.workload).map((month) => monthlyPlan(plan, context, month));

/** A plan in one month (0 = first). */
export function monthlyPlan(plan: Plan, context: Context, month: number): MonthlyPlan {
  const then = { ...context, workload: monthOf(context.workload, month) };
  const priced = planIn(plan, context.workload, then);
  if (isUnpriced(priced)) throw new Error(`a plan that has a price has none in month ${month + 1}: ${priced.unpriced}`);
  return { month, plan: withPeopleOf(plan, context.workload, priced, then.workload), then };
}

/** A plan in a month, with the same people as in all months: they follow the mean number of machines. */
function withPeopleOf(whole: Plan, { requestsPerDay }: Workload, plan: Plan, then: Workload): Plan {
  const isRun = ({ part }: CostLine): boolean => part === runFormula.id;
  const run = whole.shared.find(isRun);
  if (run === undefined) return plan;
  const held: CostLine = {
    ...run,
    curve: fixedCost(at(run.curve, requestsPerDay)),
    ...(run.trace && { trace: () => (run.trace as NonNullable<typeof run.trace>)(requestsPerDay) }),
  };
  const shared = plan.shared.map((line) => (isRun(line) ? held : line));
  const curve = add(linesOf({ deployments: plan.deployments, shared }).map((line) => line.curve));
  return { ...plan, shared, curve, monthlyUsd: at(curve, then.requestsPerDay), fte: whole.fte };
}

/** A plan made for a workload, priced for one month; says why when something has no price then. */
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

/** The same at a multiple of the volume of month 1, at prices `month` months later; null: no price then. */
export function grownMonthUsd(plan: Plan, context: Context, factor: number, month: number): number | null {
  const then = { ...context, workload: grownMonth(context.workload, factor, month) };
  const priced = planIn(plan, context.workload, then);
  return isUnpriced(priced) ? null : paidIn({ month, plan: priced, then }).usd;
}

/** Whether all months have the same bill: neither volume nor prices change. */
export const steady = (plan: Plan, workload: Workload): boolean =>
  workload.growth.length === 1 && monthsToPrice(plan, workload).length === 1;

/** Part of an average month that no month's bill shows. */
const onceUsd = (plan: Plan, { requestsPerDay }: Workload, isMeant: (line: CostLine) => boolean = () => true): number =>
  linesOf(plan)
    .filter((line) => line.once === true && isMeant(line))
    .reduce((sum, { curve }) => sum + at(curve, requestsPerDay), 0);

const isBought = ({ part }: CostLine): boolean => part.startsWith('capital.');

/**
 * Months (0 = first) among which the dearest is: the first, the last and those around a change of price; all where
 * prices decline against a growing volume, or cache hits lower a bill.
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

/**
 * Requests of the busiest minute of the horizon by provider. A fallback may have to take all of them while the first
 * place is down; an overflow takes what owned machines do not hold while one of them fails.
 */
export function busiestMinute({ deployments }: Pick<Plan, 'deployments'>, context: Context): Map<string, number> {
  const { workload } = context;
  const most = new Map<string, number>();
  for (const deployment of deployments) {
    const { option: first, second } = deployment;
    for (const option of optionsOf(deployment)) {
      const { api, kind, provider, provisioned } = option;
      if ((api === null && kind !== 'serverless-gpu') || provisioned !== null) continue;
      const share = option !== first && second?.role === 'overflow' ? shareAboveOthers(deployment, context) : 1;
      const perMinute =
        share * deployment.taskParts.reduce((sum, taskPart) => sum + peakPerMinute(taskPart, workload), 0);
      most.set(provider, (most.get(provider) ?? 0) + perMinute);
    }
  }
  return most;
}

/** Share of the busiest minute that all machines of a deployment but one do not hold. */
function shareAboveOthers({ option, taskParts, units }: Deployment, context: Context): number {
  const { workload } = context;
  let asked = 0;
  for (const taskPart of taskParts) {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    if (isUnpriced(seen) || seen.unitRequestsPerS === null) return 1;
    const peak = highestOf(taskPart.hours) * workload.peakGrowth;
    asked += workNeeded(option, taskPart, seen.unitRequestsPerS, workload) * peak;
  }
  const others = Math.max(0, (units?.(workload.requestsPerDay) ?? 0) - 1);
  return asked <= 0 ? 1 : Math.max(0, 1 - others / asked);
}

const peakPerMinute = ({ requestsPerDay, hours }: TaskPart, workload: Workload): number =>
  (requestsPerDay * highestOf(hours) * workload.peakGrowth * workload.assume('inHourFactor')) / minutesPerDay;

/**
 * Utilization of the bought machine-hours, as if all work ran at saturation; an output.
 *
 * @param services what task parts see there, where known
 */
export function busyShare(
  { option, taskParts, lines, second, units }: Pick<Deployment, 'option' | 'taskParts' | 'lines' | 'second' | 'units'>,
  context: Context,
  services: ReadonlyMap<TaskPart, TaskService | null> = new Map(),
): number | null {
  const { workload } = context;
  const term = fleetTermOf(lines);
  const usual = term === undefined ? 0 : termAt({ ...term, usd: 1 }, workload.requestsPerDay);
  const boughtHours = units === undefined ? usual : units(workload.requestsPerDay) * workload.hoursPerMonth;
  if (boughtHours === 0) return null;
  const here = 1 - (second?.role === 'overflow' ? second.share(workload.requestsPerDay) : 0);
  let working = 0;
  for (const taskPart of taskParts) {
    const seen = services.get(taskPart) ?? placementOf(option.kind).service(option, taskPart, context);
    if ('unpriced' in seen || seen.unitRequestsPerS === null) return null;
    working +=
      ((taskPart.requestsPerDay * meanMultipleOf(taskPart, workload)) / secondsPerDay / seen.unitRequestsPerS) *
      workload.hoursPerMonth;
  }
  return (working * here) / boughtHours;
}

/** Hardware bought at prices not known on the snapshot's date, without what is owned already. */
export function hindsightWarnings(plan: Plan, { accelerators, snapshot }: Tables): Warning[] {
  const bought = linesOf(plan).filter(({ part, upfront }) => part.startsWith('capital.') && upfront > 0);
  const rows = new Set(
    bought.flatMap((line) => line.sources().flatMap(({ table, row }) => (table === 'accelerators' ? [row] : []))),
  );
  const later = accelerators.filter((one) => rows.has(one.row) && pricedLater(one, snapshot));
  if (later.length === 0) return [];
  const named = later.map(({ accelerator, priceAsOf }) => `${accelerator} (${priceAsOf})`).join(', ');
  const message = `the plan buys hardware at list prices of a later month than the snapshot of ${snapshot.date}: ${named}`;
  return [{ code: 'hindsight-price', message }];
}
