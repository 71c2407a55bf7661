import { secondsPerDay, secondsPerHour } from '../units/clock.js';
import { filled } from '../units/float.js';
import { memoized, perObject } from '../units/memo.js';
import { waitingOf } from '../workload/deferral.js';
import type { Hours } from '../workload/load.js';
import type { TaskPart } from '../workload/workload.js';
import { ceilUnits } from './fleet.js';
import type { Upkeep } from './serverless.js';

/** Equal windows of a cycle of hours: the length of each, and the mean multiple that arrives in it. */
export type Windows = { seconds: number; means: Hours };

const even: Hours = Float64Array.of(1);

/** Whether work may wait for what comes after it. */
export const mayWait = (taskPart: Pick<TaskPart, 'hours' | 'waits'>): boolean => waitingOf(taskPart).deadlineHours > 0;

/**
 * Windows in which deferrable work is batched before workers start: at most half the deadline, as one window is done by
 * the end of the next. For bursts from one to the next. Null for work that may not wait.
 */
export function windowsOf(taskPart: Pick<TaskPart, 'hours' | 'waits' | 'bursts'>): Windows | null {
  if (taskPart.bursts !== undefined) return { seconds: secondsPerDay / taskPart.bursts.perDay, means: even };
  const { arrivals, deadlineHours } = waitingOf(taskPart);
  if (deadlineHours === 0) return null;
  return windowsWithin(arrivals)(deadlineHours);
}

/** One object for the same arrivals and deadline, as loads are cached by it. */
const windowsWithin = perObject((arrivals: Hours) =>
  memoized((deadlineHours: number): Windows => {
    const hours = arrivals.length / Math.ceil((2 * arrivals.length) / deadlineHours);
    return { seconds: hours * secondsPerHour, means: meansOver(arrivals, hours) };
  }),
);

/** Means over windows of equal length, which may begin and end within an hour. */
function meansOver(hours: Hours, length: number): Hours {
  const sums = new Float64Array(hours.length + 1);
  for (const [h, multiple] of hours.entries()) sums[h + 1] = (sums[h] as number) + multiple;
  const upTo = (time: number): number => {
    const h = Math.min(hours.length - 1, Math.floor(time));
    return (sums[h] as number) + (time - h) * (hours[h] as number);
  };
  return filled(Math.round(hours.length / length), (w) => (upTo((w + 1) * length) - upTo(w * length)) / length);
}

/** Workers that start once a window for what was gathered, and stop when it is done. */
export type Gatherer = {
  windowS: number;
  /** Paid seconds of a worker beyond its work: the last request alone, and the idle time-out. */
  upS: number;
  /** Seconds that a start is billed for. */
  startS: number;
  workerSPerRequest: number;
  /** Seconds in which the work of a burst is done, by as many workers as that takes. */
  withinS?: number;
};

/**
 * Work of a window keeps whole workers up, and a last one that starts, does the rest and stops, unless staying up costs
 * less. An empty window (Poisson arrivals) starts none; a burst starts all at once. Never falls with the rate.
 */
export function gathering({ windowS, upS, startS, workerSPerRequest, withinS }: Gatherer): Upkeep {
  const share = withinS === undefined ? 1 : withinS / windowS;
  const wholeAt = (ratePerS: number) => Math.max(1, ceilUnits((ratePerS * workerSPerRequest) / share));
  const some = (ratePerS: number) =>
    withinS === undefined ? -Math.expm1(-ratePerS * windowS) : Math.min(1, ratePerS * windowS) * wholeAt(ratePerS);
  return (ratePerS, usdPerWorkerS, usdPerStart) => {
    const needed = ratePerS * workerSPerRequest;
    const whole = wholeAt(ratePerS);
    const startsPerS = some(ratePerS) / windowS;
    return needed + startsPerS * (upS + startS) < whole
      ? usdPerWorkerS * (needed + startsPerS * upS) + usdPerStart * startsPerS
      : usdPerWorkerS * whole;
  };
}
