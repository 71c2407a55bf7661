import { monthAfter } from '../units/month.js';
import type { Demand } from './demand.js';

/** The demand of one month (0 = first) alone: its volume, and the calendar moved on. */
export function monthOf(demand: Demand, month: number): Demand {
  const factor = growthIn(demand, month);
  return {
    ...demand,
    months: 1,
    growth: Float64Array.of(1),
    peakGrowth: demand.peakGrowth / factor,
    requestsPerDay: demand.requestsPerDay * factor,
    firstMonth: monthAfter(demand.firstMonth, month),
    monthsBefore: demand.monthsBefore + month,
    slices: demand.slices.map((slice) => ({ ...slice, requestsPerDay: slice.requestsPerDay * factor })),
  };
}

/** Volume of a month over that of month 1. */
export const growthIn = ({ growth }: Pick<Demand, 'growth'>, month: number): number =>
  growth[Math.min(month, growth.length - 1)] as number;

const known = new WeakMap<Demand, readonly Demand[]>();

/** Every month of the horizon alone. */
export function monthsAlone(demand: Demand): readonly Demand[] {
  let months = known.get(demand);
  if (months === undefined) {
    const count = demand.growth.length === 1 ? demand.months : demand.growth.length;
    months = Array.from({ length: count }, (_, month) => monthOf(demand, month));
    known.set(demand, months);
  }
  return months;
}
