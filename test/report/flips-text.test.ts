import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { changes } from '../../src/report/changes.js';
import { inFull } from '../../src/report/document.js';

test('where nothing turns: ends that were made of another figure with three digits, those of the tables as they are', () => {
  const none = (parameter: string, low: number, high: number, unit: string, decided = true) => ({
    parameter,
    low,
    high,
    unit,
    words: null,
    decided,
  });
  const noFlips = [
    none('budget.monthly', 526.339483483, 5263394.83483, 'USD/month'),
    none('latency.totalP95', 85.745461279, 857454.61279, 'ms'),
    none('assumptions.availabilitySelfHosted', 0.995, 0.9995, 'fraction'),
    none('assumptions.promptCacheMinTokens', 1024, 4096, 'tokens'),
    none('workload.volume', 1, 10_000_000, 'requests/day', false),
  ];
  const decision = {
    recommendation: { flips: [], noFlips, assignments: [], withoutPeople: null, totalCost: null, flipSearch: null },
  } as unknown as Decision;
  const text = JSON.stringify(changes(decision, inFull));
  expect(text).toContain('budget.monthly 526 to 5,260,000 USD/month; latency.totalP95 85.7 to 857,000 ms');
  expect(text).toContain('0.995 to 0.9995 fraction; assumptions.promptCacheMinTokens 1,024 to 4,096 tokens.');
  expect(text).toContain(
    'No change among the plans compared, not verified: workload.volume 1 to 10,000,000 requests/day.',
  );
  expect(text).toContain('No volume from 1 to 10M requests a day was found to change it.');
});
