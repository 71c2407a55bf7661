import { waitForPromptsP95S } from '../capacity/queue/mixed-wait.js';
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
