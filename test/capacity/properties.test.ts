import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingOf } from '../../src/calibration/calibrate.js';
import { type CapacityAnswer, predictCapacity } from '../../src/calibration/predict.js';
import type { Load } from '../../src/capacity/fleet-size.js';
import { efficiencyOf } from '../../src/capacity/machine.js';
import { measurementOf } from '../../src/capacity/measurement.js';
import type { Target } from '../../src/capacity/queue/latency.js';
import { capacityAssumptions } from '../../src/capacity/replica.js';
import { predictRun, type Run, runOf } from '../../src/capacity/run.js';
import { shippedTables } from '../support/load.js';
import { likelyIn } from '../support/scenario.js';

const tables = await shippedTables();
const assumed = capacityAssumptions(likelyIn(tables));
const { efficiency, bands } = tables;
const rule = { highestLoad: 0.7, spare: 1, spareShare: 0.1 };
const spread = { input: 0.9, output: 0.9 };
/** The same runs every time. */
const settings = { numRuns: 60, seed: 4711, endOnFailure: true };
/** A fitted queue does not follow to the last permille. */
const room = 1.003;

const models = tables.models.filter(({ layers, hiddenSize }) => layers !== null && hiddenSize !== null);
const run: fc.Arbitrary<Run> = fc
  .record({
    model: fc.constantFrom(...models),
    accelerator: fc.constantFrom(...tables.accelerators),
    acceleratorCount: fc.constantFrom(1, 2, 4, 8),
    engine: fc.constantFrom(...tables.engines.map((row) => row.engine), 'unknown'),
    quantization: fc.constantFrom('', 'fp8', 'int4-awq', 'gguf-q4_0'),
    promptTokens: fc.integer({ min: 1, max: 20_000 }),
    outputTokens: fc.integer({ min: 1, max: 2000 }),
    concurrency: fc.constantFrom(1, 8, 64, 512),
  })
  .map(({ model, accelerator, ...rest }) => {
    const names = { modelFamily: model.family, accelerator: accelerator.accelerator };
    const found = runOf(measurementOf({ ...names, ...rest }), tables, assumed.slowScheme);
    if (typeof found === 'string') throw new Error(found);
    return found.run;
  });
const predict = (of: Run) => {
  const found = predictRun(of, efficiencyOf(efficiency, settingOf(of)), assumed);
  if (found === null) throw new Error('no layers');
  return found;
};
function capacity(
  of: Run,
  load: Load | null = null,
  targets: readonly Target[] = [],
  contextTokens: number | null = null,
) {
  const query = { run: of, contextTokens, spread, load, targets };
  const found = predictCapacity(
    query,
    { efficiency, bands, assumed, residuals: [], reserves: { least: assumed, most: assumed }, own: [], doubts: [] },
    rule,
  );
  if (found === null) throw new Error('no layers');
  return found;
}
const fitting = run.filter((of) => capacity(of).fits);
/** Numbers in an answer, by where they stand. */
const numbers = (value: unknown, at = ''): [string, number][] =>
  typeof value === 'number'
    ? [[at, value]]
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, each]) => numbers(each, `${at}.${key}`))
      : [];

