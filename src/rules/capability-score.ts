import { capabilityOf } from '../places/option.js';
import { probabilityAtLeast } from '../units/normal.js';
import type { TaskPart } from '../workload/workload.js';

/** The best that a factor reaches; the worst is 0. */
export const fullScore = 100;

/** Probability that the option has what the task needs, from both bands. */
export function capabilityScore(
  option: Parameters<typeof capabilityOf>[0],
  { needs }: Pick<TaskPart, 'needs'>,
): number | null {
  const index = capabilityOf(option);
  if (index === null) return null;
  const { need, low, high } = needs.capability;
  return (
    fullScore *
    probabilityAtLeast({ middle: index.have, low: index.low, high: index.high }, { middle: need, low, high })
  );
}
