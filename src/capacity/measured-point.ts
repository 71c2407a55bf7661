import type { MeasurementRow } from './measurement.js';

/** A speed that somebody measured and published, for one model on one kind of machine. */
export type MeasuredPoint = {
  family: string;
  accelerator: string;
  engine: string;
  quantization: string;
  acceleratorCount: number;
  promptTokens: number;
  outputTokens: number;
  /** Requests in flight. */
  concurrency: number | null;
  /** Of all requests together. */
  outputTokensPerS: number | null;
  ttftMsP50: number | null;
  tpotMsP50: number | null;
  source: string;
  date: string;
};

/** Those taken in or before the month of the snapshot, on hardware that existed then; in the order of the table. */
export const measuredBy = (
  measurements: readonly MeasuredPoint[],
  snapshot: string,
  exists: (measurement: MeasuredPoint) => boolean,
): MeasuredPoint[] => measurements.filter((each) => each.date.slice(0, 7) <= snapshot.slice(0, 7) && exists(each));

/** What published measurements say of models on machines: those with a speed, in the order of the file. */
export function pointsOf(header: readonly string[], rows: readonly MeasurementRow[]): MeasuredPoint[] {
  const dateAt = header.indexOf('source_date');
  return rows.flatMap(({ cells, measurement }) => {
    if (measurement === null) return [];
    const { outputTokensPerS, ttftMsP50, tpotMsP50 } = measurement;
    if (outputTokensPerS === null && ttftMsP50 === null && tpotMsP50 === null) return [];
    return {
      family: measurement.modelFamily,
      accelerator: measurement.accelerator,
      engine: measurement.engine ?? '',
      quantization: measurement.quantization,
      acceleratorCount: measurement.acceleratorCount,
      promptTokens: measurement.promptTokens,
      outputTokens: measurement.outputTokens,
      concurrency: measurement.concurrency,
      outputTokensPerS,
      ttftMsP50,
      tpotMsP50,
      source: measurement.source ?? '',
      date: cells[dateAt] ?? '',
    };
  });
}
