import { monthAfter } from '../units/month.js';
import type { Demand } from './demand.js';

/** The demand of one month (0 = first) alone: its volume, and the calendar moved on. */
export const monthOf = (demand: Demand, month: number): Demand => grownMonth(demand, growthIn(demand, month), month);

/** A month alone with so much of the volume of month 1, the calendar moved on by `month` months. */
export function grownMonth(demand: Demand, factor: number, month: number): Demand {
  return {
    ...demand,
    months: 1,
    growth: Float64Array.of(1),
    // After the horizon the volume may be more than what it was sized for.
    peakGrowth: Math.max(1, demand.peakGrowth / factor),
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
