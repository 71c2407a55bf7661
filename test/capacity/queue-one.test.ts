import { describe, expect, test } from 'vitest';
import type { Target } from '../../src/capacity/queue/latency.js';
import { cautious, largestRate } from '../../src/capacity/queue/latency.js';
import { saturationRate } from '../../src/capacity/queue/saturation.js';
import { caseOf, compare, errorOf, loadAt, misses, simulated, within, withinOrNear } from '../simulation/compare.js';
import { serverOf, trafficOf } from '../simulation/machines.js';

/**
 * Predictions for one replica against a simulation that shares no formula with them. What is off, and why:
 * - TTFT p95 where room binds: up to 80 % off in seconds (small documents, retrieval, prefix, load 0.6 to 0.9), at the
 *   right value within 0.05 of load: the wait for room begins at a load, and 1 % of rate is 10 % of wait at 0.9.
 * - TTFT p95 of long prompts in small chunks at load 0.9 (four documents): 20 to 30 % low; prompts and the batch grow
 *   together, which a mean batch does not show.
 * - small writing at 0.9: two in five requests lose their place in the cache, and TPOT p95 is 20 % low: the prediction
 *   says kvOvercommitted.
 */
const cases = [
  caseOf({ machine: 'four', mix: 'chat' }),
  caseOf({ machine: 'four', mix: 'documents' }),
  caseOf({ machine: 'four', mix: 'writing' }),
  caseOf({ machine: 'four', mix: 'retrieval', chunkTokens: 512 }),
  caseOf({ machine: 'small', mix: 'chat' }),
  caseOf({ machine: 'small', mix: 'documents' }),
  caseOf({ machine: 'small', mix: 'writing' }),
  caseOf({ machine: 'small', mix: 'prefix', chunkTokens: 8192 }),
  caseOf({ machine: 'large', mix: 'retrieval' }),
  caseOf({ machine: 'experts', mix: 'documents' }),
  caseOf({ machine: 'hybrid', mix: 'chat' }),
  caseOf({ machine: 'hybrid', mix: 'retrieval' }),
];

describe('one replica, Poisson arrivals', () => {
  test('the saturation rate is that of an endless backlog, within 3 %', () => {
    const errors = cases.map(({ name, machine, mix, ratePerS }) => ({
      name,
      error: saturationRate(serverOf(machine), trafficOf(mix)) / ratePerS - 1,
    }));
    expect(errors.filter(({ error }) => Math.abs(error) > 0.03)).toEqual([]);
  });

  const figures = compare(cases, [0.3, 0.45, 0.6, 0.75, 0.9], 60_000);

  test.each([
    { of: 'ttft', at: 'p50' },
    { of: 'request', at: 'p50' },
    { of: 'request', at: 'p95' },
  ] as const)('$at of $of: within 15 %, or the right value within 0.05 of load, at every point', (figure) => {
    expect(misses(figures(figure), withinOrNear(0.15))).toEqual([]);
  });

  test('p95 of TTFT: the same at 90 % of points', () => {
    const points = figures({ of: 'ttft', at: 'p95' });
    const missed = misses(points, withinOrNear(0.15));
    expect(missed.length, missed.join('; ')).toBeLessThanOrEqual(0.1 * points.length);
  });

  test('TPOT: mean within 15 % at 90 % of points, p95 within 20 % at 75 %', () => {
    const mean = figures({ of: 'tpot', at: 'mean' });
    const ofMean = misses(mean, within(0.15));
    expect(ofMean.length, ofMean.join('; ')).toBeLessThanOrEqual(0.1 * mean.length);
    const p95 = figures({ of: 'tpot', at: 'p95' });
    const ofP95 = misses(p95, within(0.2));
    expect(ofP95.length, ofP95.join('; ')).toBeLessThanOrEqual(0.25 * p95.length);
  });

  test('the median error is a few percent: what breaks a formula shows here first', () => {
    const median = (of: 'ttft' | 'tpot' | 'request', at: 'mean' | 'p50' | 'p95'): number => {
      const errors = figures({ of, at }).map((point) => Math.abs(errorOf(point)));
      return errors.sort((a, b) => a - b)[errors.length >> 1] as number;
    };
    expect(median('ttft', 'p50')).toBeLessThan(0.03);
    expect(median('ttft', 'p95')).toBeLessThan(0.07);
    expect(median('tpot', 'mean')).toBeLessThan(0.015);
    expect(median('tpot', 'p95')).toBeLessThan(0.04);
    expect(median('request', 'p50')).toBeLessThan(0.02);
    expect(median('request', 'p95')).toBeLessThan(0.03);
  });

  test('an overcommitted cache is named, and no other', () => {
    const named = figures({ of: 'ttft', at: 'p95' }).filter(({ kvOvercommitted }) => kvOvercommitted);
    expect(named.map(({ name, load }) => `${name} at ${load}`)).toEqual(['small writing at 0.9']);
    const preempted = simulated(cases[6] as (typeof cases)[number], 0.9, 60_000).preemptedShare;
    expect(preempted).toBeGreaterThan(0.2);
    expect(simulated(cases[4] as (typeof cases)[number], 0.75, 60_000).preemptedShare).toBeLessThan(0.1);
  });
});

describe('largest rate', () => {
  const loads = [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.8, 0.85, 0.9, 0.95];
  const promises = [
    { of: 'ttft', at: 'p95', times: 1.5 },
    { of: 'ttft', at: 'p95', times: 3 },
    { of: 'ttft', at: 'p50', times: 1.6 },
    { of: 'tpot', at: 'p95', times: 1.2 },
    { of: 'tpot', at: 'mean', times: 1.5 },
    { of: 'request', at: 'p95', times: 1.25 },
    { of: 'request', at: 'p95', times: 1.6 },
    { of: 'request', at: 'p50', times: 1.4 },
  ] as const;
  const errors = cases.flatMap((one) => {
    const runs = loads.map((load) => simulated(one, load, 40_000));
    return promises.flatMap(({ of, at, times }) => {
      const values = runs.map((run) => ({ ttft: run.ttftS, tpot: run.tpotS, request: run.requestS })[of][at]);
      const target: Target = { of, at, limitS: (values[0] as number) * times };
      const load = loadAt(loads, values, target.limitS);
      if (load === null) return [];
      const rate = largestRate(serverOf(one.machine), trafficOf(one.mix), [target], 1);
      return [
        { what: `${one.name} ${of} ${at} x ${times} at ${load.toFixed(2)}`, error: rate / load / one.ratePerS - 1 },
      ];
    });
  });
  const off = (share: number): string[] =>
    errors
      .filter(({ error }) => Math.abs(error) > share)
      .map(({ what, error }) => `${what}: ${(100 * error).toFixed(0)} %`);

  test('is where the simulation meets the limit, within 10 % for 75 % of limits, within 20 % for all', () => {
    expect(errors.length).toBeGreaterThan(60);
    expect(off(0.1).length, off(0.1).join('; ')).toBeLessThanOrEqual(0.25 * errors.length);
    expect(off(0.2)).toEqual([]);
  });

  test('errs to the safe side: few of the rates are above what the simulation holds', () => {
    expect(cautious).toBeLessThan(1);
    expect(errors.filter(({ error }) => error > 0.05).length).toBeLessThanOrEqual(0.1 * errors.length);
  });
});
