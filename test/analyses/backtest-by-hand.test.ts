import { beforeAll, describe, expect, test } from 'vitest';
import { fittedGrowth, less } from '../../src/analyses/backtest/causes.js';
import { type Compared, correctionsOf } from '../../src/analyses/backtest/corrections.js';
import { changedMonth, onCalendar, pricesOfOtherDays, ratio, tokenRatios } from '../../src/analyses/backtest/months.js';
import { daysIn, monthAfter } from '../../src/units/month.js';
import type { Workload } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** Parts of a backtest, each by figures that a test sets. */

/** Days of a January. */
const perMonth = 31;
/** As many requests on each day of the months from January on. */
const everyDay = (perDay: readonly number[]) => perDay.map((one, at) => one * ([31, 28, 31, 30][at] as number));
const served = (requests: number, inputTokens = 0, outputTokens = 0) => ({ requests, inputTokens, outputTokens });
const monthsOf = (requests: readonly number[]) =>
  requests.map((one, index) => ({
    ...served(one),
    month: monthAfter('2026-01', index),
    index,
    paidUsd: 0,
    tasks: null,
  }));

describe('steady growth through the months', () => {
  test.each<[string, number[], { firstPerDay: number; growthPerMonth: number } | null]>([
    ['doubling', [100, 200, 400], { firstPerDay: 100, growthPerMonth: 1 }],
    ['a month without requests', [100, 0, 400, 800], null],
    ['alike', [50, 50, 50, 50], { firstPerDay: 50, growthPerMonth: 0 }],
    // Logarithms 0, 0 and ln 4 above 100: a slope of ln 2 through a mean of ln 4 / 3 in the second month.
    ['not on a line', [100, 100, 400], { firstPerDay: (100 * 4 ** (1 / 3)) / 2, growthPerMonth: 1 }],
    ['two months', [100, 200], null],
    ['two with requests', [100, 0, 400], null],
  ])('%s', (_, requests, expected) => {
    const fit = fittedGrowth(monthsOf(everyDay(requests)));
    if (expected === null) expect(fit).toBeNull();
    else {
      expect(fit?.firstPerDay).toBeCloseTo(expected.firstPerDay, 9);
      expect(fit?.growthPerMonth).toBeCloseTo(expected.growthPerMonth, 9);
    }
  });
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

test('a difference, of which rounding is none', () => {
  expect(less(5, 3)).toBe(2);
  expect(less(3, 5)).toBe(-2);
  expect(less(1e12 + 0.5, 1e12)).toBe(0);
  expect(less(1, 1 + 1e-11)).toBeLessThan(0);
  expect(less(0, 0)).toBe(0);
  expect(less(-1e12 - 0.5, -1e12)).toBe(0);
});

test('ratios, and none where there is nothing to compare', () => {
  expect(ratio(30, 20)).toBe(1.5);
  expect([ratio(0, 20), ratio(20, 0), ratio(0, 0)]).toEqual([1, 1, 1]);
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

describe('what would have predicted it', () => {
  const month = 1000 * perMonth;
  const compared = (more: Partial<Compared> = {}): Compared => ({
    workload,
    months: monthsOf([month]),
    predictedRequests: month,
    growthPerMonth: 0,
    predictedTokens: new Map([['only', served(month, month * 1000, month * 200)]]),
    actual: served(month, month * 1000, month * 200),
    actualByTask: null,
    retrievedTokens: 0,
    predictedUsd: 100,
    atActualUsd: 100,
    discountableUsd: more.atActualUsd ?? 100,
    paidUsd: 100,
    ...more,
  });
  const causes = { volume: 3, mix: 2, price: 1 };
  const told = (more: Partial<Compared>, by = causes) =>
    correctionsOf(compared(more), by).map(({ path, fromText, toText, set }) => [path, fromText, toText, set]);

  test('nothing where all was as said', () => {
    expect(told({})).toEqual([]);
  });

  test.each<[number, number, string | null, string | null]>([
    [100, 80, '20 % off', 'prices.discounts=[{percent: 20, on: [tokens, rental, hosting]}]'],
    [100, 87.66, '12.3 % off', 'prices.discounts=[{percent: 12.3, on: [tokens, rental, hosting]}]'],
    [100, 0, '100 % off', 'prices.discounts=[{percent: 100, on: [tokens, rental, hosting]}]'],
    [100, 110, '10 % above the prices', null],
    [100, 99.96, null, null],
    [0, 5, null, null],
  ])('at prices %d, paid %d: %s', (atActualUsd, paidUsd, text, set) => {
    expect(told({ atActualUsd, paidUsd })).toEqual(text === null ? [] : [['prices.discounts', '0 % off', text, set]]);
  });

  test('a discount lowers what is rented or paid by the token alone; of what was bought nothing explains a lower bill', () => {
    const discount = (discountableUsd: number, paidUsd: number) => told({ discountableUsd, paidUsd })[0]?.slice(2);
    // 20 of the 40 that may be lowered.
    expect(discount(40, 80)).toEqual(['50 % off', 'prices.discounts=[{percent: 50, on: [tokens, rental, hosting]}]']);
    expect(discount(20, 80)).toEqual(['100 % off', 'prices.discounts=[{percent: 100, on: [tokens, rental, hosting]}]']);
    expect(discount(19, 80)).toEqual(['20 % below what it comes to', null]);
    expect(discount(0, 80)).toEqual(['20 % below what it comes to', null]);
    expect(discount(0, 120)).toEqual(['20 % above the prices', null]);
  });

  test('volumes in requests a day, to three digits; growth from three months on', () => {
    expect(told({ actual: served(2.5 * month, 2.5 * month * 1000, 2.5 * month * 200) })).toContainEqual([
      'workload.volume',
      '1,000 requests/day',
      '2,500 requests/day',
      'workload.volume=2500 requests/day',
    ]);
    expect(told({ months: monthsOf(everyDay([1000, 2000, 4000])), predictedRequests: 7 * month })).toEqual([
      ['workload.growth', '0% per month', '100% per month', 'workload.growth=100% per month'],
    ]);
  });

  test('tokens of a request, read and written', () => {
    expect(told({ actual: served(month, month * 1234, month * 99.96) })).toEqual([
      ['tasks.only.tokens.input', '1,000 tokens', '1,230 tokens', 'tasks.only.tokens.input=1230'],
      ['tasks.only.tokens.output', '200 tokens', '100 tokens', 'tasks.only.tokens.output=100'],
    ]);
    // What was found for a request is beside what the task writes; more of it than was read says nothing.
    expect(told({ retrievedTokens: 400 })).toEqual([
      ['tasks.only.tokens.input', '1,000 tokens', '600 tokens', 'tasks.only.tokens.input=600'],
    ]);
    expect(told({ retrievedTokens: 1000 })).toEqual([['tasks.only.tokens.input', '1,000 tokens', '0 tokens', null]]);
  });

  test('what is written again follows what is read: the rest of the output is answers', () => {
    const said = { ...served(month, month * 1000, month * 250), rewrittenTokens: month * 50 };
    const predictedTokens = new Map([['only', said]]);
    const input = ['tasks.only.tokens.input', '1,000 tokens', '2,000 tokens', 'tasks.only.tokens.input=2000'];
    const mixed = (output: number) => told({ predictedTokens, actual: served(month, month * 2000, month * output) });
    // 2 x 50 are written again, which leaves 200 or 300 for answers, or nothing.
    expect(mixed(300)).toEqual([input]);
    expect(mixed(400)).toEqual([
      input,
      ['tasks.only.tokens.output', '200 tokens', '300 tokens', 'tasks.only.tokens.output=300'],
    ]);
    expect(mixed(90)).toEqual([input]);
  });

  test('no requests are a volume that no scenario says, and nothing is told of tokens', () => {
    const none = [['workload.volume', '1,000 requests/day', '0 requests/day', null]];
    expect(told({ actual: served(0) })).toEqual(none);
    expect(told({ actual: served(0), actualByTask: new Map([['only', served(0)]]) })).toEqual(none);
    expect(told({ actual: served(0), predictedRequests: 0 })).toEqual([]);
  });

  test('the largest cause first; of one cause in the order of the scenario', () => {
    const off = { actual: served(2 * month, 2 * month * 1000, 2 * month * 500), atActualUsd: 100, paidUsd: 50 };
    const paths = (by: typeof causes) => told(off, by).map(([path]) => path);
    expect(paths({ volume: -5, mix: 4, price: -3 })).toEqual([
      'workload.volume',
      'tasks.only.tokens.input',
      'tasks.only.tokens.output',
      'prices.discounts',
    ]);
    expect(paths({ volume: 1, mix: -2, price: -3 })[0]).toBe('prices.discounts');
    expect(paths({ volume: 1, mix: -2, price: -3 }).at(-1)).toBe('workload.volume');
  });
});
