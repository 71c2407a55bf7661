import { expect, test } from 'vitest';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

const job = (volume: string, more: Partial<Written>): Written => ({
  workload: { volume, once: true },
  tasks: [{ type: 'extraction', tokens: { input: 1800, output: 200 } }],
  preferences: { only: ['self-hosted-cloud'], exclude: ['spot'] },
  ...more,
});

test('rented machines are whole machine-hours for the work and one start, and more work never costs less', async () => {
  const tables = fewRows(await shippedTables(), ['verda', 'rtx-a6000-48gb']);
  const costs: number[] = [];
  for (const volume of ['1', '1k', '1M', '3M', '100M', '1000M']) {
    const { recommendation } = await decide(job(`${volume} requests`, {}), { tables, point: true });
    expect(recommendation.status).toBe('recommended');
    expect(recommendation.fteNeeded).toBe(0);
    // 0.6 weeks of set-up at 200,000 a year.
    expect(recommendation.peopleCost).toBeCloseTo((0.6 / 52) * 200_000, 0);
    costs.push((recommendation.totalCost ?? 0) - (recommendation.peopleCost ?? 0));
  }
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  // A thousand requests take no more than the hour that one takes; a billion a thousand times as long as a million, and less than a start more.
  expect(costs[1]).toBeCloseTo(costs[0] ?? 0, 2);
  const hour = costs[0] ?? 0;
  expect(((costs[5] ?? 0) - hour) / ((costs[4] ?? 0) - hour)).toBeCloseTo(10, 0);
  // Nothing stands before the machines: one hour of one, which an hour of starting doubles.
  const slow = job('1 requests', { assumptions: { scalingLagMinutes: 60 } });
  const { recommendation } = await decide(slow, { tables, point: true });
  expect((recommendation.totalCost ?? 0) - (recommendation.peopleCost ?? 0)).toBeCloseTo(2 * hour, 2);
});
