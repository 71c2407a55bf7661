import { capabilityOf, type Option } from '../places/option.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/**
 * Share of answers that fail, by the capability index of a model (NaN: unknown, all of them): `failureAtNeed` where it is just as capable
 * as needed, half of it every `halvingPoints` above that; at most 1. It orders options and forecasts nothing: both are estimates from
 * item curves of public benchmarks.
 */
export function failedShareOf(
  { needs }: Pick<TaskPart, 'needs'>,
  { assume }: Pick<Workload, 'assume'>,
): (index: number) => number {
  const [atNeed, halving] = [assume('failureAtNeed'), assume('halvingPoints')];
  const { need } = needs.capability;
  return (index) => (Number.isNaN(index) ? 1 : Math.min(1, atNeed * 2 ** ((need - index) / halving)));
}

/** The same of an option. */
export const failedShare = (
  option: Option,
  taskPart: Pick<TaskPart, 'needs'>,
  workload: Pick<Workload, 'assume'>,
): number => failedShareOf(taskPart, workload)(capabilityOf(option)?.have ?? Number.NaN);
