import { describe, expect, test } from 'vitest';
import { speculating, tokensPerVerification } from '../../src/capacity/model-work.js';
import { latencyAt } from '../../src/capacity/queue/latency.js';
import type { Traffic } from '../../src/capacity/queue/model.js';
import { atBest } from '../../src/capacity/queue/saturation.js';
import { corrected, iterationS, prefillS, type StepTimes } from '../../src/capacity/step-times.js';
import { roomFor } from '../simulation/machines.js';

const reading: StepTimes = {
  fixedS: 0,
  sequenceS: 0,
  weightsS: () => 0.01,
  decodeS: 0,
  prefillS: 1e-5,
  linkS: 0,
  attentionS: () => 0,
  cacheS: () => 0,
};
const draft = { tokens: 4, acceptance: 0.8, draftCost: 0.05 };

test('4 tokens accepted at 80 %: 3.36 tokens a verification, 2.80 times as fast where reading rules (Leviathan et al.)', () => {
  expect(tokensPerVerification(draft)).toBeCloseTo(3.3616, 4);
  expect(iterationS(reading, 1, 0) / iterationS(speculating(reading, draft), 1, 0)).toBeCloseTo(3.3616 / 1.2, 4);
});

test('every draft accepted yields g + 1; none accepted yields one token at the cost of all', () => {
  expect(tokensPerVerification({ ...draft, acceptance: 1 })).toBe(5);
  expect(tokensPerVerification({ ...draft, acceptance: 0 })).toBe(1);
  expect(iterationS(speculating(reading, { ...draft, acceptance: 0 }), 1, 0)).toBeCloseTo(0.012, 12);
});

test('where computing rules the gain is gone: five tokens are computed for 3.36', () => {
  const computing = { ...reading, weightsS: () => 0, decodeS: 1e-4 };
  const ratio = iterationS(computing, 64, 0) / iterationS(speculating(computing, draft), 64, 0);
  expect(ratio).toBeCloseTo(3.3616 / 5, 4);
});

test('a mixture reads the experts of all tokens that are verified; prompts take as long as before', () => {
  const experts = { ...reading, weightsS: (tokens: number) => 0.001 * tokens };
  const faster = speculating(experts, draft);
  expect(faster.weightsS(2)).toBeCloseTo((0.001 * 10 * 1.2) / 3.3616, 12);
  expect(faster.prefillS).toBe(experts.prefillS);
  expect(faster.attentionS).toBe(experts.attentionS);
});

describe('a first token is no sooner for drafts', () => {
  // 2 ms of launches, 10 ms to read the weights, 10 us a prompt token, 5 us a decoded one.
  const times = { ...reading, fixedS: 0.002, decodeS: 5e-6 };
  const drafting = speculating(times, { tokens: 8, acceptance: 0.95, draftCost: 0.05 });
  const machine = { chunkTokens: 2048, maxSequences: 64, ...roomFor(Number.POSITIVE_INFINITY) };
  const traffic: Traffic = {
    input: { mean: 1000, sigma: 0.5, max: null },
    output: { mean: 200, sigma: 0.5, max: null },
    hitTokens: 0,
  };

  test('a prompt takes its iterations: at least a launch and a read of the weights', () => {
    expect(prefillS(drafting, 1000, 0, 2048)).toBeCloseTo(0.002 + 0.01 + 0.01, 12);
    expect(prefillS(corrected(drafting, { decode: 2, prefill: 3, firstToken: 1 }), 1000, 0, 2048)).toBeCloseTo(
      2 * 0.012 + 3 * 0.01,
      12,
    );
  });

  test('nor for a replica that has nothing else to do, and further tokens are', () => {
    const [plain, drafted] = [times, drafting].map((one) => atBest({ ...machine, times: one }, traffic));
    expect(drafted?.firstTokenP95S).toBe(plain?.firstTokenP95S);
    expect(drafted?.tpotS).toBeLessThan((plain?.tpotS ?? 0) / 2);
  });

  test.each([1e-6, 0.5, 5])('nor at %s requests a second: no sooner than where nobody else comes', (rate) => {
    const at = (one: StepTimes, ratePerS: number) => latencyAt({ ...machine, times: one }, traffic, ratePerS, 1);
    const drafted = at(drafting, rate);
    for (const share of ['p50', 'p95'] as const) {
      expect(drafted?.ttftS[share]).toBeGreaterThanOrEqual(at(times, 1e-6)?.ttftS[share] ?? Number.NaN);
    }
    expect(drafted?.tpotS.p50).toBeLessThan((at(times, rate)?.tpotS.p50 ?? 0) / 2);
  });
});
