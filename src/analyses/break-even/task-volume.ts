import type { Case } from '../../places/placement.js';

/** The same case with one task's volume as the axis: all others stay where they are. */
export function caseOfTask(task: string, of: Case): Case | null {
  const own = of.demand.slices.filter((slice) => slice.task === task);
  const requestsPerDay = own.reduce((sum, slice) => sum + slice.requestsPerDay, 0);
  if (requestsPerDay === 0) return null;
  const slices = of.demand.slices.map((slice) => ({ ...slice, scales: slice.task === task }));
  return { ...of, demand: { ...of.demand, requestsPerDay, slices } };
}
