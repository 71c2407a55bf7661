import { rounded } from '../decide/round.js';
import { plainText } from './plain-text.js';

/** Rows, a header among them, as CSV (RFC 4180, line feeds): a cell in quotes where it must be. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\n`).join('');

type Cell = string | number | boolean | null | undefined;
/** Columns by their titles, with what a row has in each; null, undefined: an empty cell. Numbers get 12 significant digits. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

export const csvHeader = <Row>(columns: CsvColumns<Row>): string => csvText([Object.keys(columns)]);

export const csvRows = <Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string =>
  csvText(rows.map((row) => Object.values(columns).map((cell) => cellText(cell(row)))));

const cellText = (value: Cell): string => String((typeof value === 'number' ? rounded(value) : value) ?? '');

export const csvTable = <Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string =>
  csvHeader(columns) + csvRows(columns, rows);

/**
 * A name that somebody wrote, of a scenario or a file: one that a spreadsheet would work out as a formula has an apostrophe
 * before it, which keeps it a text there. A pull request may bring any name.
 */
export const nameCell = (name: string): string => (/^[=+\-@]/.test(name) ? `'${name}` : name);

function cell(value: string): string {
  const text = plainText(value);
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
