import { remembering } from '../units/memo.js';
import { hoursPerDay } from '../units/month.js';
import { addHours, countAbove, durationCurve, type Hours, highestOf, type Load, overMonths } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type CostCurve, fixedCost, type Term } from './curve.js';

/** When requests come that overflow. */
type Requests = {
  /** Sorted. */
  load: Load;
  /** Volume of every month over that of month 1; units are bought once for all. */
  growth: Float64Array;
  /** API price of a request in every month, over its mean; null: constant. */
  weights: Float64Array | null;
};

const oneMonth = Float64Array.of(1);

/** Requests of an average month above a rate of `base` a day: the area of the load-duration curve above it. */
function requestsAbove(load: Load, growth: Float64Array, base: number, volume: number): number {
  const whole = overMonths(load, growth);
  if (volume <= 0) return 0;
  const entries = countAbove(whole, base / volume);
  const over = volume * (whole.energyUpTo[entries] as number) - base * (whole.weightUpTo[entries] as number);
  return Math.max(0, over) / hoursPerDay;
}

/** Requests of one month (0 = first) above a rate of `base` a day. */
export const aboveInMonth = (load: Load, growth: Float64Array, month: number, base: number, volume: number): number =>
  requestsAbove(load, oneMonth, base, volume * (growth[Math.min(month, growth.length - 1)] as number));

/** Requests of an average month above a rate, those of every month times its weight. */
export function weightedAbove({ load, growth, weights }: Requests, base: number, volume: number): number {
  if (weights === null) return requestsAbove(load, growth, base, volume);
  let sum = 0;
  for (let month = 0; month < weights.length; month++)
    sum += (weights[month] as number) * aboveInMonth(load, growth, month, base, volume);
  return sum / weights.length;
}

/** What overflows: task parts with units of work at multiple 1, and costs beyond own machines. */
type OverflowWork = {
  work: readonly { taskPart: TaskPart; need: number }[];
  /** USD a month of one unit of one's own. */
  unitUsdPerMonth: number;
  /** Extra USD a month of each unit beyond so many; null, or left out: all cost the same. */
  beyondRoom?: { from: number; usdPerMonth: number } | null;
  /** USD a month of everything at the API, less the costs per request on own machines. */
  netUsdPerMonth: number;
  /** The same of every month of the horizon; null: constant. */
  netByMonth: readonly number[] | null;
  /** Units that are bought at the least; left out: one. */
  min?: number;
  /** Units held at any volume, as bought for all months; left out: as many as pay. */
  held?: number;
  /** For one volume: months are added one by one, which is faster than one merged load. */
  isOnce?: boolean;
};

/** Own capacity with an overflow API, and the price of a request there (on the volume axis). */
export type OverflowOf = {
  /** USD a month: own units and the API. */
  curve: CostCurve;
  /** Own units at a volume. */
  unitsOwned(volume: number): number;
  /** A mean over the requests of all months. */
  usdPerRequest: number;
  /** Price of a request and the API's requests in every month; null: constant price. */
  months: readonly OverflowMonth[] | null;
  /** USD a month that the API is paid. */
  paid: Term;
  /** Requests of an average month that the API takes, and of all. */
  above(volume: number): number;
  all(volume: number): number;
};

export type OverflowMonth = { usdPerRequest: number; above(volume: number): number };

/**
 * The base on own machines, the peaks at an API, with the same mix. No spares: the API replaces a failed machine. A
 * volume of its own is sized for that at every volume of the axis. Null where some task parts follow the axis and
 * others do not.
 *
 * Unit j is owned while the API would charge its requests no less than it costs: the mean over the months of p_k x
 * served_jk(v) >= c, with served_jk(v) = sum over hours of min(mu, (D_hk v - (j-1) mu)+), the newsvendor's rule on a
 * load-duration curve. served_jk never falls with v, and falls with j.
 */
export function overflowOf(
  { work, unitUsdPerMonth, beyondRoom = null, netUsdPerMonth, netByMonth, min = 1, held, isOnce = false }: OverflowWork,
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
  const aboveUnits = (weights: Float64Array | null) => (volume: number, units: number) =>
    weightedAbove({ load, growth, weights }, units * unitRequestsPerDay, reached(volume));
  const requests = aboveUnits(ones);
  const monthly =
    netByMonth?.map((usd, month) => Math.max(0, usd / aboveInMonth(load, growth, month, 0, requestsPerDay))) ?? null;
  const prices = monthly === null || alike(monthly) ? null : monthly;
  const usdPerRequest =
    prices === null ? Math.max(0, netUsdPerMonth / requests(requestsPerDay, 0)) : weightedMean(prices, growth);
  // Without growth a mean price says all.
  const isWeighted = prices !== null && growth.length > 1;
  const billed = isWeighted ? aboveUnits(Float64Array.from(prices, (usd) => usd / usdPerRequest)) : requests;
  const unitsUsd = (units: number): number =>
    units * unitUsdPerMonth + (beyondRoom ? Math.max(0, units - beyondRoom.from) * beyondRoom.usdPerMonth : 0);

  /** As many as pay for themselves. */
  const worthwhile = remembering((volume: number): number => {
    const highest = highestOf(growth) * (load.multiple[0] ?? 0);
    // Beyond this a unit does not differ from the next.
    const all = Math.min(Number.MAX_SAFE_INTEGER, Math.ceil((reached(volume) * highest) / unitRequestsPerDay));
    let [low, high] = [min, Math.max(min, all)];
    while (low < high) {
      const unit = low + Math.ceil((high - low) / 2);
      const saved = usdPerRequest * (billed(volume, unit - 1) - billed(volume, unit));
      if (saved >= unitsUsd(unit) - unitsUsd(unit - 1)) low = unit;
      else high = unit - 1;
    }
    return low;
  });
  const units = held === undefined ? worthwhile : () => held;
  const apiUsd = (volume: number): number => usdPerRequest * billed(volume, units(volume));
  const usdAt = (volume: number): number => unitsUsd(units(volume)) + apiUsd(volume);
  return {
    curve: first.taskPart.scales
      ? { fixed: 0, perUnit: 0, terms: [{ is: 'smooth', usdAt }] }
      : fixedCost(usdAt(requestsPerDay)),
    unitsOwned: units,
    usdPerRequest,
    months:
      prices?.map((usd, month) => ({
        usdPerRequest: usd,
        above: (volume) => aboveInMonth(load, growth, month, units(volume) * unitRequestsPerDay, reached(volume)),
      })) ?? null,
    paid: { is: 'smooth', usdAt: apiUsd },
    all: (volume) => requests(volume, 0),
    above: (volume) => requests(volume, units(volume)),
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
