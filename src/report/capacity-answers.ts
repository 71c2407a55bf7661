import { metricTitles } from '../calibration/calibrate.js';
import type { CapacityAnswer, RowPrediction } from '../calibration/predict.js';
import type { Calibration } from '../calibration/recalibrate.js';
import { agreedText, doubtTexts } from '../capacity/model-work.js';
import type { PricedCapacity } from '../cost/capacity-cost.js';
import { asked, busy, loadText, plain, type ShownRanking, short, time } from './capacity.js';
import { type Document, gap, indented, line, numberColumns, type Table, table, textColumns } from './document.js';
import { counted, grouped } from './numbers.js';
import { type CsvColumns, csvTable, csvText, jsonText } from './printable.js';
import { ageText, sheetText } from './sheets.js';

type Shown = Omit<Calibration, 'rows' | 'residuals'>;

const percent = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(0)} %` : '-');
const share = (value: number | null): string => (value === null ? '-' : percent(value * 100));
const width = 80;

/** Prediction errors, cross-validated. `detail` adds every source, model and accelerator left out. */
export function accuracyTable(shown: Shown, detail: boolean): string {
  const errors = (what: string, metric: string) =>
    shown.errors.find((each) => each.what === what)?.metrics.find((each) => each.metric === metric);
  const columns = [
    ...textColumns('median error'),
    ...numberColumns('rows', 'roofline', 'source', 'near', 'hardware', 'model', 'inside', '80 % band'),
  ];
  const rows = shown.bands.map(({ metric, low, high }) => {
    const off = (what: string) => percent(errors(what, metric)?.medianPct ?? Number.NaN);
    const left = errors('corrected', metric);
    return [
      metricTitles[metric],
      grouped(left?.samples ?? 0),
      off('roofline'),
      off('leave-one-source-out'),
      off('corrected'),
      off('leave-one-hardware-out'),
      off('leave-one-model-out'),
      share(left?.covered ?? null),
      `${low.toFixed(2)}-${high.toFixed(2)}`,
    ];
  });
  const { unseen, seen } = shown.replicas;
  const remarks = [
    'source, hardware, model: of what a fit that had not seen it predicts; near: the same as source, corrected by what other publishers measured of the same model and engine. roofline: the same rows from peak rates times textbook shares. The band holds measured over predicted; inside: the share of rows within it.',
    `Replicas for a TPOT target, ${unseen.series} series of runs, fleets of ten: half of them off by at most ${percent(unseen.medianPct)} where the source was not seen, ${percent(seen.medianPct)} where it was. TPOT hardly rises with the batch, so a small error in it is a large one in the batch that meets it: measure, and give --calibrate-with.`,
  ];
  return sheetText(
    [
      line(`Capacity against ${grouped(shown.measurements)} published measurements`),
      gap,
      table(columns, rows),
      gap,
      ...remarks.map((words) => indented(words, 0, { hang: 0 })),
      gap,
      line('A band is wider (logarithm times) where'),
      ...shown.widenings.map(({ doubt, widening }) =>
        line(`  ${widening.toFixed(2)}x  ${doubt === 'agreed' ? agreedText : doubtTexts[doubt]}`),
      ),
      ...(detail ? [gap, ...cellsTables(shown), gap, groupsTable(shown)] : []),
    ],
    width,
  );
}

const cellTitles = {
  batch: 'By class of model and requests in flight',
  publisher: 'By publisher (first word of its ids in pricing/measurements/published.csv)',
} as const;

/** Predicted over measured and the cross-validated error, with and without others' measurements. */
function cellsTables({ cells }: Shown): Document {
  const columns = (of: string) => [
    ...textColumns('metric', of === 'batch' ? 'class, in flight' : 'publisher'),
    ...numberColumns('rows', 'near', 'ratio', 'error', 'corrected', 'error'),
  ];
  return (['batch', 'publisher'] as const).flatMap((of) => [
    ...(of === 'publisher' ? [gap] : []),
    line(`${cellTitles[of]}, each publisher left out: median of predicted over measured, median error`),
    table(
      columns(of),
      cells
        .filter((cell) => cell.of === of)
        .map((cell) => [
          cell.metric,
          cell.cell,
          String(cell.samples),
          String(cell.measured),
          cell.ratio.toFixed(2),
          percent(cell.medianPct),
          cell.correctedRatio.toFixed(2),
          percent(cell.correctedPct),
        ]),
    ),
  ]);
}

function groupsTable({ groups }: Shown): Table {
  const columns = [...textColumns('left out', 'what', 'metric'), ...numberColumns('rows', 'error', 'bias')];
  const rows = groups.map(({ fold, group, metric, samples, medianPct, biasPct }) => [
    fold,
    group.length > groupWidth ? `${group.slice(0, groupWidth - 1)}…` : group,
    metric,
    String(samples),
    percent(medianPct),
    `${biasPct > 0 ? '+' : ''}${percent(biasPct)}`,
  ]);
  return table(columns, rows);
}
const groupWidth = 44;

/** All of it; null for an error without an end. */
export const accuracyJson = (shown: Shown): string => jsonText({ schemaVersion: '1.1.0', ...shown });

const firstRows = 25;

/** All hardware for a model and a load, cheapest for that load first; without one, per token. */
export function rankedTable({ prices, question, ranked }: ShownRanking, detail: boolean): string {
  const { measured } = question;
  const load = loadText(question) ?? 'one replica as full as it may be';
  const columns = [
    ...textColumns('one replica'),
    ...numberColumns('replicas', 'busy', 'tok/s', 'TTFT', 'TPOT', 'USD/h', 'USD/1M'),
    ...textColumns('at'),
  ];
  const shown = detail ? ranked : ranked.slice(0, firstRows);
  const rows = shown.map(({ accelerator, count, answer, price }) => {
    const { fleet, held } = answer;
    return [
      `${count}x ${accelerator}`,
      replicasText(fleet),
      fleet === null ? '-' : busy(fleet.utilization),
      short(held.outputTokensPerS),
      fleet === null ? '-' : time(fleet.latency.ttftS.p95),
      fleet === null || measured.outputTokens <= 1 ? '-' : time(fleet.latency.tpotS.p95),
      price === null ? '?' : perHour(price.rent.usdPerHour),
      price === null ? '?' : perMillion(price.usdPerMTok),
      price?.rent.row.provider ?? '-',
    ];
  });
  const what = `${measured.modelFamily}, ${counted(measured.promptTokens, 'token')} in, ${grouped(measured.outputTokens)} out, ${load}`;
  const head = indented(`${what}; prices ${prices.snapshot} (${ageText(prices)})`, 0, { hang: 0 });
  if (rows.length === 0) return sheetText([head, gap, line('no hardware in the tables carries it')]);
  const legend = [
    ...(ranked.length > shown.length ? [`${ranked.length - shown.length} more: --detail`] : []),
    `Cheapest first, by ${question.load === null ? 'USD/1M' : 'USD/h'}.`,
    'replicas: serving+spare; tok/s: written by one when it holds all it may; TTFT, TPOT: p95;',
    'USD: rented on demand in a cloud, not on a marketplace (pricing show --kind rental has those),',
    'per 1M tokens in and out; ?: no such price; at: whose.',
    'All predicted: capacity --accuracy says how well',
  ];
  return sheetText([head, gap, table(columns, rows), gap, ...legend.map((words) => line(words))]);
}

function replicasText(fleet: CapacityAnswer['fleet']): string {
  if (fleet === null) return '1';
  const { serving, installed } = fleet;
  return installed === serving ? String(serving) : `${serving}+${installed - serving}`;
}

const perHour = (usd: number): string => (usd >= 1000 ? grouped(usd) : usd.toFixed(2));
const perMillion = (usd: number | null): string =>
  usd === null ? '-' : usd >= 1e6 ? '>1,000,000' : usd >= 1000 ? grouped(usd) : usd.toPrecision(3);

export const rankedJson = ({ prices, question, ranked }: ShownRanking): string =>
  jsonText({ schemaVersion: '1.1.0', prices, question: asked(question), hardware: ranked.map(plain) });

const sixDigits = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toPrecision(6));

const csvColumns: CsvColumns<PricedCapacity> = {
  accelerator: ({ accelerator }) => accelerator,
  cards: ({ count }) => count,
  scheme: ({ scheme }) => scheme,
  replicas: ({ answer }) => sixDigits(answer.fleet?.serving),
  installed: ({ answer }) => sixDigits(answer.fleet?.installed),
  utilization: ({ answer }) => sixDigits(answer.fleet?.utilization),
  held_requests_per_s: ({ answer }) => sixDigits(answer.held.requestsPerS),
  held_output_tokens_per_s: ({ answer }) => sixDigits(answer.held.outputTokensPerS),
  ttft_ms_p95: ({ answer: { fleet } }) => sixDigits(fleet && fleet.latency.ttftS.p95 * 1000),
  tpot_ms_p95: ({ answer: { fleet } }) => sixDigits(fleet && fleet.latency.tpotS.p95 * 1000),
  usd_per_hour: ({ price }) => sixDigits(price?.rent.usdPerHour),
  usd_per_1m_tokens: ({ price }) => sixDigits(price?.usdPerMTok),
  provider: ({ price }) => price?.rent.row.provider ?? null,
  instance: ({ price }) => price?.rent.row.instanceType ?? null,
};

export const rankedCsv = ({ ranked }: ShownRanking): string => csvTable(csvColumns, ranked);

/** A row of the file with what is predicted of it, or why nothing is. */
export type PredictedRow = { cells: readonly string[]; line: number; prediction: RowPrediction | string };

/** Columns that predictions add to the rows of a file. */
const predictedColumns = [
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

/** The file's own columns, with the predicted ones, which replace those of the same name. */
export function predictedCsv(header: readonly string[], rows: readonly PredictedRow[]): string {
  const stale = new Set<string>(predictedColumns);
  const own = (cells: readonly string[]) => cells.filter((_, at) => !stale.has(header[at]?.trim() ?? ''));
  return csvText([
    [...own(header), ...predictedColumns],
    ...rows.map(({ cells, prediction }) => [...own(cells), ...cellsOf(prediction)]),
  ]);
}

/** The same as JSON: inputs as text, predictions as numbers; null: none. */
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
