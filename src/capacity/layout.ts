import type { EngineRow, ModelRow } from '../tables/rows.js';
import type { Parallel } from './parallelism.js';

/** How the cards of a system divide the work on one model. */
export type Layout = {
  /** Cards that share every layer. */
  tensor: number;
  /** Groups of such cards. */
  lanes: number;
  /** Whether the groups hold some layers each, so that a sequence passes all of them; else each holds the whole model. */
  staged: boolean;
  /** Cards over which the cache of one sequence is split. */
  cacheSplit: number;
};

/** Cards of a tensor-parallel group over which one sequence's cache is split: heads divide it, a latent (MLA) is copied. */
export const cacheSplitOf = ({ attentionType, kvHeads }: ModelRow, tensor: number): number =>
  attentionType === 'mla' ? 1 : Math.max(1, Math.min(tensor, kvHeads ?? 1));

/** The layout of `count` cards: as said, or as the engine divides them by itself. */
export function layoutOf(count: number, said: Parallel | null, engine: EngineRow, model: ModelRow): Layout {
  const layers = said === null ? engine.multiCard === 'layers' : said.layerSplit;
  if (layers) return { tensor: 1, lanes: count, staged: true, cacheSplit: 1 };
  // Attention for requests of its own on each card: the cache of a batch is split like the batch.
  if (said?.dataAttention) return { tensor: count, lanes: 1, staged: false, cacheSplit: count };
  const lanes = said === null ? 1 : said.pipeline * said.data;
  const tensor = count / lanes;
  return { tensor, lanes, staged: said !== null && said.pipeline > 1, cacheSplit: cacheSplitOf(model, tensor) };
}
