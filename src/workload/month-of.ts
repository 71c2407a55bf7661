import { perObject } from '../units/memo.js';
import { dayMonthsAfter, monthAfter } from '../units/month.js';
import { highestOf } from './load.js';
import type { Workload } from './workload.js';

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
