import { isUnpriced, type Unpriced } from '../../cost/curve.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { countWords, rounded } from '../../units/numeric.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { TaskPart } from '../../workload/workload.js';
import { type ActualMonth, type Actuals, added, nothingServed, type Served, scaled } from './actuals.js';
import {
  type Calendar,
  changedMonth,
  type MonthBill,
  monthBill,
  onCalendar,
  sumOf,
  tokenRatios,
  unchanged,
} from './months.js';

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
): MonthBill | Unpriced =>
  monthBill(plan, made, { tables, workload: changedMonth(onCalendar(workload, calendar), month, () => unchanged) });

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
/** A month, with what was said of each task. */
type ComparedMonth = Compared & Pick<MonthBill, 'tasks'>;

/** Each month as it was against what was said of it. */
export function compareMonths(
  actuals: Actuals,
  plan: Plan,
  context: Context,
  calendar: Calendar,
): ComparedMonth[] | Unpriced {
  const compared: ComparedMonth[] = [];
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
): ComparedMonth | Unpriced {
  const workload = onCalendar(made, calendar);
  const bill = (changeOf: Parameters<typeof changedMonth>[2]) =>
    monthBill(plan, made, { tables, workload: changedMonth(workload, month.index, changeOf) });
  const predicted = bill(() => unchanged);
  if (isUnpriced(predicted)) return predicted;
  const said = sumOf(predicted.tasks.values());
  const volume = said.requests > 0 ? month.requests / said.requests : 0;
  const atVolume = bill(() => ({ ...unchanged, requests: volume }));
  if (isUnpriced(atVolume)) return atVolume;
  const all = month.tasks === null ? tokenRatios(month, sumOf(atVolume.tasks.values())) : null;
  const atVolumeAndMix = bill(({ task }) => {
    const alike = atVolume.tasks.get(task);
    if (all !== null || alike === undefined) return { ...(all ?? unchanged), requests: volume };
    const actual = month.tasks?.get(task) ?? nothingServed;
    // Developers and tests are in the rows of their task.
    const factor = alike.requests > 0 ? actual.requests / alike.requests : 0;
    return { ...tokenRatios(actual, scaled(alike, factor)), requests: volume * factor };
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
    tasks: predicted.tasks,
  };
}

/** What the actuals say a field of the scenario should have been. */
export type Correction = {
  path: string;
  from: number;
  to: number;
  /** Both with their unit. */
  fromText: string;
  toText: string;
  /** What `--set` takes; null: nothing in the scenario says it. */
  set: string | null;
  /** USD by which this alone moves the prediction; for a discount, USD less for actual use. */
  explainsUsd: number;
};

/** Digits of a printed correction; one without a difference in them is left out. */
const digits = 3;
const digitsAbove = 10 ** digits;
const short = (value: number): number => Number(value.toPrecision(digits));
/** As `--set` takes it, and as one reads it. */
const plain = (value: number): string => String(short(value));
const read = (value: number): string =>
  Math.abs(short(value)) >= digitsAbove ? countWords(short(value)) : plain(value);
const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(1))}%`;
const perDay = (value: number): string => `${read(value)} requests/day`;
const tokens = (value: number): string => `${read(value)} tokens`;

type Question = {
  read: ReadScenario;
  plan: Plan;
  /** The workload and tables that the plan was decided with. */
  context: Context;
  calendar: Calendar;
  actuals: Actuals;
  months: readonly ComparedMonth[];
  total: Compared;
};

type Field = Omit<Correction, 'fromText' | 'toText' | 'explainsUsd'> & { text: (value: number) => string };

/**
 * Inputs that would have predicted the actuals: volumes, shares and tokens of tasks, each set alone, and a discount.
 * One `--set` each; together they fit, except that months differ from steady growth.
 */
export function correctionsOf(question: Question): Correction[] {
  const { read: scenario, plan, context, calendar, actuals, total } = question;
  const indexes = actuals.months.map(({ index }) => index);
  const predicted = (set: readonly string[], months: readonly number[]): MonthBill[] => {
    const changed = scenario.changed(set);
    if (changed === null) return [];
    const workload = resolve({ ...scenario, scenario: changed }, context.tables, context.workload.asOf);
    const bills = months.map((month) =>
      predictedBill(plan, { ...context, workload }, calendar, month, context.workload),
    );
    return bills.flatMap((bill) => (isUnpriced(bill) ? [] : [bill]));
  };
  const fields = [
    ...volumes(question),
    ...shares(question),
    ...lengths(question, (set) => predicted(set, [0])[0]?.tasks),
  ];
  const changed = fields.filter(({ from, to, text }) => text(from) !== text(to));
  const moved = changed.map(({ text, ...field }): Correction => {
    const bills = field.set === null ? [] : predicted([field.set], indexes);
    const moves = bills.reduce((sum, { usd }) => sum + usd, 0) - total.usd.predicted;
    // A scenario cannot have a volume of 0, but its bill is that of the actual volume.
    const unsaid = field.to === 0 && field.path.endsWith('.volume') ? total.usd.atVolume - total.usd.predicted : 0;
    const explainsUsd = bills.length === 0 ? unsaid : moves;
    return { ...field, ...{ fromText: text(field.from), toText: text(field.to), explainsUsd } };
  });
  const all = [...moved, ...discount(total.usd)].map((one) => ({ one, size: Math.abs(one.explainsUsd) }));
  return all
    .sort((a, b) => b.size - a.size)
    .map(({ one: { from, to, explainsUsd, ...rest } }) => ({
      ...rest,
      ...{ from: rounded(from), to: rounded(to), explainsUsd: rounded(explainsUsd) },
    }));
}

/** Tasks as a whole: developers and tests are a share of them. */
const wholeTasks = ({ workload }: Context): TaskPart[] => workload.taskParts.filter(({ id, task }) => id === task);

/** Requests and tokens of some tasks; null where the file has no rows by task. */
function servedOf({ months, byTask }: Actuals, tasks: readonly string[]): Served | null {
  if (!byTask) return null;
  const own = ({ tasks: by }: ActualMonth): Served[] => tasks.flatMap((task) => by?.get(task) ?? []);
  return months.flatMap(own).reduce(added<Served>, nothingServed);
}

/** Volumes, as many times what was said as there were requests. */
function volumes({ context, actuals, months, total }: Question): Field[] {
  const whole = wholeTasks(context);
  const saidOf = (names: readonly string[]): number =>
    months
      .flatMap(({ tasks }) => names.flatMap((name) => tasks.get(name) ?? []))
      .reduce((sum, { requests }) => sum + requests, 0);
  const field = (path: string, from: number, tasks: readonly TaskPart[]): Field => {
    const names = tasks.map(({ task }) => task);
    const own = servedOf(actuals, names);
    const [was, said] = own === null ? [total.was.requests, total.said.requests] : [own.requests, saidOf(names)];
    const to = said > 0 ? (from * was) / said : from;
    // A scenario has requests: none at all is nothing that it says.
    return { path, from, to, text: perDay, set: to > 0 ? `${path}=${plain(to)} requests/day` : null };
  };
  const scaling = whole.filter(({ scales }) => scales);
  return [
    ...(scaling.length === 0 ? [] : [field('workload.volume', context.workload.requestsPerDay, scaling)]),
    ...whole.filter(({ scales }) => !scales).map((one) => field(`tasks.${one.task}.volume`, one.requestsPerDay, [one])),
  ];
}

/** Shares of the tasks of one volume, where the file has rows by task. */
function shares({ context, actuals }: Question): Field[] {
  const sharing = wholeTasks(context).filter(({ scales }) => scales);
  const was = (task: string): number => servedOf(actuals, [task])?.requests ?? 0;
  const all = sharing.reduce((sum, { task }) => sum + was(task), 0);
  const said = sharing.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  if (!actuals.byTask || sharing.length < 2 || all === 0 || said === 0) return [];
  return sharing.map(({ task, requestsPerDay }) => {
    const [path, to] = [`tasks.${task}.share`, was(task) / all];
    return { path, from: requestsPerDay / said, to, text: percent, set: `${path}=${percent(to)}` };
  });
}

/** A task's tokens per request as they were, by the setting that has them. */
function lengths(
  { context, actuals, months, total: { was } }: Question,
  predict: (set: readonly string[]) => MonthBill['tasks'] | undefined,
): Field[] {
  const { inputs } = context.workload;
  const said = months[0]?.tasks;
  if (said === undefined || was.requests === 0) return [];
  return wholeTasks(context).flatMap(({ task, tokens: own }) => {
    const served = servedOf(actuals, [task]);
    if (served?.requests === 0) return [];
    const fields: Field[] = [];
    for (const which of ['input', 'output'] as const) {
      const path = `tasks.${task}.tokens.${which}`;
      const from = inputs.find((input) => input.path === path)?.value.likely ?? own[which];
      const before = fields.flatMap(({ set }) => set ?? []);
      const mean = (set: readonly string[], whole = served === null): number => {
        const tasks = set.length === 0 ? said : predict(set);
        const one = tasks && (whole ? sumOf(tasks.values()) : tasks.get(task));
        return one === undefined ? Number.NaN : one[`${which}Tokens`] / one.requests;
      };
      // Without rows by task, one factor scales the tokens of all.
      const wanted =
        served === null
          ? (mean(before, false) * was[`${which}Tokens`]) / was.requests / mean(before)
          : served[`${which}Tokens`] / served.requests;
      const base = mean(before, false);
      const slope = (mean([...before, `${path}=${2 * from}`], false) - base) / from;
      if (!(slope > 0)) continue;
      const to = Math.max(0, from + (wanted - base) / slope);
      fields.push({ path, from, to, text: tokens, set: to > 0 ? `${path}=${plain(to)}` : null });
    }
    return fields;
  });
}

/**
 * The discount on tokens, rental and hosting that explains the rest; a surcharge, or a change of other costs such as
 * bought machines, is reported on the whole bill.
 */
function discount({ atVolumeAndMix, discountable, paid }: Compared['usd']): Correction[] {
  if (atVolumeAndMix <= 0) return [];
  const missing = atVolumeAndMix - paid;
  const isDiscount = missing > 0 && missing <= discountable;
  const to = Number(((missing / (isDiscount ? discountable : atVolumeAndMix)) * 100).toFixed(1));
  if (to === 0) return [];
  const toText = to < 0 ? `${-to} % above the prices` : `${to} % ${isDiscount ? 'off' : 'below what it comes to'}`;
  const set = isDiscount ? `prices.discounts=[{percent: ${to}, on: [tokens, rental, hosting]}]` : null;
  return [{ path: 'prices.discounts', from: 0, to, fromText: '0 % off', toText, set, explainsUsd: -missing }];
}
