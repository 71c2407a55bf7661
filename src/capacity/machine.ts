import type { AcceleratorRow, EfficiencyRow, EngineRow, ModelRow, ResidualRow } from '../tables/columns.js';
import { perObject } from '../units/memo.js';
import type { Parallel } from './measurement.js';
import { bytesAt, sequenceBytes } from './memory.js';
import { attentionFlops, distinctTokens, expertBytesRead, type ModelWork } from './model-work.js';
import { peakFlops, type SchemeSupport } from './scheme.js';
import type { StepTimes } from './step-times.js';

/** Factors between a machine's data sheet and what an engine reaches on it. */
export const factorNames = [
  'iterationS',
  'layerS',
  'expertLayerS',
  'sequenceS',
  'bandwidth',
  'cacheBandwidth',
  'expertBandwidth',
  'decodeCompute',
  'prefillCompute',
  'expertCompute',
  'narrowCompute',
  'weightOnlyCompute',
  'packedCompute',
  'attentionCompute',
  'linkLatencyS',
  'linkBandwidth',
  'expertDiversity',
  'activationPasses',
  'promptsInStep',
  'tensorLoss',
  'firstTokenS',
] as const;
type FactorName = (typeof factorNames)[number];

/**
 * Factors of one engine group on one class of machines over one kind of link. Times in seconds; the rest are shares of
 * a peak rate (`bandwidth`, `decodeCompute`, `prefillCompute`, `linkBandwidth`) or factors on such a share, except
 * `expertDiversity` (sequences that decode together touch the experts of so many tokens: n^diversity),
 * `activationPasses` (passes of a prompt token's activations through memory in a layer), `promptsInStep` (share of a
 * prompt's work that waits for each other one of a closed loop of equal lengths) and `tensorLoss` (bandwidth lost by
 * each doubling of the cards that share a layer, as a divisor).
 */
export type Efficiency = { readonly [Factor in FactorName]: number };

/** Where a factor is looked up: names that no row knows get the mean of all. */
export type Setting = { engineGroup: string; servingClass: string; link: string };

/** Whether a row counts in a setting. */
export const matches = (row: EfficiencyRow, { engineGroup, servingClass, link }: Setting): boolean =>
  (row.engineGroup === null || row.engineGroup === engineGroup) &&
  (row.servingClass === null || row.servingClass === servingClass) &&
  (row.link === null || row.link === link);

/** The product of every row that matches, by factor; a factor without rows is 1. */
export function efficiencyAt(rows: readonly EfficiencyRow[], setting: Setting): Efficiency {
  const found = Object.fromEntries(factorNames.map((name) => [name, 1])) as Record<FactorName, number>;
  for (const row of rows) if (matches(row, setting)) found[row.factor as FactorName] *= row.value;
  return found;
}

const remembered = perObject((_: readonly EfficiencyRow[]) => new Map<string, Efficiency>());

/** As `efficiencyAt`, looked up once for each setting of a table. */
export function efficiencyOf(rows: readonly EfficiencyRow[], setting: Setting): Efficiency {
  const known = remembered(rows);
  const key = `${setting.engineGroup}/${setting.servingClass}/${setting.link}`;
  let efficiency = known.get(key);
  if (efficiency === undefined) {
    efficiency = efficiencyAt(rows, setting);
    known.set(key, efficiency);
  }
  return efficiency;
}

const bytesPerActivation = 2;
/** Joins of the cards' parts in each transformer layer: after attention and after the feed-forward part. */
const joinsPerLayer = 2;
/** A bidirectional rate is twice the one a ring can use. */
const directions = 2;

/** Cards that work on one model together. */
type Cards = {
  accelerator: AcceleratorRow;
  /** Cards that share every layer. */
  tensor: number;
  /** Cards over which the cache of one sequence is split. */
  cacheSplit: number;
};

/** How weights are multiplied. */
export type Format = {
  /** Number format of the weights on supporting hardware, and this machine's support. */
  compute: 'fp16' | 'fp8' | 'int8' | 'fp4' | null;
  support: SchemeSupport;
  /** `narrow`: 8 bits, or 16 without wide sums, for all weights; see `EngineRow.kernels`. */
  kernels: 'native' | 'narrow';
  /** Bits of a weight. */
  bits: number;
  /** Factor on speed where the machine supports the format only slowly. */
  slow: number;
};

/** Rates of one card with all efficiencies: operations and bytes a second. */
export type Rates = { prefill: number; decode: number; attention: number; bytes: number; cacheBytes: number };

/** Peak rates times efficiencies; a mixture's many small products reach less. */
export function ratesOf(accelerator: AcceleratorRow, format: Format, mixture: boolean, e: Efficiency): Rates {
  const wide = accelerator.fp16Tflops * 1e12;
  const narrow = format.kernels === 'narrow';
  const plain = narrow ? Math.max(wide, ((accelerator.int8Tops ?? 0) * 1e12) / 2) : wide;
  const peak = narrow ? plain : peakFlops(accelerator, format.compute, format.support);
  const slow = format.support === 'slow' ? format.slow : 1;
  const factor = slow * formatFactor(format, mixture, e) * (mixture ? e.expertCompute : 1);
  const bytes = accelerator.bandwidthGBs * 1e9 * e.bandwidth * slow;
  return {
    prefill: peak * factor * e.prefillCompute,
    decode: peak * factor * e.decodeCompute,
    attention: plain * e.prefillCompute * e.attentionCompute,
    bytes,
    cacheBytes: bytes * e.cacheBandwidth,
  };
}

