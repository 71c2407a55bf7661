import { expect, test } from 'vitest';
import type { Predictor } from '../../src/calibration/predict.js';
import { measurementOf } from '../../src/capacity/measurement.js';
import { capacityAssumptions } from '../../src/capacity/replica.js';
import { type CapacityQuestion, capacityOn, rankHardware } from '../../src/cost/capacity-cost.js';
import { shippedTables } from '../support/load.js';
import { likelyIn } from '../support/scenario.js';

const tables = await shippedTables();
const predictor: Predictor = {
  ...{ catalog: tables, efficiency: tables.efficiency, residuals: tables.residuals, bands: tables.bands },
  ...{ assumed: capacityAssumptions(likelyIn(tables)), own: [] },
};
const asking = (outputTokens: number, more: Partial<CapacityQuestion> = {}): CapacityQuestion => ({
  measured: measurementOf({
    ...{ modelFamily: 'llama-3.1-8b', accelerator: 'h100-sxm-80gb', acceleratorCount: 1, engine: 'vllm' },
    ...{ concurrency: 1, promptTokens: 1500, outputTokens },
  }),
  ...{ contextTokens: null, speculation: null, spread: { input: 0.9, output: 0.9 }, load: null, targets: [] },
  rule: { highestLoad: 0.7, spare: 1, spareShare: 0.1 },
  ...more,
});

const perToken = { of: 'tpot', at: 'p95', limitS: 0.05 } as const;
const first = { of: 'ttft', at: 'p95', limitS: 2 } as const;
test.each([
  { output: 1, targets: [perToken], isTold: true },
  { output: 1, targets: [first], isTold: false },
  { output: 2, targets: [perToken], isTold: false },
])('a target on the time per further token, answers of $output: told $isTold', ({ output, targets, isTold }) => {
  const found = capacityOn(asking(output, { load: { is: 'rate', ratePerS: 1 }, targets }), tables, predictor);
  if (typeof found === 'string') throw new Error(found);
  expect(found.warnings.some((text) => text.includes('no token follows the first'))).toBe(isTold);
});

test('hardware for a model is ranked without a load too: by the price of a token, as one machine carries most', () => {
  const ranked = rankHardware(asking(500), tables, predictor);
  const usd = ranked.flatMap(({ price }) => price?.usdPerMTok ?? []);
  expect(usd.length).toBeGreaterThan(10);
  expect(usd).toEqual(usd.toSorted((a, b) => a - b));
  for (const { answer, price } of ranked) {
    expect(answer.fleet).toBeNull();
    if (price === null) continue;
    // USD an hour over the tokens of an hour.
    const tokens = answer.held.requestsPerS * 3600 * 2000;
    expect(price.usdPerMTok).toBeCloseTo((price.rent.usdPerHour / tokens) * 1e6, 9);
  }
});
