import { feedForwardWidth, sequenceBytes } from '../capacity/memory.js';
import { modelWork } from '../capacity/model-work.js';
import type { Engine } from '../capacity/replica.js';
import type { ModelColumns } from '../capacity/request-rate.js';
import { diskGbOf } from '../places/fleet-option.js';
import { capabilityOf, type Option } from '../places/option.js';
import { inScheme, weightsIn } from '../places/own-weights.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import { type ColumnsOf, columns, placesUpTo } from '../units/columns.js';

/** Resources of a model: needing less never makes it slower. */
const resourceColumns = {
  weightBytes: 'f',
  feedForward: 'f',
  vocabulary: 'f',
  denseBytes: 'f',
  expertBytes: 'f',
  decodeParams: 'f',
  prefillParams: 'f',
  layers: 'f',
  hiddenSize: 'f',
  fullAttention: 'f',
  windowAttention: 'f',
  attentionWindow: 'f',
} as const;
export const resourceNames = Object.keys(resourceColumns) as (keyof typeof resourceColumns)[];

/** Open models in a mode and scheme, grouped by family; see `ModelColumns`. */
export type ItemColumns = ModelColumns & ColumnsOf<typeof names> & { count: number };

const names = {
  ...resourceColumns,
  family: 'i',
  model: 'i',
  scheme: 'b',
  /** GB on disk. */
  diskGb: 'f',
  heads: 'i',
  kvHeads: 'i',
  latent: 'b',
  sequenceBytes: 'f',
  tokenBytes: 'f',
  windowTokenBytes: 'f',
  windowTokens: 'f',
  logUntouched: 'f',
  /** Capability index with its band, and the end of it that rules judge by; NaN: unknown. */
  index: 'f',
  indexLow: 'f',
  indexHigh: 'f',
  judged: 'f',
  /** 1: the scheme costs no capability. */
  lossless: 'b',
  /** Items in the order of their weights, the lightest first. */
  lightest: 'i',
} as const;

/** @param engine whose formats of cache and embeddings hold for all engines */
export function itemColumns(
  { families, models, schemeRows }: Pick<Names, 'families' | 'models' | 'schemeRows'>,
  engine: Engine,
): ItemColumns {
  const placed = families.flatMap((family, f) =>
    schemeRows.flatMap((rows, scheme) => {
      const weights = weightsIn(models[family.model] as ModelRow, rows);
      return weights === null ? [] : [{ f, family, scheme, weights }];
    }),
  );
  const items: ItemColumns = { count: placed.length, ...columns(names, placed.length) };
  for (const [item, { f, family, scheme, weights }] of placed.entries()) {
    const { model, bits, bytes } = weights;
    items.family[item] = f;
    items.model[item] = family.model;
    items.scheme[item] = scheme;
    items.feedForward[item] = feedForwardWidth(model);
    items.vocabulary[item] = model.vocabSize ?? 0;
    items.diskGb[item] = diskGbOf(weights);
    items.heads[item] = model.attentionHeads ?? 0;
    items.kvHeads[item] = model.kvHeads ?? 1;
    items.latent[item] = model.attentionType === 'mla' ? 1 : 0;
    judge(items, item, family, weights);
    const cache = sequenceBytes(model, engine.kvCacheBits);
    const work = modelWork(model, bits, engine.embeddingBits, engine.tiedUpToB);
    // Without layers in the tables it fits nowhere.
    items.weightBytes[item] = cache === null || work === null ? Number.POSITIVE_INFINITY : bytes;
    if (cache === null || work === null) continue;
    items.sequenceBytes[item] = cache.own;
    items.tokenBytes[item] = cache.perToken;
    items.windowTokenBytes[item] = cache.perWindowToken;
    items.windowTokens[item] = cache.windowTokens;
    items.denseBytes[item] = work.denseBytes;
    items.expertBytes[item] = work.expertBytes;
    items.logUntouched[item] = work.logUntouched;
    items.decodeParams[item] = work.decodeParams;
    items.prefillParams[item] = work.prefillParams;
    items.layers[item] = work.layers;
    items.hiddenSize[item] = work.hiddenSize;
    items.fullAttention[item] = work.fullAttention;
    items.windowAttention[item] = work.windowAttention;
    items.attentionWindow[item] = work.windowTokens;
  }
  const { weightBytes } = items;
  items.lightest.set(
    placesUpTo(items.count).sort((a, b) => (weightBytes[a] as number) - (weightBytes[b] as number) || a - b),
  );
  return items;
}

function judge(items: ItemColumns, item: number, { option }: Family, weights: Parameters<typeof inScheme>[1]): void {
  const inIt = inScheme(option, weights);
  const known = capabilityOf(inIt);
  items.index[item] = known?.have ?? Number.NaN;
  items.indexLow[item] = known?.low ?? Number.NaN;
  items.indexHigh[item] = known?.high ?? Number.NaN;
  items.judged[item] = known?.gateAt ?? Number.NaN;
  items.lossless[item] = inIt.lossAt50 === 0 ? 1 : 0;
}

/** An open model in a mode: `model` is its place among `models`. */
export type Family = { model: number; option: Option };

/** What the columns of a catalog are numbered by. */
export type Names = {
  models: readonly ModelRow[];
  families: readonly Family[];
  /** Rows of every scheme, and the first of each. */
  schemeRows: readonly (readonly QuantizationRow[])[];
  schemes: readonly QuantizationRow[];
  /** By scheme, 1 where servers run it, and not one user's machine alone. */
  batched: Uint8Array;
  accelerators: readonly AcceleratorRow[];
};