const fullBits = 16;

/**
 * Unquantized weights multiply as they are. Narrower ones have kernels or a format of their own, or are unpacked first,
 * which reading hides in a mixture's many small products.
 */
function formatFactor({ support, compute, kernels, bits }: Format, mixture: boolean, e: Efficiency): number {
  if (bits >= fullBits) return 1;
  if (kernels === 'narrow') return e.packedCompute;
  if (support === 'native' && compute !== null && compute !== 'fp16') return e.narrowCompute;
  return mixture ? 1 : e.weightOnlyCompute;
}

/** Share of a card's bandwidth that is left where so many share every layer. */
export const tensorShare = (tensor: number, tensorLoss: number): number =>
  Math.exp(-Math.log2(tensor) * Math.log(tensorLoss));

/** Bytes a second in one direction that a link between cards reaches. */
export const linkBytesPerS = ({ interconnectGBs }: AcceleratorRow, { linkBandwidth }: Efficiency): number =>
  (Math.max(interconnectGBs, 1) * 1e9 * linkBandwidth) / directions;

/** Seconds of one layer's activation passes through a card's memory for a prompt token. */
export const activationS = ({ bandwidthGBs }: AcceleratorRow, { bandwidth, activationPasses }: Efficiency): number =>
  (activationPasses * bytesPerActivation) / (bandwidthGBs * 1e9 * bandwidth);

/** Kind of link between the cards of a machine, as in the calibration. */
export const linkOf = ({ interconnect }: AcceleratorRow): 'fast' | 'slow' =>
  interconnect === 'pcie' || interconnect === 'none' ? 'slow' : 'fast';

/**
 * The terms of an iteration:
 *
 * weights   bytes read / (cards x bytes a second), experts at a factor of their own
 * compute   2 x parameters per token / (cards x operations a second), for decode and for prefill
 * passes    layers x hidden size x 2 bytes x passes / bytes a second of one card, for prefill alone
 * cache     bytes of a sequence / (cards that split it x bytes a second)
 * link      2 x layers x (latency + ring bytes / link bandwidth), ring bytes = 2 (n - 1)/n x hidden size x 2 per token
 */
export function stepTimes(
  model: ModelRow,
  work: ModelWork,
  { accelerator, tensor, cacheSplit }: Cards,
  format: Format,
  cacheBits: number,
  e: Efficiency,
): StepTimes {
  const mixture = work.expertBytes > 0;
  const rates = ratesOf(accelerator, format, mixture, e);
  const joins = tensor > 1 ? joinsPerLayer * work.layers : 0;
  const ringBytes = ((2 * (tensor - 1)) / tensor) * work.hiddenSize * bytesPerActivation;
  const share = tensorShare(tensor, e.tensorLoss);
  const denseS = work.denseBytes / (rates.bytes * tensor * share);
  const expertRate = rates.bytes * tensor * share * e.expertBandwidth;
  const attentionRate = rates.attention * tensor;
  const cacheRate = rates.cacheBytes * share * cacheSplit;
  const sequence = sequenceBytes(model, cacheBits);
  return {
    fixedS: e.iterationS + work.layers * (e.layerS + (mixture ? e.expertLayerS : 0)) + joins * e.linkLatencyS,
    sequenceS: e.sequenceS,
    weightsS: mixture
      ? (decoding, prompt = 0) =>
          denseS + expertBytesRead(work, distinctTokens(decoding, e.expertDiversity) + prompt) / expertRate
      : () => denseS,
    decodeS: (2 * work.decodeParams) / (rates.decode * tensor),
    prefillS:
      (2 * work.prefillParams) / (rates.prefill * tensor) + work.layers * work.hiddenSize * activationS(accelerator, e),
    linkS: (joins * ringBytes) / linkBytesPerS(accelerator, e),
    attentionS: (tokens) => attentionFlops(work, tokens) / attentionRate,
    cacheS: (tokens) => (sequence === null ? Number.POSITIVE_INFINITY : bytesAt(sequence, tokens) / cacheRate),
  };
}

/** How the cards of a system divide the work on one model. */
export type Layout = {
  /** Cards that share every layer. */
  tensor: number;
  /** Groups of such cards. */
  lanes: number;
  /** Whether each group holds some layers, as stages; else each holds the whole model. */
  staged: boolean;
  /** Cards over which the cache of one sequence is split. */
  cacheSplit: number;
};

/** Cards that split one sequence's cache in a tensor-parallel group: by heads; a latent (MLA) is copied. */
export const cacheSplitOf = ({ attentionType, kvHeads }: ModelRow, tensor: number): number =>
  attentionType === 'mla' ? 1 : Math.max(1, Math.min(tensor, kvHeads ?? 1));

