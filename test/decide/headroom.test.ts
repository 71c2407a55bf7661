import { expect, test } from 'vitest';
import { decide } from '../support/scenario.js';

test('what nearly comes too late and cannot be mended is to be measured first', async () => {
  const asked = async (ttftP95Ms: number, assumptions: object = {}) => {
    const { recommendation } = await decide({
      workload: { volume: '300 requests/day' },
      tasks: [{ name: 'turn', type: 'voice-assistant', latency: { ttftP95: `${ttftP95Ms}ms` } }],
      preferences: { only: ['managed-hosting'], objective: 'cost' },
      assumptions,
    });
    const todos = recommendation.conditions.filter((text) => text.includes('before you rely on it'));
    return { ms: Math.ceil(recommendation.assignments[0]?.ttftP95Ms ?? 0), todos };
  };
  const { ms, todos } = await asked(2000);
  expect(ms).toBeLessThan(1800);
  expect(todos).toEqual([]);
  expect((await asked(ms)).todos).toEqual([
    expect.stringMatching(
      /^measure how soon answers of turn start before you rely on it: [\d,]+ ms is predicted, [\d,]+ ms asked$/,
    ),
  ]);
  expect((await asked(ms, { latencyHeadroom: 0 })).todos).toEqual([]);
});
