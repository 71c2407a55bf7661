import type { RowPrediction } from '../calibration/predict-rows.js';
import { csvText } from './csv-text.js';
import { jsonText } from './json-text.js';

/** A row of the file with what is predicted of it, or why nothing is. */
export type PredictedRow = { cells: readonly string[]; line: number; prediction: RowPrediction | string };

/** Columns that predictions add to the rows of a file. */
export const predictedColumns = [
  'predicted_output_tokens_per_s',
  'predicted_total_tokens_per_s',
  'predicted_prefill_tokens_per_s',
  'predicted_ttft_ms_p50',
  'predicted_tpot_ms_p50',
  'predicted_low',
  'predicted_high',
  'limited_by',
  'error',
] as const;

const digits = 5;

function cellsOf(prediction: RowPrediction | string): string[] {
  if (typeof prediction === 'string') return [...predictedColumns.slice(1).map(() => ''), prediction];
  const { outputTokensPerS, totalTokensPerS, prefillTokensPerS, ttftMsP50, tpotMsP50, low, high } = prediction;
  const figures = [outputTokensPerS, totalTokensPerS, prefillTokensPerS, ttftMsP50, tpotMsP50, low, high];
  return [...figures.map(figure), prediction.limitedBy, ''];
}

const figure = (value: number | null): string => (value === null ? '' : String(rounded(value)));
const rounded = (value: number): number => Number(value.toPrecision(digits));

/** The file's own columns as they were, and the predicted ones in the place of any that it holds already. */
export function predictedCsv(header: readonly string[], rows: readonly PredictedRow[]): string {
  const stale = new Set<string>(predictedColumns);
  const own = (cells: readonly string[]) => cells.filter((_, at) => !stale.has(header[at]?.trim() ?? ''));
  return csvText(
    [...own(header), ...predictedColumns],
    rows.map(({ cells, prediction }) => [...own(cells), ...cellsOf(prediction)]),
  );
}

/** The same as JSON: inputs as text, predictions as numbers, null where there is none. */
export function predictedJson(header: readonly string[], rows: readonly PredictedRow[], about: object): string {
  return jsonText({
    schemaVersion: '1.0.0',
    ...about,
    rows: rows.map(({ cells, line, prediction }) => ({
      line,
      input: Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])),
      prediction: typeof prediction === 'string' ? null : roundedTree(prediction),
      error: typeof prediction === 'string' ? prediction : null,
    })),
  });
}

const roundedTree = (prediction: RowPrediction): object =>
  Object.fromEntries(
    Object.entries(prediction).map(([key, value]) => [key, typeof value === 'number' ? rounded(value) : value]),
  );
