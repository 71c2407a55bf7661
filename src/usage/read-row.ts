import { dayAfter, monthAfter } from '../units/month.js';
import type { Cells, Fields } from './records.js';
import { dayMs, hourMs, type UsageRow } from './records.js';
import { type Field, type Source, sources } from './sources.js';

/** Money of a span of time, without calls. */
type MoneyRow = { at: number; until: number | null; usd: number };
/** What a record is: a row, money alone, or the reason why it is left out. */
export type Made = { row: UsageRow } | { money: MoneyRow } | { leftOut: string };

type Raw = Cells | Fields;
type Get = (record: Raw) => unknown;

/** Longer texts are no names; the beginning is kept in the scenario. */
const longestName = 200;
/** Tokens of a prompt block in traces with block ids (Mooncake, FAST '25). */
const blockTokens = 512;

/** The source whose keys a record has; null: none that is known. */
export function sourceOf(keys: readonly string[], as: string | null): Source | null {
  const [plain, loose] = [new Set(keys), new Set(keys.map(looseKey))];
  let best: { source: Source; score: number } | null = null;
  for (const source of sources) {
    if (as !== null && source.as !== as) continue;
    for (const known of source.known) {
      const has = known.every((key) => (source.loose ? loose : plain).has(key));
      // What names its own columns comes before what any table may have.
      const score = known.length + (source.loose ? 0 : 1);
      if (has && score > (best?.score ?? 0)) best = { source, score };
    }
  }
  // Records of one tool lack what is empty: a name on the command line is enough then.
  return best?.source ?? (as === null ? null : (sources.find((source) => source.as === as) ?? null));
}

const looseKey = (key: string): string =>
  key
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/**
 * Reads records of a source as rows.
 *
 * @param header names of the columns; null: records are objects
 */
