import { type MeasuredPoint, publisherOf } from '../capacity/measurement.js';
import { rounded } from '../decide/round.js';
import type { Confidence } from '../tables/rows.js';
import type { RowProse } from '../tables/tables.js';
import { csvTable } from './csv.js';
import { type Document, gap, indented, line, narrow, type Table, table } from './document.js';
import { counted, decimal, grouped } from './numbers.js';
import { plainText } from './plain-text.js';
import { renderText } from './text.js';

/** Stands for what no source gives; never 0. */
export const unknown = '?';

const giga = 1e9;
const bytesPerGib = 2 ** 30;

/** A figure, or `?`. */
export const figure = (value: number | null, show: (known: number) => string = decimal): string =>
  value === null ? unknown : show(value);

/** A word, or `?`. */
export const word = (value: string | null): string => (value === null || value === '' ? unknown : value);

/** Three significant digits, more where the whole part has more: 0.614, 15.9, 688, 1,376. */
export const short = (value: number): string =>
  Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : grouped(value);

/** Bytes in 1e9, and in 2^30. */
export const gb = (bytes: number): string => short(bytes / giga);
export const gib = (bytes: number): string => short(bytes / bytesPerGib);

/** The same with every number at 12 significant digits, so that the same bytes come out everywhere. */
export function roundedTree<Tree>(value: Tree): Tree;
export function roundedTree(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map((one) => roundedTree(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundedTree(inner)]));
}

/** Which prices, and how old they are on the day that is asked about. */
export type PriceDate = { snapshot: string; asOf: string; ageDays: number };

/** `91 days old`, or what there is to say of a day before the prices. */
export function ageText({ ageDays, asOf }: PriceDate): string {
  return ageDays >= 0 ? `${counted(ageDays, 'day')} old` : `later than ${asOf} by ${counted(-ageDays, 'day')}`;
}

/** Where a row comes from and what is to be known about it. */
export type RowOrigin = RowProse & { confidence: Confidence };

/** Source, confidence and note, to stand below what the row says. */
export const originTexts = ({ source, confidence, note }: RowOrigin): Document =>
  [`${confidence} confidence: ${source}`, ...(note === '' ? [] : [`note: ${note}`])].map((words) =>
    indented(plainText(words), 2),
  );

/** Text as wide as a sheet of tables asks for, whatever the terminal. */
export const sheetText = (document: Document, width = 100): string => renderText(document, { color: false, width });

type Cell = string | number | null;

/** A column of a list: its header in CSV, what a row has there, and, where the text has it too, its title and how it is shown. */
export type ListColumn<Row> = {
  header: string;
  value: (row: Row) => Cell;
  title?: string;
  number?: true;
  show?: (row: Row) => string;
};

/** A column of words, and one of figures; without a title it is in CSV alone. */
export const words = <Row>(
  header: string,
  value: (row: Row) => Cell,
  title?: string,
  show?: (row: Row) => string,
): ListColumn<Row> => ({ header, value, ...(title !== undefined && { title }), ...(show && { show }) });
export const figures = <Row>(...[header, value, title, show]: Parameters<typeof words<Row>>): ListColumn<Row> => ({
  ...words(header, value, title, show),
  number: true,
});

/** What a list is of: rows of the catalog, each with where it comes from. */
export type ListRow<Row> = { summary: Row; origin: RowOrigin };

/** One line a row, without the columns left out. `detail` adds source, confidence and note below each. */
export function listTable<Row>(
  columns: readonly ListColumn<Row>[],
  rows: readonly ListRow<Row>[],
  detail: boolean,
  more: (row: Row) => Document = () => [],
): Table {
  const shown = columns.filter(({ title }) => title !== undefined);
  return table(
    narrow(shown.map(({ title = '', number }) => ({ title, ...(number && { number }) }))),
    rows.map(({ summary, origin }) => ({
      cells: shown.map(({ value, show }) => show?.(summary) ?? String(value(summary) ?? unknown)),
      below: detail ? [...more(summary), ...originTexts(origin)] : [],
    })),
  );
}

/** The list with an empty cell where something is unknown. */
export const listCsv = <Row>(columns: readonly ListColumn<Row>[], rows: readonly ListRow<Row>[]): string =>
  csvTable<ListRow<Row>>(
    {
      ...Object.fromEntries(
        columns.map(({ header, value }) => [header, ({ summary }: ListRow<Row>) => value(summary)]),
      ),
      confidence: ({ origin }) => origin.confidence,
      source: ({ origin }) => origin.source,
      note: ({ origin }) => origin.note,
    },
    rows,
  );

/** Columns of a table by their titles; titles of figures begin with `#`. */
export type Grid<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** A table of rows; null is unknown. */
export const grid = <Row>(columns: Grid<Row>, rows: readonly Row[], isNarrow = false): Table => {
  const titles = Object.keys(columns).map((title) =>
    title.startsWith('#') ? { title: title.slice(1), number: true as const } : { title },
  );
  return table(
    isNarrow ? narrow(titles) : titles,
    rows.map((row) => Object.values(columns).map((show) => String(show(row) ?? unknown))),
  );
};

/** Last lines of a sheet: where its row comes from, if that is asked for, and its units. */
export const footOf = (origin: RowOrigin, detail: boolean): Document => [
  ...(detail ? [gap, line('Source'), ...originTexts(origin)] : []),
  gap,
  line(`${unknown} is unknown; GB is 1e9 bytes, GiB 2^30`),
];

/** Published measurements, named by what the sheet is not about; nothing where there are none. */
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
    gap,
    line('Measured, as published'),
    grid(columns, measurements),
    line('in, out = tokens of a request; out/s = output tokens a second of all together; medians'),
    line('computed = out/s by the formulas alone, which published measurements then correct'),
    ...(detail ? [line('sources'), ...sources.map((source) => line(`  ${plainText(source)}`))] : []),
  ];
}
