import type { Demand, Slice } from '../scenario/demand.js';
import { addHours, durationCurve, type Hours } from '../scenario/load.js';
import { at, fixedCost, requestsAbove, type Term } from './curve.js';
import { type SizedOverflow, sizedOverflow } from './overflow.js';

/** What overflows: slices with their units' worth of work at multiple 1, and what they cost beyond their own machines. */
export type OverflowWork = {
  work: readonly { slice: Slice; need: number }[];
  /** USD a month of one unit of one's own. */
  unitUsdPerMonth: number;
  /** USD a month of everything at the API, less what requests cost on machines of one's own whatever their number. */
  netUsdPerMonth: number;
  /** Units that are there whatever the volume, as a month finds those that were bought for all; left out: as many as pay. */
  held?: number;
};

/** Optimally sized capacity of one's own with an API above it, and the price of a request there (on the volume axis). */
export type OverflowOf = SizedOverflow & {
  usdPerRequest: number;
  /** Requests of an average month that the API takes, and of all. */
  above(volume: number): number;
  all(volume: number): number;
};

/**
 * The base on machines of one's own, the peaks on an API that takes whatever exceeds them, a mix like the whole. One unit
 * is owned whatever it serves; none stands by, as the API stands in for one that fails. What has a volume of its own is sized
 * for that at every volume of the axis. Null where some slices follow the axis and others do not.
 */
export function overflowOf(
  { work, unitUsdPerMonth, netUsdPerMonth, held }: OverflowWork,
  demand: Demand,
): OverflowOf | null {
  const [first] = work;
  if (first === undefined || work.some(({ slice }) => slice.scales !== first.slice.scales)) return null;
  const need = work.reduce((sum, one) => sum + one.need, 0);
  const load = durationCurve(sharedHours(work, need), demand.hoursPerMonth);
  const { growth, requestsPerDay } = demand;
  const unitRequestsPerDay = requestsPerDay / need;
  const reached = (volume: number) => (first.slice.scales ? volume : requestsPerDay);
  const all = (volume: number) => requestsAbove(load, growth, 0, reached(volume));
  const usdPerRequest = Math.max(0, netUsdPerMonth / all(requestsPerDay));
  const aboveOf = (volume: number, units: number) =>
    requestsAbove(load, growth, units * unitRequestsPerDay, reached(volume));
  if (held !== undefined) {
    const above = (volume: number) => aboveOf(volume, held);
    const units = () => held;
    const paid: Term = { is: 'smooth', up: (volume) => usdPerRequest * above(volume), down: () => 0 };
    const curve = { fixed: held * unitUsdPerMonth, perUnit: 0, terms: [paid] };
    return { curve, unitsAtWork: units, unitsOwned: units, usdPerRequest, all, above };
  }
  const sized = sizedOverflow({
    load,
    growth,
    unitRequestsPerDay,
    unitUsdPerMonth,
    usdPerRequest,
    min: 1,
    spare: 0,
  });
  return {
    curve: first.slice.scales ? sized.curve : fixedCost(at(sized.curve, requestsPerDay)),
    unitsAtWork: (volume) => sized.unitsAtWork(reached(volume)),
    unitsOwned: (volume) => sized.unitsOwned(reached(volume)),
    usdPerRequest,
    all,
    above: (volume) => aboveOf(volume, sized.unitsAtWork(reached(volume))),
  };
}

/** Hours of the mix, by the work that each slice brings. */
function sharedHours(work: OverflowWork['work'], need: number): Hours {
  const [first] = work;
  if (first !== undefined && work.every(({ slice }) => slice.hours === first.slice.hours)) return first.slice.hours;
  return addHours(work.map((one) => ({ hours: one.slice.hours, factor: one.need / need })));
}
