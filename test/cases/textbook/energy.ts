import { secondsPerHour } from '../../../src/units/month.js';

const wattsPerKilowatt = 1000;
export const joulesPerKwh = wattsPerKilowatt * secondsPerHour;

/** Mean power of a machine in watts: idle + utilization x (max - idle), as the Cloud Carbon Footprint method has it. */
export const averageWatts = (idleWatts: number, maxWatts: number, utilization: number): number =>
  idleWatts + utilization * (maxWatts - idleWatts);

/** Energy in joules of `watts` over `seconds`. */
export const joulesOf = (watts: number, seconds: number): number => watts * seconds;

/** Joules per token of a machine that draws `watts` while it writes. */
export const joulesPerToken = (watts: number, tokensPerS: number): number => watts / tokensPerS;

/** Energy of IT equipment at the meter, kWh: kW x load factor x PUE x hours. */
export const facilityKwh = (kilowatts: number, loadFactor: number, pue: number, hours: number): number =>
  kilowatts * loadFactor * pue * hours;

/** What one answer asks of a GPU, and what that GPU and its share of the facility draw. */
export type QueryEnergy = {
  activeParameters: number;
  outputTokens: number;
  /** Peak rate of the GPU, FLOP/s, and the share of it that decode reaches. */
  peakFlopsPerS: number;
  flopUtilization: number;
  /** Rated watts per GPU, servers and network included, and the share of them that is drawn. */
  wattsPerGpu: number;
  powerShare: number;
  pue: number;
};

/** Joules of one answer: 2 x active parameters x tokens / (peak x utilization) seconds at the facility's power (Epoch AI, 2025). */
export const queryJoules = (query: QueryEnergy): number =>
  ((2 * query.activeParameters * query.outputTokens) / (query.peakFlopsPerS * query.flopUtilization)) *
  (query.wattsPerGpu * query.powerShare * query.pue);

/** Kilograms of CO2e: kWh of the equipment x PUE x grid, and its making by hours of its life. */
export const carbonKg = (
  kwh: number,
  pue: number,
  gridKgPerKwh: number,
  embodied: { kg: number; lifeHours: number; hoursUsed: number },
): number => kwh * pue * gridKgPerKwh + (embodied.kg / embodied.lifeHours) * embodied.hoursUsed;

/** Joules a token costs a device: parameters (billions) x joules per token and billion (MobileLLM, arXiv 2402.14905: 0.1). */
export const deviceJoulesPerToken = (parametersBillion: number, joulesPerTokenPerBillion: number): number =>
  parametersBillion * joulesPerTokenPerBillion;

/** Share of a battery that some tokens take. */
export const batteryShare = (joulesPerToken: number, tokens: number, batteryJoules: number): number =>
  (joulesPerToken * tokens) / batteryJoules;

/** Tokens a full battery writes. */
export const tokensPerBattery = (joulesPerToken: number, batteryJoules: number): number =>
  batteryJoules / joulesPerToken;

/** Tokens a second of one stream that reads weights and cache for each token: bandwidth x share reached / bytes. */
export const deviceTokensPerS = (bytesPerS: number, bandwidthShare: number, weightAndCacheBytes: number): number =>
  (bytesPerS * bandwidthShare) / weightAndCacheBytes;

/** Whether weights and cache fit in the part of a device's memory that an app may take. */
export const fitsDevice = (weightAndCacheBytes: number, memoryBytes: number, usableShare: number): boolean =>
  weightAndCacheBytes <= memoryBytes * usableShare;

/** Share of requests that devices serve: eligible x opted in x capable requests x up to date; the rest falls back. */
export const deviceServedShare = (eligible: number, optedIn: number, capable: number, upToDate: number): number =>
  eligible * optedIn * capable * upToDate;

/** USD of electricity: kW of the equipment x load factor x PUE x hours x USD per kWh. */
export const energyUsd = (
  use: { kilowatts: number; loadFactor: number; pue: number; hours: number },
  usdPerKwh: number,
): number => facilityKwh(use.kilowatts, use.loadFactor, use.pue, use.hours) * usdPerKwh;
