import type { TaskPart, Workload } from '../workload/workload.js';

const secondsPerDay = 86_400;

/**
 * Units' worth of work a task part brings at multiple 1: its mean rate over what a unit serves at its highest permitted
 * load, raised by how much the busiest minutes exceed their hour.
 */
export const unitsNeeded = (taskPart: TaskPart, unitRequestsPerS: number, workload: Workload): number =>
  (taskPart.requestsPerDay * workload.assume('inHourFactor')) /
  (secondsPerDay * unitRequestsPerS * workload.assume('highestLoad'));
