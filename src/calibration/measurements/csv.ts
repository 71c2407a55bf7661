import {
  type Arrival,
  type Measurement,
  type MeasurementRow,
  parallelInNote,
  plainRun,
  type Run,
  readParallel,
} from '../../capacity/measurement.js';
import { number, oneOf, type Reader, text, whole } from '../../tables/column.js';
import { type CsvRecord, type CsvText, csvRecords } from '../../tables/parse.js';
import { nearest, type Problem } from '../../units/problem.js';

/** What a note says of the run, as far as a prediction depends on it. */
type NoteInputs = {
  run: Run;
  maxNumSeqs: number | null;
  prefixHitRate: number | null;
  kvCacheDtype: string | null;
};

/** Kinds of arrival by the words for them, the most specific first. */
const arrivals: readonly [RegExp, Arrival][] = [
  [/\bstatic (?:offline )?batch|\bbatched-bench\b/i, 'static-batch'],
  [/\boffline (?:maximum|max)\b|\bmaximum load\b/i, 'offline'],
  [/\bat once\b|\bburst of\b|\ball[- ]at[- ]once\b/i, 'burst'],
  [/\bopen[- ]loop\b|\bpoisson\b/i, 'open-loop'],
  [/\bclosed[- ]loop\b/i, 'closed-loop'],
];

/** What the time of the output rate covers, by the words for it. */
const covers: readonly [RegExp, Run['rateCovers']][] = [
  [/\bincludes prefill\b|\bprefill (?:time )?included\b/i, 'whole'],
  [/\bprefill (?:time )?excluded\b|\bdecode (?:rate|phase|speed)\b|\bphase-only\b/i, 'decode'],
  [/\bllama-bench\b|\bmlx_lm\.benchmark\b|\b(?:mean )?speed of generating\b|(?:^|;)\s*decode of \d/i, 'decode'],
];

const digits = String.raw`(\d+(?:\.\d+)?)`;
const patterns = {
  chunkTokens: /\bn_ubatch ?= ?(\d+)/i,
  prompts: /(?<![-\w])(\d+) (?:prompts|requests)\b/i,
  kvMemoryGib: new RegExp(String.raw`\b(?:memory for kv|kv memory|kv cache)\b[^;]{0,20}? ${digits} ?gib\b`, 'i'),
  maxNumSeqs:
    /\b(?:max[-_ ]num[-_ ]seqs|max sequences)(?: ?[=:] ?| )(\d+)|\bengine limit (?:of )?(?:about )?(\d+) sequences/i,
  prefixHitRate: new RegExp(String.raw`\bprefix(?:[- ]cache)? hit rate ?(?:of|[=:])? ?${digits} ?(%?)`, 'i'),
} as const;
const lengths = new RegExp(String.raw`\breal lengths are ${digits} ?(?:-|to|\.\.) ?${digits} ?x the nominal`, 'i');
const atDepth = /\bat context depth (\d+)\b[^;]*\bprefill of (\d+)\b/i;
const emptyContext = /\btg(\d+)\b[^;]*\bpp(\d+)\b/i;
const speculation =
  /\bspeculat\w*|\bspec(?:[-_ ]?decod\w*)\b|\bmtp\b|\bmulti-token prediction\b|\beagle\d?\b|\bmedusa\b|\bdraft model\b/i;
const prefixes = /\b(?:automatic )?prefix[-_ ]cach(?:e|ing)\b/i;
const dtypes = String.raw`(fp8(?:_?e\dm\d)?|fp16|bf16|f16|int8|int4|nvfp4|q\d_[\dk](?:_[msl])?)`;
const dtypeIf = new RegExp(String.raw`\b(\w+) runs use an? ${dtypes}[- ]kv[- ]cache`, 'i');
const dtype = new RegExp(
  String.raw`\b${dtypes}[- ]kv[- ]cache|\bkv[-_ ]cache(?:[-_ ]dtype)?(?: in | ?[=:] ?| )${dtypes}\b`,
  'i',
);

/**
 * Reads facts of a run from a note; all else is prose.
 *
 * @param quantization scheme of the weights, for notes that tell of runs of one scheme only
 */
