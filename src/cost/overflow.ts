import { remembering } from '../units/memo.js';
import { highestOf, type Load } from '../workload/load.js';
import { type CostCurve, requestsAbove } from './curve.js';

/** Own units that take what they hold, and an API for what exceeds it. */
export type Overflow = {
  load: Load;
  /** Volume of every month over that of month 1: units are bought once for all of them. */
  growth: Float64Array;
  /** Requests a day, at multiple 1, that one own unit holds. */
  unitRequestsPerDay: number;
  unitUsdPerMonth: number;
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

/**
 * Unit j is owned while the API would charge its requests no less than it costs: the mean over the months of
 * p_k x served_jk(v) >= c, with served_jk(v) = sum over hours of min(mu, (D_hk v - (j-1) mu)+), the newsvendor's rule on a
 * load-duration curve. As served_jk never falls with v and falls with j, the cost is the mean of p_k x E_k(v) less what the
 * owned units save: a difference of two non-decreasing functions.
 */
export function sizedOverflow(of: Overflow): SizedOverflow {
  const { load, growth, unitRequestsPerDay, unitUsdPerMonth, usdPerRequest, min, spare } = of;
  const above = (volume: number, units: number) => weightedAbove(of, units * unitRequestsPerDay, volume);
  const highest = highestOf(growth) * (load.multiple[0] ?? 0);
  const pays = (volume: number, unit: number) =>
    usdPerRequest * (above(volume, unit - 1) - above(volume, unit)) >= unitUsdPerMonth;

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
    return usdPerRequest * (above(volume, 0) - above(volume, units)) - (units - min) * unitUsdPerMonth;
  };
  const spareUsd = spare * unitUsdPerMonth;
  const down = min > 0 ? saved : (volume: number) => Math.max(0, saved(volume) - spareUsd);
  const unitsAtWork = (volume: number) => (min > 0 || saved(volume) >= spareUsd ? worthwhile(volume) : 0);
  return {
    curve: {
      fixed: min > 0 ? min * unitUsdPerMonth + spareUsd : 0,
      perUnit: 0,
      terms: [{ is: 'smooth', up: (volume) => usdPerRequest * above(volume, 0), down }],
    },
    unitsAtWork,
    unitsOwned: (volume) => {
      const working = unitsAtWork(volume);
      return working > 0 ? working + spare : 0;
    },
  };
}

/**
 * Own capacity that is worth having, as a multiple of the load's base volume: k* with P(D > k*) = c / p, that is
 * F(k*) = 1 - c/p (the newsvendor's quantile).
 *
 * @param ratio c / p: what own capacity costs per request it could serve in all hours, over the API's price per request
 */
export function baseMultiple({ multiple, weightUpTo }: Load, ratio: number): number {
  const entries = multiple.length;
  const hours = ratio * (weightUpTo[entries] as number);
  for (let i = 0; i < entries; i++) if ((weightUpTo[i + 1] as number) > hours) return multiple[i] as number;
  return 0;
}

/** Share of the requests of a load that arrive above a multiple of its base volume. */
export function shareAbove({ multiple, weight, energyUpTo }: Load, base: number): number {
  let above = 0;
  for (let i = 0; i < multiple.length; i++)
    above += (weight[i] as number) * Math.max(0, (multiple[i] as number) - base);
  return above / (energyUpTo[multiple.length] as number);
}
