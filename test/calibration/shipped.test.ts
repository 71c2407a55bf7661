import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { calibrate, type Fold, folds, metricErrors, type Sample, score } from '../../src/calibration/calibrate.js';
import { readMeasurementsCsv } from '../../src/calibration/measurements/csv.js';
import { type Calibration, type CalibrationSettings, samplesOf } from '../../src/calibration/recalibrate.js';
import { capacityAssumptions } from '../../src/capacity/replica.js';
import type { EfficiencyRow } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';
import { root } from '../support/cli-process.js';
import { shippedTables } from '../support/load.js';
import { long, sampled } from '../support/sample.js';
import { likelyIn } from '../support/scenario.js';

const cases = casesIn('shipped-calibration', {
  sources: { metric: z.string(), most: z.number() },
});

/** Steps of a fit that starts at the fit of all: as `calibrate.ts` has it. */
const refitSteps = 8;

describe('what is shipped', () => {
  type Shipped = Omit<Calibration, 'rows' | 'residuals'>;
  const shipped = JSON.parse(readFileSync(`${root}pricing/catalog/calibration.json`, 'utf8')) as Shipped;
  const errors = (what: string, metric: string) =>
    shipped.errors.find((each) => each.what === what)?.metrics.find((each) => each.metric === metric);

  test.each(cases.sources)(
    '$metric of a source that was left out: off by at most $most % in the median, eight of ten in the band',
    ({ metric, most }) => {
      const found = errors('leave-one-source-out', metric);
      expect(found?.medianPct).toBeLessThanOrEqual(most);
      const held = errors('corrected', metric);
      expect(held?.covered).toBeGreaterThanOrEqual(0.755);
      expect(held?.covered).toBeLessThanOrEqual(0.845);
      expect(found?.answered).toBeGreaterThanOrEqual(0.95);
      expect(found?.medianPct).toBeLessThan(errors('roofline', metric)?.medianPct ?? 0);
      // What was seen is predicted better than what was not: else nothing was left out.
      expect(errors('in-sample', metric)?.medianPct).toBeLessThan(found?.medianPct ?? 0);
    },
  );

  test('what others measured makes throughput and time per token of an unseen publisher better', () => {
    for (const metric of ['system', 'tpot'])
      expect(errors('corrected', metric)?.medianPct).toBeLessThan(
        errors('leave-one-source-out', metric)?.medianPct ?? 0,
      );
  });

  test('no class of models leans by more than a quarter, but for time to a first token', () => {
    const cells = shipped.cells.filter(
      ({ of, metric, samples }) => of === 'batch' && metric !== 'ttft' && samples >= 30,
    );
    expect(cells.length).toBeGreaterThan(8);
    for (const { ratio, cell } of cells) expect(Math.abs(Math.log(ratio)), cell).toBeLessThan(Math.log(1.25));
  });

  test('the band of throughput is no wider than half to double', async () => {
    const { bands } = await shippedTables();
    const system = bands.find(({ metric, doubt }) => metric === 'system' && doubt === null);
    expect(system?.low).toBeGreaterThanOrEqual(0.5);
    expect(system?.high).toBeLessThanOrEqual(2);
    for (const { widening, doubt } of bands) {
      if (doubt === 'agreed') expect(widening).toBeLessThan(1);
      else if (doubt !== null) expect(widening).toBeGreaterThanOrEqual(1);
    }
  });

  test('at least 95 % of the published measurements are answered', () => {
    expect(shipped.unanswered.length / shipped.measurements).toBeLessThanOrEqual(0.05);
  });

  /** What `npm run calibrate` starts from. */
  async function published() {
    const tables = await shippedTables();
    const assumed = capacityAssumptions(likelyIn(tables));
    const settings = JSON.parse(readFileSync(`${root}pricing/measurements/fit.json`, 'utf8')) as CalibrationSettings;
    const file = 'pricing/measurements/published.csv';
    const { rows } = readMeasurementsCsv(readFileSync(`${root}${file}`, 'utf8'), file);
    const measured = rows.flatMap(({ measurement }) => measurement ?? []);
    return { tables, assumed, settings, measured, ...samplesOf(measured, tables, assumed.slowScheme) };
  }
  const fourDigits = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'number' ? Number(each.toPrecision(4)) : each)));

  test('is what the published measurements give: the fit of all, and what it says of one source, card and model left out', async () => {
    const { tables, assumed, settings, measured, samples, unanswered } = await published();
    expect([measured.length, samples.length]).toEqual([shipped.measurements, shipped.samples]);
    expect(fourDigits(unanswered)).toEqual(shipped.unanswered);
    const start = tables.efficiency.map((row) => ({ ...row, value: row.prior }));
    const { rows } = calibrate(samples, start, assumed, settings);
    for (const [at, row] of rows.entries()) {
      const { value, low, high } = tables.efficiency[at] as EfficiencyRow;
      expect(fourDigits([row.value, row.low, row.high]), row.factor).toEqual([value, low, high]);
    }
    const inSample = shipped.errors.find(({ what }) => what === 'in-sample')?.metrics;
    expect(fourDigits(metricErrors(score(samples, rows, assumed)))).toEqual(inSample);
    for (const fold of Object.keys(folds) as Fold[]) {
      const groups = shipped.groups.filter((each) => each.fold === fold);
      const names = [...new Set(groups.map(({ group }) => group))];
      const [group] = sampled(names, 1, { group: () => '', name: String });
      const isLeft = (sample: Sample) => folds[fold](sample) === group;
      const seen = samples.filter((sample) => !isLeft(sample));
      const refit = calibrate(seen, rows, assumed, settings, rows, refitSteps).rows;
      for (const { metric, medianPct } of metricErrors(score(samples.filter(isLeft), refit, assumed))) {
        const told = groups.find((each) => each.group === group && each.metric === metric);
        expect(fourDigits(medianPct), `${fold} ${group} ${metric}`).toEqual(told?.medianPct ?? null);
      }
    }
  });

  test.runIf(long)('all of it is what the published measurements give', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/calibrate.mjs', '--check'], {
      ...{ cwd: root, encoding: 'utf8' },
    });
    expect(stderr).not.toMatch(/is not what the measurements give/);
    expect(status).toBe(0);
  });
});
