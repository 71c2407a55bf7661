import { rounded } from '../decide/round.js';
import { plainText } from './plain-text.js';

/** Rows with a header as CSV (RFC 4180, line feeds), quoted where needed. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\n`).join('');

type Cell = string | number | boolean | null | undefined;
/** Columns by title, with a row's value; null, undefined: empty. Numbers get 12 significant digits. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

export const csvHeader = <Row>(columns: CsvColumns<Row>): string => csvText([Object.keys(columns)]);

export const csvRows = <Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string =>
  csvText(rows.map((row) => Object.values(columns).map((cell) => cellText(cell(row)))));

const cellText = (value: Cell): string => String((typeof value === 'number' ? rounded(value) : value) ?? '');

export const csvTable = <Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string =>
  csvHeader(columns) + csvRows(columns, rows);

/** A user's name of a scenario or file, with an apostrophe before what a spreadsheet would read as a formula. */
export const nameCell = (name: string): string => (/^[=+\-@]/.test(name) ? `'${name}` : name);

function cell(value: string): string {
  const text = plainText(value);
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
