import { at } from '../cost/curve.js';
import { fteUsdPerMonth } from '../cost/people.js';
import type { Context } from '../places/placement.js';
import { monthAfter, monthsPerYear } from '../units/month.js';
import { growthIn } from '../workload/scheduling.js';
import type { MonthRow, Recommendation } from './decision.js';
import { todaysPlanIfKnown } from './find-plan.js';
import { monthUsd, steady } from './months.js';
import { linesOf, type Plan } from './plan.js';

const negligible = 1e-9;

/** What a plan pays outside its months: with the months and the cost of capital, all that it costs. */
export type OneOffs = {
  /** Before the start. */
  upfrontUsd: number;
  /** By month after whose end it is paid: machines worn out within the horizon are bought again. */
  renewalUsd: ReadonlyMap<number, number>;
  /** When the horizon ends: commitments that outlast it. */
  exitUsd: number;
  /** What hardware of one's own then still fetches. */
  resaleUsd: number;
  /** What the money in it would have earned: no payment. */
  capitalUsd: number;
};

export function oneOffsOf(plan: Plan, { workload }: Context): OneOffs {
  const renewalUsd = new Map<number, number>();
  const sums = { upfrontUsd: 0, renewalUsd, exitUsd: 0, resaleUsd: 0, capitalUsd: 0 };
  for (const { curve, upfront, once, atEnd, again = [] } of linesOf(plan)) {
    if (once !== true) continue;
    const total = at(curve, workload.requestsPerDay) * workload.months;
    if (atEnd === true) sums.exitUsd += upfront;
    else if (upfront === 0) sums.capitalUsd += total;
    else {
      sums.upfrontUsd += upfront;
      for (const month of again) renewalUsd.set(month, (renewalUsd.get(month) ?? 0) + upfront);
      const paid = upfront * (1 + again.length);
      // What is left of rounding is no resale.
      if (Math.abs(paid - total) > negligible * paid) sums.resaleUsd += paid - total;
    }
  }
  return sums;
}

/** What is paid in every month of the horizon, one-offs apart. */
export function billsOf(plan: Plan, context: Context): number[] {
  const { workload } = context;
  if (!steady(plan, workload))
    return Array.from({ length: workload.months }, (_, month) => monthUsd(plan, context, month));
  return new Array<number>(workload.months).fill(monthUsd(plan, context, 0));
}

/** Payments before the start (month 0) and in every month, with renewals and, in the last, the residual value. */
export function paymentsOf(plan: Plan, context: Context, oneOffs = oneOffsOf(plan, context)): number[] {
  const { upfrontUsd, renewalUsd, exitUsd, resaleUsd } = oneOffs;
  const paid = [upfrontUsd, ...billsOf(plan, context)];
  const last = paid.length - 1;
  return paid.map((usd, month) => usd + (renewalUsd.get(month) ?? 0) + (month === last ? exitUsd - resaleUsd : 0));
}

/** Monthly cost of what is in use today: bill and people, following its own prices and the volume. */
export function todaysBills(context: Context): number[] | null {
  const { today, months, requestsPerDay } = context.workload;
  if (today === null || today.billUsdPerMonth === null) return null;
  const bill = today.billUsdPerMonth;
  const now = todaysPlanIfKnown(context);
  if (now === null || requestsPerDay === 0)
    return Array.from({ length: months }, (_, month) => bill * growthIn(context.workload, month));
  const people = fteUsdPerMonth(now.fte, context.workload);
  const bills = billsOf(now, context).map((usd) => usd - people);
  const first = bills[0] ?? 0;
  return bills.map((usd) => (first > 0 ? bill * (usd / first) : bill) + people);
}

export type Timeline = {
  rows: MonthRow[];
  oneOffs: OneOffs;
  /** First month at whose end the plan has cost no more than today's; null: not within the horizon, or no today. */
  breakEvenMonth: number | null;
  /** Net present value of the savings against today's, discounted at the cost of capital; null without a today. */
  netPresentUsd: number | null;
};

/** Month by month: payments, the cost of today's option, and when the plan becomes cheaper. */
export function timelineOf(plan: Plan, context: Context): Timeline {
  const oneOffs = oneOffsOf(plan, context);
  return timelineFrom(paymentsOf(plan, context, oneOffs), oneOffs, context);
}

/** The same of payments that are known: before the start (month 0) and in every month. */
export function timelineFrom(payments: readonly number[], oneOffs: OneOffs, context: Context): Timeline {
  const { workload } = context;
  const today = todaysBills(context);
  const monthlyRate = (1 + workload.assume('costOfCapital')) ** (1 / monthsPerYear) - 1;
  const rows: MonthRow[] = [];
  let cumulative = 0;
  let cumulativeToday = 0;
  let netPresent = 0;
  for (const [month, paid] of payments.entries()) {
    const now = month === 0 ? 0 : (today?.[month - 1] ?? 0);
    cumulative += paid;
    cumulativeToday += now;
    netPresent += (now - paid) / (1 + monthlyRate) ** month;
    const factor = growthIn(workload, Math.max(0, month - 1));
    rows.push({
      month,
      date: monthAfter(workload.firstMonth, Math.max(0, month - 1)),
      requestsPerDay: workload.requestsPerDay * factor,
      paid,
      cumulative,
      today: today === null ? null : now,
      cumulativeToday: today === null ? null : cumulativeToday,
    });
  }
  const overtaken = rows.find(
    ({ month, cumulative: sum, cumulativeToday: other }) => month > 0 && other !== null && sum <= other,
  );
  return {
    rows,
    oneOffs,
    breakEvenMonth: overtaken?.month ?? null,
    netPresentUsd: today === null ? null : netPresent,
  };
}

/**
 * The bill of what is in use today, as invoiced and in a mean month of the horizon, its people, and its bill of the
 * first month by the tables; null where the scenario has no bill of today.
 */
export function todayOf(context: Context): Recommendation['today'] {
  const { workload } = context;
  const bills = todaysBills(context);
  const bill = workload.today?.billUsdPerMonth ?? null;
  if (bills === null || bill === null) return null;
  const now = todaysPlanIfKnown(context);
  const people = now && fteUsdPerMonth(now.fte, workload);
  const mean = bills.reduce((sum, usd) => sum + usd, 0) / bills.length;
  return {
    bill,
    meanBill: mean - (workload.requestsPerDay === 0 ? 0 : (people ?? 0)),
    people,
    listBill: now && (billsOf(now, context)[0] ?? 0) - (people ?? 0),
  };
}
