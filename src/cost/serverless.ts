import { memoized, perObject } from '../units/memo.js';
import { secondsPerDay, secondsPerHour } from '../units/month.js';
import { filled } from '../units/numeric.js';
import { distinctOf, type Hours, waitingOf } from '../workload/load.js';
import type { TaskPart } from '../workload/workload.js';
import type { CostCurve } from './curve.js';
import { ceilUnits } from './fleet.js';

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

/** A worker that starts on demand, and stops after an idle time-out. */
export type Sleeper = {
  /** Seconds a worker stays up after a request: the request alone, and the idle time-out. */
  upS: number;
  /** Seconds from a request that finds no worker to one that serves it. */
  coldS: number;
};

/** Every distinct multiple of the base volume over the horizon, with its share of the time. */
export type Spells = { multiple: Float64Array; share: Float64Array };

/** The hours of a week in every month of the horizon; equal ones together. */
export const spellsOf = (hours: Hours, growth: Float64Array): Spells => spells(hours)(growth);

const spells = perObject((hours: Hours) =>
  perObject((growth: Float64Array): Spells => {
    const shares = new Map<number, number>();
    const { multiple, count } = distinctOf(hours);
    const each = 1 / (hours.length * growth.length);
    for (const factor of growth) {
      for (let i = 0; i < multiple.length; i++) {
        const grown = (multiple[i] as number) * factor;
        shares.set(grown, (shares.get(grown) ?? 0) + each * (count[i] as number));
      }
    }
    return { multiple: Float64Array.from(shares.keys()), share: Float64Array.from(shares.values()) };
  }),
);

const smooth = (usdAt: (perDay: number) => number): CostCurve => ({
  fixed: 0,
  perUnit: 0,
  terms: [{ is: 'smooth', usdAt }],
});

const workersUp = (alone: number, needed: number): number =>
  needed <= 1 ? Math.max(alone, needed) : ceilUnits(needed);

type WorkerPrices = { usdPerWorkerS: number; usdPerStart: number };
const onlyUp: WorkerPrices = { usdPerWorkerS: 1, usdPerStart: 0 };
const onlyStarts: WorkerPrices = { usdPerWorkerS: 0, usdPerStart: 1 };

/**
 * USD a second of a task part's workers up and of their starts, at requests a second and prices of a worker and a
 * start. Workers up never fall with the rate.
 */
export type Upkeep = (ratePerS: number, usdPerWorkerS: number, usdPerStart: number) => number;

/** The mean of that over spells, at so many requests a day. */
function meanUsdPerS(
  upkeep: Upkeep,
  { multiple, share }: Spells,
  requestsPerDay: number,
  { usdPerWorkerS, usdPerStart }: WorkerPrices,
): number {
  let sum = 0;
  for (let i = 0; i < multiple.length; i++) {
    const ratePerS = ((multiple[i] as number) * requestsPerDay) / secondsPerDay;
    sum += (share[i] as number) * upkeep(ratePerS, usdPerWorkerS, usdPerStart);
  }
  return sum;
}

/**
 * Workers that start when a request finds none: one while it would be up by itself, or as many as the throughput needs.
 * Further ones are whole: each is up for minutes after its last request. Cold starts rise up to the rate 1 / upS, then
 * fall.
 *
 * For one worker that serves any number of random requests at a time (the empty state of an M/D/infinity queue): with y
 * = e^(-rate x upS), the chance that none comes while it would stay up, a cycle is off for 1 / rate, starts for coldS
 * and is up for (1 / y - 1) / rate.
 *
 * @param workerSPerRequest worker-seconds of one request at the highest permitted load
 */
export const sleeping =
  ({ upS, coldS }: Sleeper, workerSPerRequest: number): Upkeep =>
  (ratePerS, usdPerWorkerS, usdPerStart) => {
    const some = -Math.expm1(-ratePerS * upS);
    const none = 1 - some;
    const cycle = 1 + ratePerS * coldS * none;
    return (
      usdPerWorkerS * workersUp(some / cycle, ratePerS * workerSPerRequest) + usdPerStart * (ratePerS * (none / cycle))
    );
  };

/** USD a month of workers up, over a task part's requests a day. Never falls. */
export const upCurve = (usdPerWorkerS: number, upkeep: Upkeep, spells: Spells, hoursPerMonth: number): CostCurve => {
  const usd = usdPerWorkerS * hoursPerMonth * secondsPerHour;
  return smooth((perDay) => usd * meanUsdPerS(upkeep, spells, perDay, onlyUp));
};

/** USD a month of cold starts, `usdPerStart` each, over a task part's requests a day. */
export const coldStartCurve = (
  usdPerStart: number,
  upkeep: Upkeep,
  spells: Spells,
  hoursPerMonth: number,
): CostCurve => {
  const usd = usdPerStart * hoursPerMonth * secondsPerHour;
  return smooth((perDay) => usd * meanUsdPerS(upkeep, spells, perDay, onlyStarts));
};

/** Both curves at a volume, faster: USD a month of workers up and of their starts. */
export const upkeepUsd = (
  prices: WorkerPrices,
  upkeep: Upkeep,
  spells: Spells,
  requestsPerDay: number,
  hoursPerMonth: number,
): number => hoursPerMonth * secondsPerHour * meanUsdPerS(upkeep, spells, requestsPerDay, prices);

/** Shares of requests that find a worker off, and starting. */
type ColdShares = { off: number; starting: number };

/** The same of a load. */
export function coldShares(sleeper: Sleeper, { multiple, share }: Spells, requestsPerDay: number): ColdShares {
  const { upS, coldS } = sleeper;
  let [off, starting, all] = [0, 0, 0];
  for (let i = 0; i < multiple.length; i++) {
    const ratePerS = ((multiple[i] as number) * requestsPerDay) / secondsPerDay;
    const none = 1 + Math.expm1(-ratePerS * upS);
    const cycle = 1 + ratePerS * coldS * none;
    const weight = share[i] as number;
    off += weight * (ratePerS * (none / cycle));
    starting += weight * (ratePerS * ((ratePerS * coldS * none) / cycle));
    all += weight * ratePerS;
  }
  return { off: off / all, starting: starting / all };
}

/**
 * Longest wait for a start, in seconds, of all but `tail` of the requests: all of the start where the worker is off,
 * any part of it where it is starting.
 */
export function coldWaitS({ off, starting }: ColdShares, coldS: number, tail: number): number {
  if (off >= tail) return coldS;
  if (off + starting <= tail) return 0;
  return coldS * (1 - (tail - off) / starting);
}
