const monthsOfResidual = 36;
const monthsPerYear = 12;

/**
 * Share of a sum that is paid back each period, interest included, over `periods` at `ratePerPeriod`:
 * CRF = i / (1 - (1 + i)^-n), and 1 / n without interest.
 */
export const capitalRecoveryFactor = (ratePerPeriod: number, periods: number): number =>
  ratePerPeriod === 0 ? 1 / periods : ratePerPeriod / (1 - (1 + ratePerPeriod) ** -periods);

/** What is paid each period for something bought at one price and sold at another: (price - resale) CRF + resale x i. */
export const annuity = (priceUsd: number, resaleUsd: number, ratePerPeriod: number, periods: number): number =>
  (priceUsd - resaleUsd) * capitalRecoveryFactor(ratePerPeriod, periods) + resaleUsd * ratePerPeriod;

/** What is left of a price after some months, from what is left after three years: price x r3^(m / 36). */
export const residualUsd = (priceUsd: number, threeYearResidual: number, months: number): number =>
  priceUsd * threeYearResidual ** (months / monthsOfResidual);

/** The rate per month that makes a rate per year. */
export const monthlyRate = (ratePerYear: number): number => (1 + ratePerYear) ** (1 / monthsPerYear) - 1;