describe('one run', () => {
  test('more bandwidth or compute is never slower', () => {
    fc.assert(
      fc.property(run, fc.double({ min: 1, max: 10, noNaN: true }), fc.boolean(), (of, factor, bandwidth) => {
        const { accelerator } = of;
        const more = (value: number | null) => (value === null ? null : value * factor);
        const faster = bandwidth
          ? { ...accelerator, bandwidthGBs: accelerator.bandwidthGBs * factor }
          : {
              ...accelerator,
              fp16Tflops: accelerator.fp16Tflops * factor,
              fp8Tflops: more(accelerator.fp8Tflops),
              fp4Tflops: more(accelerator.fp4Tflops),
              int8Tops: more(accelerator.int8Tops),
            };
        const [before, after] = [predict(of), predict({ ...of, accelerator: faster })];
        expect(after.tpotS).toBeLessThanOrEqual(before.tpotS * (1 + 1e-9));
        expect(after.requestsPerS).toBeGreaterThanOrEqual(before.requestsPerS * (1 - 1e-9));
        expect(after.prefillTokensPerS).toBeGreaterThanOrEqual(before.prefillTokensPerS * (1 - 1e-9));
      }),
      { ...settings, numRuns: 300 },
    );
  });

  test('longer contexts never leave room for more requests, nor make any faster', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 50_000 }), (of, longer) => {
        const tokens = { ...of.tokens, fresh: of.tokens.fresh + longer, context: of.tokens.context + longer };
        const arrivals = { is: 'backlog', waiting: null } as const;
        const [before, after] = [predict({ ...of, arrivals }), predict({ ...of, arrivals, tokens })];
        expect(after.batch).toBeLessThanOrEqual(before.batch);
        expect(predict({ ...of, tokens }).ttftS).toBeGreaterThanOrEqual(predict(of).ttftS as number);
      }),
      { ...settings, numRuns: 300 },
    );
  });

  test('more clients never get less out of a machine in all, nor each of them more', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 300 }), (of, clients, more) => {
        // Stages that fill one by one are figured too fast: each prompt as if it had the line to itself.
        fc.pre(!of.layout.staged || of.layout.lanes === 1);
        const at = (n: number) => predict({ ...of, arrivals: { is: 'closed', clients: n } });
        expect(at(clients + more).tpotS).toBeGreaterThanOrEqual(at(clients).tpotS * (1 - 1e-9));
        expect(at(clients + more).requestsPerS).toBeGreaterThanOrEqual(at(clients).requestsPerS * (1 - 1e-9));
      }),
      { ...settings, numRuns: 300 },
    );
  });
});

