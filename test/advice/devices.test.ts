import { describe, expect, test } from 'vitest';
import { decide, type Written } from '../support/scenario.js';

const yearly = 200_000;

/** Key points of a page in the browser of its readers: fault A19 of an earlier version, which asked for 300 FTE for 10M installs. */
const inBrowser = (count: string, owner?: 'users' | 'company'): Written => ({
  workload: { volume: `${count} users`, requestsPerUser: 2, profile: 'consumer-chat' },
  tasks: [
    {
      name: 'keypoints',
      type: 'summarization',
      tokens: { input: 700, output: 90 },
      capability: { minIndex: 3 },
      latency: { ttftP95: '4s' },
    },
  ],
  data: { sensitivity: 'device-only' },
  devices: { count, classes: { 'apple-m1-8gb': '50%', 'apple-m1-16gb': '50%' }, ...(owner && { owner }) },
});

async function advised(written: Written) {
  const { recommendation, options } = await decide(written, { point: true });
  const option = options.find(({ id }) => id === recommendation?.plan);
  if (recommendation?.status !== 'recommended' || option === undefined) throw new Error('nothing is advised');
  return { recommendation, option };
}

describe('software on devices of users', () => {
  test.each(['1k', '10M'])('%s installs take half a person and eight weeks before', async (count) => {
    const { recommendation, option } = await advised(inBrowser(count, 'users'));
    expect(option.fte).toBe(0.5);
    const people = recommendation.costParts.filter(({ part }) => part.startsWith('people'));
    const usd = people.reduce((sum, { monthly }) => sum + monthly, 0);
    expect(usd).toBeCloseTo((0.5 * yearly + (8 / 52) * yearly) / 12, 0);
    expect(option.costParts.map(({ part }) => part)).not.toContain('other.devices');
    expect(option.devices?.owner).toBe('users');
  });

  test('devices are the company’s unless the scenario says otherwise: more people, management and wear', async () => {
    const own = await advised(inBrowser('10k'));
    expect(own.option.devices?.owner).toBe('company');
    expect(own.option.fte).toBeCloseTo(0.8 * 10 ** 0.5, 2);
    expect(own.recommendation).toEqual((await advised(inBrowser('10k', 'company'))).recommendation);
    expect(own.recommendation.monthlyCost).toBeGreaterThan(
      (await advised(inBrowser('10k', 'users'))).recommendation.monthlyCost ?? 0,
    );
  });
});
