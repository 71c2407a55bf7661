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
  const sequence = new Float64Array(models.length);
  for (const [i, { weights, contextTokens }] of models.entries())
    sequence[i] = (kvBytesPerSequence(weights.model, contextTokens, kvBits) ?? Number.POSITIVE_INFINITY) * overhead;
  const bySize = new Map<number, Float64Array>();
  return (gpus) => {
    let need = bySize.get(gpus);
    if (need === undefined) {
      const largestFirst = cuts(gpus).toReversed();
      need = new Float64Array(models.length).fill(Number.POSITIVE_INFINITY);
      for (const [i, { weights }] of models.entries()) {
        const { bytes, model } = weights;
        const cards = largestFirst.find((cut) => splitsHeads(model, cut));
        // More cards never need more of each: weights are divided, and the cache is at worst copied.
        if (cards !== undefined) need[i] = (bytes + (sequence[i] as number) * kvCopies(model, cards)) / cards;
      }
      bySize.set(gpus, need);
    }
    return need;
  };
}

/** Bytes one card has for weights and cache. */
export const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);
