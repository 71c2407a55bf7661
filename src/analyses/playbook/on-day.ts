import { grownMonthUsd, monthUsd } from '../../decide/months.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { dayAfter, daysPerWeek, monthsBetween } from '../../units/month.js';
import { volumeIn } from './volume-facts.js';

/** What is so on the day of a step. */
export type OnDay = {
  requestsPerDay: (day: string) => number;
  /** The last whole bill by then, and its month: that of the decision is 1. */
  lastBill: (day: string) => { usd: number; month: number } | null;
};

/**
 * Volume grows from the day of the decision, as months of steps count, and goes on after the horizon; prices move by the
 * calendar, which costs count from the month of the snapshot.
 */
export function onDayOf(plan: Plan | null, context: Context): OnDay {
  const { workload } = context;
  const served = workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  const [decided, half] = [
    workload.asOf.slice(0, 7),
    Math.round((workload.assume('firstBillWeeks') * daysPerWeek) / 2),
  ];
  const monthOn = (day: string): number => Math.max(0, monthsBetween(decided, day.slice(0, 7)));
  return {
    requestsPerDay: (day) => served * volumeIn(monthOn(day), workload),
    lastBill: (day) => {
      if (plan === null) return null;
      // Most of the weeks in which it was counted lie in the month of their middle.
      const month = monthOn(dayAfter(day, -half));
      const priced = Math.max(0, monthsBetween(workload.firstMonth, decided) + month);
      const usd =
        grownMonthUsd(plan, context, volumeIn(month, workload), priced) ?? monthUsd(plan, context, workload.months - 1);
      return { usd, month: month + 1 };
    },
  };
}
