import type { PricedCall } from '../cost/capacity-cost.js';
import { type Count, tally } from '../tables/importers/format.js';
import type { Made } from './read-row.js';
import { dayMs, hourMs, minuteMs, type UsageRow } from './records.js';
import type { Source } from './sources.js';

/** Width of a bin: a hundredth of its value. */
const step = Math.log(1.01);

/**
 * Counts of values in logarithmic bins 1 % wide: percentiles are exact to half of that. With mean and spread of the
 * logarithm.
 */
export class Histogram {
  count = 0;
  private readonly bins = new Map<number, number>();
  private zeros = 0;

  add(value: number): void {
    this.count++;
    if (value <= 0) this.zeros++;
    else {
      const bin = Math.round(Math.log(value) / step);
      this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    }
  }

  merge(other: Histogram): void {
    this.count += other.count;
    this.zeros += other.zeros;
    for (const [bin, count] of other.bins) this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
  }

  /** The least value that at least `share` of all values do not exceed; null: no values. */
  percentile(share: number): number | null {
    if (this.count === 0) return null;
    let left = share * this.count - this.zeros;
    if (left <= 0) return 0;
    const sorted = [...this.bins].sort(([a], [b]) => a - b);
    for (const [bin, count] of sorted) {
      left -= count;
      if (left <= 1e-9) return Math.exp(bin * step);
    }
    return Math.exp((sorted.at(-1)?.[0] ?? 0) * step);
  }

  /** Standard deviation of the logarithm; null for fewer than two values above 0. */
  spread(): number | null {
    const values = this.count - this.zeros;
    if (values < 2) return null;
    let [sum, squares] = [0, 0];
    for (const [bin, count] of this.bins) {
      sum += count * bin;
      squares += count * bin * bin;
    }
    return step * Math.sqrt(Math.max(0, (squares - (sum * sum) / values) / (values - 1)));
  }
}

/**
 * Texts met before, in 11 to 22 bytes each: of a million different ones two are confused with a probability of 1 in
 * 20,000 (53 bits of hash).
 */
export class IdSet {
  size = 0;
  private slots = new Float64Array(1024);

  /** False where it is in the set already. */
  add(text: string): boolean {
    if (this.size * 4 >= this.slots.length * 3) {
      const old = this.slots;
      this.slots = new Float64Array(old.length * 2);
      for (const hash of old) if (hash !== 0) this.slots[this.place(hash)] = hash;
    }
    const hash = hashOf(text);
    const place = this.place(hash);
    if (this.slots[place] === hash) return false;
    this.slots[place] = hash;
    this.size++;
    return true;
  }

  /** Where a hash is, or would be. */
  private place(hash: number): number {
    const { length } = this.slots;
    let at = hash % length;
    while (this.slots[at] !== 0 && this.slots[at] !== hash) at = (at + 1) % length;
    return at;
  }
}

/** 53 bits of two FNV hashes with a prime each, as a whole number above 0. */
function hashOf(text: string): number {
  let [one, other] = [2166136261, 2166136261];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 16777619);
    other = Math.imul(other ^ unit, 709607);
  }
  // High bits depend on all letters, low ones on the last few.
  return (one >>> 0) * 2 ** 21 + ((other ^ (other >>> 15)) >>> 11) || 1;
}

/** What makes a task. `auto`: the first present of tag, name, route, project and model. */
export const groupBys = ['auto', 'model', 'tag', 'name', 'project', 'key'] as const;
export type GroupBy = (typeof groupBys)[number];

/** Sums of a day. Tokens are of answered calls; `failedTokens` of others. */
export type Sums = {
  rows: number;
  calls: number;
  failed: number;
  failedTokens: number;
  input: number;
  output: number;
  reasoning: number;
  cached: number;
  written: number;
  /** Single calls, and those of them with cached tokens. */
  single: number;
  hits: number;
  /** Rows without a count of cached tokens, or of reasoning. */
  cacheUntold: number;
  reasoningUntold: number;
  /** USD as reported, and computed for rows without; rows without a price of either. */
  usd: number;
  computedUsd: number;
  computed: number;
  unpriced: number;
};