export function readNote(note: string, quantization: string): NoteInputs {
  const first = <Value>(table: readonly [RegExp, Value][]): Value | null =>
    table.find(([words]) => words.test(note))?.[1] ?? null;
  const figure = (form: RegExp): number | null => {
    const digits = form
      .exec(note)
      ?.slice(1)
      .find((group) => group !== undefined);
    return digits === undefined ? null : Number(digits);
  };
  const ratio = lengths.exec(note);
  const hits = patterns.prefixHitRate.exec(note);
  const hitRate = hits === null ? null : Number(hits[1]) / (hits[2] === '%' ? 100 : 1);
  return {
    maxNumSeqs: positive(figure(patterns.maxNumSeqs)),
    prefixHitRate: hitRate !== null && hitRate <= 1 ? hitRate : null,
    kvCacheDtype: kvCacheDtype(note, quantization),
    run: {
      ...plainRun,
      arrival: first(arrivals),
      prompts: positive(figure(patterns.prompts)),
      sameLengths: !/\breal (?:lengths are|mean)\b/i.test(note),
      lengthRatio: ratio === null ? null : { low: Number(ratio[1]), high: Number(ratio[2]) },
      rateCovers: first(covers),
      phases: phasesIn(note),
      chunkTokens: positive(figure(patterns.chunkTokens)),
      kvMemoryGib: positive(figure(patterns.kvMemoryGib)),
      speculative: switched(note, speculation),
      prefixCaching: switched(note, prefixes),
    },
  };
}

function positive(figure: number | null): number | null {
  return figure !== null && figure > 0 ? figure : null;
}

/** Whether a named thing was on, by the words next to it. */
function switched(note: string, thing: RegExp): boolean | null {
  const found = thing.exec(note);
  if (found === null) return null;
  const before = note.slice(0, found.index).split(/[;,.]/).at(-1) ?? '';
  const after = note.slice(found.index + found[0].length).split(/[;,.]/)[0] ?? '';
  const off =
    /\b(?:no|without|not)\s*$/i.test(before) ||
    /^\s*(?:is |was |were |[=:] ?)?(?:off|disabled|false|no|0)\b/i.test(after);
  return !off;
}

function phasesIn(note: string): Run['phases'] {
  const deep = atDepth.exec(note);
  if (deep !== null) {
    const depth = Number(deep[1]);
    return { decodeDepth: depth, prefillDepth: depth, prefillTokens: Number(deep[2]) };
  }
  const empty = emptyContext.exec(note);
  return empty === null ? null : { decodeDepth: 0, prefillDepth: 0, prefillTokens: Number(empty[2]) };
}

function kvCacheDtype(note: string, quantization: string): string | null {
  const conditional = dtypeIf.exec(note);
  if (conditional !== null) {
    const [, scheme = '', cache = ''] = conditional;
    return quantization.toLowerCase().split('-')[0] === scheme.toLowerCase() ? cache.toLowerCase() : null;
  }
  const found = dtype.exec(note);
  return (found?.[1] ?? found?.[2])?.toLowerCase() ?? null;
}

/** One column of measurements: its reader, and the meaning of an empty cell or missing column. */
type MeasurementColumn<V> = {
  read: Reader<V>;
  /** Without it the column must be there, and its cells filled. */
  ifEmpty?: V;
};

const free: Reader<string> = (cell) => ({ value: cell });
const maybe = <V>(read: Reader<V>): MeasurementColumn<V | null> => ({ read, ifEmpty: null });
const result = maybe(number(0));
const tokens: MeasurementColumn<number> = { read: number(0, 1e9) };
/** `inf`, as load generators write it, is a client that does not wait: no rate. */
const rate: Reader<number | null> = (cell) => (/^inf(inity)?$/i.test(cell) ? { value: null } : aboveZero(cell));

const aboveZero: Reader<number> = (cell) => {
  const read = number(0)(cell);
  if ('fault' in read || read.value > 0) return read;
  return { fault: { code: 'out-of-range', message: `${cell} must be above 0` } };
};