describe('one machine', () => {
  test('an answer holds numbers alone, and what does not fit carries nothing', () => {
    fc.assert(
      fc.property(run, fc.double({ min: 0, max: 50, noNaN: true }), (of, ratePerS) => {
        const answer = capacity(of, { is: 'rate', ratePerS }, [{ of: 'ttft', at: 'p95', limitS: 5 }]);
        for (const [at, value] of numbers(answer)) expect([at, Number.isFinite(value)]).toEqual([at, true]);
        for (const [at, value] of numbers(answer)) expect([at, value >= 0]).toEqual([at, true]);
        if (!answer.fits) expect([answer.held.requestsPerS, answer.fleet]).toEqual([0, null]);
        expect(answer.unmet === null).toBe(answer.fleet !== null);
      }),
      settings,
    );
  });

  test('a longer context leaves room for no more sequences', () => {
    fc.assert(
      fc.property(
        run,
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (of, tokens, more) => {
          const at = (context: number) => capacity(of, null, [], context).memory.longestSequences;
          expect(at(tokens + more)).toBeLessThanOrEqual(at(tokens));
        },
      ),
      settings,
    );
  });

  test('a tighter target never raises the rate that is held', () => {
    const targets = fc.constantFrom('ttft', 'tpot', 'request');
    const factor = fc.double({ min: 1, max: 20, noNaN: true });
    fc.assert(
      fc.property(fitting, targets, factor, factor, (of, on, loose, tighter) => {
        const { alone } = capacity(of);
        const least = { ttft: alone.ttftS, tpot: alone.tpotS, request: alone.ttftS + of.tokens.output * alone.tpotS }[
          on
        ];
        const held = (limitS: number): CapacityAnswer => capacity(of, null, [{ of: on, at: 'p95', limitS }]);
        const [wide, narrow] = [held(least * loose * tighter), held(least * loose)];
        expect(narrow.held.requestsPerS).toBeLessThanOrEqual(wide.held.requestsPerS * room);
        expect(wide.held.requestsPerS).toBeLessThanOrEqual(capacity(of).held.requestsPerS * room);
        for (const [replicas, rate] of narrow.heldBy.entries()) {
          expect(rate).toBeLessThanOrEqual((wide.heldBy[replicas] as number) * room);
        }
      }),
      settings,
    );
  });

  test('more load never takes fewer replicas, and each is within the highest load', () => {
    const factor = fc.double({ min: 0.01, max: 20, noNaN: true });
    const more = fc.double({ min: 1, max: 5, noNaN: true });
    fc.assert(
      fc.property(fitting, factor, more, fc.boolean(), (of, share, times, targeted) => {
        const { saturation, alone } = capacity(of);
        const targets: Target[] = targeted ? [{ of: 'tpot', at: 'p95', limitS: alone.tpotS * 4 }] : [];
        const at = (ratePerS: number) => capacity(of, { is: 'rate', ratePerS }, targets).fleet;
        const [few, many] = [at(share * saturation.requestsPerS), at(share * times * saturation.requestsPerS)];
        expect(many?.serving ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
          few?.serving ?? Number.POSITIVE_INFINITY,
        );
        if (few === null) return;
        expect(few.utilization).toBeLessThanOrEqual(rule.highestLoad + 1e-9);
        expect(few.installed).toBeGreaterThan(few.serving);
        for (const { limitS } of targets) expect(few.latency.tpotS.p95).toBeLessThanOrEqual(limitS);
      }),
      settings,
    );
  });

  test("users are the rate times the time a request takes (Little's law), the engine's fixed time included", () => {
    fc.assert(
      fc.property(fitting, fc.integer({ min: 1, max: 5000 }), (of, users) => {
        const { fleet } = capacity(of, { is: 'users', users });
        if (fleet === null) return;
        expect(Math.abs((fleet.ratePerS * fleet.latency.requestS.mean) / users - 1)).toBeLessThan(0.01);
        const next = capacity(of, { is: 'users', users: 2 * users }).fleet;
        expect(next?.serving).toBeGreaterThanOrEqual(fleet.serving);
      }),
      { ...settings, numRuns: 30 },
    );
  });

  test('groups of cards with requests of their own carry what as many machines do', () => {
    fc.assert(
      fc.property(fitting, fc.constantFrom(2, 4), (of, groups) => {
        const one = { ...of, layout: { tensor: 1, lanes: 1, staged: false, cacheSplit: 1 }, count: 1 };
        const many = { ...one, layout: { ...one.layout, lanes: groups }, count: groups };
        const [alone, all] = [capacity(one), capacity(many)];
        expect(all.fits).toBe(alone.fits);
        expect(all.memory.sequences).toBe(groups * alone.memory.sequences);
        if (!alone.fits) return;
        expect(all.saturation.requestsPerS / groups / alone.saturation.requestsPerS).toBeCloseTo(1, 6);
        expect(all.held.requestsPerS / groups / alone.held.requestsPerS).toBeCloseTo(1, 6);
        const rate = 0.6 * all.saturation.requestsPerS;
        const { fleet } = capacity(many, { is: 'rate', ratePerS: rate });
        const apart = capacity(one, { is: 'rate', ratePerS: rate }).fleet;
        expect([fleet?.serving, apart?.serving]).toEqual([1, groups]);
        expect(fleet?.latency.requestS).toEqual(apart?.latency.requestS);
        expect((fleet?.latency.inFlight ?? 0) / groups / (apart?.latency.inFlight ?? 0)).toBeCloseTo(1, 6);
      }),
      settings,
    );
  });

  test('a request that does not fit at its longest is not carried, though shorter ones would be', () => {
    fc.assert(
      fc.property(fitting, (of) => {
        const answer = capacity(of, { is: 'rate', ratePerS: 1 }, [], 1e12);
        fc.pre(answer.memory.longestSequences === 0);
        expect(answer).toMatchObject({ fits: false, held: { requestsPerS: 0 }, fleet: null });
        expect(Math.max(...answer.heldBy)).toBe(0);
      }),
      settings,
    );
  });

  test("an engine's fixed time comes before the first token, and so before the whole answer, and nowhere else", () => {
    fc.assert(
      fc.property(fitting, (of) => {
        const load = { is: 'rate', ratePerS: capacity(of).saturation.requestsPerS / 2 } as const;
        const slow = { ...of, correction: { decode: 1, prefill: 1, firstToken: 1001 } };
        const [before, after] = [capacity(of, load).fleet?.latency, capacity(slow, load).fleet?.latency];
        const fixedS = 1000 * efficiencyOf(efficiency, settingOf(of)).firstTokenS;
        for (const at of ['mean', 'p50', 'p95', 'p99'] as const) {
          expect(((after?.ttftS[at] ?? 0) - (before?.ttftS[at] ?? 0)) / fixedS).toBeCloseTo(1, 6);
          expect(((after?.requestS[at] ?? 0) - (before?.requestS[at] ?? 0)) / fixedS).toBeCloseTo(1, 6);
        }
        expect(after?.tpotS).toEqual(before?.tpotS);
        expect(capacity(slow).saturation).toEqual(capacity(of).saturation);
      }),
      settings,
    );
  });
});
