/**
 * Share of a debt to pay per period so that it is gone after `periods`, interest included:
 * i / (1 - (1 + i)^-n), and 1/n without interest (capital recovery factor of engineering economics).
 */
export function capitalRecoveryFactor(ratePerPeriod: number, periods: number): number {
  if (ratePerPeriod === 0) return 1 / periods;
  // 1 - (1 + i)^-n by logarithms, which keep the digits of small rates.
  return ratePerPeriod / -Math.expm1(-periods * Math.log1p(ratePerPeriod));
}

/** What owning something costs per period: its price, its worth at the end, the rate per period, the periods. */
export type Asset = { priceUsd: number; residualUsd: number; ratePerPeriod: number; periods: number };

/**
 * Annuity, USD per period: (price - residual) x CRF + residual x i. The residual is paid back at the end, so only its
 * interest is lost. With a rate of 0 the straight line of a book view.
 */
export const annuityUsd = ({ priceUsd, residualUsd, ratePerPeriod, periods }: Asset): number =>
  (priceUsd - residualUsd) * capitalRecoveryFactor(ratePerPeriod, periods) + residualUsd * ratePerPeriod;

/** What something bought for `priceUsd` is worth after `months`: price x (share kept after 36 months)^(months / 36). */
export const residualUsd = (priceUsd: number, keptAfter36Months: number, months: number): number =>
  priceUsd * keptAfter36Months ** (months / 36);

/**
 * The same amount every period instead of `payments`, each at the end of its period: their present value times the capital
 * recovery factor; their sum over the periods without interest.
 */
export function levelPaymentUsd(payments: readonly number[], ratePerPeriod: number, periods: number): number {
  const present = payments.reduce((sum, payment, at) => sum + payment / (1 + ratePerPeriod) ** (at + 1), 0);
  return present * capitalRecoveryFactor(ratePerPeriod, periods);
}
