import { rounded } from '../units/numeric.js';

/** Characters of JSON that a terminal may obey; inside JSON only in strings. */
const unsafeInJson = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** A value as JSON, two spaces of indent and a final line break; safe on a terminal. */
export const jsonText = (value: unknown): string => safeJson(JSON.stringify(value, null, 2));

/** A value as JSON on one line, safe on a terminal. */
export const jsonLine = (value: unknown): string => safeJson(JSON.stringify(value));

/** JSON with terminal control characters escaped, and a final line break. */
export const safeJson = (json: string): string => `${json.replace(unsafeInJson, escaped)}\n`;

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

/** Line breaks and tabs, with the blanks around them: they would break the layout. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/**
 * Terminal control: control characters, marks that reorder text, zero-width characters, and halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff\p{Cs}]/gu;

/**
 * Text safe to print: line breaks as spaces, other control characters as visible escapes.
 *
 * @example plainText('a\u001b[2Jb') // 'a\\u001b[2Jb', the escape written out
 */
export function plainText(text: string): string {
  return text.replace(breaks, ' ').replace(unprintable, escaped);
}

/** The same value with every string in it, keys included, made safe to print. */
export function plainTree<T>(value: T): T {
  return plain(value) as T;
}

/** A character as JSON writes it: `\u` and four hexadecimal digits. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key), plain(inner)]));
}

/** Characters that take no column of their own. */
const combining = /^(?:\p{M}|\p{Join_Control}|\p{Variation_Selector})$/u;
/** Characters of two terminal columns: East Asian scripts, full-width forms, pictographs. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns a text takes in a terminal. */
export function columns(text: string): number {
  let total = 0;
  for (const character of text) total += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return total;
}

/** Text with blanks after it, up to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Text with blanks before it, up to a width. */
export function paddedLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

/**
 * Text in lines of at most `width` columns, broken at blanks. A longer word is broken after one of `/ | ; = @ _ . : ,
 * -`, and within letters only where a line cannot hold it. Blanks inside a line stay.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let blanks = '';
  for (const piece of text.trim().split(/( +)/)) {
    if (/^ *$/.test(piece)) {
      blanks = piece;
      continue;
    }
    const fits = columns(line) + (line === '' ? 0 : blanks.length) + columns(piece) <= width;
    if (fits) {
      line += line === '' ? piece : blanks + piece;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = broken(piece, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** One word in pieces of at most `width` columns, as few as its separators allow. */
function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let line = '';
  for (const part of word.split(/(?<=[/|;=@_.:,-])/).flatMap((part) => cut(part, width))) {
    if (columns(line) + columns(part) > width) {
      pieces.push(line);
      line = '';
    }
    line += part;
  }
  return [...pieces, line];
}

function cut(part: string, width: number): string[] {
  if (columns(part) <= width) return [part];
  const pieces = [''];
  for (const character of part) {
    if (columns((pieces.at(-1) ?? '') + character) > width) pieces.push('');
    pieces[pieces.length - 1] += character;
  }
  return pieces;
}
