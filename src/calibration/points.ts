import type { Measurement, MeasurementRow } from '../capacity/measurement.js';
import { type MeasuredFigures, type MeasuredPoint, pointsOf } from '../capacity/measurement.js';
import { capacityAssumptions } from '../capacity/replica.js';
import type { Catalog } from '../capacity/run.js';
import type { EfficiencyRow } from '../tables/columns.js';
import { predictRow } from './predict.js';

/** Published measurements, each with what the formulas alone predict of it. */
export function predictedPoints(
  header: readonly string[],
  rows: readonly MeasurementRow[],
  catalog: Catalog & { efficiency: readonly EfficiencyRow[] },
  assume: (name: string) => number,
): MeasuredPoint[] {
  const { efficiency } = catalog;
  const predictor = { catalog, efficiency, residuals: [], bands: [], own: [], assumed: capacityAssumptions(assume) };
  return pointsOf(header, rows, (measurement: Measurement): MeasuredFigures | null => {
    const found = predictRow(measurement, predictor);
    if (typeof found === 'string') return null;
    const { outputTokensPerS, ttftMsP50, tpotMsP50 } = found;
    return { outputTokensPerS, ttftMsP50, tpotMsP50 };
  });
}
