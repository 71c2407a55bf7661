import { type MeasuredPoint, publisherOf } from '../capacity/measurement.js';
import { rounded } from '../decide/round.js';
import type { Confidence } from '../tables/rows.js';
import type { RowProse } from '../tables/tables.js';
import { type Document, gap, indented, line, numberColumns, table, textColumns } from './document.js';
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
export function roundedTree(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map(roundedTree);
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

/** Published measurements, named by what the sheet is not about; nothing where there are none. */
export function measuredTable(
  measurements: readonly MeasuredPoint[],
  by: 'family' | 'accelerator',
  detail: boolean,
): Document {
  if (measurements.length === 0) return [];
  const columns = [
    ...textColumns(by === 'family' ? 'model' : 'accelerator'),
    ...numberColumns('cards'),
    ...textColumns('scheme', 'engine'),
    ...numberColumns('in', 'out', 'at once', 'out/s', 'computed', 'TTFT ms', 'TPOT ms'),
    ...textColumns('publisher', 'date'),
  ];
  const rows = measurements.map((each) => [
    each[by],
    String(each.acceleratorCount),
    each.quantization,
    each.engine,
    String(each.promptTokens),
    String(each.outputTokens),
    figure(each.concurrency),
    figure(each.outputTokensPerS),
    figure(each.predicted?.outputTokensPerS ?? null, short),
    figure(each.ttftMsP50),
    figure(each.tpotMsP50),
    publisherOf(each),
    each.date,
  ]);
  const sources = [...new Set(measurements.map(({ source }) => source))];
  return [
    gap,
    line('Measured, as published'),
    table(columns, rows),
    line('in, out = tokens of a request; out/s = output tokens a second of all together; medians'),
    line('computed = out/s by the formulas alone, which published measurements then correct'),
    ...(detail ? [line('sources'), ...sources.map((source) => line(`  ${plainText(source)}`))] : []),
  ];
}
