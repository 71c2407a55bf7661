import { expect, test } from 'vitest';
import { speculating, tokensPerVerification } from '../../src/capacity/speculation.js';
import { iterationS } from '../../src/capacity/steady.js';
import type { StepTimes } from '../../src/capacity/step-times.js';

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
