import { feedForwardWidth, sequenceBytes } from '../capacity/memory.js';
import { modelWork } from '../capacity/model-work.js';
import type { Engine } from '../capacity/replica.js';
import type { MachineColumns, ModelColumns } from '../capacity/request-rate.js';
import { diskGbOf } from '../places/fleet-option.js';
import { inScheme, weightsIn } from '../places/machine-table.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/columns.js';
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
const resourceNames = Object.keys(resourceColumns) as (keyof typeof resourceColumns)[];

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

/** Cards of a replica that models are cut into. */
const cuts = [1, 2, 4, 8, 16];
/** Dominators kept of an item: any that may serve is a reason to leave it out. */
export const mostDominators = 8;

/** None are known: every item is looked at. */
export const noDominators = ({ count }: Pick<ItemColumns, 'count'>): Int32Array =>
  new Int32Array(count * mostDominators).fill(-1);

/**
 * By item those that are as fast on every machine for any tokens in no more memory: `mostDominators`, spread over
 * capability; -1: there are fewer. Of equal items the first stands for the others. Two models that think compare only
 * where their share of reasoning is the same.
 */
export function dominatorsOf(
  items: ItemColumns,
  { models, families, batched, accelerators }: Pick<Names, 'models' | 'families' | 'batched' | 'accelerators'>,
  machines: readonly MachineColumns[],
  measured: readonly Float64Array[],
): Int32Array {
  const { count, lightest } = items;
  const schemeCount = batched.length;
  const noSlower = new Uint8Array(schemeCount * schemeCount).fill(1);
  for (const one of machines) schemesNoSlower(one, noSlower);
  const reasoning = families.map(({ option: { mode, capability } }) =>
    mode === 'standard' ? 'none' : String(capability?.reasoningTokenShare ?? 'usual'),
  );
  const allowed = Int32Array.from(items.heads, (heads) =>
    cuts.reduce(
      (bits, cards, bit) => (cards === 1 || (heads > 0 && heads % cards === 0) ? bits | (1 << bit) : bits),
      0,
    ),
  );
  const columns = resourceNames.map((name) => items[name]);
  const found = noDominators(items);
  const all: number[] = [];
  for (let place = 0; place < count; place++) {
    const j = lightest[place] as number;
    all.length = 0;
    for (let before = 0; before < place; before++)
      if (standsFor(lightest[before] as number, j)) all.push(lightest[before] as number);
    all.sort((a, b) => (items.judged[b] || 0) - (items.judged[a] || 0));
    const kept = Math.min(mostDominators, all.length);
    for (let k = 0; k < kept; k++)
      found[j * mostDominators + k] = all[kept === 1 ? 0 : Math.round((k * (all.length - 1)) / (kept - 1))] as number;
  }
  return found;

  function standsFor(i: number, j: number): boolean {
    if (reasoning[items.family[i] as number] !== reasoning[items.family[j] as number]) return false;
    for (const column of columns) if (!((column[i] as number) <= (column[j] as number))) return false;
    const [its, other] = [items.scheme[i] as number, items.scheme[j] as number];
    if (noSlower[its * schemeCount + other] === 0 || (batched[its] as number) < (batched[other] as number))
      return false;
    if ((items.expertBytes[i] as number) > 0 && items.logUntouched[i] !== items.logUntouched[j]) return false;
    const shared = allowed[j] as number;
    if ((shared & ~(allowed[i] as number)) !== 0) return false;
    for (const factors of measured) if (!noSlowerMeasured(factors, i, j)) return false;
    for (let cut = 0; cut < cuts.length; cut++) {
      if (((shared >> cut) & 1) === 0) continue;
      const cards = cuts[cut] as number;
      if (!cachesLess(i, j, copiesOn(i, cards) / copiesOn(j, cards))) return false;
      if (!cachesLess(i, j, splitOn(j, cards) / splitOn(i, cards))) return false;
    }
    return true;
  }

  /** Whether a cache takes no more, times `factor`: it is piecewise linear. */
  function cachesLess(i: number, j: number, factor: number): boolean {
    for (const tokens of [0, items.windowTokens[i] as number, items.windowTokens[j] as number, 1e9])
      if (!(cacheOf(i, tokens) * factor <= cacheOf(j, tokens))) return false;
    return true;
  }

  function cacheOf(item: number, tokens: number): number {
    const windowed = Math.min(tokens, items.windowTokens[item] as number);
    return (
      (items.sequenceBytes[item] as number) +
      (items.tokenBytes[item] as number) * tokens +
      (windowed === 0 ? 0 : (items.windowTokenBytes[item] as number) * windowed)
    );
  }

  function noSlowerMeasured(factors: Float64Array, i: number, j: number): boolean {
    const [one, other] = [items.model[i] as number, items.model[j] as number];
    if (one === other) return true;
    for (let first = 0; first < accelerators.length * models.length; first += models.length)
      if ((factors[first + one] as number) > (factors[first + other] as number)) return false;
    return true;
  }

  function copiesOn(item: number, cards: number): number {
    return items.latent[item] === 1 ? cards : Math.max(1, cards / (items.kvHeads[item] as number));
  }

  function splitOn(item: number, cards: number): number {
    return items.latent[item] === 1 ? 1 : Math.max(1, Math.min(cards, items.kvHeads[item] as number));
  }
}

/** Takes away pairs of which the first is slower where the second runs. */
function schemesNoSlower(m: MachineColumns, into: Uint8Array): void {
  const columns = [
    m.prefillFlops,
    m.decodeFlops,
    m.attentionFlops,
    m.weightBytesPerS,
    m.cacheBytesPerS,
    m.expertCompute,
  ];
  for (let one = 0; one < m.schemes; one++)
    for (let other = 0; other < m.schemes; other++)
      for (let at = 0; at < m.runs.length; at += m.schemes) {
        if (m.runs[at + other] === 0) continue;
        if (
          m.runs[at + one] === 0 ||
          columns.some((rates) => (rates[at + one] as number) < (rates[at + other] as number))
        )
          into[one * m.schemes + other] = 0;
      }
}
