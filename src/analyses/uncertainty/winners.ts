import { costsOfPlan, type Sample } from './draws.js';

/** Costs of plans in draws. */
export type Costs = Pick<Sample, 'usd' | 'draws' | 'seen'>;

/** Whether a plan counts in a draw. */
export type Standing = (plan: number, draw: number) => boolean;

/** By simulation the cheapest plan that counts, of equals the first (-1: none), and its cost (infinite: none). */
export function winnersOf(sample: Costs, stands: Standing): { winners: Int32Array; least: Float64Array } {
  const { draws, seen } = sample;
  const winners = new Int32Array(draws).fill(-1);
  const least = new Float64Array(draws).fill(Number.POSITIVE_INFINITY);
  for (let p = 0; p < seen.length; p++) {
    const costs = costsOfPlan(sample, p);
    for (let k = 0; k < costs.length; k++) {
      const usd = costs[k] as number;
      if (usd < (least[k] as number) && stands(p, k)) {
        least[k] = usd;
        winners[k] = p;
      }
    }
  }
  return { winners, least };
}

/** Share of simulations in which a plan is the cheapest; equals share one. */
export function cheapestShares(sample: Costs): Float64Array {
  const { draws, seen } = sample;
  const { least } = winnersOf(sample, () => true);
  const shares = new Float64Array(seen.length);
  for (let k = 0; k < draws; k++) {
    const best: number[] = [];
    for (let p = 0; p < seen.length; p++)
      if (sample.usd[p * draws + k] === least[k] && Number.isFinite(least[k])) best.push(p);
    for (const p of best) shares[p] = (shares[p] as number) + 1 / best.length / draws;
  }
  return shares;
}

/** Mean cost above the cheapest plan, where it can run itself; null: never. */
export function regretOf(costs: Float64Array, least: Float64Array): number | null {
  let sum = 0;
  let count = 0;
  for (const [k, usd] of costs.entries()) {
    if (!Number.isFinite(usd) || !Number.isFinite(least[k])) continue;
    sum += usd - (least[k] as number);
    count += 1;
  }
  return count === 0 ? null : sum / count;
}