/** The layout of `count` cards: as said, or as the engine divides them by itself. */
export function layoutOf(count: number, said: Parallel | null, engine: EngineRow, model: ModelRow): Layout {
  const layers = said === null ? engine.multiCard === 'layers' : said.layerSplit;
  if (layers) return { tensor: 1, lanes: count, staged: true, cacheSplit: 1 };
  // Attention for own requests on each card splits the cache of a batch like the batch.
  if (said?.dataAttention) return { tensor: count, lanes: 1, staged: false, cacheSplit: count };
  const lanes = said === null ? 1 : said.pipeline * said.data;
  const tensor = count / lanes;
  return { tensor, lanes, staged: said !== null && said.pipeline > 1, cacheSplit: cacheSplitOf(model, tensor) };
}

/** How far what a publisher measured of decode is from the prediction. */
export type Residual = Omit<ResidualRow, 'row' | 'confidence'>;

/** The prediction to correct: model, card, engine and requests in flight. */
export type NeighborQuery = {
  family: string;
  accelerator: string;
  engineGroup: string;
  servingClass: string;
  batch: number;
};

/**
 * Weights of published measurements: spread of batches (standard deviation of the logarithm), weight of the formulas in
 * publishers, and the largest error (logarithm) that is believed.
 */
export type NeighborSettings = {
  publishedBatchSpread: number;
  publishedFormulaWeight: number;
  publishedLargestError: number;
};

/** How published measurements near a prediction correct it. */
export type Neighbors = {
  /** Factor on the time of decode; 1: there are none. */
  decode: number;
  /** Publishers, each by how near the nearest of its measurements is, 0 to 1. */
  weight: number;
  /** Root mean square of the publishers' differences from the corrected prediction (logarithm). */
  scatter: number;
  /** Whether they are of the same kind of card, not of others of its class. */
  sameCard: boolean;
};

const none: Neighbors = { decode: 1, weight: 0, scatter: 0, sameCard: false };

const byModel = perObject((table: readonly Residual[]) => {
  const rows = new Map<string, Residual[]>();
  for (const row of table) {
    const key = `${row.modelFamily} ${row.engineGroup} ${row.servingClass}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return rows;
});

/** Rows of a model and an engine group on a class of machines. */
const rowsOf = (table: readonly Residual[], { family, engineGroup, servingClass }: NeighborQuery): Residual[] =>
  byModel(table).get(`${family} ${engineGroup} ${servingClass}`) ?? [];

/** Measurements on the same card, or else on others of its class. */
export function nearRows<Row extends Residual>(table: readonly Row[], query: NeighborQuery): Row[] {
  const alike = rowsOf(table, query) as Row[];
  const own = alike.filter(({ accelerator }) => accelerator === query.accelerator);
  return own.length > 0 ? own : alike;
}

/**
 * Corrects decode by measurements of the same model and engine group on the same kind of card, or else on others of its
 * class. By publisher, so that many rows of one are one opinion:
 *
 * match = exp(-1/2 (difference of ln batch / spread)^2)      best = the largest match of a publisher
 * logarithm of the factor = sum of best x mean error by match / (sum of best + weight of the formulas)
 */
export function neighborsOf(
  table: readonly Residual[],
  query: NeighborQuery,
  {
    publishedBatchSpread: spread,
    publishedFormulaWeight: formulaWeight,
    publishedLargestError: largest,
  }: NeighborSettings,
): Neighbors {
  const near = nearRows(table, query);
  if (near.length === 0) return none;
  const publishers = new Map<string, { best: number; sum: number; errors: number }>();
  for (const { publisher, batch, logError } of near) {
    const match = Math.exp(-0.5 * (Math.log(batch / query.batch) / spread) ** 2);
    const one = publishers.get(publisher) ?? { best: 0, sum: 0, errors: 0 };
    publishers.set(publisher, {
      best: Math.max(one.best, match),
      sum: one.sum + match,
      errors: one.errors + match * Math.max(-largest, Math.min(largest, logError)),
    });
  }
  let [weight, errors] = [0, 0];
  for (const { best, sum, errors: own } of publishers.values()) {
    weight += best;
    errors += (best * own) / sum;
  }
  const correction = errors / (weight + formulaWeight);
  let squares = 0;
  for (const { best, sum, errors: own } of publishers.values()) squares += best * (own / sum - correction) ** 2;
  return {
    decode: Math.exp(correction),
    weight,
    scatter: Math.sqrt(squares / weight),
    sameCard: near[0]?.accelerator === query.accelerator,
  };
}

/** Half a publisher near by is enough to say that measurements agree. */
const enough = 0.5;
/** Standard deviations on either side that hold 80 % of a normal distribution. */
const eightyPercent = 1.2816;

/** Whether publishers are within the band of a corrected prediction. */
export const agree = ({ weight, scatter }: Neighbors, { low, high }: { low: number; high: number }): boolean =>
  weight >= enough && eightyPercent * scatter <= Math.log(high / low) / 2;
