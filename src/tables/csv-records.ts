import { parse } from 'csv-parse/sync';

/** One record of a CSV text: its cells as they are, and the line (1-based) it begins in. */
export type CsvRecord = { cells: string[]; line: number };
/** A place in a text, 1-based, with its whole line. */
export type TextPlace = { line: number; column: number; excerpt: string };
export type CsvText = {
  records: CsvRecord[];
  fault: { line: number | null; code: string; message: string } | null;
  /** Where a cell of a record begins. */
  placeOf(record: CsvRecord, cell: number): TextPlace;
};

/** No table is larger, in characters. */
const largest = 20 * 1024 * 1024;

/**
 * Splits a CSV text (RFC 4180; any line ends, a byte-order mark) into records. Records of empty cells alone are left out, and
 * line breaks within a cell become line feeds.
 *
 * @param most characters that are read; a larger text is a fault
 */
export function csvRecords(text: string, most = largest): CsvText {
  // The parser counts a carriage return and a line feed within quotes as two lines.
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const lines = plain.split('\n');
  const placeOf = (record: CsvRecord, cell: number): TextPlace => placeIn(lines, record, cell);
  if (text.length > most)
    return { records: [], fault: { line: null, code: 'file-too-large', message: 'larger than 20 MB' }, placeOf };
  // Each record becomes one small object as it is read: a catalog has a hundred thousand of them.
  const onRecord = (cells: string[], info: { lines: number }): CsvRecord | null =>
    cells.some((cell) => cell.trim() !== '') ? { cells, line: info.lines - breaksIn(cells) } : null;
  try {
    const records = parse(plain, {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: '\n',
      on_record: onRecord as never,
    }) as unknown as CsvRecord[];
    return { records, fault: null, placeOf };
  } catch (error) {
    const { lines: line, message } = error as { lines?: number; message: string };
    return {
      records: [],
      fault: { line: line ?? null, code: 'bad-csv', message: `not a CSV file: ${message}` },
      placeOf,
    };
  }
}

function breaksIn(record: readonly string[]): number {
  return record.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
}

function placeIn(lines: readonly string[], { cells, line }: CsvRecord, wanted: number): TextPlace {
  let [at, column, inQuotes] = [line - 1, 0, false];
  for (let cell = 0; cell < Math.min(wanted, cells.length); ) {
    const text = lines[at];
    if (text === undefined) break;
    if (column >= text.length) {
      // Only a cell in quotes goes on in the next line.
      if (!inQuotes) break;
      [at, column] = [at + 1, 0];
      continue;
    }
    if (text[column] === '"') inQuotes = !inQuotes;
    else if (text[column] === ',' && !inQuotes) cell++;
    column++;
  }
  return { line: at + 1, column: column + 1, excerpt: lines[at] ?? '' };
}
