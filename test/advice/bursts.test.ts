import { describe, expect, test } from 'vitest';
import { gathering } from '../../src/cost/serverless.js';

const idleS = 60;
const aloneS = 3;
const startS = 30;

describe('workers that start once a burst', () => {
  const [perDay, requests, withinS] = [4, 500, 600];
  const windowS = 86_400 / perDay;
  const upkeep = gathering({ windowS, upS: aloneS + idleS, startS, workerSPerRequest: 2, withinS });
  const perDayOf = (requestsOfOne: number, usdPerStart: number) =>
    86_400 * upkeep(requestsOfOne / windowS, 1, usdPerStart);

  test('four bursts of 500 requests of 2 worker-seconds in 10 minutes: two workers each, idle once', () => {
    expect(perDayOf(requests, 0)).toBeCloseTo(4 * (500 * 2 + 2 * (aloneS + idleS)), 6);
    expect(perDayOf(requests, 1) - perDayOf(requests, 0)).toBeCloseTo(4 * 2, 9);
  });

  test('a burst of one request is a start, that request and the idle time-out', () => {
    expect(perDayOf(1, 1)).toBeCloseTo(4 * (1 + 2 + aloneS + idleS), 6);
  });
});
