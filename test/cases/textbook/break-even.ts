import { monthlyRate } from '../../../src/cost/owned-machine.js';
import { monthsPerYear } from '../../../src/units/month.js';

/** Share that an option saves against a baseline: 1 - option / baseline; negative where it costs more. */
export const savingShare = (baselineUsd: number, optionUsd: number): number => 1 - optionUsd / baselineUsd;

/** A cost that is a straight line of volume. */
export type CostLineOf = { fixedUsd: number; usdPerUnit: number };

/**
 * Volume at which two straight lines cost the same: (F_own - F_api) / (p_api - m_own). Infinity where the API is not
 * dearer per unit, as the fixed cost is never earned back; 0 where owning is cheaper from the start.
 */
export function breakEvenVolume(own: CostLineOf, api: CostLineOf): number {
  if (own.fixedUsd <= api.fixedUsd && own.usdPerUnit <= api.usdPerUnit) return 0;
  if (api.usdPerUnit <= own.usdPerUnit) return Number.POSITIVE_INFINITY;
  return Math.max(0, (own.fixedUsd - api.fixedUsd) / (api.usdPerUnit - own.usdPerUnit));
}

/**
 * Periods until what was bought is earned back: price / (saving per period x utilization). A saving per hour holds for the
 * hours at work only, hence the utilization. Infinity without a saving.
 */
export const paybackPeriods = (capexUsd: number, savedUsdPerPeriod: number, utilization = 1): number =>
  savedUsdPerPeriod > 0 ? capexUsd / (savedUsdPerPeriod * utilization) : Number.POSITIVE_INFINITY;

/** Utilization above which owning is cheaper than renting by the hour: own cost of all hours / rental price. */
export const ownAboveUtilization = (ownUsdPerHour: number, rentalUsdPerHour: number): number =>
  ownUsdPerHour / rentalUsdPerHour;

/** Owning against an API bill that grows. Shares: growth per month, decline and discount per year. */
export type GrowingBill = {
  capexUsd: number;
  ownUsdPerMonth: number;
  apiUsdPerMonth: number;
  growthPerMonth: number;
  priceDeclinePerYear: number;
  discountPerYear: number;
};

/** No machine lives longer than this. */
const mostMonths = 1200;

/**
 * First month in which owning has cost no more in all than the API; Infinity where none does. The API bill of month m is
 * that of month 1 x (1 + growth)^(m - 1) x (1 - decline)^(m / 12); payments of month m are discounted by m months.
 */
export function growthBreakEvenMonth(bill: GrowingBill): number {
  const discount = 1 + monthlyRate(bill.discountPerYear);
  let [own, api] = [bill.capexUsd, 0];
  for (let month = 1; month <= mostMonths; month++) {
    const price = (1 - bill.priceDeclinePerYear) ** (month / monthsPerYear);
    const worth = discount ** -month;
    own += bill.ownUsdPerMonth * worth;
    api += bill.apiUsdPerMonth * (1 + bill.growthPerMonth) ** (month - 1) * price * worth;
    if (own <= api) return month;
  }
  return Number.POSITIVE_INFINITY;
}
