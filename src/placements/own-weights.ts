import { losesNothing } from '../capacity/quality-loss.js';
import { type RequestShape, type Weights, weightsOf } from '../capacity/replica.js';
import { schemeFor } from '../capacity/scheme.js';
import type { Slice } from '../scenario/demand.js';
import type { ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Market } from './market.js';
import { type Mode, modesOf, type Option } from './option.js';
import type { Case } from './placement.js';
import { reasoningTokens } from './tokens-written.js';

/** A model of our own in a scheme and a mode, before any machine is chosen. */
export type OwnModel = { option: Option; weights: Weights };

/** A model of our own in a mode, in every scheme it may run in. `option` is the model as released: nothing is lost. */
export type OwnFamily = { option: Option; schemes: readonly OwnModel[] };

const known = new WeakMap<Tables, OwnFamily[]>();

/** Every open model in every mode and scheme, whatever the kind of place. Fast models first. */
export function ownFamilies({ tables }: Pick<Case, 'tables'>): readonly OwnFamily[] {
  const found = known.get(tables) ?? madeFamilies(tables);
  known.set(tables, found);
  return found;
}

/** Whether a scheme suits serving many at once, or machines of one person are among the units, which serve one at a time. */
export const suitsMarket = ({ batchedServing }: QuantizationRow, { personal }: Pick<Market, 'personal'>): boolean =>
  batchedServing || personal;

function madeFamilies(tables: Tables): OwnFamily[] {
  const bySize = new Map<string, QuantizationRow[]>();
  for (const row of tables.quantization) {
    if (row.appliesTo === 'weights') bySize.set(row.scheme, [...(bySize.get(row.scheme) ?? []), row]);
  }
  const found: OwnFamily[] = [];
  for (const model of [...tables.models].sort((a, b) => a.paramsActiveB - b.paramsActiveB)) {
    const schemes: Weights[] = [];
    for (const rows of bySize.values()) {
      const row = schemeFor(rows, model);
      const weights = row === null ? null : weightsOf(model, row);
      if (weights !== null) schemes.push(weights);
    }
    if (schemes.length === 0) continue;
    const capability = tables.capabilityOf.get(model.family) ?? null;
    for (const mode of modesOf(capability)) {
      const option: Option = { ...blank(model, mode), capability };
      found.push({ option, schemes: schemes.map((weights) => inScheme(option, weights)) });
    }
  }
  return found;
}

/** A model in one of its schemes, which may cost some capability. */
const inScheme = (option: Option, weights: Weights): OwnModel => ({
  weights,
  option: { ...option, quantization: weights.scheme.scheme, lossAt50: lossAt50(weights) },
});

const lossAt50 = ({ model, scheme }: Weights): number => (losesNothing(model, scheme) ? 0 : scheme.lossLikely);

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
  desk: false,
  onDevices: null,
});

/** Tokens of a slice as a machine of our own sees them. */
export function shapeOf(option: Pick<Option, 'mode' | 'capability'>, slice: Slice, { demand }: Case): RequestShape {
  const outputTokens = slice.tokens.output + reasoningTokens(option, slice, demand);
  return {
    inputTokens: slice.tokens.input,
    cachedTokens: slice.tokens.prefix * demand.assume('ownPrefixCacheHit'),
    outputTokens,
    contextTokens: slice.tokens.longestInput + outputTokens,
  };
}
