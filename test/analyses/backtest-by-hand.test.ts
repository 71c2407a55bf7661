import { beforeAll, describe, expect, test } from 'vitest';
import { changedMonth, onCalendar, pricesOfOtherDays, tokenRatios } from '../../src/analyses/backtest/months.js';
import { daysIn } from '../../src/units/month.js';
import type { Workload } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** Parts of a backtest, each by figures that a test sets. */

const served = (requests: number, inputTokens = 0, outputTokens = 0) => ({
  ...{ requests, inputTokens, outputTokens },
  rewrittenTokens: 0,
});

describe('prices of other days', () => {
  const used = '2026-05-10';
  const told = (months: string[], snapshots: string[]) => pricesOfOtherDays(months, used, snapshots);

  test('months to which another snapshot is nearer, by snapshot', () => {
    expect(told(['2025-12', '2026-01', '2026-02', '2026-05', '2026-09'], ['2026-01-20', used, '2026-09-01'])).toEqual([
      {
        code: 'other-prices-nearer',
        message:
          'prices are those of 2026-05-10; those of 2026-01-20 are nearer to 2025-12 to 2026-02: --pricing 2026-01-20',
      },
      {
        code: 'other-prices-nearer',
        message: 'prices are those of 2026-05-10; those of 2026-09-01 are nearer to 2026-09: --pricing 2026-09-01',
      },
    ]);
  });

  test('as near is not nearer: five days from the middle of the month, before and after', () => {
    expect(told(['2026-05'], ['2026-05-20', used])).toEqual([]);
    expect(told(['2026-05'], ['2026-05-19', used])).toHaveLength(1);
    expect(told(['2026-05'], [])).toEqual([]);
    // Of two that are as near the first one stays.
    expect(told(['2026-05'], ['2026-05-14', '2026-05-16'])[0]?.message).toMatch(/--pricing 2026-05-14$/);
  });
});

test('ratios, and none where there is nothing to compare', () => {
  expect(tokenRatios(served(1, 30, 5), served(1, 20, 10))).toEqual({ input: 1.5, output: 0.5 });
  // Of what was not read or written at all there is none; of what was not said nothing is known.
  expect(tokenRatios(served(1, 0, 0), served(1, 20, 10))).toEqual({ input: 0, output: 0 });
  expect(tokenRatios(served(1, 30, 5), served(1, 0, 0))).toEqual({ input: 1, output: 1 });
  expect(tokenRatios(served(0, 0, 0), served(1, 20, 10))).toEqual({ input: 1, output: 1 });
  // 4 of 10 written are read text: at half of it 2, so that 5 - 2 of 6 answer; and where less than that was written, nothing does.
  const rewriting = { ...served(1, 20, 10), rewrittenTokens: 4 };
  expect(tokenRatios(served(1, 10, 5), rewriting)).toEqual({ input: 0.5, output: 0.5 });
  expect(tokenRatios(served(1, 10, 1), rewriting)).toEqual({ input: 0.5, output: 0 });
});

let workload: Workload;
beforeAll(async () => {
  const tokens = { input: 1000, output: 200, cacheablePrefix: 100, reasoning: 60 };
  ({ workload } = await caseOf({
    workload: { volume: 1000, profile: 'flat', horizon: '6 months' },
    tasks: [{ name: 'only', type: 'faq-chat', thinking: 'allowed', tokens }],
  }));
});

describe('a month of the demand, changed', () => {
  test('requests of a day of that month, tokens over those of the scenario', () => {
    const then = changedMonth(workload, 0, () => ({
      requests: 500 * daysIn(workload.firstMonth),
      input: 1.5,
      output: 3,
    }));
    expect(then.requestsPerDay).toBeCloseTo(500, 9);
    const [taskPart] = then.taskParts;
    expect(taskPart?.requestsPerDay).toBeCloseTo(500, 9);
    expect(taskPart?.share).toBe(1);
    expect(taskPart?.tokens).toMatchObject({
      input: 1500,
      longestInput: 1500,
      prefix: 150,
      output: 600,
      reasoning: 180,
    });
    const [plain] = changedMonth(
      {
        ...workload,
        taskParts: workload.taskParts.map((one) => ({ ...one, tokens: { ...one.tokens, reasoning: null } })),
      },
      0,
      () => ({ requests: 1, input: 1, output: 2 }),
    ).taskParts;
    expect(plain?.tokens.reasoning).toBeNull();
  });

  test('without a request the axis stays, with no share of it', () => {
    const then = changedMonth(workload, 0, () => ({ requests: 0, input: 1, output: 1 }));
    expect(then.requestsPerDay).toBe(1000);
    expect(then.taskParts.map(({ requestsPerDay, share }) => [requestsPerDay, share])).toEqual([[0, 0]]);
  });

  test('growth goes on as far as the actuals do, and what is bought is sized for the busiest month of both', () => {
    const later = onCalendar(workload, '2026-03', 9, 0.1);
    expect(later.firstMonth).toBe('2026-03');
    expect(later.growth).toHaveLength(9);
    expect(later.peakGrowth).toBeCloseTo(1.1 ** 8, 9);
    const sooner = onCalendar({ ...workload, peakGrowth: 7 }, '2026-03', 2, 0.1);
    expect(sooner.growth).toHaveLength(6);
    expect(sooner.peakGrowth).toBe(7);
  });
});
