import { type RequestShape, type Weights, weightsOf } from '../capacity/replica.js';
import { losesNothing, schemeFor } from '../capacity/scheme.js';
import { mediaTokens } from '../cost/audio.js';
import type { ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import { longestPrompt, type TaskPart } from '../workload/workload.js';
import type { Market } from './market.js';
import { emptyOption, type Mode, modesOf, type Option } from './option.js';
import type { Context } from './placement.js';
import { reasoningTokens } from './tokens-written.js';

/** A model of our own in a scheme (`scheme`: its place among all) and a mode, before any machine is chosen. */
export type OwnModel = { option: Option; weights: Weights; scheme: number };

/** Every open model in every mode, fast ones first; and every scheme that any of them may run in, one row of each. */
export type OwnModels = { families: readonly OwnFamily[]; schemes: readonly QuantizationRow[] };

/** A model of our own in a mode, in every scheme it may run in. `option` is the model as released: nothing is lost. */
export type OwnFamily = { option: Option; schemes: readonly OwnModel[] };

/** The models of some tables, whatever the kind of place: the same object for the same tables. */
export const ownModels = ({ tables }: Pick<Context, 'tables'>): OwnModels => modelsOf(tables);

const modelsOf = perObject(madeModels);

/** Whether a scheme suits serving many at once, or machines of one person are among the units, which serve one at a time. */
export const suitsMarket = ({ batchedServing }: QuantizationRow, { personal }: Pick<Market, 'personal'>): boolean =>
  batchedServing || personal;

function madeModels(tables: Tables): OwnModels {
  const byScheme = weightSchemes(tables);
  const families: OwnFamily[] = [];
  for (const model of modelsBySize(tables)) {
    const schemes = byScheme.flatMap((rows, scheme) => {
      const weights = weightsIn(model, rows);
      return weights === null ? [] : [{ weights, scheme }];
    });
    if (schemes.length === 0) continue;
    for (const mode of modesOf(tables.capabilityOf.get(model.family) ?? null)) {
      const option = releasedModel(model, mode, tables);
      families.push({ option, schemes: schemes.map((one) => ({ ...one, option: inScheme(option, one.weights) })) });
    }
  }
  return { families, schemes: byScheme.map(([row]) => row as QuantizationRow) };
}

/** Rows of every scheme that weights are kept in, in the order of the tables. */
export function weightSchemes({ quantization }: Pick<Tables, 'quantization'>): QuantizationRow[][] {
  const rowsOf = new Map<string, QuantizationRow[]>();
  for (const row of quantization)
    if (row.appliesTo === 'weights') rowsOf.set(row.scheme, [...(rowsOf.get(row.scheme) ?? []), row]);
  return [...rowsOf.values()];
}

/** Open models, those that decode fastest first. */
export const modelsBySize = ({ models }: Pick<Tables, 'models'>): ModelRow[] =>
  [...models].sort((a, b) => a.paramsActiveB - b.paramsActiveB);

/** Weights of a model by the rows of a scheme; null where it is in none of them. */
export function weightsIn(model: ModelRow, rows: readonly QuantizationRow[]): Weights | null {
  const row = schemeFor(rows, model);
  return row === null ? null : weightsOf(model, row);
}

/** A model as released, in a mode: nothing is lost to a scheme. */
export const releasedModel = (model: ModelRow, mode: Mode, { capabilityOf }: Pick<Tables, 'capabilityOf'>): Option => ({
  ...blank(model, mode),
  capability: capabilityOf.get(model.family) ?? null,
});

/** A model in one of its schemes, which may cost some capability. */
export const inScheme = (option: Option, weights: Weights): Option => ({
  ...option,
  quantization: weights.scheme.scheme,
  lossAt50: lossAt50(weights),
});

const lossAt50 = ({ model, scheme }: Weights): number => (losesNothing(model, scheme) ? 0 : scheme.lossLikely);

const blank = (model: ModelRow, mode: Mode): Option => ({
  ...emptyOption('self-hosted-cloud'),
  model: model.family,
  family: model.family,
  mode,
  reach: 'own-account',
  contextTokens: model.maxContext,
  modalities: model.modalities,
  license: model.commercialUse ?? 'unknown',
});

/** Tokens of a task part as a machine of our own sees them; who knows how often a prefix is found knows it for machines, too. */
export function shapeOf(
  option: Pick<Option, 'mode' | 'capability' | 'family'>,
  taskPart: TaskPart,
  { workload, tables }: Context,
): RequestShape {
  const images = mediaTokens(option.family ?? '', taskPart, { tables, workload });
  const outputTokens = taskPart.tokens.output + reasoningTokens(option, taskPart, workload);
  return {
    inputTokens: Math.max(1, taskPart.tokens.input + images),
    cachedTokens: taskPart.tokens.prefix * (taskPart.tokens.cacheHitRate ?? workload.assume('ownPrefixCacheHit')),
    outputTokens,
    contextTokens: longestPrompt(taskPart.tokens) + images + outputTokens,
  };
}
