import type { AcceleratorRow, CapabilityRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type CardFit, cardFit, type FitTerms, holdsContext, isServed } from './hardware.js';
import { type MeasuredPoint, measuredBy } from './measurement.js';
import { kvBytesPerSequence, stateBytes, weightBytes } from './memory.js';
import { nativeScheme, schemesOfModel } from './model-schemes.js';
import { losesNothing, lossAtIndex } from './quality-loss.js';

/** What one line says of a model. */
export type ModelSummary = {
  model: ModelRow;
  /** Bytes of cache a token takes at 16 bit: the mean over a sequence, as long as asked for or as the model holds. */
  kvBytesPerToken: number | null;
  bf16Bytes: number;
  native: { scheme: string; bytes: number } | null;
  capability: CapabilityRow | null;
  /** Index it is judged by: the low end of the band where the tables say so. */
  index: number | null;
  /** The scheme that costs least capability of those that fit on the machine asked for. */
  fit: CardFit | null;
};

/** A machine, and how many cards of it there are. */
export type Place = { accelerator: AcceleratorRow; most: number };

const bits16 = 16;

/** A model in one line. `place`: the machine it should fit on; null: none was named. */
export function summarizeModel(
  model: ModelRow,
  { quantization, capabilityOf }: Pick<Tables, 'quantization' | 'capabilityOf'>,
  terms: FitTerms,
  place: Place | null,
): ModelSummary {
  const schemes = schemesOfModel(quantization, model, 'weights');
  const native = nativeScheme(schemes, model);
  const capability = capabilityOf.get(model.family) ?? null;
  return {
    model,
    kvBytesPerToken: kvPerToken(model, terms.contextTokens),
    bf16Bytes: weightBytes(model, bits16),
    native: native?.bitsPerWeight ? { scheme: native.scheme, bytes: weightBytes(model, native.bitsPerWeight) } : null,
    capability,
    index: capability === null ? null : capability.useLow ? capability.indexLow : capability.index,
    fit: place && bestFit(model, schemes, place, terms),
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

/** What runs well before what runs slowly; then least loss, fewest cards, most sequences. */
const order = ({ loss, fit }: { loss: number; fit: CardFit }): number[] => [
  Number(fit.runs === 'slow'),
  loss,
  fit.cards ?? Number.POSITIVE_INFINITY,
  -(fit.sequences ?? 0),
];

/** Index points, with their range. */
export type Loss = { low: number; likely: number; high: number };

/** The weights in a scheme that may be used with the model. */
export type SchemeFacts = {
  scheme: string;
  bitsPerWeight: number | null;
  bytes: number | null;
  native: boolean;
  batchedServing: boolean;
  /** At index 50, and at the model's own index. */
  lossAt50: Loss;
  loss: Loss | null;
  /** Index that is left. */
  index: number | null;
};

/** The cache in a scheme. */
export type CacheFacts = { scheme: string; bits: number; batchedServing: boolean; loss: Loss | null };

/** Bytes of cache, by bits of one element. */
export type CacheBytes = { bits: number; perTokenFull: number; perTokenWindowed: number; statePerSequence: number };

/** Bytes one sequence of so many tokens takes, at each of `cacheBits`. */
export type SequenceBytes = { tokens: number; bytes: readonly number[] };

export type AcceleratorFit = {
  accelerator: AcceleratorRow;
  schemes: readonly CardFit[];
  /** Of the schemes for one user at a time that fit on one card, the one that loses least. */
  oneUser: CardFit | null;
};

/** All that follows from the row of one model. */
export type ModelSheet = {
  summary: ModelSummary;
  contextTokens: number;
  schemes: readonly SchemeFacts[];
  caches: readonly CacheFacts[];
  /** Empty where the tables do not have the layers. */
  kv: readonly CacheBytes[];
  sequences: readonly SequenceBytes[];
  fits: readonly AcceleratorFit[];
  measurements: readonly MeasuredPoint[];
};

/** Bits of a cache element that figures are given for. */
export const cacheBits = [16, 8] as const;
const usualLengths = [2_048, 8_192, 32_768, 131_072];
const bitsPerByte = 8;

/** All about one model, and what it fits on among `accelerators`. */
export function modelSheet(
  model: ModelRow,
  tables: Tables,
  terms: FitTerms,
  accelerators: readonly AcceleratorRow[],
  measurements: readonly MeasuredPoint[],
): ModelSheet {
  const summary = summarizeModel(model, tables, terms, null);
  const schemes = schemesOfModel(tables.quantization, model, 'weights');
  const caches = schemesOfModel(tables.quantization, model, 'kv-cache');
  const own = summary.capability;
  const native = nativeScheme(schemes, model)?.scheme;
  return {
    summary,
    contextTokens: terms.contextTokens,
    schemes: schemes.map((scheme) => schemeFacts(model, scheme, own, scheme.scheme === native)),
    caches: caches.map((row) => ({
      scheme: row.scheme,
      bits: row.kvBits,
      batchedServing: row.batchedServing,
      loss: own && scaled(lossOf(row), own.index),
    })),
    kv: cacheBytes(model),
    sequences: sequenceBytes(model),
    fits: accelerators.map((accelerator) => acceleratorFit(model, schemes, accelerator, terms)),
    measurements: measuredBy(
      measurements,
      tables.snapshot.date,
      ({ family, accelerator }) =>
        family === model.family && accelerators.some((known) => known.accelerator === accelerator),
    ),
  };
}

function schemeFacts(
  model: ModelRow,
  row: QuantizationRow,
  capability: CapabilityRow | null,
  native: boolean,
): SchemeFacts {
  const { scheme, bitsPerWeight, batchedServing } = row;
  const lossAt50 = losesNothing(model, row) ? { low: 0, likely: 0, high: 0 } : lossOf(row);
  const loss = capability && scaled(lossAt50, capability.index);
  return {
    scheme,
    bitsPerWeight,
    bytes: bitsPerWeight === null ? null : weightBytes(model, bitsPerWeight),
    native,
    batchedServing,
    lossAt50,
    loss,
    index: capability && loss && capability.index - loss.likely,
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

function cacheBytes({ kvElemsPerTokenFull, kvElemsPerTokenWindowed, stateElemsPerSeq }: ModelRow): CacheBytes[] {
  if (kvElemsPerTokenFull === null || kvElemsPerTokenWindowed === null || stateElemsPerSeq === null) return [];
  return cacheBits.map((bits) => ({
    bits,
    perTokenFull: (kvElemsPerTokenFull * bits) / bitsPerByte,
    perTokenWindowed: (kvElemsPerTokenWindowed * bits) / bitsPerByte,
    statePerSequence: stateElemsPerSeq * stateBytes,
  }));
}

/** Usual lengths up to the longest the model holds, and that one. */
function sequenceBytes(model: ModelRow): SequenceBytes[] {
  const lengths = new Set([...usualLengths.filter((tokens) => holdsContext(model, tokens)), model.maxContext]);
  return [...lengths]
    .filter((tokens) => tokens !== null)
    .flatMap((tokens) => {
      const bytes = cacheBits.map((bits) => kvBytesPerSequence(model, tokens, bits)).filter((each) => each !== null);
      return bytes.length === 0 ? [] : [{ tokens, bytes }];
    });
}

function acceleratorFit(
  model: ModelRow,
  schemes: readonly QuantizationRow[],
  accelerator: AcceleratorRow,
  terms: FitTerms,
): AcceleratorFit {
  const fits = schemes.map((scheme) => ({ scheme, fit: cardFit(model, scheme, accelerator, terms) }));
  const oneUser = fits
    .filter(({ fit }) => !fit.batchedServing && fit.cards === 1)
    .sort((a, b) => a.scheme.lossLikely - b.scheme.lossLikely);
  return { accelerator, schemes: fits.map(({ fit }) => fit), oneUser: oneUser[0]?.fit ?? null };
}
