import { activationS, efficiencyOf, linkBytesPerS, ratesOf, tensorShare } from '../capacity/machine.js';
import { activationBytes, usableBytes } from '../capacity/memory.js';
import { distinctTokens } from '../capacity/model-work.js';
import { type Engine, formatOn, type RequestShape, settingOn, type Weights, weightsOf } from '../capacity/replica.js';
import { type MachineColumns, mostCards } from '../capacity/request-rate.js';
import { losesNothing, schemeFor, schemeSupport } from '../capacity/scheme.js';
import { mediaTokens } from '../cost/prompt.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { longestPrompt, type TaskPart } from '../workload/workload.js';
import { emptyOption, type Mode, modesOf, type Option, withMode } from './option.js';
import type { Context } from './placement.js';
import { reasoningTokens } from './service-trace.js';

/** Bytes one card has for weights and cache. */
const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);

/** Rates of every accelerator (order of `acceleratorOf`) with every scheme under an engine, by column. */
export function machineTable(
  { acceleratorOf, architectures }: Pick<Tables, 'acceleratorOf' | 'architectures'>,
  schemes: readonly QuantizationRow[],
  engine: Engine,
): MachineColumns {
  const accelerators = [...acceleratorOf.values()];
  const pairs = (): Float64Array => new Float64Array(accelerators.length * schemes.length);
  const column = (): Float64Array => new Float64Array(accelerators.length);
  const table: MachineColumns = {
    schemes: schemes.length,
    runs: new Uint8Array(accelerators.length * schemes.length),
    prefillFlops: pairs(),
    decodeFlops: pairs(),
    attentionFlops: pairs(),
    weightBytesPerS: pairs(),
    cacheBytesPerS: pairs(),
    expertCompute: pairs(),
    expertBandwidth: column(),
    iterationS: column(),
    layerS: column(),
    expertLayerS: column(),
    sequenceS: column(),
    linkLatencyS: column(),
    linkBytesPerS: column(),
    distinctTokens: new Float64Array(accelerators.length * (engine.maxSequences + 1)),
    activationS: column(),
    tensorShare: new Float64Array(accelerators.length * mostCards),
    cardBytes: column(),
    maxSequences: engine.maxSequences,
    chunkTokens: engine.chunkTokens,
    // The formula is a sum of three products.
    activationBytes: {
      hidden: activationBytes(1, 0, 0, 1, engine),
      feedForward: activationBytes(0, 1, 0, 1, engine),
      vocabulary: activationBytes(0, 0, 1, 1, engine),
    },
  };
  for (const [a, accelerator] of accelerators.entries()) {
    const efficiency = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
    table.expertBandwidth[a] = efficiency.expertBandwidth;
    table.iterationS[a] = efficiency.iterationS;
    table.layerS[a] = efficiency.layerS;
    table.expertLayerS[a] = efficiency.expertLayerS;
    table.sequenceS[a] = efficiency.sequenceS;
    table.linkLatencyS[a] = efficiency.linkLatencyS;
    table.linkBytesPerS[a] = linkBytesPerS(accelerator, efficiency);
    for (let n = 0; n <= engine.maxSequences; n++)
      table.distinctTokens[a * (engine.maxSequences + 1) + n] = distinctTokens(n, efficiency.expertDiversity);
    table.activationS[a] = activationS(accelerator, efficiency);
    for (let cards = 1; cards <= mostCards; cards++)
      table.tensorShare[a * mostCards + cards - 1] = tensorShare(cards, efficiency.tensorLoss);
    table.cardBytes[a] = bytesPerCard(accelerator, engine);
    for (const [s, scheme] of schemes.entries()) {
      const support = schemeSupport(scheme.runsOn, accelerator.architecture, architectures);
      if (support === 'none') continue;
      const pair = a * schemes.length + s;
      const format = formatOn(scheme, support, engine);
      const rates = ratesOf(accelerator, format, false, efficiency);
      table.runs[pair] = 1;
      table.prefillFlops[pair] = rates.prefill;
      table.decodeFlops[pair] = rates.decode;
      table.expertCompute[pair] = ratesOf(accelerator, format, true, efficiency).decode / rates.decode;
      table.attentionFlops[pair] = rates.attention;
      table.weightBytesPerS[pair] = rates.bytes;
      table.cacheBytesPerS[pair] = rates.cacheBytes;
    }
  }
  return table;
}

/** A model of our own in a scheme and a mode, before any machine is chosen. */
export type OwnModel = { option: Option; weights: Weights };

/** The released model in the third part of an id, in one of its modes; null: none. */
export function releasedNamed(id: string, tables: Pick<Tables, 'models' | 'capabilityOf'>): Option | null {
  const [name] = id.split('/')[2]?.split('@') ?? [];
  const mode: Mode = name?.endsWith(withMode('', 'thinking')) ? 'thinking' : 'standard';
  const model = tables.models.find(({ family }) => withMode(family, mode) === name);
  if (model === undefined || !modesOf(tables.capabilityOf.get(model.family) ?? null).includes(mode)) return null;
  return releasedModel(model, mode, tables);
}

/** The same in the scheme that the id names; null: it is in no such scheme. */
export function ownModelNamed(id: string, { tables }: Pick<Context, 'tables'>): OwnModel | null {
  const option = releasedNamed(id, tables);
  const model = tables.modelOf.get(option?.family ?? '');
  const [, scheme] = id.split('/')[2]?.split('@') ?? [];
  const rows = weightSchemes(tables).find(([row]) => row?.scheme === scheme);
  const weights = model && rows ? weightsIn(model, rows) : null;
  return option && weights && { option: inScheme(option, weights), weights };
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

/** Tokens of a task part on own machines; a given cache hit rate holds there, too. */
export function requestShapeOf(
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
