import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import { compare } from '../tables/offers.js';
import type { Tables } from '../tables/tables.js';
import { type CardFit, cardFit, type FitTerms, type HardwareSummary, holdsContext, isServed } from './hardware.js';
import { type MeasuredPoint, measuredBy } from './measurement.js';
import { kvBytesPerSequence, stateBytes, weightBytes } from './memory.js';
import { losesNothing, lossAtIndex, nativeScheme, schemesOfModel } from './scheme.js';

/** A machine, and how many cards of it there are. */
export type Place = { accelerator: AcceleratorRow; most: number };

const bits16 = 16;

/** What one line says of a model, as JSON has it; null is unknown. */
export type ModelSummary = ReturnType<typeof summarizeModel>;

/** A model in one line. `place`: the machine it should fit on; null: none was named. */
export function summarizeModel(
  model: ModelRow,
  { quantization, capabilityOf }: Pick<Tables, 'quantization' | 'capabilityOf'>,
  terms: FitTerms,
  place: Place | null,
) {
  const { row: _, confidence: __, ...facts } = model;
  const schemes = schemesOfModel(quantization, model, 'weights');
  const native = nativeScheme(schemes, model);
  const capability = capabilityOf.get(model.family) ?? null;
  const fit = place && bestFit(model, schemes, place, terms);
  return {
    ...facts,
    /** KV cache bytes a token at 16 bit: the mean over a sequence of the given length, or the model's longest. */
    kvBytesPerToken: kvPerToken(model, terms.contextTokens),
    weightBytes: {
      bf16: weightBytes(model, bits16),
      native: native?.bitsPerWeight ? weightBytes(model, native.bitsPerWeight) : null,
      nativeScheme: native?.bitsPerWeight ? native.scheme : null,
    },
    capability: capability && {
      index: capability.index,
      low: capability.indexLow,
      high: capability.indexHigh,
      mode: capability.mode,
      standard: capability.indexStandard,
      thinking: capability.indexThinking,
      reasoningTokenShare: capability.reasoningTokenShare,
      toolUse: capability.toolUse,
      judgedByLowEnd: capability.useLow,
    },
    judgedIndex: capability && (capability.useLow ? capability.indexLow : capability.index),
    /** The scheme of least capability loss that fits on the machine. */
    fit: fit && { scheme: fit.scheme, runs: fit.runs, cards: fit.cards, sequences: fit.sequences },
  };
}

function kvPerToken(model: ModelRow, contextTokens: number): number | null {
  const tokens = Math.min(contextTokens, model.maxContext ?? contextTokens);
  const bytes = kvBytesPerSequence(model, tokens, bits16);
  return bytes === null ? null : bytes / tokens;
}

/** Of what fits, the first in `order`. */
function bestFit(
  model: ModelRow,
  schemes: readonly QuantizationRow[],
  { accelerator, most }: Place,
  terms: FitTerms,
): CardFit | null {
  const found = schemes
    .map((scheme) => ({
      loss: losesNothing(model, scheme) ? 0 : scheme.lossLikely,
      fit: cardFit(model, scheme, accelerator, terms, most),
    }))
    .filter(({ fit }) => fit.fits === true && isServed(fit, accelerator))
    .sort(
      (a, b) =>
        order(a)
          .map((key, at) => key - (order(b)[at] ?? 0))
          .find((difference) => difference !== 0) ?? 0,
    );
  return found[0]?.fit ?? null;
}

/** Fast before slow; then least loss, fewest cards, most sequences. */
const order = ({ loss, fit }: { loss: number; fit: CardFit }): number[] => [
  Number(fit.runs === 'slow'),
  loss,
  fit.cards ?? Number.POSITIVE_INFINITY,
  -(fit.sequences ?? 0),
];

/** Index points, with their range. */
type Loss = { low: number; likely: number; high: number };

/** Bits of a cache element that figures are given for. */
export const cacheBits = [16, 8] as const;
const usualLengths = [2_048, 8_192, 32_768, 131_072];
const bitsPerByte = 8;

/** A model sheet as JSON, beyond its line; null: unknown, or not applicable. */
export type ModelSheet = ReturnType<typeof modelSheet>;

/** Everything else from a model's row, and what it fits on among `accelerators`. */
export function modelSheet(
  model: ModelRow,
  tables: Tables,
  terms: FitTerms,
  accelerators: readonly AcceleratorRow[],
  measurements: readonly MeasuredPoint[],
) {
  const schemes = schemesOfModel(tables.quantization, model, 'weights');
  const index = tables.capabilityOf.get(model.family)?.index ?? null;
  const native = nativeScheme(schemes, model);
  return {
    schemes: schemes.map((row) => schemeFacts(model, row, index, row === native)),
    kvCache: {
      perToken: cacheBytes(model),
      sequences: sequenceBytes(model),
      schemes: schemesOfModel(tables.quantization, model, 'kv-cache').map((row) => ({
        scheme: row.scheme,
        bits: row.kvBits,
        batchedServing: row.batchedServing,
        loss: index === null ? null : scaled(lossOf(row), index),
      })),
    },
    fits: accelerators.map((accelerator) => acceleratorFit(model, schemes, accelerator, terms)),
    measurements: measuredBy(
      measurements,
      tables.snapshot.date,
      ({ family, accelerator }) =>
        family === model.family && accelerators.some((known) => known.accelerator === accelerator),
    ),
  };
}

