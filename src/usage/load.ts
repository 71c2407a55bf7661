import { dayAfter, hoursPerDay, hoursPerWeek, monthAfter, monthsBetween } from '../units/month.js';
import { type Made, rowReader, sourceOf } from './read-row.js';
import { dayMs, hourMs, minuteMs, ReadFault, type RecordReader, recordReader } from './records.js';
import type { Source } from './sources.js';
import { addSums, noSums, type Usage } from './sums.js';
import { type UsageTask, usdOf, type Window } from './tasks.js';

/** Days from which a week, or a day, is a shape and no single course of events. */
const daysOfWeekShape = 14;
const daysOfDayShape = 2;

/** The spread of calls: by hour of the week from Monday or of the day, or peak over mean. */
export type Shape = { hours: number[] } | { peakToMean: number };

/** The shape of the load over whole days; null for time buckets above an hour. */
export function shapeOf(
  { hours, bucketMs, from, to, isTrace }: Usage,
  { earliest, last, isWhole }: Window,
): Shape | null {
  if (bucketMs > hourMs || hours.size === 0) return null;
  const days = last - earliest + 1;
  const isWeek = days >= daysOfWeekShape;
  if (isWhole && days >= daysOfDayShape && !isTrace) {
    const length = isWeek ? hoursPerWeek : hoursPerDay;
    const [sums, counts] = [new Float64Array(length), new Float64Array(length)];
    for (let hour = earliest * hoursPerDay; hour < (last + 1) * hoursPerDay; hour++) {
      const at = isWeek ? hourOfWeek(hour) : hour % hoursPerDay;
      sums[at] = (sums[at] ?? 0) + (hours.get(hour)?.calls ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const means = [...sums].map((sum, at) => Number((sum / (counts[at] ?? 1)).toPrecision(3)));
    if (means.some((mean) => mean > 0)) return { hours: means };
  }
  const covered = Math.max(Math.ceil(to / hourMs), Math.max(...hours.keys()) + 1) - Math.floor(from / hourMs);
  const calls = [...hours.values()].map((hour) => hour.calls);
  const peakToMean = (Math.max(...calls) * covered) / calls.reduce((sum, each) => sum + each, 0);
  return covered < 2 ? null : { peakToMean: Math.min(hoursPerWeek, Number(peakToMean.toPrecision(3))) };
}

/** 1970 began on a Thursday. */
const hourOfWeek = (hour: number): number => (hour + 3 * hoursPerDay) % hoursPerWeek;

const busiest = 5;
/** Fewer calls in an hour than one a minute say nothing of its minutes. */
const leastCalls = 60;

/** The busiest minute over its hour's mean, the median of the five busiest hours; null: minutes unknown. */
export function inHourFactorOf({ hours, bucketMs, from, to }: Usage): number | null {
  if (bucketMs > minuteMs) return null;
  /** Minutes of an hour from the first record to the last. */
  const covered = (hour: number): number =>
    Math.max(1, (Math.min(to, (hour + 1) * hourMs) - Math.max(from, hour * hourMs)) / minuteMs);
  const ratios = [...hours]
    .sort(([, a], [, b]) => b.calls - a.calls)
    .slice(0, busiest)
    .filter(([, { calls }]) => calls >= leastCalls)
    .map(([hour, { calls, minutes }]) => (Math.max(...minutes) * covered(hour)) / calls)
    .sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? null;
}

const leastMonths = 3;

/** Days since 1970 as `YYYY-MM-DD`. */
export const dateOf = (day: number): string => dayAfter('1970-01-01', day);

/** Days since 1970 of a date. */
export const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);

type Month = { month: string; first: number; last: number };

/** Whole calendar months within some days, oldest first, with first and last day. */
export function wholeMonths({ first, last }: Pick<Window, 'first' | 'last'>): Month[] {
  const [from, to] = [dateOf(first).slice(0, 7), dateOf(last).slice(0, 7)];
  return Array.from({ length: monthsBetween(from, to) + 1 }, (_, count) => {
    const month = monthAfter(from, count);
    return { month, first: dayOf(`${month}-01`), last: dayOf(`${monthAfter(month, 1)}-01`) - 1 };
  }).filter((month) => month.first >= first && month.last <= last);
}

/** Growth a month: slope of the logarithm of daily calls over whole months; null below three. */
export function growthOf({ groups }: Usage, { earliest, last }: Window): { perMonth: number; months: number } | null {
  const months = wholeMonths({ first: earliest, last }).map(({ first, last }) => {
    let calls = 0;
    for (const { days } of groups) for (const [day, sums] of days) if (day >= first && day <= last) calls += sums.calls;
    return Math.log(calls / (last - first + 1));
  });
  if (months.length < leastMonths || !months.every(Number.isFinite)) return null;
  const middle = (months.length - 1) / 2;
  const mean = months.reduce((sum, value) => sum + value, 0) / months.length;
  const slope =
    months.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) /
    months.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return { perMonth: Math.exp(slope) - 1, months: months.length };
}

