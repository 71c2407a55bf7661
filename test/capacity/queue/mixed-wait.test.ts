import { expect, test } from 'vitest';
import { waitForPromptsP95S } from '../../../src/places/service-trace.js';

test('prompts of 29,000 tokens at 12,000 a second, 0.046 of them a second: 1.3 s, and 0.15 s', () => {
  const promptS = 29_000 / 12_000;
  const rho = 0.046 * promptS;
  const left = promptS * (1 - 0.05 / rho);
  const before = (0.046 * promptS ** 2) / (2 * (1 - rho));
  expect([left.toFixed(1), before.toFixed(2)]).toEqual(['1.3', '0.15']);
  expect(waitForPromptsP95S([{ perS: 0.046, promptS }])).toBeCloseTo(left + before, 12);
});

test('nobody beside, no wait; prompts that are rarely met cost their mean alone; too many never end', () => {
  expect(waitForPromptsP95S([])).toBe(0);
  // One in twenty meets none of them: 0.02 of the time is taken. 0.01 x 4 / (2 x 0.98)
  expect(waitForPromptsP95S([{ perS: 0.01, promptS: 2 }])).toBeCloseTo(0.04 / 1.96, 12);
  expect(waitForPromptsP95S([{ perS: 1, promptS: 1 }])).toBe(Number.POSITIVE_INFINITY);
});
