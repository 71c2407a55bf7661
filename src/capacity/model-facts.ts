import type { AcceleratorRow, CapabilityRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type CardFit, cardFit, type FitTerms, isServed } from './card-fit.js';
import { kvBytesPerSequence, weightBytes } from './memory.js';
import { nativeScheme, schemesOfModel } from './model-schemes.js';
import { losesNothing } from './quality-loss.js';

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
