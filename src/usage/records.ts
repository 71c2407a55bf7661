import { jsonMistakeAt } from '../units/problem.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** One record of a usage export of any tool: a call, or all calls of a time bucket. */
export type UsageRow = {
  /** Milliseconds since 1970 in UTC; `until`: the end of a bucket, null for a call. */
  at: number;
  until: number | null;
  calls: number;
  failed: number;
  /** All of the prompt: cached and cache-written tokens inside. */
  input: number;
  /** Null: not reported. */
  cached: number | null;
  written5m: number | null;
  written1h: number | null;
  /** Reasoning inside. */
  output: number;
  reasoning: number | null;
  /** Null: not reported; 0 with tokens is a price that nobody set, so null too. */
  usd: number | null;
  batch: boolean;
  ttftMs: number | null;
  totalMs: number | null;
} & Record<Name, string | null>;

/** Names of a record. Keys, sessions and ids are compared and never written. */
type Name = 'provider' | 'model' | 'tag' | 'name' | 'route' | 'project' | 'key' | 'session' | 'id';

/** Why a file cannot be read, and where. */
export class ReadFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly line: number | null = null,
    readonly hint: string | null = null,
    readonly column = 1,
  ) {
    super(message);
  }
}

/** A record as its file has it: cells of a table, or an object. */
export type Cells = readonly string[];
export type Fields = Readonly<Record<string, unknown>>;
type RecordSink = {
  /** The first record of a table. */
  header(cells: Cells): void;
  record(record: Cells | Fields, line: number): void;
  /** A document says whether more pages follow it. */
  page(hasMore: boolean): void;
};
/** Takes a text in parts of any size. Both throw `ReadFault`. */
export type RecordReader = { write(text: string): void; end(): void };

/** Longest record of a table or line of JSON, in characters, in case a quote is never closed. */
const longestRecord = 16 * 1024 * 1024;
const longestDocument = 256 * 1024 * 1024;

/** Reads a table (commas, semicolons or tabs), JSON lines or one JSON document, by its beginning. */
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
  /** A record whose quote is open: a cell goes on in the next line. */
  let open: string | null = null;
  const takeLine = (text: string, delimiter: string): void => {
    const isQuoted = text.includes('"');
    const isOdd = isQuoted && hasOpenQuote(text);
    if (open === null && isOdd) open = text;
    else if (open === null) {
      if (text !== '') take(isQuoted ? cellsOf(text, delimiter) : text.split(delimiter), line);
    } else {
      open += `\n${text}`;
      if (open.length > longestRecord) throw new ReadFault('bad-csv', 'a record does not end: is a quote open?', line);
      if (isOdd) {
        take(cellsOf(open, delimiter), line);
        open = null;
      }
    }
    line++;
  };
  return {
    write(text) {
      const lines = text.split('\n');
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      if (rest.length > longestRecord) throw new ReadFault('bad-csv', 'a line does not end', line);
      for (const each of lines) {
        separator ??= each.trim() === '' ? null : separatorOf(each);
        takeLine(each, separator ?? ',');
      }
    },
    end() {
      takeLine(rest, separator ?? separatorOf(rest));
      if (open !== null) throw new ReadFault('bad-csv', 'a quote is never closed', line - 1);
    },
  };
}

/** Whether a text leaves a quote open, from before or its own. */
function hasOpenQuote(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}

/** Cells of a record; within quotes two of them are one. */
function cellsOf(record: string, delimiter: string): string[] {
  const cells: string[] = [];
  for (let from = 0; from <= record.length; ) {
    let end = record.indexOf(delimiter, from);
    if (record[from] !== '"') {
      if (end < 0) end = record.length;
      cells.push(record.slice(from, end));
    } else {
      let close = record.indexOf('"', from + 1);
      while (record[close + 1] === '"') close = record.indexOf('"', close + 2);
      cells.push(record.slice(from + 1, close).replaceAll('""', '"'));
      end = record.indexOf(delimiter, close);
      if (end < 0) end = record.length;
    }
    from = end + 1;
  }
  return cells;
}

/** What separates most cells of a line. */
function separatorOf(line: string): string {
  const cells = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (cells(each) > cells(best) ? each : best));
}

function jsonReader(sink: RecordSink): RecordReader {
  let rest = '';
  let line = 1;
  let isLines: boolean | null = null;
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      const before = text.slice(0, jsonMistakeAt(text)).split('\n');
      const column = (before.at(-1)?.length ?? 0) + 1;
      const message = 'not JSON from here on: was the file cut off?';
      throw new ReadFault('not-json', message, line + before.length - 1, null, column);
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

/** Lists of records, at any level. Values next to a list hold for each of its records. */
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
