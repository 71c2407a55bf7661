import { describe, expect, test } from 'vitest';
import { z } from 'zod';
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
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { acceleratorOf, modelOf, sequences, weightsIn } from '../support/models.js';
import { likelyIn } from '../support/scenario.js';

const cases = casesIn('memory', {
  perToken: { family: z.string(), bytes: z.number(), why: z.string() },
  atContext: { family: z.string(), context: z.number(), bytes: z.number(), why: z.string() },
  weights: { family: z.string(), scheme: z.string(), gb: z.number() },
  sequences: {
    usable: z.number(),
    weights: z.number(),
    kv: z.number(),
    overhead: z.number(),
    copies: z.number(),
    most: z.number(),
  },
});

const within = (share: number, actual: number | null | undefined, expected: number) => {
  expect(Math.abs((actual ?? Number.NaN) / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(share);
};

describe('cache of one sequence at 16 bits, from the published configurations', () => {
  test.each(cases.perToken)('$family: $bytes bytes a token ($why)', async ({ family, bytes }) => {
    const model = modelOf(await shippedTables(), family);
    for (const context of [1, 1000, 100_000]) within(0.05, kvBytesPerSequence(model, context, 16), bytes * context);
  });

  test.each(cases.atContext)('$family at $context tokens ($why)', async ({ family, context, bytes }) => {
    within(0.05, kvBytesPerSequence(modelOf(await shippedTables(), family), context, 16), bytes);
  });
});

describe('weights in decimal gigabytes, as the published checkpoints have them', () => {
  test.each(cases.weights)('$family in $scheme: $gb GB', async ({ family, scheme, gb }) => {
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

  test.each(cases.sequences)(
    '$most sequences in $usable - $weights',
    ({ usable, weights, kv, overhead, copies, most }) => {
      expect(maxSequences(usable, weights, kv, overhead, copies)).toBe(most);
    },
  );

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