/** Every column, by field; `columnOf`: its name in the file. Others are ignored. */
const columns = {
  id: maybe(free),
  source: maybe(free),
  engine: maybe(text),
  engineVersion: maybe(text),
  modelFamily: { read: text },
  quantization: { read: text, ifEmpty: '' },
  accelerator: { read: text },
  acceleratorCount: { read: whole(1, 1e6), ifEmpty: 1 },
  promptTokens: tokens,
  outputTokens: tokens,
  concurrency: maybe(aboveZero),
  requestRateRps: maybe(rate),
  metricScope: maybe(text),
  saturated: { read: oneOf('yes', 'no', 'unknown'), ifEmpty: 'unknown' },
  confidence: maybe(text),
  note: maybe(free),
  maxNumSeqs: maybe(whole(1, 1e9)),
  prefixHitRate: maybe(number(0, 1)),
  kvCacheDtype: maybe(text),
  parallel: maybe(text),
  outputTokensPerS: result,
  totalTokensPerS: result,
  prefillTokensPerS: result,
  ttftMsP50: result,
  ttftMsP95: result,
  tpotMsP50: result,
  tpotMsP95: result,
  e2eMsP50: result,
} as const satisfies Readonly<Record<Exclude<keyof Measurement, 'run'>, MeasurementColumn<unknown>>>;

type Name = keyof typeof columns;
type ValueOf<C> = C extends { read: Reader<infer V> } ? V | (C extends { ifEmpty: infer E } ? E : never) : never;
/** The values of one row. */
type RowValues = { -readonly [Each in Name]: ValueOf<(typeof columns)[Each]> };

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const names = Object.keys(columns) as Name[];
const columnNames = names.map(columnOf);
/** Columns that no table of measurements can be without. */
const neededColumns = names.filter((name) => !('ifEmpty' in columns[name])).map(columnOf);

/** A row as a measurement, with its problems. A column overrides the note. */
function measurementOfRow(row: RowValues): { measurement: Measurement; faults: string[] } {
  const { note, parallel: written, acceleratorCount: count } = row;
  const said = readNote(note ?? '', row.quantization);
  const { parallel, faults } = written === null ? parallelInNote(note ?? '', count) : readParallel(written, count);
  const measurement = {
    ...row,
    maxNumSeqs: row.maxNumSeqs ?? said.maxNumSeqs,
    prefixHitRate: row.prefixHitRate ?? said.prefixHitRate,
    kvCacheDtype: row.kvCacheDtype ?? said.kvCacheDtype,
    parallel,
    run: said.run,
  };
  return { measurement, faults };
}

type MeasurementTable = { header: string[]; rows: MeasurementRow[]; problems: Problem[] };

/**
 * Reads a table of serving measurements, columns by name in any order. A row with an error is left out; with an error
 * of the whole file all are.
 */
export function readMeasurementsCsv(text: string, file: string): MeasurementTable {
  const csv = csvRecords(text);
  const [head, ...found] = csv.records;
  if (csv.fault !== null || head === undefined) {
    const fault = csv.fault ?? { line: 1, code: 'empty-file', message: 'the file is empty' };
    return { header: [], rows: [], problems: [problemOf(file, fault.code, fault.message, { line: fault.line })] };
  }
  const problems = headerProblems(head, file, csv);
  if (problems.some(({ severity }) => severity === 'error')) return { header: head.cells, rows: [], problems };
  if (found.length === 0)
    problems.push({
      ...problemOf(file, 'no-rows', 'has a header and no rows', { line: head.line }),
      severity: 'warning',
    });
  const position = new Map(head.cells.map((header, at) => [header.trim(), at]));
  return { header: head.cells, rows: found.map((record) => rowOf(record, position, head, file, csv)), problems };
}

