import { perObject } from '../units/memo.js';
import { dayMonthsAfter, monthAfter } from '../units/month.js';
import { type Hours, highestOf, meanOf, type Waiting, waitingOf } from './load.js';
import type { TaskPart, Workload } from './workload.js';

/**
 * Demand of each kind of hours on a fleet, per hour of every window that may matter: work that arrives and is due in
 * it.
 */
export type Valleys = ReadonlyMap<Hours, Hours>;

/** Beyond so many different hours there are too many windows: hours are then added as they are. */
const mostClasses = 4;

const known = new WeakMap<Hours, Valleys[]>();

/**
 * Windows that determine how much a fleet of constant size must do for every deadline, or null where no task part may
 * wait (or hours differ too much). With the earliest deadline first, a size suffices if and only if in no window more
 * is due than it can do (the processor-workload criterion of earliest-deadline-first scheduling). Windows below another
 * one in every class are dropped.
 */
export function valleysOf(taskParts: readonly Pick<TaskPart, 'hours' | 'waits'>[]): Valleys | null {
  const waits = new Map(taskParts.map((taskPart) => [taskPart.hours, waitingOf(taskPart)]));
  const [first] = waits.keys();
  if (first === undefined || waits.size > mostClasses) return null;
  if ([...waits.values()].every(({ deadlineHours }) => deadlineHours === 0)) return null;
  const classes = [...waits.keys()];
  const before = known.get(first) ?? [];
  let valleys = before.find((one) => one.size === classes.length && [...one.keys()].every((h, k) => h === classes[k]));
  if (valleys === undefined) {
    const due = heaviest([...waits.values()]);
    valleys = new Map(classes.map((hours, k) => [hours, Float64Array.from(due, (window) => window[k] as number)]));
    known.set(first, [...before, valleys]);
  }
  return valleys;
}

/** Windows that no other exceeds in every class: what is due in each, by class. */
function heaviest(classes: readonly Waiting[]): Float64Array[] {
  const length = (classes[0] as Waiting).arrivals.length;
  // Longer windows tend to the mean, which is there already.
  const longest = length + Math.max(...classes.map(({ deadlineHours }) => deadlineHours));
  const arrived = classes.map(({ arrivals }) => upTo(arrivals, length + longest));
  const kept: Float64Array[] = [Float64Array.from(classes, ({ arrivals }) => meanOf(arrivals))];
  const due = new Float64Array(classes.length);
  for (let hours = 1; hours <= longest; hours++) {
    const early = classes.map(({ deadlineHours }) => Math.max(0, hours - deadlineHours));
    for (let from = 0; from < length; from++) {
      for (let k = 0; k < due.length; k++) {
        const sums = arrived[k] as Float64Array;
        due[k] = ((sums[from + (early[k] as number)] as number) - (sums[from] as number)) / hours;
      }
      keep(due, kept);
    }
  }
  return kept;
}

/** sums[h] = what arrived in the first h hours. */
function upTo(arrivals: Hours, hours: number): Float64Array {
  const sums = new Float64Array(hours + 1);
  for (let hour = 0; hour < hours; hour++)
    sums[hour + 1] = (sums[hour] as number) + (arrivals[hour % arrivals.length] as number);
  return sums;
}

function covers(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < b.length; k++) if ((a[k] as number) < (b[k] as number)) return false;
  return true;
}

/** Adds a window unless one covers it, and drops those it covers. The last covering one is tried first. */
function keep(due: Float64Array, kept: Float64Array[]): void {
  for (let i = 0; i < kept.length; i++) {
    const other = kept[i] as Float64Array;
    if (!covers(other, due)) continue;
    kept[i] = kept[0] as Float64Array;
    kept[0] = other;
    return;
  }
  for (let i = kept.length - 1; i >= 0; i--) if (covers(due, kept[i] as Float64Array)) kept.splice(i, 1);
  kept.push(due.slice());
}

/** The workload of one month (0 = first) alone, with its volume and calendar. */
export const monthOf = (workload: Workload, month: number): Workload =>
  grownMonth(workload, growthIn(workload, month), month);

/** The same with so much of its volume, the calendar moved on by some months. */
const later = (workload: Workload, factor: number, months: number): Workload => ({
  ...workload,
  requestsPerDay: workload.requestsPerDay * factor,
  firstMonth: monthAfter(workload.firstMonth, months),
  monthsBefore: workload.monthsBefore + months,
  taskParts: workload.taskParts.map((taskPart) => ({
    ...taskPart,
    requestsPerDay: taskPart.requestsPerDay * factor,
  })),
});

/** A month alone at a multiple of month 1, `month` months later. */
export const grownMonth = (workload: Workload, factor: number, month: number): Workload => ({
  ...later(workload, factor, month),
  months: 1,
  growth: Float64Array.of(1),
  // After the horizon the volume may be more than what it was sized for.
  peakGrowth: workload.once ? workload.peakGrowth : Math.max(1, workload.peakGrowth / factor),
});

/** Some months of the horizon alone: `from` (0 = first) up to, but not with, `to`. */
export function monthsWithin(workload: Workload, from: number, to: number): Workload {
  const growth = growthWithin(workload.growth, from, to);
  return {
    ...later(workload, growthIn(workload, from), from),
    months: to - from,
    growth,
    peakGrowth: highestOf(growth),
    endDay: dayMonthsAfter(workload.asOf, workload.monthsBefore + to),
  };
}

/** The same months give the same object, as loads are remembered by it. */
function growthWithin(growth: Float64Array, from: number, to: number): Float64Array {
  if (growth.length === 1) return growth;
  const some = within(growth);
  const key = `${from} ${to}`;
  const found = some.get(key) ?? growth.slice(from, to).map((factor) => factor / (growth[from] as number));
  some.set(key, found);
  return found;
}
const within = perObject((_: Float64Array) => new Map<string, Float64Array>());

/** Volume of a month over that of month 1. */
export const growthIn = ({ growth }: Pick<Workload, 'growth'>, month: number): number =>
  growth[Math.min(month, growth.length - 1)] as number;

/** Every month of the horizon alone. */
export const monthsAlone = perObject((workload: Workload): readonly Workload[] => {
  const count = workload.growth.length === 1 ? workload.months : workload.growth.length;
  return Array.from({ length: count }, (_, month) => monthOf(workload, month));
});
