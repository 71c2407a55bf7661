export type Energy = { kw: number; loadFactor: number; pue: number; hours: number; usdPerKwh: number };

/** USD for the power of some hours: kW of the machines x load factor x PUE x hours x USD/kWh. */
export const energyUsd = ({ kw, loadFactor, pue, hours, usdPerKwh }: Energy): number =>
  kw * loadFactor * pue * hours * usdPerKwh;