/** Sums of nothing. */
export const noSums = (): Sums => ({
  ...{ rows: 0, calls: 0, failed: 0, failedTokens: 0, input: 0, output: 0, reasoning: 0, cached: 0, written: 0 },
  ...{ single: 0, hits: 0, cacheUntold: 0, reasoningUntold: 0, usd: 0, computedUsd: 0, computed: 0, unpriced: 0 },
});

export function addSums(to: Sums, from: Sums): Sums {
  for (const key of Object.keys(from) as (keyof Sums)[]) to[key] += from[key];
  return to;
}

/** Tokens of single calls, and how long they took in milliseconds. */
export type Lengths = Record<'input' | 'output' | 'ttft' | 'total', Histogram>;

export const noLengths = (): Lengths => ({
  ...{ input: new Histogram(), output: new Histogram(), ttft: new Histogram(), total: new Histogram() },
});

/** Calls of one group by one model of one provider, at once or as a batch. */
export type Group = Lengths & {
  /** Null: the model is the group. */
  name: string | null;
  format: string;
  provider: string | null;
  model: string | null;
  batch: boolean;
  days: Map<number, Sums>;
  price: ((call: PricedCall) => number | null) | null;
};

export type Settings = {
  groupBy: GroupBy;
  /** Milliseconds of the clock on the wall, as if it were UTC. */
  localOf: (utcMs: number) => number;
  /** First and last local day that counts, in days since 1970. */
  firstDay: number;
  lastDay: number;
  /** Model of records that name none. */
  model: string | null;
  priceOf: (format: string, provider: string | null, model: string | null) => Group['price'];
};

/** Sums of all files; days are local ones, counted from 1970. */
export type Usage = {
  groups: Group[];
  /** Calls by local hour since 1970, and by minute of it. */
  hours: Map<number, { calls: number; minutes: Float64Array }>;
  /** Longest bucket of time, in ms; 0: single calls alone. */
  bucketMs: number;
  /** From the first record to the end of the last, local ms. */
  from: number;
  to: number;
  money: Map<number, number>;
  sessions: number;
  callsInSessions: number;
  rows: number;
  isTrace: boolean;
  tellsFailures: boolean;
  leftOut: Count[];
};

/** More groups than these are one: names without end would fill the memory. */
const mostGroups = 1000;

