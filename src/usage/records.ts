import { parse } from 'csv-parse/sync';
import { jsonMistakeAt } from '../units/problem.js';
import { ReadFault } from './row.js';

/** A record as its file has it: cells of a table, or an object. */
export type Cells = readonly string[];
export type Fields = Readonly<Record<string, unknown>>;
export type RecordSink = {
  /** The first record of a table. */
  header(cells: Cells): void;
  record(record: Cells | Fields, line: number): void;
  /** A document says whether more pages follow it. */
  page(hasMore: boolean): void;
};
/** Takes a text in parts of any size. Both throw `ReadFault`. */
export type RecordReader = { write(text: string): void; end(): void };

/** Longest record of a table or line of JSON, in characters: an open quote would otherwise keep all of a file. */
const longestRecord = 16 * 1024 * 1024;
const longestDocument = 256 * 1024 * 1024;

/** Reads a table (separated by commas, semicolons or tabs), JSON lines or one JSON document, told apart by how it begins. */
export function recordReader(sink: RecordSink): RecordReader {
  let reader: RecordReader | null = null;
  let start = '';
  let carry = '';
  const write = (part: string, isLast: boolean): void => {
    // A carriage return and a line feed may come in two parts.
    let text = carry + part;
    carry = !isLast && text.endsWith('\r') ? '\r' : '';
    if (carry) text = text.slice(0, -1);
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    if (reader === null) {
      start = (start + text).replace(/^\uFEFF/, '');
      if (!isLast && start.trim() === '') return;
      reader = /^\s*[{[]/.test(start) ? jsonReader(sink) : tableReader(sink);
      text = start;
    }
    reader.write(text);
  };
  return {
    write: (text) => write(text, false),
    end() {
      write('', true);
      reader?.end();
    },
  };
}

function tableReader({ header, record }: RecordSink): RecordReader {
  let rest = '';
  let line = 1;
  let separator: string | null = null;
  let headed = false;
  const take = (cells: string[], at: number): void => {
    if (cells.every((cell) => cell.trim() === '')) return;
    if (headed) record(cells, at);
    else header(cells.map((cell) => cell.trim()));
    headed = true;
  };
  /** Whole records. */
  const block = (text: string): void => {
    const delimiter = separator ?? separatorOf(text);
    if (text.trim() !== '') separator = delimiter;
    if (!text.includes('"')) {
      for (const each of text.split('\n')) {
        if (each !== '') take(each.split(delimiter), line);
        line++;
      }
      // The text ends with a line feed, behind which no line begins yet.
      line--;
      return;
    }
    const before = line - 1;
    try {
      parse(text, {
        delimiter,
        relax_column_count: true,
        record_delimiter: '\n',
        on_record: ((cells: string[], { lines }: { lines: number }) => {
          take(cells, before + lines);
          return null;
        }) as never,
      });
    } catch (error) {
      if (error instanceof ReadFault) throw error;
      // The parser's own words repeat what is in the file.
      const at = (error as { lines?: number }).lines;
      throw new ReadFault('bad-csv', 'not a table: a quote in the wrong place', at === undefined ? null : before + at);
    }
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) line++;
  };
  return {
    write(text) {
      const all = rest + text;
      const end = endOfRecords(all) + 1;
      if (end > 0) block(all.slice(0, end));
      rest = all.slice(end);
      if (rest.length > longestRecord) throw new ReadFault('bad-csv', 'a record does not end: is a quote open?', line);
    },
    end() {
      if (endOfRecords(`${rest}\n`) !== rest.length) throw new ReadFault('bad-csv', 'a quote is never closed', line);
      block(rest);
    },
  };
}

/** What separates most cells of the first line. */
function separatorOf(text: string): string {
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  const cells = (separator: string) => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (cells(each) > cells(best) ? each : best));
}

/** Place of the last line feed outside quotes; -1 if there is none. */
function endOfRecords(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n');
  let end = -1;
  for (let from = 0; ; ) {
    const open = text.indexOf('"', from);
    const feed = text.slice(from, open < 0 ? text.length : open).lastIndexOf('\n');
    if (feed >= 0) end = from + feed;
    const close = open < 0 ? -1 : text.indexOf('"', open + 1);
    if (close < 0) return end;
    from = close + 1;
  }
}

function jsonReader(sink: RecordSink): RecordReader {
  let rest = '';
  let line = 1;
  let isLines: boolean | null = null;
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      const before = text.slice(0, jsonMistakeAt(text));
      const at = line + before.split('\n').length - 1;
      throw new ReadFault('not-json', 'not JSON from here on: was the file cut off?', at);
    }
  };
  const each = (text: string): void => {
    if (text.trim() !== '') take(parsed(text), sink, line);
    line++;
  };
  return {
    write(text) {
      rest += text;
      if (isLines === null && text.includes('\n')) isLines = isWhole(rest.slice(0, rest.indexOf('\n')));
      if (isLines) {
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(each);
        if (rest.length > longestRecord) throw new ReadFault('too-long', 'a line does not end', line);
      } else if (rest.length > longestDocument)
        throw new ReadFault('file-too-large', 'larger than 256 MB as one document', null, 'export it as JSON lines');
    },
    end: () => each(rest),
  };
}

/** Whether a line is a record by itself. */
function isWhole(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** Lists that hold records, at any level of a document. What stands beside such a list holds for each of its records. */
const lists = [
  ...['data', 'results', 'resourceSpans', 'scopeSpans', 'spans', 'rows'],
  ...['daily', 'weekly', 'monthly', 'session', 'sessions', 'blocks', 'modelBreakdowns'],
];
const deepest = 8;

function take(value: unknown, sink: RecordSink, line: number, around: Fields = {}, depth = 0): void {
  if (Array.isArray(value)) {
    if (depth < deepest) for (const each of value) take(each, sink, line, around, depth + 1);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Fields;
  if (typeof fields.has_more === 'boolean') sink.page(fields.has_more);
  const inside = lists.map((name) => fields[name]).find((list) => Array.isArray(list) && !isEmptyDetail(list, fields));
  if (inside === undefined) sink.record(Object.keys(around).length === 0 ? fields : { ...around, ...fields }, line);
  else {
    const plain = Object.entries(fields).filter(([, each]) => typeof each === 'string' || typeof each === 'number');
    take(inside, sink, line, { ...around, ...Object.fromEntries(plain) }, depth + 1);
  }
}

/** A day without its models is a record itself. */
const isEmptyDetail = (list: readonly unknown[], fields: Fields): boolean =>
  list.length === 0 && list === fields.modelBreakdowns;
