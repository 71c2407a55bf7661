import { type Efficiency, factorNames } from '../../src/capacity/machine.js';
import type { CapacityAssumptions, Run } from '../../src/capacity/run.js';
import { uncorrected } from '../../src/capacity/step-times.js';
import type { AcceleratorRow, EngineRow, ModelRow } from '../../src/tables/columns.js';

/**
 * A model and a machine with round figures: 10e9 parameters in 16 bits are 20e9 bytes, which 2e12 bytes a second read in 10 ms;
 * 2 x 10e9 operations of 500e12 a second are 40 us a token; a token of cache is 2 x 8 x 128 x 32 x 2 = 131,072 bytes.
 */
export const model = {
  family: 'round-10b',
  paramsTotalB: 10,
  paramsActiveB: 10,
  paramsOtherB: null,
  layers: 32,
  hiddenSize: 4096,
  attentionHeads: 32,
  kvHeads: 8,
  headDim: 128,
  attentionType: 'gqa',
  slidingWindowTokens: null,
  vocabSize: null,
  expertsTotal: null,
  expertsActive: null,
  kvElemsPerTokenFull: 65_536,
  kvElemsPerTokenWindowed: 0,
  stateElemsPerSeq: 0,
  maxContext: 131_072,
  nativeDtype: 'bf16',
} as ModelRow;

export const accelerator = {
  accelerator: 'round-80gb',
  bandwidthGBs: 2000,
  fp16Tflops: 500,
  fp8Tflops: 1000,
  int8Tops: 1000,
  fp4Tflops: null,
  interconnect: 'nvlink',
  interconnectGBs: 800,
  memoryGib: 80,
  usableMemoryFraction: 0.9,
  architecture: 'hopper',
  servingClass: 'datacenter',
} as AcceleratorRow;

export const engine = {
  engine: 'vllm',
  group: 'vllm',
  maxSequences: 256,
  chunkTokens: 2048,
  memoryFraction: null,
  kernels: 'native',
} as EngineRow;

/** Hardware as it is sold, but 1 ms for each iteration and 10 ms before each first token. */
export const factors = {
  ...Object.fromEntries(factorNames.map((name) => [name, name.endsWith('S') ? 0 : 1])),
  activationPasses: 0,
  iterationS: 0.001,
  firstTokenS: 0.01,
} as Efficiency;

export const assumed: CapacityAssumptions = {
  activationFactor: 0,
  runtimeGbPerGpu: 2,
  pagedKvOverhead: 1.05,
  tiedUpToB: 5,
  slowScheme: 0.5,
  publishedBatchSpread: 1.5,
  publishedFormulaWeight: 1,
  publishedLargestError: 0.7,
};

export const tokens = { fresh: 1000, before: 0, context: 1000, output: 100 };

export const runWith = (more: Partial<Run>): Run => ({
  model,
  accelerator,
  engine,
  count: 1,
  layout: { tensor: 1, lanes: 1, staged: false, cacheSplit: 1 },
  bits: 16,
  embeddingBits: 16,
  cacheBits: 16,
  format: { compute: 'fp16', support: 'native', kernels: 'native', bits: 16, slow: 0.5 },
  tokens,
  arrivals: { is: 'closed', clients: 1 },
  maxSequences: 256,
  cacheBytes: null,
  correction: uncorrected,
  sameLengths: false,
  speculation: null,
  ...more,
});
