import { describe, expect, test } from 'vitest';
import {
  activationsOf,
  feedForwardWidth,
  kvBytesPerSequence,
  kvCopies,
  maxSequences,
  splitsHeads,
  usableBytes,
} from '../../src/capacity/memory.js';
import { engineOf, weightsOf } from '../../src/capacity/replica.js';
import { shippedTables } from '../support/load.js';
import { acceleratorOf, modelOf, sequences, weightsIn } from '../support/models.js';
import { likelyIn } from '../support/scenario.js';

const within = (share: number, actual: number | null | undefined, expected: number) => {
  expect(Math.abs((actual ?? Number.NaN) / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(share);
};

describe('cache of one sequence at 16 bits, from the published configurations', () => {
  test.each([
    { family: 'llama-2-7b', bytes: 524_288, why: '2 x 32 layers x 32 heads x 128 x 2' },
    { family: 'llama-2-70b', bytes: 327_680, why: '2 x 80 x 8 x 128 x 2' },
    { family: 'llama-3-70b', bytes: 327_680, why: '2 x 80 x 8 x 128 x 2' },
    { family: 'llama-3.1-8b', bytes: 131_072, why: '2 x 32 x 8 x 128 x 2' },
    { family: 'llama-3.1-405b', bytes: 516_096, why: '2 x 126 x 8 x 128 x 2' },
    { family: 'mistral-7b-v0.3', bytes: 131_072, why: '2 x 32 x 8 x 128 x 2' },
    { family: 'mixtral-8x7b', bytes: 131_072, why: '2 x 32 x 8 x 128 x 2: experts hold no cache' },
    { family: 'mixtral-8x22b', bytes: 229_376, why: '2 x 56 x 8 x 128 x 2' },
    { family: 'qwen2.5-7b', bytes: 57_344, why: '2 x 28 x 4 x 128 x 2' },
    { family: 'qwen2.5-72b', bytes: 327_680, why: '2 x 80 x 8 x 128 x 2' },
    { family: 'qwen3-32b', bytes: 262_144, why: '2 x 64 x 8 x 128 x 2' },
    { family: 'qwen3-235b-a22b', bytes: 192_512, why: '2 x 94 x 4 x 128 x 2' },
    { family: 'phi-4-14b', bytes: 204_800, why: '2 x 40 x 10 x 128 x 2' },
    { family: 'command-r-35b-v01', bytes: 1_310_720, why: '2 x 40 x 64 x 128 x 2: no grouped heads' },
    { family: 'deepseek-v2', bytes: 69_120, why: '60 x (512 + 64) x 2: one latent, no factor 2' },
    { family: 'deepseek-v3', bytes: 70_272, why: '61 x (512 + 64) x 2' },
    { family: 'kimi-k2', bytes: 70_272, why: '61 x (512 + 64) x 2' },
  ])('$family: $bytes bytes a token ($why)', async ({ family, bytes }) => {
    const model = modelOf(await shippedTables(), family);
    for (const context of [1, 1000, 100_000]) within(0.05, kvBytesPerSequence(model, context, 16), bytes * context);
  });

  test.each([
    // A window of 4,096 on each of the 32 layers.
    { family: 'mistral-7b-v0.1', context: 4096, bytes: 131_072 * 4096, why: 'up to the window as without one' },
    { family: 'mistral-7b-v0.1', context: 32_768, bytes: 131_072 * 4096, why: 'beyond it nothing is added' },
    // 10 of 62 layers see everything, 52 the last 1,024 tokens; 16 heads of 128.
    { family: 'gemma-3-27b', context: 1024, bytes: 62 * 8192 * 1024, why: 'all 62 layers' },
    { family: 'gemma-3-27b', context: 32_768, bytes: 8192 * (10 * 32_768 + 52 * 1024), why: '10 grow, 52 stopped' },
    // Every second of 36 layers has a window of 128; 8 heads of 64.
    { family: 'gpt-oss-120b', context: 8192, bytes: 2048 * (18 * 8192 + 18 * 128), why: '18 grow, 18 stopped' },
    // 12 of 48 layers see everything, 36 chunks of 8,192; 8 heads of 128.
    { family: 'llama-4-scout', context: 100_000, bytes: 4096 * (12 * 100_000 + 36 * 8192), why: '12 grow, 36 stopped' },
    // 12 of 48 layers attend (2 heads of 256); 36 keep a state of 32 x 128 x 128 and 3 x 8,192 elements of 32 bits.
    { family: 'qwen3-next-80b-a3b', context: 32_768, bytes: 24_576 * 32_768 + 36 * 548_864 * 4, why: 'and a state' },
    { family: 'qwen3-next-80b-a3b', context: 1, bytes: 24_576 + 36 * 548_864 * 4, why: 'nearly all is state' },
    // 4 of 32 layers attend.
    { family: 'jamba-1.5-mini', context: 100_000, bytes: 16_384 * 100_000, why: '4 x 2 x 8 x 128 x 2 a token' },
  ])('$family at $context tokens ($why)', async ({ family, context, bytes }) => {
    within(0.05, kvBytesPerSequence(modelOf(await shippedTables(), family), context, 16), bytes);
  });
});

describe('weights in decimal gigabytes, as the published checkpoints have them', () => {
  test.each([
    { family: 'llama-2-7b', scheme: 'fp16', gb: 13.48 },
    { family: 'llama-3.1-8b', scheme: 'bf16', gb: 16.06 },
    { family: 'llama-3-70b', scheme: 'bf16', gb: 141.1 },
    { family: 'llama-3.1-405b', scheme: 'bf16', gb: 811.7 },
    { family: 'mistral-7b-v0.1', scheme: 'bf16', gb: 14.48 },
    { family: 'mixtral-8x7b', scheme: 'bf16', gb: 93.4 },
    { family: 'mixtral-8x22b', scheme: 'bf16', gb: 281.3 },
    { family: 'phi-4-14b', scheme: 'bf16', gb: 29.3 },
    { family: 'gemma-3-27b', scheme: 'bf16', gb: 54.9 },
    { family: 'qwen2.5-72b', scheme: 'bf16', gb: 145.4 },
    { family: 'qwen3-32b', scheme: 'bf16', gb: 65.5 },
    { family: 'qwen3-next-80b-a3b', scheme: 'bf16', gb: 159.3 },
    { family: 'deepseek-v2', scheme: 'bf16', gb: 471.5 },
    { family: 'deepseek-v3', scheme: 'fp8', gb: 688.6 },
    { family: 'gpt-oss-120b', scheme: 'mxfp4-native', gb: 65.2 }, // 60.8 GiB
    { family: 'gpt-oss-20b', scheme: 'mxfp4-native', gb: 13.8 }, // 12.8 GiB
    { family: 'llama-3-70b', scheme: 'int4-awq', gb: 39.8 },
  ])('$family in $scheme: $gb GB', async ({ family, scheme, gb }) => {
    within(0.05, (weightsIn(await shippedTables(), family, scheme)?.bytes ?? 0) / 1e9, gb);
  });

  test('a native format is only for models released in it', async () => {
    expect(weightsIn(await shippedTables(), 'llama-3-70b', 'mxfp4-native')).toBeNull();
  });
});

describe('the arithmetic of what is left', () => {
  test('80 GB means 80 GiB: 2 x (80 x 2^30 x 0.92 - 2e9) on two H100', async () => {
    const card = acceleratorOf(await shippedTables(), 'h100-sxm-80gb');
    expect(usableBytes(card, 2, { runtimeGbPerGpu: 2 })).toBeCloseTo(2 * (79_027_398_246.4 - 2e9), 0);
  });

  test('70B in 16 bits on two H100 leaves room for 10 sequences of 2,048 tokens', async () => {
    // 0.9 of 80 GiB less 2 GB is 75.309 GB a card. Activations of 8,192 tokens: 2 x 8,192 x (2 x 8,192 + 3 x 28,672 / 2)
    // = 0.973 GB, and 8 x 128,256 x 256 = 0.263 GB of logits. 2 x (75.309 - 1.236) - 141.108 = 7.039 GB; one sequence takes
    // 2,048 x 327,680 x 1.04 = 0.69793 GB.
    expect(sequences(await shippedTables(), ['llama-3-70b', 'bf16', 'h100-sxm-80gb', 2], 2048)).toBe(10);
  });

  test('activations of a profiling run: Llama 3.1 8B with chunks of 8,192 tokens takes 1.10 GB', async () => {
    const run = { chunkTokens: 8192, maxSequences: 1024, activationFactor: 1 };
    const model = modelOf(await shippedTables(), 'llama-3.1-8b');
    // 8,192 x (2 x 4,096 + 3 x 14,336) x 2 + 8 x 128,256 x 256.
    expect(activationsOf(model, 1, run)).toBe(8192 * 51_200 * 2 + 262_668_288);
    // Four cards divide the feed-forward part alone; twice the factor is twice as much; fewer sequences have fewer logits.
    expect(activationsOf(model, 4, run)).toBe(8192 * (8192 + 10_752) * 2 + 262_668_288);
    expect(activationsOf(model, 1, { ...run, activationFactor: 2 })).toBe(2 * activationsOf(model, 1, run));
    expect(activationsOf(model, 1, { ...run, maxSequences: 64 })).toBe(8192 * 51_200 * 2 + 262_668_288 / 4);
  });

  test('a mixture is as wide as the experts of one token together: 4 of 2,880', async () => {
    const tables = await shippedTables();
    expect(feedForwardWidth(modelOf(tables, 'gpt-oss-120b'))).toBe(4 * 2880);
    // 8 and a shared one of 2,048 against three dense layers of 18,432.
    expect(feedForwardWidth(modelOf(tables, 'deepseek-v3'))).toBe(18_432);
  });

  test('recurrent state is kept in 32 bits whatever the format of the cache: 598.5 MiB for 4 of Qwen3.6-27B', async () => {
    const model = modelOf(await shippedTables(), 'qwen3.6-27b');
    for (const bits of [16, 8, 4]) {
      const state = kvBytesPerSequence(model, 0, bits) ?? Number.NaN;
      expect((4 * state) / 2 ** 20).toBeCloseTo(598.5, 1);
    }
  });

  test.each([
    { usable: 100, weights: 40, kv: 10, overhead: 1, copies: 1, most: 6 },
    { usable: 100, weights: 40, kv: 10, overhead: 1.04, copies: 1, most: 5 },
    { usable: 100, weights: 40, kv: 10, overhead: 1, copies: 2, most: 3 },
    { usable: 100, weights: 95, kv: 10, overhead: 1, copies: 1, most: 0 },
  ])('$most sequences in $usable - $weights', ({ usable, weights, kv, overhead, copies, most }) => {
    expect(maxSequences(usable, weights, kv, overhead, copies)).toBe(most);
  });

  test('cards beyond the number of KV heads hold copies; a latent stands on every card', () => {
    expect(kvCopies({ kvHeads: 8, attentionType: 'gqa' }, 8)).toBe(1);
    expect(kvCopies({ kvHeads: 8, attentionType: 'gqa' }, 16)).toBe(2);
    expect(kvCopies({ kvHeads: 4, attentionType: 'gqa' }, 8)).toBe(2);
    expect(kvCopies({ kvHeads: 128, attentionType: 'mla' }, 8)).toBe(8);
    expect(kvCopies({ kvHeads: 1, attentionType: 'gqa' }, 1)).toBe(1);
  });

  test('a group of cards must divide the heads', () => {
    expect(splitsHeads({ attentionHeads: 28 }, 4)).toBe(true);
    expect(splitsHeads({ attentionHeads: 28 }, 8)).toBe(false);
    expect(splitsHeads({ attentionHeads: null }, 1)).toBe(true);
    expect(splitsHeads({ attentionHeads: null }, 2)).toBe(false);
  });
});

test('weights of unknown bits, or of a model whose layers are not known, are none', async () => {
  const { model, scheme } = weightsIn(await shippedTables(), 'llama-3.1-8b', 'fp8') ?? {};
  if (model === undefined || scheme === undefined) throw new Error('no weights');
  // 8.03 billion parameters at 9 bits.
  within(0.01, weightsOf(model, scheme)?.bytes, (8.03e9 * 9) / 8);
  expect(weightsOf(model, { ...scheme, bitsPerWeight: null })).toBeNull();
  expect(weightsOf({ ...model, layers: null }, scheme)).toBeNull();
});

test('an engine is the same one under the same assumptions, and another where one of them differs', async () => {
  const tables = await shippedTables();
  const likely = likelyIn(tables);
  const one = engineOf({ assume: likely }, tables);
  expect(engineOf({ assume: (name) => likely(name) }, tables)).toBe(one);
  const narrow = engineOf({ assume: (name) => (name === 'kvCacheBits' ? 8 : likely(name)) }, tables);
  expect([one.kvCacheBits, narrow.kvCacheBits]).toEqual([16, 8]);
  expect({ ...narrow, kvCacheBits: 16 }).toEqual(one);
});
