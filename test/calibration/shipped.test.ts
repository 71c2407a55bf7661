import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Calibration } from '../../src/calibration/recalibrate.js';
import { root } from '../support/cli-process.js';
import { shippedTables } from '../support/load.js';

describe('what is shipped', () => {
  type Shipped = Omit<Calibration, 'rows' | 'residuals'>;
  const shipped = JSON.parse(readFileSync(`${root}pricing/catalog/calibration.json`, 'utf8')) as Shipped;
  const errors = (what: string, metric: string) =>
    shipped.errors.find((each) => each.what === what)?.metrics.find((each) => each.metric === metric);

  test.each([
    ['system', 19],
    ['single', 13.5],
    ['tpot', 21],
    ['tpotOpen', 26],
    ['ttft', 24],
    ['prefill', 22],
  ])(
    '%s of a source that was left out: off by at most %d % in the median, eight of ten in the band',
    (metric, most) => {
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

  test('is what the published measurements give', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/calibrate.mjs', '--check'], {
      ...{ cwd: root, encoding: 'utf8' },
    });
    expect(stderr).not.toMatch(/is not what the measurements give/);
    expect(status).toBe(0);
  });
});
