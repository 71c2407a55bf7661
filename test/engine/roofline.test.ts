import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { predictReplica, type RequestShape, type Weights } from '../../src/capacity/replica.js';
import { decodeStepS, type Efficiency, type Machine, machine, prefillS } from '../../src/capacity/roofline.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { serve } from '../../src/capacity/serving.js';
import type { AcceleratorRow, ModelRow } from '../../src/tables/rows.js';
import { shippedTables } from '../load.js';
import { acceleratorOf, engineIn, modelOf, weightsIn } from './models.js';

/** The bare hardware: nothing lost, nothing fixed. */
const ideal: Efficiency = {
  bandwidth: 1,
  compute: 1,
  stepOverheadS: 0,
  lossPerGpu: 0,
  scheme: 1,
  longPromptTokens: 8192,
};
const dense = (paramsB: number, more: Partial<ModelRow> = {}) =>
  ({
    paramsTotalB: paramsB,
    paramsActiveB: paramsB,
    layers: 80,
    hiddenSize: 8192,
    expertsTotal: null,
    expertsActive: null,
    ...more,
  }) as ModelRow;
const h100 = async (): Promise<AcceleratorRow> => acceleratorOf(await shippedTables(), 'h100-sxm-80gb');
const h100Flops = 989e12;

describe('one decode step', () => {
  test('at batch 1 the weights are read once: 140 GB over 3.35 TB/s = 41.8 ms', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, ideal);
    expect(decodeStepS(of, 1, 0)).toBeCloseTo(140 / 3350, 12);
  });

  test('7B in 16 bits at half of 2 TB/s takes 14 ms a token: the published example of bandwidth use', () => {
    const card = { bandwidthGBs: 2000 } as AcceleratorRow;
    const of = machine(dense(7), 16, card, 1, 312e12, { ...ideal, bandwidth: 0.5 });
    expect(decodeStepS(of, 1, 0)).toBeCloseTo(0.014, 12);
  });

  test('the H100 computes as long as it reads at a batch of F x 2 / (2 BW) = 295 in 16 bits', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, ideal);
    expect(decodeStepS(of, 295, 0)).toBe(decodeStepS(of, 1, 0));
    expect(decodeStepS(of, 296, 0)).toBeGreaterThan(decodeStepS(of, 1, 0));
    expect(decodeStepS(of, 590, 0)).toBeCloseTo((2 * 70e9 * 590) / h100Flops, 12);
  });

  test('caches are read beside the weights: 10 x 1 GB more', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, ideal);
    expect(decodeStepS(of, 10, 1e9)).toBeCloseTo(150 / 3350, 12);
  });

  test('8 bits are read in half the time of 16; a fixed time is added', async () => {
    const of = machine(dense(70), 8, await h100(), 1, h100Flops, { ...ideal, stepOverheadS: 0.002 });
    expect(decodeStepS(of, 1, 0)).toBeCloseTo(70 / 3350 + 0.002, 12);
  });

  test('two cards with 5 % lost to the second: 1 / 1.05 of twice the speed', async () => {
    const of = machine(dense(70), 16, await h100(), 2, h100Flops, { ...ideal, lossPerGpu: 0.05 });
    expect(decodeStepS(of, 1, 0)).toBeCloseTo(((140 / 3350) * 1.05) / 2, 12);
  });

  test('scheme, bandwidth and compute efficiencies multiply', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, {
      ...ideal,
      bandwidth: 0.65,
      compute: 0.45,
      scheme: 0.5,
    });
    expect(decodeStepS(of, 1, 0)).toBeCloseTo(140 / (3350 * 0.65 * 0.5), 9);
    expect(prefillS(of, 1000)).toBeCloseTo((2 * 70e9 * 1000) / (h100Flops * 0.45 * 0.5), 9);
  });
});

describe('mixtures read the experts that a batch touches', () => {
  // 100B in all, 10B active with 4 of 128 experts: experts = (100 - 10) / (1 - 1/32) = 92.9B, shared 7.1B.
  const mixture = dense(100, { paramsActiveB: 10, expertsTotal: 128, expertsActive: 4 });
  const experts = (90 / (1 - 1 / 32)) * 1e9;
  const shared = 100e9 - experts;
  const read = (n: number, share: number) => [n, share] as const;
  test.each([
    read(1, 1 / 32), // one token touches its own four: all that is active
    read(32, 0.6379), // 1 - (1 - 1/32)^32
    read(96, 0.9525), // 1 - (1 - 1/32)^96
    read(1000, 1),
  ])('a batch of %i touches %f of them', (n, share) => {
    const of = machine(mixture, 8, { bandwidthGBs: 1000 } as AcceleratorRow, 1, 1e18, ideal);
    expect(decodeStepS(of, n, 0) * 1e12).toBeCloseTo(shared + experts * share, -8);
  });

  test('at batch 1 just the active parameters are read', () => {
    const of = machine(mixture, 8, { bandwidthGBs: 1000 } as AcceleratorRow, 1, 1e18, ideal);
    expect(decodeStepS(of, 1, 0) * 1e12).toBeCloseTo(10e9, 0);
  });
});

