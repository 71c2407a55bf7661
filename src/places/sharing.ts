import { highestLoadOf } from '../cost/deadline-sizing.js';
import { msPerSecond } from '../units/clock.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** A task on a replica: requests a second at saturation, the share of the machines' work that it brings, and what its prompt takes. */
export type Sharer = {
  taskPart: TaskPart;
  requestsPerS: number;
  workShare: number;
  promptS: number;
  ttftP95AloneMs: number;
};

/** Latest first token (ms) of a task beside others: its written target, or so many times its preset's; null: any. */
export function latestBeside({ needs, waits }: TaskPart, { assume }: Workload): number | null {
  if (needs.ttftP95Ms?.by === 'user') return needs.ttftP95Ms.value;
  return needs.presetTtftP95Ms === null || waits !== null ? null : needs.presetTtftP95Ms * assume('softLatencyTimes');
}

/**
 * Whether every task still has its first token in time where its prompts wait for those of the others, on replicas at the load that they
 * are sized for. What a task misses alone as well forbids nothing here.
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

/** Prompts of one task on a replica: how many a second, and the seconds that one holds it. */
type PromptLoad = { perS: number; promptS: number };

const tail = 0.05;

/**
 * Seconds that 95 % of the requests of a task wait at most for the prompts of other tasks on the same replica, told closely: an engine
 * prefills one prompt after the other. Whoever comes while one of task j is under way (for rho_j = rate x seconds of the time) waits for
 * what is left of it, S_j (1 - 0.05 / rho_j) for all but a twentieth; and on the mean for those before it, sum of rate S^2 / (2 (1 - rho)) as
 * in Pollaczek and Khinchine. Infinite where the prompts alone are more than the replica can do.
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
