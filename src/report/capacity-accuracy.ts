import { metricTitles } from '../calibration/calibrate.js';
import type { Calibration } from '../calibration/recalibrate.js';
import { agreedText, doubtTexts } from '../capacity/bands.js';
import { type Document, gap, indented, line, numberColumns, type Table, table, textColumns } from './document.js';
import { jsonText } from './json.js';
import { grouped } from './numbers.js';
import { sheetText } from './sheets.js';

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
