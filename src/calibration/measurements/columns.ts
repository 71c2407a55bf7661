import { number, oneOf, type Reader, text, whole } from '../../tables/cell.js';

/** One column of a table of measurements: how its cells are read, and what an empty cell or a missing column means. */
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

/** Every column that is read, by its name in the file. All others pass through unread. */
export const columns = {
  id: maybe(free),
  source: maybe(free),
  engine: maybe(text),
  engine_version: maybe(text),
  model_family: { read: text },
  quantization: { read: text, ifEmpty: '' },
  accelerator: { read: text },
  accelerator_count: { read: whole(1, 1e6), ifEmpty: 1 },
  prompt_tokens: tokens,
  output_tokens: tokens,
  concurrency: maybe(aboveZero),
  request_rate_rps: maybe(rate),
  metric_scope: maybe(text),
  saturated: { read: oneOf('yes', 'no', 'unknown'), ifEmpty: 'unknown' },
  confidence: maybe(text),
  note: maybe(free),
  max_num_seqs: maybe(whole(1, 1e9)),
  prefix_hit_rate: maybe(number(0, 1)),
  kv_cache_dtype: maybe(text),
  parallel: maybe(text),
  output_tokens_per_s: result,
  total_tokens_per_s: result,
  prefill_tokens_per_s: result,
  ttft_ms_p50: result,
  ttft_ms_p95: result,
  tpot_ms_p50: result,
  tpot_ms_p95: result,
  e2e_ms_p50: result,
} as const satisfies Readonly<Record<string, MeasurementColumn<unknown>>>;

export type ColumnName = keyof typeof columns;
type ValueOf<C> = C extends { read: Reader<infer V> } ? V | (C extends { ifEmpty: infer E } ? E : never) : never;
/** The values of one row, by column. */
export type RowValues = { -readonly [Name in ColumnName]: ValueOf<(typeof columns)[Name]> };

export const columnNames = Object.keys(columns) as ColumnName[];
/** Columns that no table of measurements can be without. */
export const neededColumns = columnNames.filter((name) => !('ifEmpty' in columns[name]));
