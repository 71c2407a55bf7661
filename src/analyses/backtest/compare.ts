import { isUnpriced, type Unpriced } from '../../cost/curve.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { Workload } from '../../workload/workload.js';
import { addCauses, type Causes, causesOf, noCauses } from './causes.js';
import { changedMonth, type MonthBill, monthBill, onCalendar, requestsOf, tokenRatios } from './months.js';
import { type ActualMonth, addServed, nothingServed, type Said, type Served } from './read-actuals.js';

/** Where the months of the actuals lie. */
export type Calendar = { firstMonth: string; months: readonly number[] };

/** Growth per month that a scenario has, or that is assumed of it. */
export const growthIn = ({ inputs }: Workload): number =>
  inputs.find(({ path }) => path === 'workload.growth')?.value.likely ?? 0;
/** Tokens of documents found for a request. */
export const retrievedIn = ({ inputs }: Workload): number =>
  inputs.find(({ path }) => path === 'needs.rag.retrieved')?.value.likely ?? 0;

/** A workload on the calendar of the actuals. */
export const workloadOn = (workload: Workload, { firstMonth, months }: Calendar): Workload =>
  onCalendar(workload, firstMonth, (months.at(-1) ?? 0) + 1, growthIn(workload));

/** The bill that is predicted for a month. */
export function predictedBill(plan: Plan, context: Context, calendar: Calendar, month: number): MonthBill | null {
  const workload = workloadOn(context.workload, calendar);
  const bill = monthBill(plan, context.workload, { ...context, workload: asSaid(workload, month) });
  return isUnpriced(bill) ? null : bill;
}

const asSaid = (workload: Workload, month: number): Workload =>
  changedMonth(workload, month, (taskPart, then) => ({ requests: requestsOf(taskPart, then), input: 1, output: 1 }));

export type Bills = {
  predicted: number;
  atVolume: number;
  atVolumeAndMix: number;
  /** The part of `atVolumeAndMix` that a discount would lower. */
  discountable: number;
  paid: number;
};
/** A month, or all of them: what was said and what was; tokens said for the actual requests, by task. */
export type Compared = {
  month: string;
  bills: Bills;
  causes: Causes;
  said: Served;
  was: Served;
  tokens: ReadonlyMap<string, Said>;
};

/**
 * One month as it was against what was said of it, at the prices of the tables; `docs/model.md` has the order of causes.
 *
 * @param of the workload on the calendar of the actuals
 * @param made the workload that the plan was made for
 */
export function compare(month: ActualMonth, plan: Plan, context: Context, made: Workload): Compared | Unpriced {
  const { workload } = context;
  const bill = (then: Workload) => monthBill(plan, made, { ...context, workload: then });
  const predicted = bill(asSaid(workload, month.index));
  if (isUnpriced(predicted)) return predicted;
  const said = sumOf(predicted.tasks);

  const volume = said.requests > 0 ? month.requests / said.requests : 0;
  const atVolume = bill(
    changedMonth(workload, month.index, (taskPart, then) => ({
      requests: requestsOf(taskPart, then) * volume,
      input: 1,
      output: 1,
    })),
  );
  if (isUnpriced(atVolume)) return atVolume;

  const all = month.tasks === null ? tokenRatios(month, sumOf(atVolume.tasks)) : null;
  const atVolumeAndMix = bill(
    changedMonth(workload, month.index, (taskPart, then) => {
      const { task } = taskPart;
      const requests = requestsOf(taskPart, then) * volume;
      if (all !== null) return { requests, ...all };
      const actual = month.tasks?.get(task) ?? nothingServed;
      const alike = atVolume.tasks.get(task) ?? nothingServed;
      // Developers and tests are in the rows of their task.
      const factor = alike.requests > 0 ? actual.requests / alike.requests : 0;
      return { requests: requests * factor, ...tokenRatios(actual, scaled(alike, factor)) };
    }),
  );
  if (isUnpriced(atVolumeAndMix)) return atVolumeAndMix;
  const bills = {
    predicted: predicted.usd,
    atVolume: atVolume.usd,
    atVolumeAndMix: atVolumeAndMix.usd,
    discountable: atVolumeAndMix.discountableUsd,
    paid: month.paidUsd,
  };
  const tokens = new Map(
    [...atVolume.tasks].map(([task, alike]) => {
      const actual = month.tasks === null ? alike.requests : (month.tasks.get(task)?.requests ?? 0);
      return [task, scaled(alike, alike.requests > 0 ? actual / alike.requests : 0)] as const;
    }),
  );
  const { requests, inputTokens, outputTokens } = month;
  const was = { requests, inputTokens, outputTokens };
  return { month: month.month, bills, causes: causesOf(bills), said, was, tokens };
}

const sumOf = (tasks: ReadonlyMap<string, Said>): Said => [...tasks.values()].reduce(addServed, nothingServed);

const scaled = ({ requests, inputTokens, outputTokens, rewrittenTokens = 0 }: Said, factor: number): Said => ({
  requests: requests * factor,
  inputTokens: inputTokens * factor,
  outputTokens: outputTokens * factor,
  rewrittenTokens: rewrittenTokens * factor,
});

/** What was served in all months, by task. */
export function servedByTask(months: readonly ActualMonth[]): Map<string, Served> {
  const sums = new Map<string, Served>();
  for (const { tasks } of months)
    for (const [task, served] of tasks ?? []) sums.set(task, addServed(sums.get(task) ?? nothingServed, served));
  return sums;
}

/** All months together. */
export function totalOf(months: readonly Compared[]): Omit<Compared, 'month'> {
  const bills = { predicted: 0, atVolume: 0, atVolumeAndMix: 0, discountable: 0, paid: 0 };
  let causes = noCauses;
  let [said, was] = [nothingServed, nothingServed];
  const tokens = new Map<string, Said>();
  for (const one of months) {
    for (const name of Object.keys(bills) as (keyof Bills)[]) bills[name] += one.bills[name];
    causes = addCauses(causes, one.causes);
    said = addServed(said, one.said);
    was = addServed(was, one.was);
    for (const [task, served] of one.tokens) tokens.set(task, addServed(tokens.get(task) ?? nothingServed, served));
  }
  return { bills, causes, said, was, tokens };
}
