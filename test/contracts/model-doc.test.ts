import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ShippedCalibration } from '../../src/cli/read-tables.js';

const text = readFileSync('docs/model.md', 'utf8');
const shipped = JSON.parse(readFileSync('pricing/catalog/calibration.json', 'utf8')) as ShippedCalibration;

test('the table of errors in docs/model.md is what the calibration found', () => {
  const of = (what: string, metric: string) =>
    shipped.errors.find((each) => each.what === what)?.metrics.find((each) => each.metric === metric);
  const titles = {
    system: 'system throughput',
    single: 'single stream',
    tpot: 'TPOT, closed loop',
    tpotOpen: 'TPOT, open loop',
    ttft: 'TTFT, low load',
    prefill: 'prefill',
  };
  for (const { metric, low, high } of shipped.bands) {
    const left = of('corrected', metric);
    const errors = 'roofline in-sample leave-one-source-out corrected leave-one-hardware-out leave-one-model-out'
      .split(' ')
      .map((what) => `${of(what, metric)?.medianPct.toFixed(1)} %`);
    const row = [
      titles[metric],
      left?.samples,
      ...errors,
      `${low.toFixed(2)}-${high.toFixed(2)}`,
      `${((left?.covered ?? 0) * 100).toFixed(0)} %`,
    ];
    expect(text).toContain(`| ${row.join(' | ')} |`);
  }
  const { unseen, seen } = shipped.replicas;
  expect(text).toContain(
    `off by at most ${unseen.medianPct} % where the source was not seen, ${seen.medianPct} % where it was`,
  );
});
