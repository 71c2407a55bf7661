import { secondsPerDay, secondsPerHour } from '../units/clock.js';
import { filled } from '../units/float.js';
import { memoized, perObject } from '../units/memo.js';
import { waitingOf } from '../workload/deferral.js';
import type { Hours } from '../workload/load.js';
import type { TaskPart } from '../workload/workload.js';
import { ceilUnits } from './fleet.js';
import type { Upkeep } from './serverless.js';

/** A cycle of hours cut into equal windows: how long each is, and the mean multiple of what arrives in it. */
export type Windows = { seconds: number; means: Hours };

const even: Hours = Float64Array.of(1);

/** Whether work may wait for what comes after it. */
export const mayWait = (taskPart: Pick<TaskPart, 'hours' | 'waits'>): boolean => waitingOf(taskPart).deadlineHours > 0;

/**
 * Windows in which work that may wait is gathered before workers start for it: half the deadline at the most, as what arrives
 * in one is done by the end of the next. Of bursts those from one to the next. Null for work that comes by itself and may not
 * wait.
 */
export function windowsOf(taskPart: Pick<TaskPart, 'hours' | 'waits' | 'bursts'>): Windows | null {
  if (taskPart.bursts !== undefined) return { seconds: secondsPerDay / taskPart.bursts.perDay, means: even };
  const { arrivals, deadlineHours } = waitingOf(taskPart);
  if (deadlineHours === 0) return null;
  return windowsWithin(arrivals)(deadlineHours);
}

/** The same arrivals and deadline give the same object, as loads are remembered by it. */
const windowsWithin = perObject((arrivals: Hours) =>
  memoized((deadlineHours: number): Windows => {
    const hours = arrivals.length / Math.ceil((2 * arrivals.length) / deadlineHours);
    return { seconds: hours * secondsPerHour, means: meansOver(arrivals, hours) };
  }),
);

/** Means of the hours in windows of equal length, which may begin and end within an hour. */
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
  /** Seconds that a worker is paid for beyond its share of the work: the last request alone, and the idle time-out. */
  upS: number;
  /** Seconds that a start is billed for. */
  startS: number;
  workerSPerRequest: number;
  /** Of bursts: the seconds in which all is done that one brings, by as many workers side by side as that takes. */
  withinS?: number;
};

/**
 * Work of a window keeps whole workers up, and a last one for what is left: it starts, does that and stops, unless it costs
 * less to let it run through. A window in which nothing came (Poisson arrivals) starts none. What is paid in all never falls
 * with the rate. A burst starts all workers that it needs at once.
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