/** Adds up rows as they come; nothing of them is kept but sums. */
export function usageSums(settings: Settings): {
  add(made: Made, source: Source, file: string, line: number): void;
  usage(): Usage;
} {
  const groups = new Map<string, Group>();
  const hours: Usage['hours'] = new Map();
  const money = new Map<number, number>();
  const [ids, sessions, keys] = [new IdSet(), new IdSet(), new Map<string, string>()];
  const leftOut = tally();
  const found: Omit<Usage, 'groups' | 'hours' | 'money' | 'leftOut' | 'sessions'> = {
    ...{ bucketMs: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
    ...{ callsInSessions: 0, rows: 0, isTrace: false, tellsFailures: false },
  };

  /** Local time; a bucket of days is of the days it names, wherever one is. */
  const localOf = (at: number, until: number | null): number =>
    until !== null && until - at >= dayMs ? at : settings.localOf(at);

  const groupOf = (row: UsageRow, source: Source): Group => {
    const model = row.model ?? settings.model;
    const name = nameOf(row);
    const format = source.names ?? source.as;
    const key = `${name}\0${format}\0${row.provider}\0${model}\0${row.batch}`;
    const known = groups.get(key);
    if (known) return known;
    if (groups.size >= mostGroups)
      return groupOf(
        { ...row, tag: null, name: null, route: null, project: null, key: null, model: 'other', provider: null },
        source,
      );
    const made: Group = {
      ...{ name, format, provider: row.provider, model, batch: row.batch, days: new Map() },
      ...noLengths(),
      price: settings.priceOf(format, row.provider, model),
    };
    groups.set(key, made);
    return made;
  };

  function nameOf(row: UsageRow): string | null {
    const { groupBy } = settings;
    if (groupBy === 'model') return null;
    if (groupBy === 'key') {
      if (row.key === null) return null;
      const number = keys.get(row.key) ?? `key-${keys.size + 1}`;
      if (keys.size < mostGroups) keys.set(row.key, number);
      return number;
    }
    if (groupBy !== 'auto') return row[groupBy];
    return row.tag ?? row.name ?? row.route ?? row.project;
  }

  function addRow(row: UsageRow, source: Source): string | null {
    if (row.id !== null && !ids.add(row.id)) return 'the same call a second time';
    const at = localOf(row.at, row.until);
    // Times that count from the beginning of a file are of no calendar.
    const outside = source.since ? null : outsideDays(at);
    if (outside !== null) return outside;
    const end = row.until === null ? at : at + row.until - row.at;
    found.from = Math.min(found.from, at);
    found.to = Math.max(found.to, end);
    found.bucketMs = Math.max(found.bucketMs, end - at);
    found.rows++;
    if (source.isTrace) found.isTrace = true;
    if (source.keys.status || source.keys.failed || source.isTrace) found.tellsFailures = true;

    const group = groupOf(row, source);
    const day = Math.floor(at / dayMs);
    const sums = group.days.get(day) ?? noSums();
    if (sums.rows++ === 0) group.days.set(day, sums);
    const made = row.calls + row.failed;
    const written = (row.written5m ?? 0) + (row.written1h ?? 0);
    sums.calls += row.calls;
    sums.failed += row.failed;
    if (row.calls === 0 && row.failed > 0) sums.failedTokens += row.input + row.output;
    else {
      sums.input += row.input;
      sums.output += row.output;
      sums.reasoning += row.reasoning ?? 0;
      sums.cached += row.cached ?? 0;
      sums.written += written;
      if (row.cached === null) sums.cacheUntold++;
      if (row.reasoning === null) sums.reasoningUntold++;
    }
    if (row.usd !== null) sums.usd += row.usd;
    else if (row.input + row.output > 0) addComputed(sums, row, group, made);
    if (row.until === null && row.calls === 1) {
      sums.single++;
      if ((row.cached ?? 0) > 0) sums.hits++;
      group.input.add(row.input);
      group.output.add(row.output);
      if (row.ttftMs !== null) group.ttft.add(row.ttftMs);
      if (row.totalMs !== null) group.total.add(row.totalMs);
    }
    if (row.session !== null && row.calls > 0) {
      sessions.add(row.session);
      found.callsInSessions += row.calls;
    }
    if (end - at <= hourMs && row.calls > 0) addHour(at, row.calls);
    return null;
  }

  function outsideDays(at: number): string | null {
    const day = Math.floor(at / dayMs);
    if (day < settings.firstDay) return 'before the first day that counts';
    return day > settings.lastDay ? 'after the last day that counts' : null;
  }

  /** Tokens of a bucket are split into equal calls; if uncounted, prompts count as short. */
  function addComputed(sums: Sums, row: UsageRow, { price }: Group, made: number): void {
    const requests = made > 0 ? made : row.input + 1;
    const usd = price?.({
      inputTokens: row.input / requests,
      cachedTokens: (row.cached ?? 0) / requests,
      cacheWriteTokens: (row.written5m ?? 0) / requests,
      cacheWrite1hTokens: (row.written1h ?? 0) / requests,
      outputTokens: row.output / requests,
      batch: row.batch,
      requests,
    });
    if (usd === null || usd === undefined) sums.unpriced++;
    else {
      sums.computed++;
      sums.computedUsd += usd;
    }
  }

  function addHour(at: number, calls: number): void {
    const hour = Math.floor(at / hourMs);
    const known = hours.get(hour) ?? { calls: 0, minutes: new Float64Array(60) };
    if (known.calls === 0) hours.set(hour, known);
    known.calls += calls;
    const minute = Math.floor((at % hourMs) / minuteMs);
    known.minutes[minute] = (known.minutes[minute] ?? 0) + calls;
  }

  return {
    add(made, source, file, line) {
      if ('leftOut' in made) leftOut.add(made.leftOut, `${file}:${line}`);
      else if ('row' in made) {
        const reason = addRow(made.row, source);
        if (reason !== null) leftOut.add(reason, `${file}:${line}`);
      } else {
        const at = localOf(made.money.at, made.money.until);
        const reason = outsideDays(at);
        const day = Math.floor(at / dayMs);
        if (reason !== null) leftOut.add(reason, `${file}:${line}`);
        else {
          money.set(day, (money.get(day) ?? 0) + made.money.usd);
          found.rows++;
        }
      }
    },
    usage: () => ({
      ...found,
      ...{ groups: [...groups.values()], hours, money, sessions: sessions.size, leftOut: leftOut.counts() },
    }),
  };
}
