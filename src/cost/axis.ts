import { meanOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { at, type CostCurve, fixedCost, type Term } from './curve.js';
import { ofPart } from './rising.js';

const hoursPerDay = 24;

/**
 * Turns a curve over a task part's own requests a day into one over the volume axis: the task part's part of the volume when it
 * scales, a constant when it has a volume of its own.
 */
export function onVolumeAxis(curve: CostCurve, taskPart: TaskPart, workload: Workload): CostCurve {
  if (!taskPart.scales) return fixedCost(at(curve, taskPart.requestsPerDay));
  const part = taskPart.requestsPerDay / workload.requestsPerDay;
  const terms = curve.terms.map((term): Term => {
    if (term.is !== 'smooth') throw new TypeError('a fleet is built on the volume axis from the start');
    return { is: 'smooth', up: ofPart(term.up, part), down: ofPart(term.down, part) };
  });
  return { fixed: curve.fixed, perUnit: curve.perUnit * part, terms };
}

const means = new WeakMap<Float64Array, number>();

function rememberedMean(values: Float64Array): number {
  let mean = means.get(values);
  if (mean === undefined) {
    mean = meanOf(values);
    means.set(values, mean);
  }
  return mean;
}

/** Mean volume of the months over that of month 1. */
export const meanGrowthOf = ({ growth }: Pick<Workload, 'growth'>): number => rememberedMean(growth);

/** Mean multiple of a task part's volume over the horizon: 1 without growth. */
export const meanMultipleOf = ({ hours }: Pick<TaskPart, 'hours'>, { growth }: Pick<Workload, 'growth'>): number =>
  rememberedMean(hours) * rememberedMean(growth);

/** Requests in an average month of the horizon per request a day of month 1. */
export const requestsPerMonthPerDaily = (
  taskPart: Pick<TaskPart, 'hours'>,
  workload: Pick<Workload, 'growth' | 'hoursPerMonth'>,
): number => (meanMultipleOf(taskPart, workload) * workload.hoursPerMonth) / hoursPerDay;
