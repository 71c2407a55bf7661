import { describe, expect, test } from 'vitest';
import {
  bandsOf,
  calibrate,
  errorOf,
  errorPct,
  type FitSettings,
  leaveOut,
  median,
  metricErrors,
  type Observation,
  predictedOf,
  quantile,
  type Sample,
  score,
  settingOf,
} from '../../src/calibration/calibrate.js';
import { type FitProblem, fitRobust, inverseDiagonal, solvePositive } from '../../src/calibration/fit.js';
import { efficiencyAt } from '../../src/capacity/machine.js';
import { predictRun } from '../../src/capacity/run.js';
import type { EfficiencyRow } from '../../src/tables/columns.js';
import { accelerator, assumed, engine, runWith } from '../support/runs.js';

describe('linear algebra', () => {
  test('solves a system of which the solution is known', () => {
    // [[4, 2, 0], [2, 5, 1], [0, 1, 3]] x (1, 2, 3) = (8, 15, 11).
    const matrix = Float64Array.of(4, 2, 0, 2, 5, 1, 0, 1, 3);
    const found = solvePositive(Float64Array.from(matrix), Float64Array.of(8, 15, 11));
    expect([...(found ?? [])].map((each) => Number(each.toFixed(9)))).toEqual([1, 2, 3]);
    // Determinant 44: cofactors 14, 12 and 16 on the diagonal.
    const diagonal = inverseDiagonal(Float64Array.from(matrix), 3);
    expect([...(diagonal ?? [])].map((each) => Number((each * 44).toFixed(9)))).toEqual([14, 12, 16]);
  });
  test('what is not positive definite has no solution', () => {
    expect(solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeNull();
    expect(inverseDiagonal(Float64Array.of(0), 1)).toBeNull();
  });
});

describe('the robust fit', () => {
  /** Residuals of a line a + b x against points on 0.5 + 2 x, of which every fifth is off by 10. */
  const line = (priorSd: number, wild: number): FitProblem => {
    const xs = Array.from({ length: 50 }, (_, i) => i / 25 - 1);
    const ys = xs.map((x, i) => 0.5 + 2 * x + 0.01 * Math.sin(7 * i) + (i % 5 === 0 ? wild : 0));
    const every = [...xs.keys()];
    return {
      residuals: (at, out, only) => {
        for (const i of only ?? every)
          out[i] = (at[0] as number) + (at[1] as number) * (xs[i] as number) - (ys[i] as number);
      },
      touches: [every, every],
      count: xs.length,
      weight: new Float64Array(xs.length).fill(1),
      priorSd: Float64Array.of(priorSd, priorSd),
      scale: 0.05,
      degrees: 4,
    };
  };

  test('finds the line, outliers or not', () => {
    for (const wild of [0, 10]) {
      const { theta, sd } = fitRobust(line(100, wild), new Float64Array(2));
      expect(Math.abs((theta[0] as number) - 0.5)).toBeLessThan(0.02);
      expect(Math.abs((theta[1] as number) - 2)).toBeLessThan(0.02);
      expect(sd[0]).toBeGreaterThan(0);
      expect(sd[0]).toBeLessThan(0.05);
    }
  });
  test('a prior that is sure holds against data', () => {
    const { theta } = fitRobust(line(1e-4, 0), new Float64Array(2));
    expect(Math.abs(theta[0] as number)).toBeLessThan(0.01);
    expect(Math.abs(theta[1] as number)).toBeLessThan(0.01);
  });
  test('without data the prior is all there is', () => {
    const none = { ...line(0.3, 0), touches: [[], []], count: 0, weight: new Float64Array(0), residuals: () => {} };
    const { theta, sd } = fitRobust(none, Float64Array.of(1, -1));
    expect(Math.abs(theta[0] as number)).toBeLessThan(1e-3);
    expect(sd[1]).toBeCloseTo(0.3, 6);
  });
});

const priors: [string, number, Partial<EfficiencyRow>?][] = [
  ['bandwidth', 0.7],
  ['prefillCompute', 0.5],
  ['decodeCompute', 0.5],
  ['iterationS', 0.002],
  ['sequenceS', 1e-5],
  ['firstTokenS', 0.01],
  ['bandwidth', 1, { engineGroup: 'sglang' }],
  // A time without a row would be a second.
  ['layerS', 1e-9],
];
const rows = priors.map(
  ([factor, prior, more]) =>
    ({
      ...{ factor, engineGroup: null, servingClass: null, link: null, prior, value: prior, priorSdLog: 0.4 },
      ...{ low: prior, high: prior },
      ...more,
    }) as EfficiencyRow,
);
/** The world: bandwidth and iterations are not what was believed. */
const truth = rows.map((row, at) => ({ ...row, value: row.prior * ([0.8, 1.2, 1, 1.5, 1, 1, 1, 1][at] as number) }));
const settings: FitSettings = {
  weight: { system: 1, single: 1, tpot: 1, tpotOpen: 1, ttft: 1, prefill: 1 },
  ...{ sourcePower: 0, scale: 0.05, degrees: 4 },
};

/** What the world shows of runs of three sizes of batch and of weights, for one source; `off`: a factor on every value. */
function samplesOf(source: string, off: number, wild = 0): Sample[] {
  const shapes = [1, 4, 32].flatMap((clients) =>
    // Weights of several sizes tell the reading of them from what is fixed.
    [200, 2000].flatMap((length) => [16, 8, 4].map((bits) => ({ clients, length, bits }))),
  );
  return shapes.flatMap(({ clients, length, bits }, at) => {
    const card = { ...accelerator, accelerator: `card-of-${source}` };
    const run = runWith({
      accelerator: card,
      bits,
      tokens: { fresh: length, before: 0, context: length, output: 200 },
      arrivals: { is: 'closed', clients },
    });
    const of = { run, doubts: [], rateCovers: 'whole' as const };
    const seen = predictRun(run, efficiencyAt(truth, settingOf(run)), assumed);
    if (seen === null) throw new Error('no layers');
    return (['system', 'tpot', 'ttft', 'prefill'] as const).map((metric): Sample => {
      const value = predictedOf(metric, seen, of) as number;
      const observed: Observation = { metric, value: value * off * (wild > 0 && at === 0 ? wild : 1) };
      return { ...observed, of, source, released: '2026-01' };
    });
  });
}
const factor = (found: readonly EfficiencyRow[], at: number) => (found[at] as EfficiencyRow).value;

describe('the calibration', () => {
  test('finds what the world is like, outliers or not', () => {
    for (const wild of [0, 8]) {
      const samples = ['a', 'b', 'c'].flatMap((source) => samplesOf(source, 1, source === 'a' ? wild : 0));
      const { rows: found } = calibrate(samples, rows, assumed, settings);
      expect(Math.abs(factor(found, 0) / factor(truth, 0) - 1)).toBeLessThan(0.05);
      expect(Math.abs(factor(found, 1) / factor(truth, 1) - 1)).toBeLessThan(0.05);
      expect(median(score(samples, found, assumed).map(errorPct))).toBeLessThan(2);
      for (const row of found) {
        expect(row.low).toBeLessThanOrEqual(row.value);
        expect(row.high).toBeGreaterThanOrEqual(row.value);
        expect(row.prior).toBe(rows[found.indexOf(row)]?.prior);
      }
    }
  });

  test('a factor that no sample touches stays at its prior, as unsure as that', () => {
    const { rows: found } = calibrate(samplesOf('a', 1), rows, assumed, settings);
    expect(factor(found, 6)).toBeCloseTo(1, 6);
    expect((found[6] as EfficiencyRow).high).toBeCloseTo(Math.exp(1.2816 * 0.4), 6);
    expect((found[0] as EfficiencyRow).high / factor(found, 0)).toBeLessThan(1.3);
  });

  test('does not depend on where it starts', () => {
    const samples = samplesOf('a', 1);
    const [here, there] = [rows, truth].map((from) => calibrate(samples, rows, assumed, settings, from).rows);
    for (const at of rows.keys())
      expect(Math.abs(factor(here as EfficiencyRow[], at) / factor(there as EfficiencyRow[], at) - 1)).toBeLessThan(
        0.03,
      );
  });
});

describe('leaving out', () => {
  const honest = ['a', 'b', 'c'].flatMap((source) => samplesOf(source, 1));
  const liar = samplesOf('liar', 1).map((sample) => ({ ...sample, value: sample.value * 3 }));
  const samples = [...honest, ...liar];

  test.each(['source', 'hardware'] as const)(
    'the %s that is predicted is unknown to the fit: 3x stays 3x off',
    (fold) => {
      const fitted = calibrate(samples, rows, assumed, settings).rows;
      const left = leaveOut(fold, samples, fitted, assumed, settings);
      expect(left).toHaveLength(samples.length);
      const of = (source: string) => left.filter(({ sample }) => sample.source === source);
      for (const { error } of of('liar')) expect(Math.abs(Math.exp(error as number) * 3 - 1)).toBeLessThan(0.06);
      expect(median(of('a').map(errorPct))).toBeLessThan(25);
    },
  );

  test('all of one model: nothing is left to fit, so the priors predict', () => {
    const left = leaveOut('model', honest, truth, assumed, settings);
    const byPriors = score(honest, rows, assumed);
    for (const [at, { error }] of left.entries())
      expect(Math.abs((error as number) - (byPriors[at]?.error as number))).toBeLessThan(0.02);
  });
});

describe('errors and bands', () => {
  const scored = (source: string, errors: (number | null)[]) =>
    errors.map((error) => ({ sample: { ...(samplesOf(source, 1)[0] as Sample) }, error, rows }));

  test('medians and quantiles', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
    const values = [1, 2, 3, 4].map((value) => ({ value, weight: value === 4 ? 7 : 1 }));
    expect([quantile(values, 0.1), quantile(values, 0.3), quantile(values, 0.31)]).toEqual([1, 3, 4]);
  });
  test('a missing prediction is endlessly wrong', () => {
    const [system] = metricErrors(scored('a', [0, Math.log(1.1), null, null, null]));
    expect(system).toMatchObject({ metric: 'system', samples: 5, answered: 0.4 });
    expect(system?.medianPct).toBe(Number.POSITIVE_INFINITY);
    expect(scored('a', [Math.log(0.5)]).map(errorPct)[0]).toBeCloseTo(50, 9);
  });
  test('the band holds eight of ten; doubt widens it, and little evidence only a little', () => {
    const errors = Array.from({ length: 101 }, (_, i) => (i - 50) / 100);
    const { bands, widenings } = bandsOf(scored('a', errors), () => [], ['engine'], 0);
    expect(bands[0]?.low).toBeCloseTo(Math.exp(-0.4), 2);
    expect(bands[0]?.high).toBeCloseTo(Math.exp(0.4), 2);
    expect(widenings).toEqual([{ doubt: 'engine', widening: 1.3, samples: 0 }]);
    const doubted = scored(
      'b',
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1.2 : -1.2)),
    );
    const wide = bandsOf(
      [...scored('a', errors), ...doubted],
      ({ sample }) => (sample.source === 'b' ? ['engine'] : []),
      ['engine'],
      0,
    ).widenings[0];
    // Three times as wide by 20 samples, against 1.3 believed as strongly as 20: 2.15.
    expect(wide?.widening).toBeCloseTo(2.15, 1);
  });
});

test('an error is the logarithm of predicted over measured', () => {
  const [sample] = samplesOf('a', 2) as [Sample];
  expect(errorOf(sample, efficiencyAt(truth, settingOf(sample.of.run)), assumed)).toBeCloseTo(-Math.log(2), 12);
  expect(engine.group).toBe(settingOf(sample.of.run).engineGroup);
});