/**
 * Whole calendar months for `backtest`: a row for each month and task, with what was paid. The sum of an invoice is in
 * the first row of a month. Null: no whole month, as in a sample.
 */
export function actualsCsv(
  { money, isTrace }: Usage,
  { earliest, last }: Window,
  tasks: readonly UsageTask[],
): string | null {
  const months = isTrace ? [] : wholeMonths({ first: earliest, last });
  if (months.length === 0) return null;
  const rows = months.flatMap((month) => {
    const isWithin = (day: number): boolean => day >= month.first && day <= month.last;
    const invoiced = [...money].filter(([day]) => isWithin(day)).reduce((sum, [, usd]) => sum + usd, 0);
    return tasks.map(({ name, groups }, at) => {
      const sums = noSums();
      for (const { days } of groups) for (const [day, each] of days) if (isWithin(day)) addSums(sums, each);
      const cost = money.size === 0 ? usdOf(sums) : at === 0 ? invoiced : null;
      const cells = [sums.calls, sums.calls > 0 ? sums.input : 0, sums.calls > 0 ? sums.output : 0].map(Math.round);
      return [month.month, ...cells, cost === null ? '' : Number(cost.toFixed(6)), name].join(',');
    });
  });
  return `month,requests,input_tokens,output_tokens,cost,task\n${rows.join('\n')}\n`;
}

/** What a file was, once it is read. */
type ReadFile = { source: Source | null; records: number; pagesLeft: boolean };

/** The source of a file, if not detectable, and how that counts input. */
type ReadSettings = { as: string | null; exclusive: boolean };

const unknown = (line: number): ReadFault =>
  new ReadFault(
    ...(['unknown-format', 'this is no usage export that is known', line] as const),
    'docs/usage.md lists what is read; --as names the format, and a table needs a time and tokens or calls',
  );
const counters = (line: number): ReadFault =>
  new ReadFault(
    ...(['counters', 'counters of a server in the form of Prometheus tell no calls', line] as const),
    'name the traces of the server (vLLM: --otlp-traces-endpoint), or the log of the gateway before it',
  );

/**
 * Reads one export, in parts of its text, and passes on what each record is.
 *
 * @param add also takes the line of the record
 * @throws ReadFault
 */
export function usageReader(
  { as, exclusive }: ReadSettings,
  add: (made: Made, source: Source, line: number) => void,
): RecordReader & { file: ReadFile } {
  const file: ReadFile = { source: null, records: 0, pagesLeft: false };
  let pages = { more: 0, last: 0 };
  let read: ReturnType<typeof rowReader> | null = null;
  const recognize = (keys: readonly string[], header: readonly string[] | null, line: number): void => {
    const source = sourceOf(keys, as);
    if (source === null) throw /^# (?:HELP|TYPE) |^vllm:/.test(keys[0] ?? '') ? counters(line) : unknown(line);
    file.source = source;
    read = rowReader(source, header, exclusive);
  };
  const reader = recordReader({
    header: (cells) => recognize(cells, cells, 1),
    record(record, line) {
      if (read === null) recognize(Object.keys(record), null, line);
      file.records++;
      if (read !== null && file.source !== null) add(read(record), file.source, line);
    },
    page(hasMore) {
      if (hasMore) pages = { ...pages, more: pages.more + 1 };
      else pages = { ...pages, last: pages.last + 1 };
      file.pagesLeft = pages.more > 0 && pages.last === 0;
    },
  });
  return { ...reader, file };
}