/** The weights in a scheme that may be used with a model of that index. */
function schemeFacts(model: ModelRow, row: QuantizationRow, index: number | null, native: boolean) {
  const { scheme, bitsPerWeight, batchedServing } = row;
  const lossAt50 = losesNothing(model, row) ? { low: 0, likely: 0, high: 0 } : lossOf(row);
  const loss = index === null ? null : scaled(lossAt50, index);
  return {
    scheme,
    bitsPerWeight,
    bytes: bitsPerWeight === null ? null : weightBytes(model, bitsPerWeight),
    native,
    batchedServing,
    /** At index 50, and at the model's own index. */
    lossAt50,
    loss,
    /** That is left. */
    index: index === null || loss === null ? null : index - loss.likely,
  };
}

const lossOf = ({ lossLow, lossLikely, lossHigh }: QuantizationRow): Loss => ({
  low: lossLow,
  likely: lossLikely,
  high: lossHigh,
});

const scaled = ({ low, likely, high }: Loss, index: number): Loss => ({
  low: lossAtIndex(low, index),
  likely: lossAtIndex(likely, index),
  high: lossAtIndex(high, index),
});

/** Cache bytes by bits of one element; empty: no layers in the tables. */
function cacheBytes({ kvElemsPerTokenFull, kvElemsPerTokenWindowed, stateElemsPerSeq }: ModelRow) {
  if (kvElemsPerTokenFull === null || kvElemsPerTokenWindowed === null || stateElemsPerSeq === null) return [];
  return cacheBits.map((bits) => ({
    bits,
    perTokenFull: (kvElemsPerTokenFull * bits) / bitsPerByte,
    perTokenWindowed: (kvElemsPerTokenWindowed * bits) / bitsPerByte,
    statePerSequence: stateElemsPerSeq * stateBytes,
  }));
}

/** Bytes of one sequence, at each of `cacheBits`: of usual lengths up to the model's longest. */
function sequenceBytes(model: ModelRow) {
  const lengths = new Set([...usualLengths.filter((tokens) => holdsContext(model, tokens)), model.maxContext]);
  return [...lengths].flatMap((tokens) => {
    const at = (bits: number) => tokens && kvBytesPerSequence(model, tokens, bits);
    const [at16Bit, at8Bit] = cacheBits.map(at);
    return tokens && at16Bit && at8Bit ? [{ tokens, bytes: { at16Bit, at8Bit } }] : [];
  });
}

/** The scheme of least loss that fits on one card for one user. */
function acceleratorFit(
  model: ModelRow,
  schemes: readonly QuantizationRow[],
  machine: AcceleratorRow,
  terms: FitTerms,
) {
  const { accelerator, vendor, kind, memoryGib } = machine;
  const fits = schemes.map((scheme) => ({ scheme, fit: cardFit(model, scheme, machine, terms) }));
  const [oneUser] = fits
    .filter(({ fit }) => !fit.batchedServing && fit.cards === 1)
    .sort((a, b) => a.scheme.lossLikely - b.scheme.lossLikely);
  return {
    accelerator,
    vendor,
    kind,
    memoryGib,
    oneUserScheme: oneUser?.scheme.scheme ?? null,
    schemes: fits.map(({ fit }) => fit),
  };
}

/** A catalog list: filters by option, and sort keys, least first, null last. */
type Selection<Row> = {
  filters: Readonly<Record<string, (row: Row, asked: string) => boolean>>;
  keys: Readonly<Record<string, (row: Row) => string | number | null>> & { name: (row: Row) => string };
};

const newest = ({ released }: { released: string }): number => -Number(released.slice(0, 7).replace('-', ''));
const isMadeBy = ({ vendor }: { vendor: string }, asked: string): boolean => vendor === asked.toLowerCase();

/** What is unknown passes no limit. */
export const modelSelection = {
  filters: {
    vendor: isMadeBy,
    maxParams: ({ paramsTotalB }, asked) => paramsTotalB <= Number.parseFloat(asked),
    minIndex: ({ judgedIndex }, asked) => judgedIndex !== null && judgedIndex >= Number(asked),
    fits: ({ fit }) => fit !== null,
  },
  keys: {
    name: ({ family }) => family,
    released: newest,
    params: ({ paramsTotalB }) => paramsTotalB,
    capability: ({ judgedIndex }) => judgedIndex && -judgedIndex,
    kv: ({ kvBytesPerToken }) => kvBytesPerToken,
  },
} satisfies Selection<ModelSummary>;

export const hardwareSelection = {
  filters: {
    vendor: isMadeBy,
    kind: ({ kind }, asked) => kind === asked,
    minMemory: ({ memoryGib }, asked) => memoryGib >= Number(asked),
    rentable: ({ rentalRows }) => rentalRows > 0,
  },
  keys: {
    name: ({ accelerator }) => accelerator,
    memory: ({ memoryGib }) => -memoryGib,
    bandwidth: ({ bandwidthGBs }) => -bandwidthGBs,
    released: newest,
    price: ({ cheapestOnDemand }) => cheapestOnDemand?.usdPerGpuHour ?? null,
  },
} satisfies Selection<HardwareSummary>;

/** The rows within all given options, sorted by the requested key, then by name. */
export function selected<Row, Told extends Row>(
  rows: readonly Told[],
  { filters, keys }: Selection<Row>,
  asked: Readonly<Record<string, unknown>> & { sort?: string },
): Told[] {
  const given = Object.entries(filters).filter(([name]) => asked[name] !== undefined);
  const key = keys[asked.sort ?? 'name'] ?? keys.name;
  return rows
    .filter((row) => given.every(([name, passes]) => passes(row, String(asked[name]))))
    .sort((a, b) => compare(key(a), key(b)) || compare(keys.name(a), keys.name(b)));
}
