import { describe, expect, test } from 'vitest';
import { type Efficiency, type Format, factorNames, stepTimes } from '../../src/capacity/machine.js';
import { attentionFlops, modelWork } from '../../src/capacity/model-work.js';
import { type Serving, serve, tpotAtLoadS } from '../../src/capacity/replica.js';
import type { StepTimes } from '../../src/capacity/step-times.js';
import { iterationS, prefillS } from '../../src/capacity/step-times.js';
import type { AcceleratorRow, ModelRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { modelOf } from '../support/models.js';

/** The bare hardware: nothing lost, nothing fixed. */
const ideal = {
  ...Object.fromEntries(factorNames.map((name) => [name, name.endsWith('S') ? 0 : 1])),
  activationPasses: 0,
} as Efficiency;
const native: Format = { compute: 'fp16', support: 'native', kernels: 'native', bits: 16, slow: 0.5 };
const whole = Number.POSITIVE_INFINITY;
const free = Number.POSITIVE_INFINITY;

const dense = (paramsB: number, more: Partial<ModelRow> = {}) =>
  ({
    paramsTotalB: paramsB,
    paramsActiveB: paramsB,
    paramsOtherB: null,
    layers: 80,
    hiddenSize: 8192,
    attentionHeads: 64,
    kvHeads: 8,
    headDim: 128,
    attentionType: 'gqa',
    slidingWindowTokens: null,
    vocabSize: null,
    expertsTotal: null,
    expertsActive: null,
    kvElemsPerTokenFull: 163_840,
    kvElemsPerTokenWindowed: 0,
    stateElemsPerSeq: 0,
    ...more,
  }) as ModelRow;
const h100 = {
  bandwidthGBs: 3350,
  fp16Tflops: 989,
  fp8Tflops: 1979,
  int8Tops: 1979,
  fp4Tflops: null,
  interconnect: 'nvlink',
  interconnectGBs: 900,
} as AcceleratorRow;
const flops = 989e12;

function timesOf(
  model: ModelRow,
  { bits = 16, card = h100, tensor = 1, cacheSplit = 1, format = native, e = ideal, cacheBits = 16 } = {},
): StepTimes {
  const work = modelWork(model, bits, 16, 5);
  if (work === null) throw new Error('no layers');
  return stepTimes(model, work, { accelerator: card, tensor, cacheSplit }, format, cacheBits, e);
}

describe('one decode iteration', () => {
  test('reads 140 GB over 3.35 TB/s, and computes 2 x 70e9 for each sequence: 41.8 ms + 0.14 ms', () => {
    const times = timesOf(dense(70));
    expect(times.weightsS(1)).toBeCloseTo(140 / 3350, 12);
    expect(times.decodeS).toBeCloseTo(140e9 / flops, 15);
    expect(iterationS(times, 1, 0)).toBeCloseTo(140 / 3350 + 140e9 / flops, 12);
  });

  test('7B in 16 bits at half of 2 TB/s takes 14 ms a token: the published example of bandwidth use', () => {
    const card = { ...h100, bandwidthGBs: 2000 } as AcceleratorRow;
    expect(timesOf(dense(7), { card, e: { ...ideal, bandwidth: 0.5 } }).weightsS(1)).toBeCloseTo(0.014, 12);
  });

  test('computing takes as long as reading at a batch of F x 2 / (2 BW) = 295 in 16 bits', () => {
    const times = timesOf(dense(70));
    expect(times.weightsS(1) / times.decodeS).toBeCloseTo(flops / 3350e9, 6);
  });

  test('a cache of 1,000 tokens of a 70B is 327,680 bytes each: 0.098 ms, half on two cards, half in 8 bits', () => {
    expect(timesOf(dense(70)).cacheS(1000)).toBeCloseTo(327.68e6 / 3350e9, 15);
    expect(timesOf(dense(70), { tensor: 2, cacheSplit: 2 }).cacheS(1000)).toBeCloseTo(327.68e6 / 6700e9, 15);
    expect(timesOf(dense(70), { cacheBits: 8 }).cacheS(1000)).toBeCloseTo(163.84e6 / 3350e9, 15);
  });

  test('a window of 1,024 bounds what is read of its layers', () => {
    const model = dense(70, { kvElemsPerTokenFull: 0, kvElemsPerTokenWindowed: 163_840, slidingWindowTokens: 1024 });
    expect(timesOf(model).cacheS(100_000)).toBeCloseTo((1024 * 327_680) / 3350e9, 12);
  });

  test('the input embedding is not read where the output layer is a matrix of its own: 128,256 x 8,192 x 2 bytes less', () => {
    const unread = 128_256 * 8192;
    const times = timesOf(dense(70, { vocabSize: 128_256 }));
    expect(times.weightsS(1)).toBeCloseTo((140e9 - 2 * unread) / 3350e9, 12);
    expect(times.prefillS).toBeCloseTo((2 * (70e9 - 2 * unread)) / flops, 15);
    expect(timesOf(dense(3, { vocabSize: 128_256, hiddenSize: 3072 })).weightsS(1)).toBeCloseTo(6 / 3350, 12);
  });

  test('vision towers are not read: 2 of 70 billion parameters', () => {
    expect(timesOf(dense(70, { paramsOtherB: 2 })).weightsS(1)).toBeCloseTo(136 / 3350, 12);
  });

  test('fixed times: 1 ms + 80 layers x (0.1 ms + two joins of 10 us)', () => {
    const e = { ...ideal, iterationS: 0.001, layerS: 1e-4, linkLatencyS: 1e-5, sequenceS: 1e-5 };
    expect(timesOf(dense(70), { e }).fixedS).toBeCloseTo(0.009, 12);
    expect(timesOf(dense(70), { e, tensor: 2 }).fixedS).toBeCloseTo(0.0106, 12);
    expect(timesOf(dense(70), { e }).sequenceS).toBe(1e-5);
  });

  test('two cards halve reading and computing, and pass 8,192 x 2 bytes twice a layer over 450 GB/s', () => {
    const times = timesOf(dense(70), { tensor: 2 });
    expect(times.weightsS(1)).toBeCloseTo(70 / 3350, 12);
    expect(times.decodeS).toBeCloseTo(70e9 / flops, 15);
    expect(times.linkS).toBeCloseTo((2 * 80 * 16_384) / 450e9, 15);
    expect(timesOf(dense(70)).linkS).toBe(0);
  });

  test('8 bits double the rate on a card that multiplies them, and save only reading on one that does not', () => {
    const e = { ...ideal, narrowCompute: 0.8, weightOnlyCompute: 0.5 };
    const fast = timesOf(dense(70), { bits: 8, e, format: { ...native, bits: 8, compute: 'fp8' } });
    expect(fast.weightsS(1)).toBeCloseTo(70 / 3350, 12);
    expect(fast.prefillS).toBeCloseTo(140e9 / (1979e12 * 0.8), 15);
    const stored = timesOf(dense(70), {
      bits: 8,
      e,
      format: { ...native, bits: 8, compute: 'fp8', support: 'weight-only' },
    });
    expect(stored.prefillS).toBeCloseTo(140e9 / (flops * 0.5), 15);
    const slow = timesOf(dense(70), { bits: 8, e, format: { ...native, compute: 'fp8', support: 'slow' } });
    expect(slow.weightsS(1)).toBeCloseTo((2 * 70) / 3350, 12);
  });

  test('weights alone narrow are unpacked before they multiply, but not in the small products of a mixture', () => {
    const e = { ...ideal, narrowCompute: 0.8, weightOnlyCompute: 0.5, packedCompute: 0.25, expertCompute: 0.1 };
    const format: Format = { ...native, bits: 4, compute: 'fp16' };
    expect(timesOf(dense(70), { bits: 4, e, format }).decodeS).toBeCloseTo(140e9 / (flops * 0.5), 15);
    const mixture = dense(70, { expertsTotal: 8, expertsActive: 2, paramsActiveB: 20 });
    expect(timesOf(mixture, { bits: 4, e, format }).decodeS).toBeCloseTo(40e9 / (flops * 0.1), 15);
    const packed: Format = { ...format, kernels: 'narrow' };
    expect(timesOf(dense(70), { bits: 4, e, format: packed }).decodeS).toBeCloseTo(140e9 / ((1979e12 / 2) * 0.25), 15);
    // Whole weights multiply as they are, where no table lists the scheme for the hardware too.
    const whole: Format = { ...native, support: 'weight-only' };
    expect(timesOf(dense(70), { e, format: whole }).decodeS).toBeCloseTo(140e9 / flops, 15);
  });

  test('a prompt token passes 80 x 8,192 activations of 2 bytes 50 times through the memory of one card', () => {
    const e = { ...ideal, bandwidth: 0.5, activationPasses: 50 };
    const passes = (80 * 8192 * 2 * 50) / (3350e9 * 0.5);
    expect(timesOf(dense(70), { e }).prefillS).toBeCloseTo(140e9 / flops + passes, 15);
    expect(timesOf(dense(70), { e, tensor: 4 }).prefillS).toBeCloseTo(35e9 / flops + passes, 15);
    expect(timesOf(dense(70), { e }).decodeS).toBeCloseTo(140e9 / flops, 15);
  });

  test('each doubling of the cards that share a layer loses a tenth of the bandwidth, of weights and cache', () => {
    const e = { ...ideal, tensorLoss: 1 / 0.9 };
    const times = timesOf(dense(70), { e, tensor: 8, cacheSplit: 8 });
    expect(times.weightsS(1)).toBeCloseTo(140 / 8 / (3350 * 0.729), 12);
    expect(times.cacheS(1000)).toBeCloseTo(327.68e6 / 8 / (3350e9 * 0.729), 12);
    expect(timesOf(dense(70), { e }).weightsS(1)).toBeCloseTo(140 / 3350, 12);
  });

  test('a scheme that names no format computes in 16 bits', () => {
    const e = { ...ideal, narrowCompute: 0.8, weightOnlyCompute: 0.5 };
    const times = timesOf(dense(70), { bits: 8, e, format: { ...native, compute: null } });
    expect(times.prefillS).toBeCloseTo(140e9 / flops, 15);
  });

  test('narrow kernels reach half the 8-bit rate where that is more than the wide one', () => {
    const card = { ...h100, fp16Tflops: 165, int8Tops: 661 } as AcceleratorRow;
    const times = timesOf(dense(70), { card, format: { ...native, kernels: 'narrow' } });
    expect(times.prefillS).toBeCloseTo(140e9 / 330.5e12, 15);
  });
});

describe('mixtures read the experts that a batch touches', () => {
  // 100B in all, 10B active with 4 of 128 experts: experts = (100 - 10) / (1 - 1/32) = 92.9B, shared 7.1B.
  const mixture = dense(100, { paramsActiveB: 10, expertsTotal: 128, expertsActive: 4 });
  const experts = (90 / (1 - 1 / 32)) * 1e9;
  const shared = 100e9 - experts;
  test.each([
    [1, 1 / 32], // one token touches its own four: all that is active
    [32, 0.6379], // 1 - (1 - 1/32)^32
    [96, 0.9525], // 1 - (1 - 1/32)^96
    [1000, 1],
  ])('a batch of %i touches %f of them', (n, share) => {
    const card = { ...h100, bandwidthGBs: 1000 } as AcceleratorRow;
    expect(timesOf(mixture, { bits: 8, card }).weightsS(n) * 1e12).toBeCloseTo(shared + experts * share, -8);
  });

  test('alone, Mixtral reads like its 12.9B active parameters less the input embedding', async () => {
    const model = modelOf(await shippedTables(), 'mixtral-8x7b');
    expect(timesOf(model).weightsS(1)).toBeCloseTo((2 * (12.9 - 0.131)) / 3350, 5);
  });
});

describe('distinct experts', () => {
  const mixture = dense(100, { expertsTotal: 128, expertsActive: 4, paramsActiveB: 10 });
  const e = { ...ideal, expertDiversity: 0.5 };
  const [one, all] = [4 / 128, (90 / (1 - 4 / 128)) * 2];
  const shared = 200 - all;

  test('sequences that decode together choose alike: 64 touch the experts of 8', () => {
    const seconds = (shared + all * (1 - (1 - one) ** 8)) / 3350;
    expect(timesOf(mixture, { e }).weightsS(64)).toBeCloseTo(seconds, 10);
    expect(timesOf(mixture).weightsS(8)).toBeCloseTo(seconds, 10);
  });

  test('prompt tokens choose each for itself, beside those that decode', () => {
    const seconds = (shared + all * (1 - (1 - one) ** (8 + 20))) / 3350;
    expect(timesOf(mixture, { e }).weightsS(64, 20)).toBeCloseTo(seconds, 10);
    expect(timesOf(mixture, { e }).weightsS(0, 20)).toBeCloseTo((shared + all * (1 - (1 - one) ** 20)) / 3350, 10);
  });

  test('a dense model reads all of it, whoever asks', () => {
    const times = timesOf(dense(70), { e });
    expect([times.weightsS(64, 1000), times.weightsS(0, 1)]).toEqual([times.weightsS(1), times.weightsS(1)]);
  });
});

describe('prefill', () => {
  test('1,000 tokens of 70B at 45 % of 989 TFLOP/s: 0.315 s, beside one reading of the weights', () => {
    const times = timesOf(dense(70), { e: { ...ideal, prefillCompute: 0.45 } });
    const attention = (2 * 80 * 8192 * 1e6) / (flops * 0.45);
    expect(prefillS(times, 1000, 0, whole)).toBeCloseTo(140e12 / (0.45 * flops) + 140 / 3350 + attention, 9);
  });

  test('in chunks of 256 the weights are read four times', () => {
    const times = timesOf(dense(70));
    expect(prefillS(times, 1000, 0, 256) - prefillS(times, 1000, 0, whole)).toBeCloseTo((3 * 140) / 3350, 9);
  });

  test('attention: 2 x 80 layers x S^2 x 8,192, and over a prefix only what is new', () => {
    const work = modelWork(dense(70), 16, 16, 5);
    if (work === null) throw new Error('no layers');
    expect(attentionFlops(work, 100_000)).toBeCloseTo(2 * 80 * 1e10 * 8192, -9);
    const times = timesOf(dense(70));
    expect(prefillS(times, 50_000, 50_000, whole) - prefillS(times, 50_000, 0, whole)).toBeCloseTo(
      (2 * 80 * 8192 * (1e10 - 2 * 2.5e9)) / flops,
      9,
    );
  });
});

describe('continuous batching', () => {
  /** 10 ms to read the weights, 14 us a prompt token. */
  const times: StepTimes = {
    fixedS: 0,
    sequenceS: 0,
    weightsS: () => 0.01,
    decodeS: 0,
    prefillS: 14e-6,
    linkS: 0,
    attentionS: () => 0,
    cacheS: () => 0,
  };
  const tokens = { fresh: 1000, before: 0, context: 1000, output: 100 };
  const engine = { maxSequences: 256, chunkTokens: 8192 };
  const tpotAt = (found: Serving | null, load: number, of: StepTimes = times) =>
    found && tpotAtLoadS(found, of, tokens, engine.chunkTokens, load);

  test('10 in flight: a token takes 10 ms + 9 x 1,000 / 100 x 14 us, a request 100 of them and a prefill of 24 ms', () => {
    const found = serve(times, tokens, { maxSequences: 10, tpotS: free, strict: true }, engine);
    expect(tpotAt(found, 1)).toBeCloseTo(0.01126, 12);
    expect(found?.requestsPerS).toBeCloseTo(10 / (0.024 + 100 * 0.01126), 12);
    expect(found).toMatchObject({ batch: 10, limitedBy: 'memory' });
    // Half of that rate needs n / (1.01 + 0.014 n) = 4.348, so 5 in flight.
    expect(tpotAt(found, 0.5)).toBeCloseTo(0.01056, 12);
  });

  test('caches slow the step: 10 x 0.1 ms add 1 ms', () => {
    const cached = { ...times, cacheS: () => 1e-4 };
    const found = serve(cached, tokens, { maxSequences: 10, tpotS: free, strict: true }, engine);
    expect(tpotAt(found, 1, cached)).toBeCloseTo(0.01226, 12);
  });

  test('the engine permits no more than it permits', () => {
    const few = { ...engine, maxSequences: 64 };
    expect(serve(times, tokens, { maxSequences: 1000, tpotS: free, strict: true }, few)).toMatchObject({
      batch: 64,
      limitedBy: 'engine',
    });
  });

  test('a speed target of 11.3 ms permits 10: 10 + 9 x 0.14 = 11.26 ms', () => {
    const found = serve(times, tokens, { maxSequences: 50, tpotS: 0.0113, strict: true }, engine);
    expect(found).toMatchObject({ batch: 10, limitedBy: 'speed' });
  });

  test('a target may be met exactly: 1/64 s and 1/4,096 s more for each beside, in numbers that are not rounded', () => {
    const exact = { ...times, weightsS: () => 1 / 64, prefillS: 1 / 65_536 };
    // A prompt of 1,024 tokens takes 1/64 s, which an answer of 64 spreads over as many tokens.
    const asked = { fresh: 1024, before: 0, context: 1024, output: 64 };
    const at = (tpotS: number) => serve(exact, asked, { maxSequences: 50, tpotS, strict: true }, engine);
    expect(at(1 / 64)).toMatchObject({ batch: 1, limitedBy: 'speed' });
    expect(at(1 / 64 + 4 / 4096)).toMatchObject({ batch: 5, limitedBy: 'speed' });
    expect(at(1 / 64 + 49 / 4096)).toMatchObject({ batch: 50, limitedBy: 'memory' });
  });

  test('a wish of 9 ms that is no rule leaves one at a time', () => {
    const found = serve(times, tokens, { maxSequences: 50, tpotS: 0.009, strict: false }, engine);
    expect(found).toMatchObject({ batch: 1, limitedBy: 'speed' });
    expect(found?.requestsPerS).toBeCloseTo(1 / 1.024, 12);
  });

  test('nothing is fast enough for 9 ms, and nothing serves without memory', () => {
    expect(serve(times, tokens, { maxSequences: 50, tpotS: 0.009, strict: true }, engine)).toBeNull();
    expect(serve(times, tokens, { maxSequences: 0, tpotS: free, strict: true }, engine)).toBeNull();
  });
});
