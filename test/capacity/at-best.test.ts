import { describe, expect, test } from 'vitest';
import type { Server, Traffic } from '../../src/capacity/queue/model.js';
import { atBest } from '../../src/capacity/queue/saturation.js';
import type { StepTimes } from '../../src/capacity/step-times.js';
import { roomFor } from '../simulation/machines.js';

/** What nobody sees less of, by hand; `queue-properties` and `best-seen` hold it to what users see. */

/** A launch of 1 ms, 10 ms of weights and 1 us for each token, decoded or of a prompt, that touches more of them; 20 us a prompt token, 30 us a decoded one. */
const times: StepTimes = {
  fixedS: 0.001,
  sequenceS: 0.00025,
  weightsS: (decoding, prompt = 0) => 0.01 + 1e-6 * (decoding + prompt),
  decodeS: 30e-6,
  prefillS: 20e-6,
  linkS: 1e-6,
  attentionS: (tokens) => 1e-9 * tokens ** 2,
  cacheS: () => 0.5,
};
const server: Server = { times, chunkTokens: 800, maxSequences: 64, ...roomFor(Number.POSITIVE_INFINITY) };
const prompts = (mean: number, hitTokens = 0): Traffic => ({
  input: { mean, sigma: 0, max: null },
  output: { mean: 100, sigma: 0, max: null },
  hitTokens,
});
const firstMs = (mean: number, hitTokens = 0, of = server): number =>
  1000 * atBest(of, prompts(mean, hitTokens)).firstTokenP95S;

describe('the first token of a replica that has nothing else to do', () => {
  test('3,000 tokens of which 1,000 are cached: chunks of 800, 800 and 400', () => {
    // 3 x 11 ms, 2,000 x (1 + 20 + 1) us, 9 ms of attention but for the 1 ms of what is cached.
    expect(firstMs(3000, 1000)).toBeCloseTo(33 + 44 + 8, 9);
  });

  test('two chunks that are full are two iterations; a token more is a third', () => {
    expect(firstMs(1600)).toBeCloseTo(22 + 1600 * 0.022 + 2.56, 9);
    expect(firstMs(1601)).toBeCloseTo(33 + 1601 * 0.022 + 2.563201, 9);
  });

  test('less than a chunk is one; of what is cached as a whole the last token is computed', () => {
    expect(firstMs(500)).toBeCloseTo(11 + 11 + 0.25, 9);
    expect(firstMs(500, 500)).toBeCloseTo(11 + 0.022 + (500 ** 2 - 499 ** 2) * 1e-6, 9);
  });

  test('no prompt is longer than the cache', () => {
    expect(firstMs(3000, 0, { ...server, ...roomFor(500) })).toBeCloseTo(firstMs(500), 9);
    // 1,200 of 1,700 are taken by the sequence itself.
    expect(firstMs(3000, 0, { ...server, ...roomFor(1700, 1200) })).toBeCloseTo(firstMs(500), 9);
  });

  test('where prompts differ it is that of one that a twentieth exceed, by a point of the lattice at most shorter', () => {
    const perToken = { ...times, fixedS: 0, weightsS: () => 0, linkS: 0, attentionS: () => 0, prefillS: 1 };
    const traffic = { ...prompts(1000), input: { mean: 1000, sigma: 0.9, max: null } };
    const longest = atBest({ ...server, times: perToken }, traffic).firstTokenP95S;
    // e^(0.9 x 1.64485 - 0.9^2 / 2): 1,000 x 2.9311; a five hundredth of all lies between two points there, 2 % of a length.
    expect(longest).toBeLessThanOrEqual(2931.1);
    expect(longest).toBeGreaterThan(2931.1 / 1.02);
  });
});

test('a further token comes from a batch of one: launch, bookkeeping, traffic, weights and its compute, of no context', () => {
  expect(1000 * atBest(server, prompts(3000)).tpotS).toBeCloseTo(1 + 0.25 + 0.001 + 10.001 + 0.03, 9);
});
