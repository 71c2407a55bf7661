import { remembering } from '../units/memo.js';
import { addHours, durationCurve, type Hours, highestOf, type Load } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { at, type CostCurve, fixedCost, requestsAbove, type Term } from './curve.js';

/** Own units that take what they hold, and an API for what exceeds it. */
export type Overflow = {
  load: Load;
  /** Volume of every month over that of month 1: units are bought once for all of them. */
  growth: Float64Array;
  /** Requests a day, at multiple 1, that one own unit holds. */
  unitRequestsPerDay: number;
  unitUsdPerMonth: number;
  /** What units beyond so many cost more, each and month; null, or left out: all cost alike. */
  beyondRoom?: { from: number; usdPerMonth: number } | null;
  /** At the API, as a mean over the requests of all months. */
  usdPerRequest: number;
  /** What a request costs there in every month, over that mean; null: the same in all. */
  weights: Float64Array | null;
  /** Units that are owned whatever they serve, and spares beside them as soon as any is owned. */
  min: number;
  spare: number;
};

/** Optimally sized, at every volume anew. */
export type SizedOverflow = {
  /** USD a month: own units, spares and the API. */
  curve: CostCurve;
  /** Own units that serve at a volume; spares are not among them. */
  unitsAtWork(volume: number): number;
  /** Own units at a volume, spares included. */
  unitsOwned(volume: number): number;
};

const oneMonth = Float64Array.of(1);

/** Requests of one month (0 = first) that arrive above a rate of `base` requests a day. */
export const aboveInMonth = (load: Load, growth: Float64Array, month: number, base: number, volume: number): number =>
  requestsAbove(load, oneMonth, base, volume * (growth[Math.min(month, growth.length - 1)] as number));

/** Requests of an average month above a rate, those of every month times its weight. */
export function weightedAbove(
  { load, growth, weights }: Pick<Overflow, 'load' | 'growth' | 'weights'>,
  base: number,
  volume: number,
): number {
  if (weights === null) return requestsAbove(load, growth, base, volume);
  let sum = 0;
  for (let month = 0; month < weights.length; month++)
    sum += (weights[month] as number) * aboveInMonth(load, growth, month, base, volume);
  return sum / weights.length;
}

/** USD a month of so many units. */
const unitsUsdOf =
  ({ unitUsdPerMonth, beyondRoom }: Pick<Overflow, 'unitUsdPerMonth' | 'beyondRoom'>) =>
  (units: number): number =>
    units * unitUsdPerMonth + (beyondRoom ? Math.max(0, units - beyondRoom.from) * beyondRoom.usdPerMonth : 0);

/**
 * Unit j is owned while the API would charge its requests no less than it costs: the mean over the months of
 * p_k x served_jk(v) >= c, with served_jk(v) = sum over hours of min(mu, (D_hk v - (j-1) mu)+), the newsvendor's rule on a
 * load-duration curve. As served_jk never falls with v and falls with j, the cost is the mean of p_k x E_k(v) less what the
 * owned units save: a difference of two non-decreasing functions.
 */
export function sizedOverflow(of: Overflow): SizedOverflow {
  const { load, growth, unitRequestsPerDay, unitUsdPerMonth, usdPerRequest, min, spare } = of;
  const unitsUsd = unitsUsdOf(of);
  const above = (volume: number, units: number) => weightedAbove(of, units * unitRequestsPerDay, volume);
  const highest = highestOf(growth) * (load.multiple[0] ?? 0);
  const pays = (volume: number, unit: number) =>
    usdPerRequest * (above(volume, unit - 1) - above(volume, unit)) >= unitsUsd(unit) - unitsUsd(unit - 1);

  /** Units that pay for themselves, spares left aside. */
  const worthwhile = remembering((volume: number): number => {
    let low = min;
    // Beyond this no unit can be told from the next.
    const all = Math.min(Number.MAX_SAFE_INTEGER, Math.ceil((volume * highest) / unitRequestsPerDay));
    let high = Math.max(min, all);
    while (low < high) {
      const unit = low + Math.ceil((high - low) / 2);
      if (pays(volume, unit)) low = unit;
      else high = unit - 1;
    }
    return low;
  });
  /** What units at work save of the API's bill over their own cost, spares left aside. */
  const saved = (volume: number): number => {
    const units = worthwhile(volume);
    return usdPerRequest * (above(volume, 0) - above(volume, units)) - (unitsUsd(units) - unitsUsd(min));
  };
  const spareUsd = spare * unitUsdPerMonth;
  const less = min > 0 ? saved : (volume: number) => Math.max(0, saved(volume) - spareUsd);
  const unitsAtWork = (volume: number) => (min > 0 || saved(volume) >= spareUsd ? worthwhile(volume) : 0);
  return {
    curve: {
      fixed: min > 0 ? unitsUsd(min) + spareUsd : 0,
      perUnit: 0,
      terms: [{ is: 'smooth', usdAt: (volume) => usdPerRequest * above(volume, 0) - less(volume) }],
    },
    unitsAtWork,
    unitsOwned: (volume) => {
      const working = unitsAtWork(volume);
      return working > 0 ? working + spare : 0;
    },
  };
}

/** What overflows: task parts with their units' worth of work at multiple 1, and what they cost beyond their own machines. */
export type OverflowWork = {
  work: readonly { taskPart: TaskPart; need: number }[];
  /** USD a month of one unit of one's own. */
  unitUsdPerMonth: number;
  beyondRoom?: Overflow['beyondRoom'];
  /** USD a month of everything at the API, less what requests cost on machines of one's own whatever their number. */
  netUsdPerMonth: number;
  /** The same of every month of the horizon alone; null: a request costs the same in all of them. */
  netByMonth: readonly number[] | null;
  /** Units that are bought at the least; left out: one. */
  min?: number;
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
    weightedAbove({ load, growth, weights: ones }, units * unitRequestsPerDay, reached(volume));
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
    const term: Term = { is: 'smooth', usdAt: (volume) => usdPerRequest * billed(volume, held) };
    const curve = { fixed: unitsUsdOf({ unitUsdPerMonth, beyondRoom })(held), perUnit: 0, terms: [term] };
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
    beyondRoom,
    usdPerRequest,
    weights,
    min,
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
      usdAt: (volume) => usdPerRequest * billed(volume, unitsAtWork(volume)),
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
