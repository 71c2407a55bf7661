import { requestsPerMonthPerDaily } from '../cost/curve.js';
import { hoursPerDay, secondsPerHour } from '../units/clock.js';
import { filled } from '../units/float.js';
import { waitingOf } from '../workload/deferral.js';
import { distinctOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type ApiBills, lives } from './api-bills.js';

/** Requests of every month, and those that find what all share: as `cost/cache-hits.ts`. */
type Months = { requests: Float64Array; hits: Float64Array };

function monthsOf(
  taskPart: TaskPart,
  requestsPerDay: number,
  lifeS: number,
  { growth, hoursPerMonth }: Workload,
): Months {
  const given = taskPart.tokens.cacheHitRate;
  const months: Months = { requests: new Float64Array(growth.length), hits: new Float64Array(growth.length) };
  // Work that may wait is sent as it arrives or later, whichever finds more.
  for (const [way, hours] of [...new Set([taskPart.hours, waitingOf(taskPart).arrivals])].entries()) {
    const { multiple, count } = distinctOf(hours);
    for (let month = 0; month < growth.length; month++) {
      let [requests, hits] = [0, 0];
      for (let i = 0; i < multiple.length; i++) {
        const perHour = (requestsPerDay * (growth[month] as number) * (multiple[i] as number)) / hoursPerDay;
        const there = (hoursPerMonth / hours.length) * (count[i] as number) * perHour;
        requests += there;
        hits += there * (given ?? 1 - Math.exp((-perHour * lifeS) / secondsPerHour));
      }
      if (way === 0) [months.requests[month], months.hits[month]] = [requests, hits];
      else months.hits[month] = Math.max(months.hits[month] as number, hits);
    }
  }
  return months;
}

/** USD a month of every API at a volume, people left out. */
export function billApis(
  bills: ApiBills,
  taskPart: TaskPart,
  requestsPerDay: number,
  workload: Workload,
): Float64Array {
  const perMonth = requestsPerMonthPerDaily(taskPart, workload) * requestsPerDay;
  const known: (Months | undefined)[] = [];
  return filled(bills.api.length, (at) => {
    const pays = bills.pays[at] as number;
    const plain = (bills.plain[at] as number) + (bills.tools[at] as number);
    const fixed = bills.fixed[at] as number;
    const byMonth = bills.months[at] ?? null;
    if (byMonth === null && pays === Number.POSITIVE_INFINITY) return perMonth * plain + fixed;
    const life = bills.life[at] as number;
    known[life] ??= monthsOf(taskPart, requestsPerDay, workload.assume(lives[life] as string), workload);
    const months = known[life] as Months;
    let usd = 0;
    for (let month = 0; month < months.requests.length; month++) usd += monthUsd(bills, at, months, month);
    return usd / months.requests.length + fixed;
  });
}

/** USD of the requests of a month alone. */
function monthUsd(bills: ApiBills, at: number, { requests, hits }: Months, month: number): number {
  const byMonth = bills.months[at] ?? null;
  const usd = (part: 'plain' | 'looking' | 'found'): number =>
    byMonth === null ? (bills[part][at] as number) : (byMonth[3 * month + partAt[part]] as number);
  const [all, found] = [requests[month] as number, hits[month] as number];
  const looks = found >= (bills.pays[at] as number) * all;
  return all * (bills.tools[at] as number) + (looks ? all * usd('looking') + found * usd('found') : all * usd('plain'));
}
const partAt = { plain: 0, looking: 1, found: 2 };

/** USD of every month alone; null: a request costs the same in all of them. */
export function billByMonth(
  bills: ApiBills,
  at: number,
  taskPart: TaskPart,
  requestsPerDay: number,
  workload: Workload,
): Float64Array | null {
  const isAlike =
    bills.months[at] === null && (bills.pays[at] === Number.POSITIVE_INFINITY || taskPart.tokens.cacheHitRate !== null);
  if (workload.growth.length === 1 || isAlike) return null;
  const lifeS = workload.assume(lives[bills.life[at] as number] as string);
  const months = monthsOf(taskPart, requestsPerDay, lifeS, workload);
  return months.requests.map((_, month) => monthUsd(bills, at, months, month));
}
