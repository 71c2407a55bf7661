import { usableBytes } from '../capacity/memory.js';
import type { Engine } from '../capacity/replica.js';
import { type ModelColumns, sequenceBytesAt } from '../capacity/request-rate.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { splitsOf } from './fleet-units.js';

/**
 * Memory each model needs per GPU, bytes: one sequence of `contextTokens` beside the weights, (weights + cache x copies) /
 * cards, on a group of so many cards, or in the best group that a unit can be cut into. A model fits when that is at most
 * what a card has. Infinite where no size divides the heads.
 */
export type Memory = { inGroup(cards: number): Float64Array; inUnit(gpus: number): Float64Array };

export function memoryOf(table: ModelColumns, contextTokens: Float64Array, overhead: number): Memory {
  const sequence = contextTokens.map((tokens, item) => sequenceBytesAt(table, item, tokens) * overhead);
  const inGroup = bySize((cards) =>
    sequence.map((bytes, item) => {
      const heads = table.heads[item] as number;
      if (cards > 1 && (heads === 0 || heads % cards !== 0)) return Number.POSITIVE_INFINITY;
      const copies = table.latent[item] === 1 ? cards : Math.max(1, cards / (table.kvHeads[item] as number));
      return ((table.weightBytes[item] as number) + bytes * copies) / cards;
    }),
  );
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