export function rowReader(source: Source, header: Cells | null, exclusive: boolean): (record: Raw) => Made {
  const columns = new Map(header?.map((name, at) => [source.loose ? looseKey(name) : name, at]));
  const mapOf = mapReader();
  const getters = Object.fromEntries(
    Object.entries(source.keys).map(([field, keys]) => [
      field,
      firstOf(keys.flatMap((key) => (header ? inTable(key, columns, mapOf) : [inObject(key, mapOf)]))),
    ]),
  ) as Partial<Record<Field, Get>>;
  const width = header?.length ?? 0;
  const seen = new Set<unknown>();

  const get = (field: Field, record: Raw): unknown => getters[field]?.(record);
  const text = (field: Field, record: Raw): string | null => {
    const value = get(field, record);
    return value === undefined ? null : String(value);
  };
  const name = (field: Field, record: Raw): string | null => text(field, record)?.slice(0, longestName) ?? null;
  const number = (field: Field, record: Raw): number | null => {
    const value = get(field, record);
    if (value === undefined) return null;
    const read = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
    if (!Number.isFinite(read)) throw new LeftOut('a figure that is not a number');
    // A credit lowers an invoice; nothing else is below 0.
    if (read < 0 && source.records !== 'money') throw new LeftOut('a figure below 0');
    if (read > Number.MAX_SAFE_INTEGER) throw new LeftOut('a figure that is too large');
    return read;
  };
  /** Rows of one bucket have the same times. */
  const times: Partial<Record<Field, { value: unknown; ms: number | null }>> = {};
  const time = (field: Field, record: Raw): number | null => {
    const value = get(field, record);
    const last = times[field];
    if (last !== undefined && last.value === value) return last.ms;
    const ms = timeOf(value, source.since);
    times[field] = { value, ms };
    return ms;
  };

  function made(record: Raw): Made {
    if (header && record.length !== width) throw new LeftOut('another number of cells than the header has');
    const { kinds, parts } = source;
    if (kinds) {
      const kind = text('kind', record);
      if (kind === null ? !kinds.orAbsent : !kinds.are.includes(kind)) return { leftOut: kinds.reason };
    }
    const at = time('at', record);
    if (at === null) return { leftOut: 'no time that can be read' };
    const until = source.records === undefined && get('calls', record) === undefined ? null : endOf(record, at);
    const currency = text('currency', record);
    if (currency !== null && currency.toUpperCase() !== 'USD')
      return { leftOut: 'an amount that is not in US dollars' };
    const usd = number('usd', record);
    const more = number('moreUsd', record);
    if (source.records === 'money')
      return usd === null ? { leftOut: 'no amount' } : { money: { at, until, usd: usd * (source.usdPerUnit ?? 1) } };

    const calls = number('calls', record) ?? (source.records === undefined ? 1 : 0);
    const status = text('status', record);
    const row: UsageRow = {
      at,
      until,
      calls,
      failed: number('failed', record) ?? 0,
      input: number('input', record) ?? 0,
      ...{ cached: number('cached', record), written5m: number('written5m', record) },
      written1h: number('written1h', record),
      output: number('output', record) ?? 0,
      reasoning: number('reasoning', record),
      usd: usd === null && more === null ? null : (usd ?? 0) + (more ?? 0),
      ...{ provider: name('provider', record), model: name('model', record) },
      tag: firstTag(get('tag', record))?.slice(0, longestName) ?? null,
      ...{ name: name('name', record), route: name('route', record), project: name('project', record) },
      ...{ key: text('key', record), session: text('session', record), id: text('id', record) },
      batch: /^(true|1|batch)$/i.test(text('batch', record) ?? '') || /^batch/i.test(text('tier', record) ?? ''),
      ...{ ttftMs: null, totalMs: null },
    };
    if (parts) setPart(row, parts[text('part', record) ?? ''], number('amount', record) ?? 0);
    if (source.keys.blocks) row.cached = Math.min(row.input, knownBlocks(get('blocks', record)) * blockTokens);
    withConvention(row, number('total', record));
    if (row.usd === 0 && row.input + row.output > 0) row.usd = null;
    if (until === null) {
      setTimes(row, record);
      // Nothing was answered: the call is one that failed.
      if (
        (status !== null && (source.failed === 'any status' || isFailure(status))) ||
        (source.isTrace && row.output === 0)
      ) {
        row.calls = 0;
        row.failed = 1;
      }
    }
    if (row.calls > 0 && row.input + row.output === 0 && !parts) return { leftOut: 'calls without tokens' };
    return { row };
  }

  function endOf(record: Raw, at: number): number {
    const told = time('until', record);
    if (told !== null && told > at) return told;
    if (get('week', record) !== undefined) return at + 7 * dayMs;
    const written = get('at', record);
    const length = typeof written === 'string' ? written.trim().length : 0;
    // `2026-10` is a month, `2026-10-05` a day.
    if (length > 0 && length <= 'YYYY-MM'.length && /-|\//.test(String(written))) return monthEnd(at);
    return at + (length > 'YYYY-MM-DD'.length ? hourMs : dayMs);
  }

  function setTimes(row: UsageRow, record: Raw): void {
    const unit = source.durations === 's' ? 1000 : 1;
    const [end, first] = [time('end', record), time('first', record)];
    const [duration, ttft] = [number('duration', record), number('ttft', record)];
    row.totalMs = duration !== null ? duration * unit : end !== null && end >= row.at ? end - row.at : null;
    // Of an answer that was not streamed the first token comes with the last.
    if (ttft !== null) row.ttftMs = ttft * unit;
    else if (first !== null && first >= row.at && first !== end) row.ttftMs = first - row.at;
  }

  function withConvention(row: UsageRow, total: number | null): void {
    const others = (row.cached ?? 0) + (row.written5m ?? 0) + (row.written1h ?? 0);
    const reasoning = row.reasoning ?? 0;
    const plain = row.input + row.output;
    if (source.cached === 'as the total says' && total !== null) {
      // The total shows which of them are not in input and output.
      if (total === plain + others || total === plain + others + reasoning) row.input += others;
      if (total === plain + reasoning || total === plain + others + reasoning)
        row.output += total === plain ? 0 : reasoning;
    } else if (source.cached === 'beside' || exclusive) row.input += others;
    // A part is not larger than the whole: some programs count them separately.
    if (others > row.input) row.input += others;
    if (reasoning > row.output) row.output += reasoning;
  }

  /** Blocks at the beginning of a prompt that an earlier prompt had. */
  function knownBlocks(blocks: unknown): number {
    if (!Array.isArray(blocks)) return 0;
    const fresh = blocks.findIndex((block) => !seen.has(block));
    for (const block of blocks) seen.add(block);
    return fresh < 0 ? blocks.length : fresh;
  }

  return (record) => {
    try {
      return made(record);
    } catch (error) {
      if (error instanceof LeftOut) return { leftOut: error.message };
      throw error;
    }
  };
}

class LeftOut extends Error {}

const isFailure = (status: string): boolean => {
  const code = Number(status);
  return code >= 400 || (Number.isNaN(code) && /fail|error/i.test(status));
};

function setPart(row: UsageRow, part: 'calls' | 'cached' | 'fresh' | 'output' | undefined, amount: number): void {
  if (part === undefined) throw new LeftOut('a kind of amount that is not known');
  if (part === 'calls') row.calls = amount;
  else if (part === 'output') row.output = amount;
  else row.input = amount;
  row.cached = part === 'cached' ? amount : 0;
}

/** The first tag that somebody chose; gateways add such as `User-Agent: …`. */
function firstTag(value: unknown): string | null {
  const parsed = typeof value === 'string' && value.startsWith('[') ? jsonOf(value) : value;
  const tags = (Array.isArray(parsed) ? parsed : [parsed]).filter((tag) => typeof tag === 'string' && tag !== '');
  return tags.find((tag) => !/^user-agent:/i.test(tag)) ?? null;
}

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** Reads a value as a map, or as the JSON text of one. */
type MapOf = (value: unknown) => Fields | null;

/** Keeps the last text: several keys of a record look into the same map. */
function mapReader(): MapOf {
  let last: { text: string; map: Fields | null } = { text: '', map: null };
  return (value) => {
    if (typeof value === 'object') return value as Fields | null;
    if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null;
    if (value !== last.text) last = { text: value, map: jsonOf(value) as Fields | null };
    return last.map;
  };
}

function inTable(key: string, columns: ReadonlyMap<string, number>, mapOf: MapOf): Get[] {
  const at = columns.get(key);
  if (at !== undefined) return [(record) => (record as Cells)[at]?.trim()];
  const [head = '', ...path] = key.split('.');
  const map = path.length === 0 ? undefined : columns.get(head);
  return map === undefined ? [] : [(record) => within(mapOf((record as Cells)[map]), path.join('.'), mapOf)];
}

function inObject(key: string, mapOf: MapOf): Get {
  const dot = key.indexOf('.');
  if (dot < 0) return (record) => (record as Fields)[key];
  const [head, rest] = [key.slice(0, dot), key.slice(dot + 1)];
  return (record) => attribute(record as Fields, key) ?? within(mapOf((record as Fields)[head]), rest, mapOf);
}

function firstOf(ways: readonly Get[]): Get {
  const [only] = ways;
  if (only !== undefined && ways.length === 1)
    return (record) => {
      const value = only(record);
      return isFilled(value) ? value : undefined;
    };
  return (record) => {
    for (const way of ways) {
      const value = way(record);
      if (isFilled(value)) return value;
    }
    return undefined;
  };
}

/** A value of a map, whose keys may hold dots themselves. */
function within(map: Fields | null, path: string, mapOf: MapOf): unknown {
  if (map === null || isFilled(map[path])) return map?.[path];
  const dot = path.indexOf('.');
  return dot < 0 ? undefined : within(mapOf(map[path.slice(0, dot)]), path.slice(dot + 1), mapOf);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A value in OpenTelemetry's form: a list of keys, each with a typed value. */
function attribute({ attributes }: Fields, key: string): unknown {
  if (!Array.isArray(attributes)) return undefined;
  const found = attributes.find((each) => each?.key === key)?.value;
  return found?.stringValue ?? found?.intValue ?? found?.doubleValue;
}

/** As most write it. */
const usual = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/;
/** Other forms: a day or month alone, slashes, one digit, no seconds, a zone of hours. */
const other =
  /^(\d{4})[-/](\d\d?)(?:[-/](\d\d?))?(?:[T ] *(\d\d?)(:\d\d(?::\d\d(?:\.\d+)?)?))? *(?:Z|UTC|([+-]\d\d):?(\d\d)?)?$/i;

/** Milliseconds since 1970 of a text (UTC without a zone), or a number in seconds, ms, µs or ns. */
function timeOf(value: unknown, since: Source['since']): number | null {
  if (value === undefined) return null;
  const written = String(value).trim();
  const [, date, hours, zone = 'Z'] = usual.exec(written) ?? [];
  if (date !== undefined) return orNull(Date.parse(`${date}T${hours}${zone}`));
  if (/^\d+(\.\d+)?$/.test(written)) {
    if (since) return Number(written) * (since === 's' ? 1000 : 1);
    const whole = written.split('.')[0] ?? '';
    // 10 digits are seconds. Nanoseconds exceed a number's digits: the last are cut off.
    if (whole.length >= 16) return Number(whole.slice(0, 13));
    return Number(written) * (whole.length >= 12 ? 1 : 1000);
  }
  const [, year, month = '', day = '01', hour = '00', clock = ':00', east = '+00', minutes = '00'] =
    other.exec(written) ?? [];
  const two = (digits: string): string => digits.padStart(2, '0');
  return orNull(Date.parse(`${year}-${two(month)}-${two(day)}T${two(hour)}${clock}${east}:${minutes}`));
}

const orNull = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);

const monthEnd = (at: number): number => {
  const month = dayAfter('1970-01-01', Math.floor(at / dayMs)).slice(0, 'YYYY-MM'.length);
  return Date.parse(`${monthAfter(month, 1)}-01T00:00:00Z`);
};
