import { expect, test } from 'vitest';
import { decide } from '../support/scenario.js';

test('devices are told by the tasks that they serve, not by one that is too fast for them', async () => {
  const tokens = { input: 900, output: 150 };
  const { options, recommendation } = await decide(
    {
      workload: { volume: '600k requests/day' },
      tasks: [
        {
          name: 'able',
          type: 'summarization',
          share: '55%',
          tokens,
          latency: { totalP95: '40s' },
          data: { boundary: 'device' },
        },
        { name: 'others', type: 'summarization', share: '45%', tokens, latency: { totalP95: '15s' } },
      ],
      devices: {
        count: 110_000,
        owner: 'users',
        classes: { 'apple-a17-pro-8gb': '65%', 'snapdragon-8-gen-3-12gb': '35%' },
      },
    },
    { point: true },
  );
  const mine = recommendation.assignments.find(({ task }) => task === 'able')?.option;
  expect(mine).toMatch(/^edge\//);
  expect(options.find(({ id }) => id === mine)?.devices?.shareAble).toBe(1);
});
