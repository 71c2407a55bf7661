import { meanMultipleOf, requestsPerMonthPerDaily } from '../cost/axis.js';
import { windowsOf } from '../cost/gathered.js';
import { unitsNeeded } from '../cost/units-needed.js';
import { filled, certainlyBelow } from '../units/float.js';

import type { TaskPart, Workload } from '../workload/workload.js';
import { type Bundles, eachAlone } from './bundles.js';

/** What the tasks of a workload ask of places, as numbers; index = task. A set of tasks is a number with one bit for each bundle. */
export type TaskColumns = {
  workload: Workload;
  /** Tasks. */
  count: number;
  bundles: Bundles;
  /** All tasks. */
  all: number;
  tasksIn(set: number): readonly number[];
  /** Units at multiple 1 of a machine that serves one request a second. */
  unitsPerRate: Float64Array;
  /** Requests of a mean month. */
  requestsPerMonth: Float64Array;
  /** Mean load over that of month 1. */
  meanMultiple: Float64Array;
  /** Load in the hours in which some task that cannot wait is busiest, in the busiest month: hour by hour, the tasks one by one. */
  peakMultiples: Float64Array;
  peakHours: number;
};

export function workloadColumns(workload: Workload, bundles = eachAlone(workload.taskParts.length)): TaskColumns {
  const { taskParts } = workload;
  const count = taskParts.length;
  const sets: (readonly number[])[] = [];
  // Work that may wait has no hour of its own.
  const waits = taskParts.map((taskPart) => windowsOf(taskPart) !== null);
  const alike = taskParts.every(({ hours }) => hours.length === taskParts[0]?.hours.length);
  const busiest = new Set(
    alike ? taskParts.flatMap(({ hours }, s) => (waits[s] ? [] : [hours.indexOf(Math.max(...hours))])) : [],
  );
  const peakMultiples = [...busiest].flatMap((hour) =>
    taskParts.map(({ hours }, s) => (waits[s] ? 0 : (hours[hour] as number) * workload.peakGrowth * certainlyBelow)),
  );
  return {
    workload,
    count,
    bundles,
    all: 2 ** bundles.tasks.length - 1,
    tasksIn(set) {
      sets[set] ??= bitsOf(set).flatMap((bundle) => bundles.tasks[bundle] as readonly number[]);
      return sets[set];
    },
    unitsPerRate: filled(count, (s) => unitsNeeded(taskParts[s] as TaskPart, 1, workload)),
    requestsPerMonth: filled(count, (s) => {
      const taskPart = taskParts[s] as TaskPart;
      return requestsPerMonthPerDaily(taskPart, workload) * taskPart.requestsPerDay;
    }),
    meanMultiple: filled(count, (s) => meanMultipleOf(taskParts[s] as TaskPart, workload)),
    peakMultiples: Float64Array.from(peakMultiples),
    peakHours: busiest.size,
  };
}

/** Bundles of a set. */
export const bitsOf = (set: number): number[] => {
  const bundles: number[] = [];
  for (let left = set; left > 0; left &= left - 1) bundles.push(31 - Math.clz32(left & -left));
  return bundles;
};
