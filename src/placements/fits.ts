import { kvBytesPerSequence, kvCopies, splitsHeads, usableBytes } from '../capacity/memory.js';
import type { Engine, Weights } from '../capacity/replica.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { splitsOf } from './fleet-units.js';
import type { Case } from './placement.js';

/**
 * Memory each model needs per GPU, bytes: one sequence of `contextTokens` beside the weights, (weights + cache x copies) /
 * cards, on a group of so many cards, or in the best group that a unit can be cut into. A model fits when that is at most
 * what a card has. Infinite where no size divides the heads.
 */
export type Memory = { inGroup(cards: number): Float64Array; inUnit(gpus: number): Float64Array };

export function memoryOf(models: readonly { weights: Weights; contextTokens: number }[], { demand }: Case): Memory {
  const overhead = demand.assume('pagedKvOverhead');
  const kvBits = demand.assume('kvCacheBits');
  const sequence = new Float64Array(models.length);
  for (let i = 0; i < models.length; i++) {
    const { weights, contextTokens } = models[i] as (typeof models)[number];
    sequence[i] = (kvBytesPerSequence(weights.model, contextTokens, kvBits) ?? Number.POSITIVE_INFINITY) * overhead;
  }
  const inGroup = bySize((cards) => {
    const need = new Float64Array(models.length);
    for (let i = 0; i < models.length; i++) {
      const { bytes, model } = (models[i] as (typeof models)[number]).weights;
      need[i] = splitsHeads(model, cards)
        ? (bytes + (sequence[i] as number) * kvCopies(model, cards)) / cards
        : Number.POSITIVE_INFINITY;
    }
    return need;
  });
  const inBest: (cards: number) => Float64Array = bySize((cards) => {
    const need = inGroup(cards);
    return cards === 1 ? need : need.map((x, i) => Math.min(x, inBest(cards / 2)[i] as number));
  });
  return { inGroup, inUnit: (gpus) => inBest(Math.max(...splitsOf(gpus))) };
}

function bySize(make: (cards: number) => Float64Array): (cards: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (cards) => {
    const need = known.get(cards) ?? make(cards);
    known.set(cards, need);
    return need;
  };
}

/** Bytes one card has for weights and cache. */
export const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);
