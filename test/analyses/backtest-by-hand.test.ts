import { describe, expect, test } from 'vitest';
import { pricesOfOtherDays } from '../../src/analyses/backtest/months.js';

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
