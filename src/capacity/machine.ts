import type { AcceleratorRow, ModelRow } from '../tables/rows.js';
import type { Efficiency } from './efficiency.js';
import { bytesAt, sequenceBytes } from './memory.js';
import { attentionFlops, expertBytesRead, type ModelWork } from './model-work.js';
import { peakFlops, type SchemeSupport } from './scheme.js';
import type { StepTimes } from './step-times.js';

export const bytesPerActivation = 2;
/** Each transformer layer joins the cards' parts twice: after attention and after the feed-forward part. */
export const joinsPerLayer = 2;
/** A bidirectional rate is twice the one a ring can use. */
export const directions = 2;

/** Cards that work on one model together. */
export type Cards = {
  accelerator: AcceleratorRow;
  /** Cards that share every layer. */
  tensor: number;
  /** Cards over which the cache of one sequence is split. */
  cacheSplit: number;
};

/** How weights are multiplied. */
export type Format = {
  /** Number format of the weights on hardware that knows it, and how this machine supports it. */
  compute: 'fp16' | 'fp8' | 'int8' | 'fp4' | null;
  support: SchemeSupport;
  /** `narrow`: in 8 bits, or 16 without wide sums, whatever the weights; see `EngineRow.kernels`. */
  kernels: 'native' | 'narrow';
  /** Factor on speed where the machine supports the format only slowly. */
  slow: number;
};

/** Rates that one card reaches, all efficiencies included: operations and bytes a second. */
export type Rates = { prefill: number; decode: number; attention: number; bytes: number; cacheBytes: number };

/** Peak rates times efficiencies; a mixture's many small products reach less. */
export function ratesOf(accelerator: AcceleratorRow, format: Format, mixture: boolean, e: Efficiency): Rates {
  const wide = accelerator.fp16Tflops * 1e12;
  const narrow = format.kernels === 'narrow';
  const plain = narrow ? Math.max(wide, ((accelerator.int8Tops ?? 0) * 1e12) / 2) : wide;
  const peak = narrow ? plain : peakFlops(accelerator, format.compute, format.support);
  const slow = format.support === 'slow' ? format.slow : 1;
  const factor = slow * formatFactor(format, e) * (mixture ? e.expertCompute : 1);
  const bytes = accelerator.bandwidthGBs * 1e9 * e.bandwidth * slow;
  return {
    prefill: peak * factor * e.prefillCompute,
    decode: peak * factor * e.decodeCompute,
    attention: plain * e.prefillCompute * e.attentionCompute,
    bytes,
    cacheBytes: bytes * e.cacheBandwidth,
  };
}

function formatFactor({ compute, support, kernels }: Format, e: Efficiency): number {
  const whole = support === 'native' && (compute === null || compute === 'fp16');
  if (whole) return 1;
  return support === 'native' && kernels === 'native' ? e.narrowCompute : e.weightOnlyCompute;
}

/** Kind of link between the cards of a machine, as the calibration tells them apart. */
export const linkOf = ({ interconnect }: AcceleratorRow): 'fast' | 'slow' =>
  interconnect === 'pcie' || interconnect === 'none' ? 'slow' : 'fast';

/**
 * The terms of an iteration:
 *
 *     weights   bytes read / (cards x bytes a second), experts at a factor of their own
 *     compute   2 x parameters per token / (cards x operations a second), for decode and for prefill
 *     cache     bytes of a sequence / (cards that split it x bytes a second)
 *     link      2 x layers x (latency + ring bytes / link bandwidth), ring bytes = 2 (n - 1)/n x hidden size x 2 per token
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
  const linkBytesPerS = (Math.max(accelerator.interconnectGBs, 1) * 1e9 * e.linkBandwidth) / directions;
  const denseS = work.denseBytes / (rates.bytes * tensor);
  const expertRate = rates.bytes * tensor * e.expertBandwidth;
  const attentionRate = rates.attention * tensor;
  const cacheRate = rates.cacheBytes * cacheSplit;
  const sequence = sequenceBytes(model, cacheBits);
  return {
    fixedS: e.iterationS + work.layers * (e.layerS + (mixture ? e.expertLayerS : 0)) + joins * e.linkLatencyS,
    sequenceS: e.sequenceS,
    weightsS: mixture ? (tokens) => denseS + expertBytesRead(work, tokens) / expertRate : () => denseS,
    decodeS: (2 * work.decodeParams) / (rates.decode * tensor),
    prefillS: (2 * work.prefillParams) / (rates.prefill * tensor),
    linkS: (joins * ringBytes) / linkBytesPerS,
    attentionS: (tokens) => attentionFlops(work, tokens) / attentionRate,
    cacheS: (tokens) => (sequence === null ? Number.POSITIVE_INFINITY : bytesAt(sequence, tokens) / cacheRate),
  };
}
