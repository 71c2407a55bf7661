import { highestLoadOf } from '../cost/deadline-sizing.js';
import { msPerSecond } from '../units/clock.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** A task on a replica: requests a second at saturation, its share of the work, and its prompt's seconds. */
export type Sharer = {
  taskPart: TaskPart;
  requestsPerS: number;
  workShare: number;
  promptS: number;
  ttftP95AloneMs: number;
};

/** Latest first token (ms) of a task on a shared machine: its target, or a multiple of its preset's; null: any. */
export function latestBeside({ needs, waits }: TaskPart, { assume }: Workload): number | null {
  if (needs.ttftP95Ms?.by === 'user') return needs.ttftP95Ms.value;
  return needs.presetTtftP95Ms === null || waits !== null ? null : needs.presetTtftP95Ms * assume('softLatencyTimes');
}

/**
 * Whether every task keeps its first token where its prompts wait for those of others, on replicas at the load of their
 * size. A target that a task misses alone does not count.
 */
export const mayShare = (sharers: readonly Sharer[], workload: Workload): boolean =>
  sharers.every((one) => {
    const latest = latestBeside(one.taskPart, workload);
    if (latest === null || one.ttftP95AloneMs > latest) return true;
    const others = sharers
      .filter((other) => other !== one)
      .map(({ taskPart, requestsPerS, workShare, promptS }) => ({
        perS: workShare * requestsPerS * highestLoadOf(taskPart, workload),
        promptS,
      }));
    return one.ttftP95AloneMs + waitForPromptsP95S(others) * msPerSecond <= latest;
  });

/** Prompts of one task on a replica: rate a second, and seconds of each. */
type PromptLoad = { perS: number; promptS: number };

const tail = 0.05;

/**
 * Seconds that 95 % of a task's requests wait at most for prompts of other tasks on the replica, approximately: an
 * engine prefills one prompt after the other. Arrivals during one of task j (for rho_j = rate x seconds of the time)
 * wait for the rest of it, S_j (1 - 0.05 / rho_j) for all but a twentieth; and in the mean for those before it, sum of
 * rate S^2 / (2 (1 - rho)) as in Pollaczek and Khinchine. Infinite where the prompts alone overload the replica.
 */
export function waitForPromptsP95S(others: readonly PromptLoad[]): number {
  let [busy, square, longest] = [0, 0, 0];
  for (const { perS, promptS } of others) {
    const share = perS * promptS;
    busy += share;
    square += share * promptS;
    if (share > tail) longest = Math.max(longest, promptS * (1 - tail / share));
  }
  return busy >= 1 ? Number.POSITIVE_INFINITY : longest + square / (2 * (1 - busy));
}
