import { activationBytes } from '../capacity/memory.js';
import type { Engine } from '../capacity/replica.js';
import { sequenceBytesAt } from '../capacity/request-rate.js';
import type { ItemColumns } from '../core/items.js';

/**
 * Lowers `need` to the bytes that every item needs of each of so many cards with one sequence of its
 * tokens: weights, cache and activations. An item whose heads the cards do not divide stays as it is.
 */
export function lowerToGroup(
  need: Float64Array,
  items: ItemColumns,
  sequence: Float64Array,
  cards: number,
  engine: Engine,
): Float64Array {
  // The formula is a sum of three products.
  const ofHidden = activationBytes(1, 0, 0, cards, engine);
  const ofFeedForward = activationBytes(0, 1, 0, cards, engine);
  const ofVocabulary = activationBytes(0, 0, 1, cards, engine);
  for (let item = 0; item < items.count; item++) {
    const heads = items.heads[item] as number;
    if (cards > 1 && (heads === 0 || heads % cards !== 0)) continue;
    const copies = items.latent[item] === 1 ? cards : Math.max(1, cards / (items.kvHeads[item] as number));
    const bytes =
      ((items.weightBytes[item] as number) + (sequence[item] as number) * copies) / cards +
      ofHidden * (items.hiddenSize[item] as number) +
      ofFeedForward * (items.feedForward[item] as number) +
      ofVocabulary * (items.vocabulary[item] as number);
    if (bytes < (need[item] as number)) need[item] = bytes;
  }
  return need;
}

/** Bytes of cache of a sequence of each item, paging included. */
export function sequencesOf(items: ItemColumns, tokensOf: (item: number) => number, engine: Engine): Float64Array {
  const bytes = new Float64Array(items.count);
  for (let item = 0; item < items.count; item++)
    bytes[item] = sequenceBytesAt(items, item, tokensOf(item)) * engine.pagedKvOverhead;
  return bytes;
}
