import { describe, expect, test } from 'vitest';
import { caseOf, compare, misses, within } from '../simulation/compare.js';

const cases = [
  caseOf({ machine: 'four', mix: 'chat' }),
  caseOf({ machine: 'four', mix: 'documents' }),
  caseOf({ machine: 'small', mix: 'chat' }),
  caseOf({ machine: 'small', mix: 'documents' }),
];

/** TTFT p95 is off where room binds at load 0.9: a router that counts requests does not see how long they are. */
describe('replicas a router keeps even', () => {
  const all = [2, 4, 16].map((replicas) => compare(cases, [0.5, 0.7, 0.9], 60_000, replicas));

  test('request time, p50 and p95, within 20 % at 95 % of points', () => {
    for (const at of ['p50', 'p95'] as const) {
      const points = all.flatMap((figures) => figures({ of: 'request', at }));
      const missed = misses(points, within(0.2));
      expect(missed.length, missed.join('; ')).toBeLessThanOrEqual(0.05 * points.length);
    }
  });

  test('TTFT p95 within 20 % at 75 % of points', () => {
    const points = all.flatMap((figures) => figures({ of: 'ttft', at: 'p95' }));
    const missed = misses(points, within(0.2));
    expect(missed.length, missed.join('; ')).toBeLessThanOrEqual(0.25 * points.length);
  });
});
