/**
 * Share of the time that owned capacity should suffice: 1 - c / p, where an owned unit costs c an hour whether used or not
 * and an overflowing one p (critical ratio of the newsvendor). 0 where overflow is not dearer: then nothing is worth owning.
 */
export const criticalShare = (ownUnitUsd: number, overflowUnitUsd: number): number =>
  overflowUnitUsd > 0 ? Math.max(0, 1 - ownUnitUsd / overflowUnitUsd) : 0;

/**
 * Capacity to own, in the unit of the workload: the quantile of the workload at the critical share, F(k*) = 1 - c/p; 0 where
 * nothing is worth owning.
 *
 * @param quantile workload that a share of the time does not exceed
 */
export function capacityToOwn(
  quantile: (share: number) => number,
  ownUnitUsd: number,
  overflowUnitUsd: number,
): number {
  const share = criticalShare(ownUnitUsd, overflowUnitUsd);
  return share > 0 ? quantile(share) : 0;
}

/** Workload that is equally likely anywhere from `low` to `high`. */
export const uniformQuantile =
  (low: number, high: number) =>
  (share: number): number =>
    low + share * (high - low);

/** Workload of equally long hours: the least one that a share of the hours does not exceed. */
export function hourlyQuantile(hours: Float64Array): (share: number) => number {
  const rising = Float64Array.from(hours).sort();
  return (share) => rising[Math.min(rising.length - 1, Math.max(0, Math.ceil(share * rising.length) - 1))] ?? 0;
}

/** Share of all workload that is above `capacity`. */
export function overflowShare(hours: Float64Array, capacity: number): number {
  let [above, all] = [0, 0];
  for (const workload of hours) {
    above += Math.max(0, workload - capacity);
    all += workload;
  }
  return all > 0 ? above / all : 0;
}
