import type { RentalRow } from '../tables/rows.js';

/** Rented machines for some replicas. */
export type ReplicaPrice = { row: RentalRow; gpusPerMachine: number; machines: number; usdPerHour: number };

/**
 * The cheapest way to rent, on demand and in a cloud, machines that hold `replicas` of `gpus` cards each; a replica does
 * not span machines, and machines are bought whole. Null where no row has enough cards of the kind, or none has a price.
 */
export function cheapestFor(
  rows: readonly RentalRow[],
  accelerator: string,
  gpus: number,
  replicas: number,
): ReplicaPrice | null {
  let best: ReplicaPrice | null = null;
  for (const row of rows) {
    const usd = row.onDemandUsdPerHour;
    if (row.accelerator !== accelerator || usd === null || row.tenancy === 'marketplace') continue;
    for (const group of row.soldIn.length > 0 ? row.soldIn : [1]) {
      const gpusPerMachine = group * row.gpuCount;
      const held = Math.floor(gpusPerMachine / gpus);
      if (held === 0) continue;
      const machines = Math.ceil(replicas / held);
      const usdPerHour = machines * usd * group;
      if (best === null || usdPerHour < best.usdPerHour) best = { row, gpusPerMachine, machines, usdPerHour };
    }
  }
  return best;
}

const secondsPerHour = 3600;
const million = 1e6;

/** USD per million tokens: USD an hour / (tokens a second x 3,600) x 1e6. */
export const usdPerMillion = (usdPerHour: number, tokensPerS: number): number =>
  (usdPerHour / (tokensPerS * secondsPerHour)) * million;
