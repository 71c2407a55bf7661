import type { Context } from '../../places/placement.js';

/** The month in which growth brings the volume to a value, month 1 being the first; null where it never does. */
export function monthReaching(requestsPerDay: number, { workload }: Context): number | null {
  const growth = workload.inputs.find(({ path }) => path === 'workload.growth')?.value.likely ?? 0;
  const months = Math.log(requestsPerDay / workload.requestsPerDay) / Math.log1p(growth);
  return growth === 0 || !(months > 0) || !Number.isFinite(months) ? null : 1 + Math.ceil(months - 1e-9);
}
