import { unitHours } from '../core/load.js';
import { slack, withSpareOf } from '../cost/fleet.js';
import { minutesPerHour } from '../units/clock.js';
import type { Workload } from '../workload/workload.js';
import type { Task, Tasks } from './tasks.js';

/** How units are sized. */
export type Sizing = { min: number; spare: number; spareShare: number };

/** Sizing for a set of tasks: spares for the share of work that needs them, as `sparesFor`. */
export function sizingFor({ list, tasksIn }: Tasks, set: number, needs: Float64Array, sizing: Sizing): Sizing {
  let [asked, all] = [0, 0];
  for (const t of tasksIn[set] as readonly number[]) {
    const need = needs[t] as number;
    all += need;
    if ((list[t] as Task).shape.load.spares) asked += need;
  }
  if (asked === all) return sizing;
  return asked === 0
    ? { min: sizing.min, spare: 0, spareShare: 0 }
    : { ...sizing, spareShare: (sizing.spareShare * asked) / all };
}

function sumOf(own: readonly number[], needs: Float64Array): number {
  let sum = 0;
  for (const t of own) sum += needs[t] as number;
  return sum;
}

/**
 * Units in the highest hour of the busiest month, spares included.
 *
 * @param needs units at multiple 1 by task
 * @param follows whether work is done as it comes; else deferrable work is done where there is room
 */
export function unitsAtPeakOf(
  { list, tasksIn, alike }: Tasks,
  set: number,
  needs: Float64Array,
  sizing: Sizing,
  follows: boolean,
  { peakGrowth }: Workload,
): number {
  const own = tasksIn[set] as readonly number[];
  const hoursOf = ({ hours, times }: Task): Float64Array => (follows ? hours : times);
  const { load } = (list[own[0] as number] as Task).shape;
  let most = 0;
  if (alike[set] === 1) most = (sumOf(own, needs) + load.plus) * load.peak;
  else {
    let length = 0;
    for (const t of own) length = Math.max(length, hoursOf(list[t] as Task).length);
    for (let hour = 0; hour < length; hour++) {
      let sum = 0;
      for (const t of own) sum += (needs[t] as number) * (hoursOf(list[t] as Task)[hour] ?? 0);
      if (sum > most) most = sum;
    }
    most *= peakGrowth;
  }
  return withSpareOf(Math.max(sizing.min, Math.ceil(most * (1 - slack))), sizing);
}

/** Mean units of a month, spares included, of a fleet that follows the hours. */
export function meanUnitsOf(
  { list, tasksIn, alike, turns }: Tasks,
  set: number,
  needs: Float64Array,
  sizing: Sizing,
  { hoursPerMonth, growth, once, assume }: Workload,
): number {
  const own = tasksIn[set] as readonly number[];
  const { load } = (list[own[0] as number] as Task).shape;
  if (alike[set] === 1) return unitHours(load.hours, sumOf(own, needs) + load.plus, sizing.min, sizing) / hoursPerMonth;
  const { courses, courseOf, from, to, count, all: entries } = turns;
  const onCourse = new Float64Array(courses.length);
  for (const t of own)
    onCourse[courseOf[t] as number] = (onCourse[courseOf[t] as number] as number) + (needs[t] as number);
  const [lowest, highest] = [Math.min(...growth), Math.max(...growth)];
  /** Units of an hour, summed over the months. */
  const units = new Float64Array((courses[0] as Float64Array).length);
  for (let hour = 0; hour < units.length; hour++) {
    let need = 0;
    for (let course = 0; course < courses.length; course++)
      need += (onCourse[course] as number) * ((courses[course] as Float64Array)[hour] as number);
    const fewest = unitsIn(need, lowest, sizing);
    if (unitsIn(need, highest, sizing) === fewest) units[hour] = fewest * growth.length;
    else for (const factor of growth) units[hour] = (units[hour] as number) + unitsIn(need, factor, sizing);
  }
  const lag = once ? 0 : Math.min(1, assume('scalingLagMinutes') / minutesPerHour);
  let all = 0;
  for (let turn = 0; turn < from.length; turn++) {
    const now = units[from[turn] as number] as number;
    // An hour with more in some month has no less in any.
    const more = Math.max(0, (units[to[turn] as number] as number) - now);
    all += (count[turn] as number) * (now + lag * more);
  }
  return all / (growth.length * entries);
}

const unitsIn = (sum: number, factor: number, sizing: Sizing): number =>
  withSpareOf(Math.max(sizing.min, Math.ceil(sum * factor * (1 - slack))), sizing);
