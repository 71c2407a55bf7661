import { describe, expect, test } from 'vitest';
import { requestShapeOf } from '../../src/places/machine-table.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const written = (tokens: object): Written => ({
  workload: { volume: '2M requests/day' },
  tasks: [{ name: 'a', type: 'faq-chat', tokens: { input: 6000, output: 50, cacheablePrefix: 4000, ...tokens } }],
  preferences: { only: ['self-hosted-cloud'] },
});
const cached = async (tokens: object): Promise<number> => {
  const context = await caseOf(written(tokens));
  return requestShapeOf(
    { mode: 'standard', capability: null, family: '' },
    context.workload.taskParts[0] as TaskPart,
    context,
  ).cachedTokens;
};

describe('prefixes that machines of one’s own find cached', () => {
  test('are as many as the assumption says, or the scenario where it does: of 4,000 tokens 3,200, 1,000 and none', async () => {
    expect(await cached({})).toBeCloseTo(3200, 9);
    expect(await cached({ cacheHitRate: '25%' })).toBeCloseTo(1000, 9);
    expect(await cached({ cacheHitRate: 0 })).toBe(0);
  });

  test('make machines cheaper the more there are', async () => {
    const cost = async (cacheHitRate: number) =>
      (await decide(written({ cacheHitRate }), { point: true })).recommendation.monthlyCost as number;
    const [never, seldom, always] = [await cost(0), await cost(0.5), await cost(1)];
    expect(never).toBeGreaterThan(seldom);
    expect(seldom).toBeGreaterThan(always);
  });
});
