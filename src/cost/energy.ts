import { facilityKwh } from '../capacity/energy-use.js';

/** USD of electricity: kW of the equipment x load factor x PUE x hours x USD per kWh. */
export const energyUsd = (
  use: { kilowatts: number; loadFactor: number; pue: number; hours: number },
  usdPerKwh: number,
): number => facilityKwh(use.kilowatts, use.loadFactor, use.pue, use.hours) * usdPerKwh;
