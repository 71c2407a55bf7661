import { isUnpriced, type Unpriced } from '../../cost/curve.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { Workload } from '../../workload/workload.js';
import { type ActualMonth, type Actuals, added, nothingServed, type Served, scaled } from './actuals.js';
import { changedMonth, type MonthBill, monthBill, onCalendar, requestsOf, sumOf, tokenRatios } from './months.js';

/** The first month of the actuals, and how many they reach over. */
export type Calendar = { firstMonth: string; months: number };

/** Growth per month that a scenario has, or that is assumed of it. */
const growthIn = ({ inputs }: Workload): number =>
  inputs.find(({ path }) => path === 'workload.growth')?.value.likely ?? 0;

/** A workload on the calendar of the actuals. */
const workloadOn = (workload: Workload, { firstMonth, months }: Calendar): Workload =>
  onCalendar(workload, firstMonth, months, growthIn(workload));

/**
 * The predicted bill of a plan for a month (0 = first) of the calendar.
 *
 * @param made the workload that the plan was made for
 */
export const predictedBill = (
  plan: Plan,
  { tables, workload }: Context,
  calendar: Calendar,
  month: number,
  made = workload,
): MonthBill | Unpriced => {
  const then = changedMonth(workloadOn(workload, calendar), month, (taskPart, grown) => ({
    requests: requestsOf(taskPart, grown),
    ...{ input: 1, output: 1 },
  }));
  return monthBill(plan, made, { tables, workload: then });
};

/** A month, or all: the prediction, the bills of actual use at the plan's prices, and what was paid. */
export type Compared = {
  usd: {
    predicted: number;
    atVolume: number;
    atVolumeAndMix: number;
    /** The part of `atVolumeAndMix` that a discount would lower. */
    discountable: number;
    paid: number;
  };
  said: Served;
  was: Served;
};

/** Each month as it was against what was said of it. */
export function compareMonths(
  actuals: Actuals,
  plan: Plan,
  context: Context,
  calendar: Calendar,
): Compared[] | Unpriced {
  const compared: Compared[] = [];
  for (const month of actuals.months) {
    const one = compareMonth(month, plan, context, calendar);
    if (isUnpriced(one)) return { unpriced: `${month.month}: ${one.unpriced}` };
    compared.push(one);
  }
  return compared;
}

function compareMonth(
  month: ActualMonth,
  plan: Plan,
  { tables, workload: made }: Context,
  calendar: Calendar,
): Compared | Unpriced {
  const workload = workloadOn(made, calendar);
  const bill = (changeOf: Parameters<typeof changedMonth>[2]) =>
    monthBill(plan, made, { tables, workload: changedMonth(workload, month.index, changeOf) });
  const predicted = predictedBill(plan, { tables, workload: made }, calendar, month.index);
  if (isUnpriced(predicted)) return predicted;
  const said = sumOf(predicted.tasks.values());
  const volume = said.requests > 0 ? month.requests / said.requests : 0;
  const atVolume = bill((taskPart, then) => ({
    requests: requestsOf(taskPart, then) * volume,
    ...{ input: 1, output: 1 },
  }));
  if (isUnpriced(atVolume)) return atVolume;
  const all = month.tasks === null ? tokenRatios(month, sumOf(atVolume.tasks.values())) : null;
  const atVolumeAndMix = bill((taskPart, then) => {
    const requests = requestsOf(taskPart, then) * volume;
    const alike = atVolume.tasks.get(taskPart.task);
    if (all !== null || alike === undefined) return { requests, ...(all ?? { input: 1, output: 1 }) };
    const actual = month.tasks?.get(taskPart.task) ?? nothingServed;
    // Developers and tests are in the rows of their task.
    const factor = alike.requests > 0 ? actual.requests / alike.requests : 0;
    return { requests: requests * factor, ...tokenRatios(actual, scaled(alike, factor)) };
  });
  if (isUnpriced(atVolumeAndMix)) return atVolumeAndMix;
  return {
    usd: {
      predicted: predicted.usd,
      atVolume: atVolume.usd,
      atVolumeAndMix: atVolumeAndMix.usd,
      discountable: atVolumeAndMix.discountableUsd,
      paid: month.paidUsd,
    },
    said: added(nothingServed, said),
    was: added(nothingServed, month),
  };
}
