import { addHours, durationCurve, type Hours } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { at, fixedCost, requestsAbove, type Term } from './curve.js';
import { aboveInMonth, type SizedOverflow, sizedOverflow, weightedAbove } from './overflow.js';

/** What overflows: task parts with their units' worth of work at multiple 1, and what they cost beyond their own machines. */
export type OverflowWork = {
  work: readonly { taskPart: TaskPart; need: number }[];
  /** USD a month of one unit of one's own. */
  unitUsdPerMonth: number;
  /** USD a month of everything at the API, less what requests cost on machines of one's own whatever their number. */
  netUsdPerMonth: number;
  /** The same of every month of the horizon alone; null: a request costs the same in all of them. */
  netByMonth: readonly number[] | null;
  /** Units that are there whatever the volume, as a month finds those that were bought for all; left out: as many as pay. */
  held?: number;
  /** It is asked of one volume: months are then added one by one, which takes less than merging them into one load. */
  isOnce?: boolean;
};

/** Optimally sized capacity of one's own with an API above it, and the price of a request there (on the volume axis). */
export type OverflowOf = SizedOverflow & {
  /** A mean over the requests of all months. */
  usdPerRequest: number;
  /** What a request costs in every month, and how many the API takes then; null: it costs the same in all of them. */
  months: readonly OverflowMonth[] | null;
  /** USD a month that the API is paid. */
  paid: Term;
  /** Requests of an average month that the API takes, and of all. */
  above(volume: number): number;
  all(volume: number): number;
};

export type OverflowMonth = { usdPerRequest: number; above(volume: number): number };

/**
 * The base on machines of one's own, the peaks on an API that takes whatever exceeds them, a mix like the whole. One unit
 * is owned whatever it serves; none stands by, as the API stands in for one that fails. What has a volume of its own is sized
 * for that at every volume of the axis. Null where some task parts follow the axis and others do not.
 */
export function overflowOf(
  { work, unitUsdPerMonth, netUsdPerMonth, netByMonth, held, isOnce = false }: OverflowWork,
  workload: Workload,
): OverflowOf | null {
  const [first] = work;
  if (first === undefined || work.some(({ taskPart }) => taskPart.scales !== first.taskPart.scales)) return null;
  const need = work.reduce((sum, one) => sum + one.need, 0);
  const load = durationCurve(sharedHours(work, need), workload.hoursPerMonth);
  const { growth, requestsPerDay } = workload;
  const unitRequestsPerDay = requestsPerDay / need;
  const reached = (volume: number) => (first.taskPart.scales ? volume : requestsPerDay);
  const ones = isOnce && growth.length > 1 ? new Float64Array(growth.length).fill(1) : null;
  const all = (volume: number) => weightedAbove({ load, growth, weights: ones }, 0, reached(volume));
  const monthly =
    netByMonth?.map((usd, month) => Math.max(0, usd / aboveInMonth(load, growth, month, 0, requestsPerDay))) ?? null;
  const prices = monthly === null || alike(monthly) ? null : monthly;
  const usdPerRequest =
    prices === null ? Math.max(0, netUsdPerMonth / all(requestsPerDay)) : weightedMean(prices, growth);
  // Without growth a mean price says all.
  const weights =
    prices === null || growth.length === 1 ? ones : Float64Array.from(prices, (usd) => usd / usdPerRequest);
  const aboveOf = (volume: number, units: number) =>
    requestsAbove(load, growth, units * unitRequestsPerDay, reached(volume));
  const billed = (volume: number, units: number) =>
    weightedAbove({ load, growth, weights }, units * unitRequestsPerDay, reached(volume));
  const monthsWith = (unitsAt: (volume: number) => number) =>
    prices?.map(
      (usd, month): OverflowMonth => ({
        usdPerRequest: usd,
        above: (volume) => aboveInMonth(load, growth, month, unitsAt(volume) * unitRequestsPerDay, reached(volume)),
      }),
    ) ?? null;
  if (held !== undefined) {
    const above = (volume: number) => aboveOf(volume, held);
    const units = () => held;
    const term: Term = { is: 'smooth', up: (volume) => usdPerRequest * billed(volume, held), down: () => 0 };
    const curve = { fixed: held * unitUsdPerMonth, perUnit: 0, terms: [term] };
    return {
      curve,
      unitsAtWork: units,
      unitsOwned: units,
      usdPerRequest,
      months: monthsWith(units),
      paid: term,
      all,
      above,
    };
  }
  const sized = sizedOverflow({
    load,
    growth,
    unitRequestsPerDay,
    unitUsdPerMonth,
    usdPerRequest,
    weights,
    min: 1,
    spare: 0,
  });
  const unitsAtWork = (volume: number) => sized.unitsAtWork(reached(volume));
  return {
    curve: first.taskPart.scales ? sized.curve : fixedCost(at(sized.curve, requestsPerDay)),
    unitsAtWork,
    unitsOwned: (volume) => sized.unitsOwned(reached(volume)),
    usdPerRequest,
    months: monthsWith(unitsAtWork),
    paid: {
      is: 'smooth',
      up: (volume) => usdPerRequest * billed(volume, 0),
      down: (volume) => usdPerRequest * (billed(volume, 0) - billed(volume, unitsAtWork(volume))),
    },
    all,
    above: (volume) => aboveOf(volume, unitsAtWork(volume)),
  };
}

/** Prices that differ by less are the same but for rounding. */
const negligible = 1e-12;
const alike = (prices: readonly number[]): boolean => {
  const most = Math.max(...prices);
  return most - Math.min(...prices) <= negligible * most;
};

/** Mean price of the requests of all months. */
function weightedMean(prices: readonly number[], growth: Float64Array): number {
  let usd = 0;
  let requests = 0;
  for (const [month, price] of prices.entries()) {
    const factor = growth[Math.min(month, growth.length - 1)] as number;
    usd += price * factor;
    requests += factor;
  }
  return usd / requests;
}

/** Hours of the mix, by the work that each task part brings. */
function sharedHours(work: OverflowWork['work'], need: number): Hours {
  const [first] = work;
  if (first !== undefined && work.every(({ taskPart }) => taskPart.hours === first.taskPart.hours))
    return first.taskPart.hours;
  return addHours(work.map((one) => ({ hours: one.taskPart.hours, factor: one.need / need })));
}
