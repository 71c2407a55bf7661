import { expect, test } from 'vitest';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { shippedTables } from '../support/load.js';
import { sequences } from '../support/models.js';

/** A short chat must fit beside the weights. */
const context = 2048;

test.each<[string, string, string, number, boolean, string]>([
  ['llama-3-70b', 'fp16', 'h100-sxm-80gb', 1, false, '141 GB on 80 GiB'],
  ['llama-3-70b', 'fp16', 'h100-sxm-80gb', 2, true, '141 GB on 160 GiB'],
  ['llama-3-70b', 'fp16', 'a100-sxm-80gb', 2, true, '141 GB on 160 GiB'],
  ['llama-3-70b', 'fp8', 'h100-sxm-80gb', 1, true, '72 GB and a short chat on 80 GiB, just'],
  ['llama-3-70b', 'int4-awq', 'l40s-48gb', 1, true, '40 GB on 48 GiB'],
  ['llama-3-70b', 'int4-awq', 'rtx-4090-24gb', 1, false, '40 GB on 24 GiB'],
  [
    'llama-3-70b',
    'int4-awq',
    'rtx-4090-24gb',
    2,
    false,
    '40 GB on 48 GiB: vLLM has to be given more than its usual 0.9',
  ],
  ['llama-3-70b', 'bf16', 'mi300x-192gb', 1, true, '141 GB on 192 GiB: the known selling point'],
  ['llama-3.1-8b', 'fp16', 't4-16gb', 1, false, '16 GB on 16 GiB leave nothing for a cache'],
  ['llama-3.1-8b', 'bf16', 't4-16gb', 1, false, 'and Turing has no bf16'],
  ['llama-3.1-8b', 'bf16', 'l4-24gb', 1, true, '16 GB on 24 GiB'],
  ['llama-2-7b', 'int4-awq', 't4-16gb', 1, true, '5 GB on 16 GiB'],
  ['mixtral-8x7b', 'bf16', 'a100-sxm-80gb', 1, false, '93 GB on 80 GiB: all experts are in memory'],
  ['mixtral-8x7b', 'bf16', 'a100-sxm-80gb', 2, true, '93 GB on 160 GiB'],
  ['mixtral-8x22b', 'bf16', 'a100-sxm-80gb', 4, true, '281 GB on 320 GiB'],
  ['mixtral-8x22b', 'bf16', 'a100-sxm-80gb', 2, false, '281 GB on 160 GiB'],
  ['deepseek-v3', 'fp8', 'h100-sxm-80gb', 8, false, '688 GB on 640 GiB'],
  ['deepseek-v3', 'fp8', 'h200-sxm-141gb', 8, true, '688 GB on 1,128 GiB: the recommended node'],
  ['deepseek-v3', 'fp8', 'h100-sxm-80gb', 16, true, '688 GB on 1,280 GiB'],
  ['gemma-3-27b', 'bf16', 'l40s-48gb', 1, false, '55 GB on 48 GiB'],
  ['gemma-3-27b', 'bf16', 'a100-sxm-80gb', 1, true, '55 GB on 80 GiB'],
  ['mistral-7b-v0.1', 'bf16', 'a10g-24gb', 1, true, '14.5 GB on 24 GiB'],
  ['gpt-oss-120b', 'mxfp4-native', 'h100-sxm-80gb', 1, true, '65 GB on 80 GiB: made for one card'],
  ['gpt-oss-120b', 'bf16', 'h100-sxm-80gb', 1, false, '234 GB on 80 GiB'],
  ['gpt-oss-20b', 'mxfp4-native', 'l4-24gb', 1, true, '14 GB on 24 GiB'],
  ['llama-3.1-405b', 'fp8', 'h100-sxm-80gb', 8, true, '416 GB on 640 GiB: the published FP8 node'],
  ['llama-3.1-405b', 'bf16', 'h100-sxm-80gb', 8, false, '812 GB on 640 GiB'],
  ['llama-3.1-405b', 'bf16', 'h200-sxm-141gb', 8, true, '812 GB on 1,128 GiB'],
  ['qwen3-next-80b-a3b', 'fp8', 'h100-sxm-80gb', 1, false, '82 GB on 80 GiB'],
  ['qwen3-next-80b-a3b', 'fp8', 'h100-sxm-80gb', 2, true, '82 GB on 160 GiB'],
  ['qwen2.5-72b', 'bf16', 'a100-sxm-40gb', 2, false, '145 GB on 80 GiB'],
  ['qwen2.5-72b', 'bf16', 'a100-sxm-40gb', 8, true, '145 GB on 320 GiB'],
])('%s in %s on %s x %i: %s (%s)', async (family, scheme, accelerator, gpus, fits) => {
  expect(sequences(await shippedTables(), [family, scheme, accelerator, gpus], context) >= 1).toBe(fits);
});

test('the context decides: 8B in 16 bits on 24 GiB holds a long chat, not a book', async () => {
  const tables = await shippedTables();
  // 0.9 x 24 GiB less 2 GB and 1.1 GB of activations leave 4.03 GB; 131,072 x 1.04 bytes a token: 29,600 tokens.
  expect(sequences(tables, ['llama-3.1-8b', 'bf16', 'l4-24gb', 1], 29_000)).toBe(1);
  expect(sequences(tables, ['llama-3.1-8b', 'bf16', 'l4-24gb', 1], 30_500)).toBe(0);
});

test('28 heads are not cut in eight', async () => {
  const tables = await shippedTables();
  expect(sequences(tables, ['qwen2.5-7b', 'bf16', 'h100-sxm-80gb', 4], context)).toBeGreaterThan(0);
  expect(sequences(tables, ['qwen2.5-7b', 'bf16', 'h100-sxm-80gb', 8], context)).toBe(0);
});

test.each([
  ['bf16 needs Ampere', 'ampere+', 'turing', 'none'],
  ['and runs on it', 'ampere+', 'ampere', 'native'],
  ['and on what is newer', 'ampere+', 'blackwell', 'native'],
  ['but not on another line', 'ampere+', 'cdna3', 'none'],
  ['fp8 on Ampere narrows weights only', 'ada+;cdna3+;ampere=weight-only', 'ampere', 'weight-only'],
  ['fp8 on Ada is native', 'ada+;cdna3+;ampere=weight-only', 'ada', 'native'],
  ['weight-only covers no newer one without a plus', 'ampere=weight-only', 'hopper', 'none'],
  ['slow is better than nothing', 'turing+;cdna3+=slow', 'cdna4', 'slow'],
  ['the best entry counts', 'any=slow;hopper', 'hopper', 'native'],
  ['any is any', 'any', 'phone', 'native'],
] as const)('%s: %s on %s is %s', async (_, runsOn, architecture, support) => {
  expect(schemeSupport(runsOn, architecture, (await shippedTables()).architectures)).toBe(support);
});
