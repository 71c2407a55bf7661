import { type MeasuredPoint, publisherOf } from '../capacity/measurement.js';
import type { Confidence } from '../tables/columns.js';
import { schemas } from '../tables/columns.js';
import type { RowProse } from '../tables/tables.js';
import {
  type Document,
  gap,
  indented,
  line,
  narrow,
  numberColumns,
  paragraph,
  type Table,
  table,
  textColumns,
} from './document.js';
import { counted, decimal, grouped } from './numbers.js';
import type { CsvColumns } from './printable.js';
import { plainText } from './printable.js';
import { renderText } from './text.js';

/** Stands for what no source gives; never 0. */
export const unknown = '?';

const nameWidth = 14;
const giga = 1e9;
const bytesPerGib = 2 ** 30;

/** A figure, or `?`. */
export const figure = (value: number | null, show: (known: number) => string = decimal): string =>
  value === null ? unknown : show(value);

/** A word, or `?`. */
export const word = (value: string | null): string => (value === null || value === '' ? unknown : value);

/** Three significant digits, or all of the whole part: 0.614, 15.9, 688, 1,376. */
export const short = (value: number): string =>
  Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : grouped(value);

/** Bytes in 1e9, and in 2^30. */
export const gb = (bytes: number): string => short(bytes / giga);
export const gib = (bytes: number): string => short(bytes / bytesPerGib);

/** Which prices, and their age on the given day. */
export type PriceDate = { snapshot: string; asOf: string; ageDays: number };

/** `91 days old`, or what there is to say of a day before the prices. */
export function ageText({ ageDays, asOf }: Omit<PriceDate, 'snapshot'>): string {
  return ageDays >= 0 ? `${counted(ageDays, 'day')} old` : `later than ${asOf} by ${counted(-ageDays, 'day')}`;
}

/** Where a row comes from and what is to be known about it. */
export type RowOrigin = RowProse & { confidence: Confidence };

/** Source, confidence and note, to stand below what the row says. */
export const originTexts = ({ source, confidence, note }: RowOrigin): Document =>
  [`${confidence} confidence: ${source}`, ...(note === '' ? [] : [`note: ${note}`])].map((words) =>
    indented(plainText(words), 2),
  );

/** Text as wide as a sheet of tables, whatever the terminal. */
export const sheetText = (document: Document, width = 100): string => renderText(document, { color: false, width });

type Cell = string | number | null | undefined;

/** Columns of a table by their titles; titles of figures begin with `#`. */
export type Grid<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** A table of rows; null and undefined are unknown. `below`: text under a row. */
export function grid<Row>(
  columns: Grid<Row>,
  rows: readonly Row[],
  { isNarrow = false, below }: { isNarrow?: boolean; below?: (row: Row) => Document } = {},
): Table {
  const titles = Object.keys(columns).flatMap((title) =>
    title.startsWith('#') ? numberColumns(title.slice(1)) : textColumns(title),
  );
  return table(
    isNarrow ? narrow(titles) : titles,
    rows.map((row) => ({
      cells: Object.values(columns).map((show) => String(show(row) ?? unknown)),
      ...(below && { below: below(row) }),
    })),
  );
}

/** Fields of rows of the catalog, each under the header that its file has. */
export function catalogCells<Row>(
  table: 'models' | 'accelerators',
  ...fields: readonly (keyof Row & string)[]
): CsvColumns<Row> {
  const columns: Readonly<Record<string, { header: string }>> = schemas[table].columns;
  return Object.fromEntries(fields.map((field) => [columns[field]?.header, (row: Row) => row[field] as Cell]));
}

/** Where rows come from. */
export const originCells: CsvColumns<RowOrigin> = {
  confidence: ({ confidence }) => confidence,
  source: ({ source }) => source,
  note: ({ note }) => note,
};

/** A line for each fact, its name first. */
export const factLines = (facts: Readonly<Record<string, string>>): Document =>
  Object.entries(facts).map(([name, text]) => paragraph(name, text, { indent: nameWidth }));

/** Last lines of a sheet: the source of its row, if requested, and units. */
export const footOf = (origin: RowOrigin, detail: boolean): Document => [
  ...(detail ? [line('Source'), ...originTexts(origin), gap] : []),
  line(`${unknown} is unknown; GB is 1e9 bytes, GiB 2^30`),
];

/** Published measurements, named by the other of model and card; empty if none. */
export function measuredTable(
  measurements: readonly MeasuredPoint[],
  by: 'family' | 'accelerator',
  detail: boolean,
): Document {
  if (measurements.length === 0) return [];
  const columns: Grid<MeasuredPoint> = {
    [by === 'family' ? 'model' : 'accelerator']: (each) => each[by],
    '#cards': (each) => each.acceleratorCount,
    scheme: (each) => each.quantization,
    engine: (each) => each.engine,
    '#in': (each) => each.promptTokens,
    '#out': (each) => each.outputTokens,
    '#at once': (each) => figure(each.concurrency),
    '#out/s': (each) => figure(each.outputTokensPerS),
    '#computed': (each) => figure(each.predicted?.outputTokensPerS ?? null, short),
    '#TTFT ms': (each) => figure(each.ttftMsP50),
    '#TPOT ms': (each) => figure(each.tpotMsP50),
    publisher: publisherOf,
    date: (each) => each.date,
  };
  const sources = [...new Set(measurements.map(({ source }) => source))];
  return [
    line('Measured, as published'),
    grid(columns, measurements),
    line('in, out = tokens of a request; out/s = output tokens a second of all together; medians'),
    line('computed = out/s by the formulas alone, which published measurements then correct'),
    ...(detail ? [line('sources'), ...sources.map((source) => line(`  ${plainText(source)}`))] : []),
  ];
}