describe('prefill', () => {
  test('1,000 tokens of 70B at 45 % of 989 TFLOP/s: 2 x 70e9 x 1,000 / 445e12 = 0.315 s', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, { ...ideal, compute: 0.45 });
    expect(prefillS(of, 1000)).toBeCloseTo(140e12 / (0.45 * h100Flops), 12);
  });

  test('a short prompt waits for the weights', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, ideal);
    expect(prefillS(of, 10)).toBeCloseTo(140 / 3350, 12);
  });

  test('attention counts above 8,192 tokens: 2 x 80 layers x S^2 x 8,192', async () => {
    const of = machine(dense(70), 16, await h100(), 1, h100Flops, ideal);
    const linear = (tokens: number) => (2 * 70e9 * tokens) / h100Flops;
    expect(prefillS(of, 8192)).toBeCloseTo(linear(8192), 12);
    expect(prefillS(of, 100_000)).toBeCloseTo(linear(100_000) + (2 * 80 * 1e10 * 8192) / h100Flops, 9);
  });
});

describe('continuous batching', () => {
  /** 10 ms to read the weights, 14 ms to prefill 1,000 tokens. */
  const of: Machine = {
    sharedBytes: 14e9,
    expertBytes: 0,
    untouchedPerToken: 0,
    activeParams: 7e9,
    layers: 32,
    hiddenSize: 4096,
    bytesPerS: 1.4e12,
    flopsPerS: 1e15,
    stepOverheadS: 0,
    longPromptTokens: 8192,
  };
  const work = { freshInputTokens: 1000, outputTokens: 100, kvBytes: 0 };
  const free = Number.POSITIVE_INFINITY;

  test('10 in flight: 10 / (100 x 10 ms + 10 x 14 ms) = 10 / 1.14 requests a second', () => {
    const found = serve(of, work, { maxSequences: 10, tpotS: free, strict: true }, 256);
    expect(found?.requestsPerS).toBeCloseTo(10 / 1.14, 12);
    expect(found).toMatchObject({ batch: 10, limitedBy: 'memory' });
  });

  test('caches slow the step: 10 x 0.14 GB add 1 ms', () => {
    const found = serve(of, { ...work, kvBytes: 0.14e9 }, { maxSequences: 10, tpotS: free, strict: true }, 256);
    expect(found?.requestsPerS).toBeCloseTo(10 / (100 * 0.011 + 0.14), 12);
  });

  test('the engine permits no more than it permits', () => {
    expect(serve(of, work, { maxSequences: 1000, tpotS: free, strict: true }, 64)).toMatchObject({
      batch: 64,
      limitedBy: 'engine',
    });
  });

  test('a token of the tenth waits for a step and the prefills of nine others: 10 + 9 x 1,000 / 100 x 14 us', () => {
    const found = serve(of, work, { maxSequences: 10, tpotS: free, strict: true }, 256);
    expect(found?.tpotAtLoadS(1)).toBeCloseTo(0.01126, 12);
    // Half of 10 / 1.14 requests a second need n / (1 + 0.014 n) = 4.386, so 5 in flight: 10 + 4 x 0.14 ms.
    expect(found?.tpotAtLoadS(0.5)).toBeCloseTo(0.01056, 12);
  });

  test('a speed target of 11.3 ms permits 10: 10 + 9 x 0.14 = 11.26 ms', () => {
    const found = serve(of, work, { maxSequences: 50, tpotS: 0.0113, strict: true }, 256);
    expect(found).toMatchObject({ batch: 10, limitedBy: 'speed' });
    expect(found?.requestsPerS).toBeCloseTo(10 / 1.14, 12);
  });

  test('a wish of 9 ms that is no rule leaves one at a time', () => {
    const found = serve(of, work, { maxSequences: 50, tpotS: 0.009, strict: false }, 256);
    expect(found).toMatchObject({ batch: 1, limitedBy: 'speed' });
    expect(found?.requestsPerS).toBeCloseTo(1 / 1.014, 12);
  });

  test('nothing is fast enough for 9 ms, and nothing serves without memory', () => {
    expect(serve(of, work, { maxSequences: 50, tpotS: 0.009, strict: true }, 256)).toBeNull();
    expect(serve(of, work, { maxSequences: 0, tpotS: free, strict: true }, 256)).toBeNull();
  });
});

