import { kvBytesPerSequence, kvCopies, splitsHeads, usableBytes } from '../capacity/memory.js';
import type { Engine, Weights } from '../capacity/replica.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { splitsOf } from './fleet-units.js';
import type { Case } from './placement.js';

/**
 * Memory each model needs per GPU of a unit, in the best tensor-parallel size the unit can be cut into: one sequence of
 * `contextTokens` beside the weights, (weights + cache x copies) / cards. A model fits a unit when that is at most
 * what one of its cards has. Infinite where no size divides the heads. `cuts`: the sizes a unit can be cut into.
 */
export function memoryPerGpu(
  models: readonly { weights: Weights; contextTokens: number }[],
  of: Case,
  cuts: (gpus: number) => readonly number[] = splitsOf,
): (gpus: number) => Float64Array {
  const { demand } = of;
  const overhead = demand.assume('pagedKvOverhead');
  const kvBits = demand.assume('kvCacheBits');
  const sequence = Float64Array.from(
    models,
    ({ weights, contextTokens }) =>
      (kvBytesPerSequence(weights.model, contextTokens, kvBits) ?? Number.POSITIVE_INFINITY) * overhead,
  );
  const bySize = new Map<number, Float64Array>();
  return (gpus) => {
    let need = bySize.get(gpus);
    if (need === undefined) {
      const splits = cuts(gpus);
      need = Float64Array.from(models, ({ weights: { bytes, model } }, i) => {
        let least = Number.POSITIVE_INFINITY;
        for (const split of splits) {
          if (splitsHeads(model, split))
            least = Math.min(least, (bytes + (sequence[i] as number) * kvCopies(model, split)) / split);
        }
        return least;
      });
      bySize.set(gpus, need);
    }
    return need;
  };
}

/** Bytes one card has for weights and cache. */
export const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);

/** How many of the ascending `sorted` are at most `limit`, by binary search. */
export function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
