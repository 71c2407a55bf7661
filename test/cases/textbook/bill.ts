import { capitalRecoveryFactor } from '../../../src/cost/owned-machine.js';

/** Mean price of input and output tokens together, USD per 1e6 tokens; the amounts may be shares. */
export const blendedPrice = (
  input: { tokens: number; usdPerMTok: number },
  output: { tokens: number; usdPerMTok: number },
): number => (input.tokens * input.usdPerMTok + output.tokens * output.usdPerMTok) / (input.tokens + output.tokens);

/**
 * Factor of retries on a bill: 1 - f^(r+1) successes at full price and a billed share of every failed attempt, where an
 * attempt fails with probability f and is made again at most r times.
 */
export function retryFactor(failureRate: number, mostRetries: number, billedShare: number): number {
  const succeeded = 1 - failureRate ** (mostRetries + 1);
  const attempts = failureRate === 1 ? mostRetries + 1 : succeeded / (1 - failureRate);
  return succeeded + billedShare * (attempts - succeeded);
}

/**
 * Uses of a prefix from which caching it is cheaper than sending it each time: w + (n - 1) r < n, the write and read
 * multipliers of the input price; Infinity where reading saves nothing.
 */
export const cachePaysFromUses = (writeMultiplier: number, readMultiplier: number): number =>
  readMultiplier < 1
    ? Math.max(1, Math.floor((writeMultiplier - readMultiplier) / (1 - readMultiplier)) + 1)
    : Number.POSITIVE_INFINITY;

/** Factor of a batch tariff that a share of the work takes. */
export const batchFactor = (eligibleShare: number, tariff: number): number =>
  1 - eligibleShare + eligibleShare * tariff;

/** Provisioned throughput: units for a peak of tokens per minute, whole, in the vendor's steps. */
export const provisionedUnits = (peakTokensPerMinute: number, tokensPerMinutePerUnit: number, step: number): number =>
  Math.ceil(peakTokensPerMinute / tokensPerMinutePerUnit / step - 1e-9) * step;

/** USD of machines rented for `hours`, with a share on top for what comes with them (disk, traffic, support). */
export const rentUsd = (machines: number, usdPerHour: number, hours: number, overheadShare: number): number =>
  machines * usdPerHour * hours * (1 + overheadShare);

/** A scaling endpoint: replicas that always run, replicas added for some hours, single replica-hours beyond. */
export type ScalingEndpoint = {
  hours: number;
  minReplicas: number;
  addedReplicas: number;
  scaledUpHours: number;
  extraReplicaHours: number;
};

/** USD of a scaling endpoint: USD/h x (hours x minimum + hours scaled up x added replicas + extra replica-hours). */
export const endpointUsd = (usdPerHour: number, endpoint: ScalingEndpoint): number =>
  usdPerHour *
  (endpoint.hours * endpoint.minReplicas +
    endpoint.scaledUpHours * endpoint.addedReplicas +
    endpoint.extraReplicaHours);

/** Reserved price over on-demand price: the share of hours above which paying for all of them is cheaper. */
export const commitmentPaysAbove = (reservedUsdPerHour: number, onDemandUsdPerHour: number): number =>
  reservedUsdPerHour / onDemandUsdPerHour;

/**
 * The same amount every period instead of `payments`, each at the end of its period: their present value times the capital
 * recovery factor; their sum over the periods without interest.
 */
export function levelPaymentUsd(payments: readonly number[], ratePerPeriod: number, periods: number): number {
  const present = payments.reduce((sum, payment, at) => sum + payment / (1 + ratePerPeriod) ** (at + 1), 0);
  return present * capitalRecoveryFactor(ratePerPeriod, periods);
}
