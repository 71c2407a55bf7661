import { type RequestShape, type Weights, weightsOf } from '../capacity/replica.js';
import { schemeRow } from '../capacity/scheme.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind, ModelRow } from '../tables/rows.js';
import type { Boundary } from '../scenario/demand.js';
import { type Mode, modesOf, type Option } from './option.js';
import type { Case } from './placement.js';
import { reasoningTokens } from './tokens-written.js';

/** A model of our own in a scheme and a mode, before any machine is chosen. */
export type OwnModel = { option: Option; weights: Weights };

/** Every open model in every scheme that suits batched serving and every mode. Fast models first. */
export function ownModels({ tables }: Case, kind: Kind, reach: Boundary): OwnModel[] {
  const schemes = new Set(
    tables.quantization.filter(({ appliesTo, batchedServing }) => appliesTo === 'weights' && batchedServing).map(({ scheme }) => scheme),
  );
  const found: OwnModel[] = [];
  for (const model of tables.models) {
    for (const scheme of schemes) {
      const row = schemeRow(tables.quantization, scheme, model);
      const weights = row === null ? null : weightsOf(model, row);
      if (weights === null) continue;
      const capability = tables.capabilityOf.get(model.family) ?? null;
      for (const mode of modesOf(capability)) {
        found.push({ weights, option: { ...blank(model, mode), kind, reach, capability, quantization: scheme, lossAt50: lossAt50(weights) } });
      }
    }
  }
  return found.sort((a, b) => a.weights.model.paramsActiveB - b.weights.model.paramsActiveB);
}

/** A model loses nothing in the format it was released in. */
const lossAt50 = ({ model, scheme }: Weights): number => (model.nativeDtype?.startsWith(scheme.scheme) ? 0 : scheme.lossLikely);

const blank = (model: ModelRow, mode: Mode): Option => ({
  id: '',
  kind: 'self-hosted-cloud',
  provider: '',
  model: model.family,
  family: model.family,
  mode,
  quantization: null,
  hardware: null,
  instance: null,
  region: null,
  purchase: null,
  reach: 'own-account',
  marketplace: false,
  capability: null,
  lossAt50: 0,
  contextTokens: model.maxContext,
  maxOutputTokens: null,
  modalities: model.modalities,
  retires: null,
  license: model.commercialUse ?? 'unknown',
  api: null,
  fleet: null,
});

/** Tokens of a slice as a machine of our own sees them. */
export function shapeOf(option: Pick<Option, 'mode' | 'capability'>, slice: Slice, { demand }: Case): RequestShape {
  const outputTokens = slice.tokens.output + reasoningTokens(option, slice, demand);
  return {
    inputTokens: slice.tokens.input,
    cachedTokens: slice.tokens.prefix * demand.assume('ownPrefixCacheHit'),
    outputTokens,
    contextTokens: slice.tokens.input + outputTokens,
  };
}