function rowOf(
  record: CsvRecord,
  position: ReadonlyMap<string, number>,
  head: CsvRecord,
  file: string,
  csv: CsvText,
): MeasurementRow {
  const problems: Problem[] = [];
  const problemAt = (name: Name, code: string, message: string): Problem => {
    const column = columnOf(name);
    const place = csv.placeOf(record, position.get(column) ?? 0);
    return problemOf(file, code, `${column}: ${message}`, { ...place, path: column });
  };
  const { cells, line } = record;
  if (cells.length !== head.cells.length) {
    const message = `has ${cells.length} cells; the header has ${head.cells.length}`;
    const where = csv.placeOf(record, Math.min(cells.length, head.cells.length));
    return { cells, line, measurement: null, problems: [problemOf(file, 'wrong-cell-count', message, where)] };
  }
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const column: MeasurementColumn<unknown> = columns[name];
    const cell = cells[position.get(columnOf(name)) ?? -1]?.trim() ?? '';
    if (cell === '' && 'ifEmpty' in column) values[name] = column.ifEmpty;
    else if (cell === '') problems.push(problemAt(name, 'missing-value', 'must not be empty'));
    else {
      const read = column.read(cell);
      if ('fault' in read) problems.push(problemAt(name, read.fault.code, read.fault.message));
      else values[name] = read.value;
    }
  }
  if (values.promptTokens === 0 && values.outputTokens === 0)
    problems.push(problemAt('outputTokens', 'no-tokens', 'a run of no tokens; prompt_tokens is 0 too'));
  if (problems.length > 0) return { cells, line, measurement: null, problems };
  const { measurement, faults } = measurementOfRow(values as RowValues);
  const saidIn = values.parallel === null ? 'note' : 'parallel';
  const warnings = faults.map(
    (message): Problem => ({ ...problemAt(saidIn, 'odd-parallelism', message), severity: 'warning' }),
  );
  return { cells, line, measurement, problems: warnings };
}

/** Problems of the header; an unread column gives a warning only if near a known name. */
function headerProblems(head: CsvRecord, file: string, csv: CsvText): Problem[] {
  const headers = head.cells.map((header) => header.trim());
  const present = new Set(headers);
  const place = (at: number) => ({ ...csv.placeOf(head, at), path: headers[at] ?? '' });
  if (
    !columnNames.some((name) => present.has(name)) &&
    neededColumns.every((name) => nearest(name, headers) === null)
  ) {
    const [first = ''] = headers;
    const message = 'not a table of serving measurements: the first line has none of their columns';
    const suggestion = /[;\t]/.test(first)
      ? 'separate the cells with commas'
      : `the first line must name at least ${neededColumns.join(', ')}`;
    return [{ ...problemOf(file, 'not-measurements', message, place(0)), suggestion }];
  }
  const missing = neededColumns.filter((name) => !present.has(name));
  return [
    ...missing.map((name): Problem => {
      const near = nearest(name, headers);
      return {
        ...problemOf(file, 'missing-column', `${name}: this column is missing`, { ...place(0), path: name }),
        suggestion: near === null ? null : `rename \`${near}\` to \`${name}\``,
      };
    }),
    ...headers.flatMap((header, at): Problem[] => {
      if (columnNames.includes(header) && headers.indexOf(header) !== at)
        return [problemOf(file, 'duplicate-column', `${header}: this column is defined twice`, place(at))];
      const near = columnNames.includes(header) ? null : nearest(header, columnNames);
      if (near === null || present.has(near) || missing.includes(near)) return [];
      if (letters(near) === letters(header)) return [];
      const warning = problemOf(file, 'unknown-column', `${header}: not a column that is read`, place(at));
      return [{ ...warning, severity: 'warning', suggestion: `did you mean \`${near}\`?` }];
    }),
  ];
}

/** A name without its digits: `ttft_ms_p99` is no slip for `ttft_ms_p95`. */
function letters(name: string): string {
  return name.replace(/\d/g, '');
}

type At = { line: number | null; column?: number; path?: string; excerpt?: string };

function problemOf(file: string, code: string, message: string, { line, column, path, excerpt }: At): Problem {
  return {
    severity: 'error',
    code,
    file,
    line,
    column: column ?? null,
    path: path ?? '',
    message,
    suggestion: null,
    excerpt: excerpt ?? null,
  };
}

/** The numbers that a prediction depends on. */
const numbers = [
  'acceleratorCount',
  'promptTokens',
  'outputTokens',
  'concurrency',
  'requestRateRps',
  'maxNumSeqs',
  'prefixHitRate',
] as const satisfies Name[];

/** Why a table of measurements would not have the numbers of a row; null: it would. */
export function wrongNumber(row: Measurement): string | null {
  for (const name of numbers) {
    const value = row[name];
    if (value === null) continue;
    const read = columns[name].read(String(value));
    if ('fault' in read) return `${name}: ${read.fault.message}`;
    if (read.value !== value) return `${name}: ${value} is no number that can be predicted with`;
  }
  return row.promptTokens + row.outputTokens > 0 ? null : 'outputTokens: a run of no tokens; promptTokens is 0 too';
}