describe('over the whole catalog', () => {
  const tokens = (most: number) => fc.integer({ min: 1, max: most });
  const arrange = async () => {
    const tables = await shippedTables();
    const families = tables.models.filter(({ layers }) => layers !== null).map(({ family }) => family);
    const engine = engineIn(tables);
    const predict = (weights: Weights, card: AcceleratorRow, gpus: number, shape: RequestShape) => {
      const support = schemeSupport(weights.scheme.runsOn, card.architecture, tables.architectures);
      return predictReplica(
        weights,
        card,
        gpus,
        support,
        shape,
        { tpotS: Number.POSITIVE_INFINITY, strict: false },
        engine,
      );
    };
    const drawn = fc
      .record({
        family: fc.constantFrom(...families),
        scheme: fc.constantFrom('bf16', 'fp16', 'fp8', 'int8-w8a8', 'int4-awq', 'nvfp4'),
        card: fc.constantFrom(...tables.accelerators),
        gpus: fc.constantFrom(1, 2, 4, 8),
        input: tokens(20_000),
        output: tokens(4000),
      })
      .map(({ family, scheme, card, gpus, input, output }) => {
        const shape = { inputTokens: input, cachedTokens: 0, outputTokens: output, contextTokens: input + output };
        return { weights: weightsIn(tables, family, scheme), card, gpus, shape };
      });
    return { predict, drawn };
  };

  test('more bandwidth, more compute or more memory never serves less', async () => {
    const { predict, drawn } = await arrange();
    let seen = 0;
    fc.assert(
      fc.property(drawn, fc.double({ min: 1, max: 4, noNaN: true }), ({ weights, card, gpus, shape }, factor) => {
        const before = weights && predict(weights, card, gpus, shape);
        if (weights === null || before === null) return;
        seen++;
        const rate = before.requestsPerS * (1 - 1e-9);
        const faster = predict(weights, { ...card, bandwidthGBs: card.bandwidthGBs * factor }, gpus, shape);
        expect(faster?.requestsPerS).toBeGreaterThanOrEqual(rate);
        expect(faster?.tpotAtLoadS(1)).toBeLessThanOrEqual(before.tpotAtLoadS(1) * (1 + 1e-9));
        const grown = { fp16Tflops: card.fp16Tflops * factor, fp8Tflops: card.fp8Tflops && card.fp8Tflops * factor };
        const ints = {
          int8Tops: card.int8Tops && card.int8Tops * factor,
          fp4Tflops: card.fp4Tflops && card.fp4Tflops * factor,
        };
        expect(predict(weights, { ...card, ...grown, ...ints }, gpus, shape)?.requestsPerS).toBeGreaterThanOrEqual(
          rate,
        );
        const larger = predict(weights, { ...card, memoryGib: card.memoryGib * factor }, gpus, shape);
        expect(larger?.requestsPerS).toBeGreaterThanOrEqual(rate);
        expect(larger?.batch).toBeGreaterThanOrEqual(before.batch);
      }),
      { numRuns: 1500 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  test('a longer prompt or answer never serves more, nor more at once; a cached prefix never serves less', async () => {
    const { predict, drawn } = await arrange();
    let seen = 0;
    fc.assert(
      fc.property(
        drawn,
        tokens(5000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ weights, card, gpus, shape }, more, hit) => {
          const before = weights && predict(weights, card, gpus, shape);
          if (weights === null || before === null) return;
          seen++;
          const most = before.requestsPerS * (1 + 1e-9);
          const prompt = { ...shape, inputTokens: shape.inputTokens + more, contextTokens: shape.contextTokens + more };
          const answer = {
            ...shape,
            outputTokens: shape.outputTokens + more,
            contextTokens: shape.contextTokens + more,
          };
          for (const longer of [prompt, answer]) {
            const after = predict(weights, card, gpus, longer);
            expect(after?.requestsPerS ?? 0).toBeLessThanOrEqual(most);
            expect(after?.batch ?? 0).toBeLessThanOrEqual(before.batch);
          }
          const cached = predict(weights, card, gpus, { ...shape, cachedTokens: shape.inputTokens * hit });
          expect(cached?.requestsPerS).toBeGreaterThanOrEqual(before.requestsPerS * (1 - 1e-9));
        },
      ),
      { numRuns: 1500 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  test('Mixtral reads and computes like its 12.9B active parameters when alone, so it outruns a dense 70B', async () => {
    const tables = await shippedTables();
    const of = (family: string) => {
      const model = modelOf(tables, family);
      return machine(model, 16, acceleratorOf(tables, 'h100-sxm-80gb'), 2, h100Flops, ideal);
    };
    expect(decodeStepS(of('mixtral-8x7b'), 1, 0)).toBeCloseTo((2 * 12.9) / 6700, 4);
    expect(decodeStepS(of('llama-3-70b'), 1, 0)).toBeCloseTo((2 * 70.554) / 6700, 4);
  });
});
