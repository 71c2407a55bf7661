import { sequenceBytes } from '../capacity/memory.js';
import { modelWork } from '../capacity/model-work.js';
import type { Engine } from '../capacity/replica.js';
import type { ModelColumns } from '../capacity/request-rate.js';
import type { QuantizationRow } from '../tables/rows.js';
import { diskGbOf } from './fleet-option.js';
import { type OwnModel, ownModels } from './own-weights.js';
import type { Context } from './placement.js';

/** Every open model in every mode and scheme, column by column. */
export type ItemTable = ModelColumns & {
  items: readonly OwnModel[];
  schemes: readonly QuantizationRow[];
  /** By scheme: 1 where it serves many users at once. */
  batched: Uint8Array;
  /** GB on disk. */
  diskGb: Float64Array;
};

/** Made of the tables, and of what assumptions say of caches and embeddings. */
export function itemTable(context: Pick<Context, 'tables'>, engine: Engine): ItemTable {
  const { families, schemes } = ownModels(context);
  const items = families.flatMap((family) => family.schemes);
  const column = (): Float64Array => new Float64Array(items.length);
  const table: ItemTable = {
    items,
    schemes,
    batched: Uint8Array.from(schemes, ({ batchedServing }) => (batchedServing ? 1 : 0)),
    scheme: Uint8Array.from(items, ({ scheme }) => scheme),
    weightBytes: column().fill(Number.POSITIVE_INFINITY),
    diskGb: Float64Array.from(items, ({ weights }) => diskGbOf(weights)),
    heads: Int32Array.from(items, ({ weights }) => weights.model.attentionHeads ?? 0),
    kvHeads: Int32Array.from(items, ({ weights }) => weights.model.kvHeads ?? 1),
    latent: Uint8Array.from(items, ({ weights }) => (weights.model.attentionType === 'mla' ? 1 : 0)),
    sequenceBytes: column(),
    tokenBytes: column(),
    windowTokenBytes: column(),
    windowTokens: column(),
    denseBytes: column(),
    expertBytes: column(),
    logUntouched: column(),
    decodeParams: column(),
    prefillParams: column(),
    layers: column(),
    hiddenSize: column(),
    fullAttention: column(),
    windowAttention: column(),
    attentionWindow: column(),
  };
  for (const [item, { weights }] of items.entries()) {
    const { model, bits, bytes } = weights;
    const cache = sequenceBytes(model, engine.kvCacheBits);
    const work = modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
    // Without layers in the tables it fits nowhere.
    if (cache === null || work === null) continue;
    table.weightBytes[item] = bytes;
    table.sequenceBytes[item] = cache.own;
    table.tokenBytes[item] = cache.perToken;
    table.windowTokenBytes[item] = cache.perWindowToken;
    table.windowTokens[item] = cache.windowTokens;
    table.denseBytes[item] = work.denseBytes;
    table.expertBytes[item] = work.expertBytes;
    table.logUntouched[item] = work.logUntouched;
    table.decodeParams[item] = work.decodeParams;
    table.prefillParams[item] = work.prefillParams;
    table.layers[item] = work.layers;
    table.hiddenSize[item] = work.hiddenSize;
    table.fullAttention[item] = work.fullAttention;
    table.windowAttention[item] = work.windowAttention;
    table.attentionWindow[item] = work.windowTokens;
  }
  return table;
}
