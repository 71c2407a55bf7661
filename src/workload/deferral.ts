import { memoized, perObject } from '../units/memo.js';
import { type Hours, highestOf, meanOf } from './load.js';

/** Work that need not be done in the hour it arrives in. */
export type Waiting = {
  arrivals: Hours;
  deadlineHours: number;
};

/** Rounding: a ceiling this close to the mean is the mean. */
const slack = 1e-12;

const served = perObject((arrivals: Hours) =>
  memoized((deadline: number) =>
    deadline === 0 ? arrivals : underCeiling(arrivals, lowestCeiling(arrivals, deadline)),
  ),
);

/**
 * The hours in which deferrable work is done, up to `deadlineHours` after it arrives: as it comes, but never faster
 * than the lowest constant ceiling that keeps the deadline, first come, first served, in a cyclic week. Same work,
 * lower peak; a deadline of a week gives a flat line. Whole hours only. The same arguments give the same object, and
 * never that of arrivals that may not wait: it distinguishes the two.
 */
export const servedInTime = (arrivals: Hours, deadlineHours: number): Hours =>
  served(arrivals)(wholeHours(deadlineHours, arrivals));

/** The hours of work that may wait, and what they came from. */
export function doneInTime(arrivals: Hours, deadlineHours: number): { hours: Hours; waits: Waiting | null } {
  const hours = servedInTime(arrivals, deadlineHours);
  return { hours, waits: hours === arrivals ? null : { arrivals, deadlineHours } };
}

/**
 * When work arrives and how many whole hours it may wait. Hours changed after they were spread over their deadline are
 * those in which the work must be done.
 */
export function waitingOf({ hours, waits }: { hours: Hours; waits: Waiting | null }): Waiting {
  return waits !== null && servedInTime(waits.arrivals, waits.deadlineHours) === hours
    ? { arrivals: waits.arrivals, deadlineHours: wholeHours(waits.deadlineHours, hours) }
    : { arrivals: hours, deadlineHours: 0 };
}

/** A week's wait makes everything flat; more changes nothing. */
export const wholeHours = (deadlineHours: number, { length }: Hours): number =>
  Math.min(length, Math.floor(deadlineHours));

/**
 * The lowest ceiling: the most that arrives within any w hours must be done within w + deadline hours (network
 * calculus: the horizontal distance of arrival and service curve). Windows beyond one cycle tend to the mean.
 */
function lowestCeiling(arrivals: Hours, deadline: number): number {
  let ceiling = meanOf(arrivals);
  for (let from = 0; from < arrivals.length; from++) {
    let arrived = 0;
    for (let hours = 1; hours <= arrivals.length; hours++) {
      arrived += arrivals[(from + hours - 1) % arrivals.length] as number;
      ceiling = Math.max(ceiling, arrived / (hours + deadline));
    }
  }
  return ceiling;
}

/** Work done in each hour with at most `ceiling` an hour, in the steady state of a repeating week. */
function underCeiling(arrivals: Hours, ceiling: number): Hours {
  if (ceiling >= highestOf(arrivals)) return arrivals.slice();
  const mean = meanOf(arrivals);
  if (ceiling <= mean * (1 + slack)) return new Float64Array(arrivals.length).fill(mean);
  let backlog = 0;
  const done = new Float64Array(arrivals.length);
  // One week from empty gives the steady backlog, as no week brings more than it can do.
  for (let week = 0; week < 2; week++) {
    for (let hour = 0; hour < arrivals.length; hour++) {
      const waiting = backlog + (arrivals[hour] as number);
      done[hour] = Math.min(ceiling, waiting);
      backlog = Math.max(0, waiting - ceiling);
    }
  }
  return done;
}
