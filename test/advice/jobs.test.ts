import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, likelyIn, type Written } from '../support/scenario.js';

/** Context sentences for documents, once: fault A18 of an earlier version, which asked for $36,219 of what cost its author about $70. */
const job = (volume: string, more: Partial<Written> = {}): Written => ({
  workload: { volume, once: true },
  tasks: [
    {
      name: 'context',
      type: 'summarization',
      tokens: { input: 905, output: 91 },
      capability: { atLeast: 'gpt-4.1-mini' },
    },
  ],
  ...more,
});

describe('a job that ends', () => {
  test('a million documents cost at most twice what their author paid, 70 USD, by the token and without people', async () => {
    const { recommendation } = await decide(job('1M requests'), { point: true });
    expect(recommendation.totalCost).toBeGreaterThan(50);
    expect(recommendation.totalCost).toBeLessThan(140);
    expect(recommendation).toMatchObject({ peopleCost: 0, fteNeeded: 0 });
    expect(recommendation.totalCost).toBe(recommendation.monthlyCost);
  });

  test('rented machines are whole machine-hours for the work and one start, and more work never costs less', async () => {
    const tables = fewRows(await shippedTables(), ['verda', 'rtx-a6000-48gb']);
    const tasks = [{ type: 'extraction', tokens: { input: 1800, output: 200 } }];
    const only = { tasks, preferences: { only: ['self-hosted-cloud'], exclude: ['spot'] } };
    const costs: number[] = [];
    for (const volume of ['1', '1k', '1M', '3M', '100M', '1000M']) {
      const { recommendation } = await decide(job(`${volume} requests`, only), { tables, point: true });
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
    const slow = job('1 requests', { ...only, assumptions: { scalingLagMinutes: 60 } });
    const { recommendation } = await decide(slow, { tables, point: true });
    expect((recommendation.totalCost ?? 0) - (recommendation.peopleCost ?? 0)).toBeCloseTo(2 * hour, 2);
  });

  test('a deadline that nobody wrote is among what is assumed', async () => {
    const deadlines = async (more: object) => {
      const written = job('1M requests');
      const tasks = [{ ...written.tasks?.[0], ...more }] as Written['tasks'];
      const { scenario } = await decide({ ...written, ...(tasks && { tasks }) }, { point: true });
      return scenario.assumed.filter(({ path }) => path.endsWith('.deadline')).map(({ path, value }) => [path, value]);
    };
    expect(await deadlines({})).toEqual([['tasks.context.deadline', '168 hours']]);
    expect(await deadlines({ deadline: '3d' })).toEqual([]);
  });

  test('its work is done within the shortest deadline, a week where none is written', async () => {
    const { workload } = await caseOf(job('730k requests'));
    expect(workload).toMatchObject({ months: 1, once: true });
    expect(workload.peakGrowth).toBe(1 / likelyIn(await shippedTables())('jobDeadlineHours'));
    expect(workload.requestsPerDay * (workload.hoursPerMonth / 24)).toBeCloseTo(730_000, 6);
    expect(workload.taskParts[0]?.batchable).toBe(true);
  });

  test.each([
    { why: 'a period', written: { volume: '1M requests/month', once: true }, at: 'volume' },
    { why: 'users', written: { volume: '1M users', requestsPerUser: 1, once: true }, at: 'volume' },
    { why: 'growth', written: { volume: '1M requests', once: true, growth: '5% per month' }, at: 'growth' },
    { why: 'a horizon', written: { volume: '1M requests', once: true, horizon: '2 months' }, at: 'horizon' },
    { why: 'no `once` beside no period', written: { volume: '1M requests' }, at: 'volume' },
  ])('is refused with $why', async ({ written, at }) => {
    const text = JSON.stringify({ version: 1, workload: written, tasks: [{ type: 'summarization' }] });
    const { scenario, problems } = readScenario(text, { file: 'job.json', tables: await shippedTables(), set: [] });
    expect(scenario).toBeNull();
    expect(problems.map(({ path }) => path)).toContain(`workload.${at}`);
  });
});
