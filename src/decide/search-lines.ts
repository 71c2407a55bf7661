import { type Candidate, leastWorkUsd } from '../placements/candidate.js';
import type { Demand } from '../scenario/demand.js';
import { highestOf } from '../scenario/load.js';

/**
 * For each slice the steepest line through 0 that stays below its cost on a candidate: the API price itself; for a fleet
 * the share of a unit, over the mean hour when it follows the hours, over the highest when it is sized once.
 */
export function linesBelow(candidates: readonly Candidate[], demand: Demand): Float64Array[] {
  const alike = demand.slices.every(({ hours }) => hours === demand.slices[0]?.hours);
  const highest = demand.slices.map(({ hours }) => highestOf(hours) * demand.peakGrowth);
  return candidates.map((candidate) =>
    candidate.linear.map((usd, s) => {
      const { fleet, second } = candidate;
      if (fleet === null || Number.isNaN(usd)) return usd;
      if (fleet.followsHours || !alike || second !== undefined) return usd + leastWorkUsd(candidate, s, demand);
      return usd + fleet.usdPerHour * demand.hoursPerMonth * (fleet.need[s] as number) * (highest[s] as number);
    }),
  );
}

/** Whether a candidate costs nothing until something runs on it: an API does, a fleet or a fixed cost does not. */
export const isFree = ({ fleet, fixed }: Candidate): boolean => fleet === null && fixed === 0;

/** Slices that only what costs something by itself may serve, then by the least they can cost, largest first; null when one can run nowhere. */
export function slicesByCost(
  candidates: readonly Candidate[],
  lines: readonly Float64Array[],
  count: number,
): number[] | null {
  const least = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
  const needsFleet = new Array<boolean>(count).fill(true);
  for (const [c, line] of lines.entries()) {
    for (let s = 0; s < count; s++) {
      if (Number.isNaN(line[s] as number)) continue;
      least[s] = Math.min(least[s] as number, line[s] as number);
      if (isFree(candidates[c] as Candidate)) needsFleet[s] = false;
    }
  }
  if (least.some((usd) => usd === Number.POSITIVE_INFINITY)) return null;
  return least
    .map((_, s) => s)
    .sort(
      (a, b) => Number(needsFleet[b]) - Number(needsFleet[a]) || (least[b] as number) - (least[a] as number) || a - b,
    );
}
