import { readFileSync } from 'node:fs';
import type { Calibration } from '../calibration/recalibrate.js';
import type { MeasuredPoint } from '../capacity/measurement.js';
import { packagePath } from './io.js';

/** Under a test runner the sources run as they are, and so do the files of pricing/. */
const fromSource = import.meta.url.endsWith('.ts');
const published = 'pricing/measurements/published.csv';

/** Published measurements that hold a speed. */
export async function publishedPoints(): Promise<MeasuredPoint[]> {
  if (!fromSource) return JSON.parse(readFileSync(packagePath('dist/tables/measured.json'), 'utf8')) as MeasuredPoint[];
  const [{ pointsOf }, { readMeasurementsCsv }] = await Promise.all([
    import('../capacity/measurement.js'),
    import('../calibration/measurements/csv.js'),
  ]);
  const { header, rows } = readMeasurementsCsv(readFileSync(packagePath(published), 'utf8'), published);
  return pointsOf(header, rows);
}

/** What the calibration found, as it is shipped. */
export type ShippedCalibration = Omit<Calibration, 'rows'>;

export const shippedCalibration = (): ShippedCalibration =>
  JSON.parse(readFileSync(packagePath('pricing/catalog/calibration.json'), 'utf8')) as ShippedCalibration;
