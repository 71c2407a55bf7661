import { expect, test } from 'vitest';
import { z } from 'zod';
import { localClock } from '../../src/cli/import-usage.js';
import { growthOf, inHourFactorOf, shapeOf, wholeMonths } from '../../src/usage/load.js';
import { addSums, Histogram, IdSet, noSums, type Usage } from '../../src/usage/sums.js';
import { windowOf } from '../../src/usage/tasks.js';
import { casesIn } from '../support/cases.js';
import {
  csvOf,
  exportsOf,
  firstDay,
  linesOf,
  type MadeUpCall,
  madeUpCalls,
  randomNumbers,
  readUsage,
} from '../support/usage-exports.js';

const { times } = casesIn('usage', { times: { time: z.string(), iso: z.string() } });
const hourMs = 3_600_000;
/** A Monday. */
const monday = Date.parse('2026-10-05T00:00:00Z');

const read = (text: string): Usage => readUsage([text]);

/** Calls at these hours after a Monday, so many in each. */
const hourly = (hours: readonly { hour: number; calls: number }[], from = monday): string =>
  csvOf(
    hours.map(({ hour, calls }) => ({
      ...{
        start_time: new Date(from + hour * hourMs).toISOString(),
        end_time: new Date(from + (hour + 1) * hourMs).toISOString(),
      },
      ...{ requests: calls, model: 'm', input_tokens: 10 * calls, output_tokens: calls },
    })),
  );
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

test('two weeks give the hours of a week, two days those of a day, less the highest over the mean', () => {
  const callsAt = (hour: number) => (hour % 168 === 9 ? 500 : hour % 24);
  const weeks = read(hourly(range(336).map((hour) => ({ hour, calls: callsAt(hour) }))));
  const shape = shapeOf(weeks, windowOf(weeks)) as { hours: number[] };
  expect(shape.hours).toEqual(range(168).map(callsAt));

  const days = read(hourly(range(72).map((hour) => ({ hour, calls: (hour % 24) + (hour < 24 ? 30 : 0) }))));
  expect(shapeOf(days, windowOf(days))).toEqual({ hours: range(24).map((hour) => hour + 10) });

  // 10 calls, and 2 in each of the three hours after: mean 4.
  const short = read(hourly([10, 2, 2, 2].map((calls, hour) => ({ hour, calls }))));
  expect(shapeOf(short, windowOf(short))).toEqual({ peakToMean: 2.5 });
  const daily = read(
    csvOf([
      { date: '2026-10-05', requests: 3, input_tokens: 9 },
      { date: '2026-10-06', requests: 4, input_tokens: 9 },
    ]),
  );
  expect(shapeOf(daily, windowOf(daily))).toBeNull();
});

test('the window is the last four weeks of whole days', () => {
  const usage = read(hourly(range(24 * 40 + 7).map((hour) => ({ hour: hour + 5, calls: 1 }))));
  // It begins at five in the morning and ends at noon, 41 days later.
  const first = monday / (24 * hourMs);
  expect(windowOf(usage)).toEqual({
    first: first + 12,
    last: first + 39,
    earliest: first + 1,
    days: 28,
    isWhole: true,
  });
});

test('growth is the slope over whole months, of calls a day', () => {
  const start = Date.parse('2026-06-15T00:00:00Z');
  const days = range(120).map((day) => {
    const date = new Date(start + day * 24 * hourMs).toISOString().slice(0, 10);
    const month = Number(date.slice(5, 7)) - 6;
    return { date, requests: 1000 * 1.1 ** month, input_tokens: 1 };
  });
  const usage = read(csvOf(days));
  const window = windowOf(usage);
  expect(wholeMonths({ first: window.earliest, last: window.last }).map(({ month }) => month)).toEqual([
    ...['2026-07', '2026-08', '2026-09'],
  ]);
  const growth = growthOf(usage, window);
  expect(growth?.perMonth).toBeCloseTo(0.1, 9);
  expect(growth?.months).toBe(3);
  const two = read(csvOf(days.slice(0, 90)));
  expect(growthOf(two, windowOf(two))).toBeNull();
});

test('the busiest minute is over the mean one of the time there is', () => {
  // 100 calls in the first minute, 50 in each of the 29 others that were seen: 1,550 calls in 30 minutes.
  const calls = range(30).flatMap((minute) =>
    range(minute === 0 ? 100 : 50).map((n) => monday + minute * 60_000 + n * 500),
  );
  const rows = [...calls, monday + 30 * 60_000].map((at) => ({ time: new Date(at).toISOString(), input_tokens: 1 }));
  expect(inHourFactorOf(read(csvOf(rows)))).toBeCloseTo((100 * 30) / 1551, 6);
});

const random = randomNumbers(11);
const [call] = madeUpCalls(1) as [MadeUpCall];
const traced = range(1000).map((at) => {
  const input = Math.round(Math.exp(6 + 2 * random()));
  return { ...call, at: firstDay + at * 1800, input, output: 1 + Math.round(300 * random()) };
});

test.each(['Azure trace', 'BurstGPT', 'Mooncake'])('%s: calls, means, p95 and rate of a thousand rows', (name) => {
  const usage = read(exportsOf(traced)[name]?.text ?? '');
  const [group] = usage.groups;
  const sums = [...(group?.days.values() ?? [])].reduce(addSums, noSums());
  const sorted = (of: 'input' | 'output') => traced.map((each) => each[of]).sort((a, b) => a - b);
  expect(sums.calls).toBe(1000);
  for (const of of ['input', 'output'] as const) {
    expect(sums[of]).toBe(traced.reduce((sum, each) => sum + each[of], 0));
    const exact = sorted(of)[949] as number;
    expect(Math.abs((group?.[of].percentile(0.95) ?? 0) / exact - 1)).toBeLessThan(0.01);
  }
  // 1,000 calls 1.8 s apart take 1,798.2 s; every minute but the last has 33 or 34 of them.
  expect(windowOf(usage).days * 86_400).toBeCloseTo(1798.2, 6);
  expect(inHourFactorOf(usage)).toBeCloseTo((34 * (1798.2 / 60)) / 1000, 6);
});

test('blocks that an earlier prompt began with are cached, and an answer without tokens is a failure', () => {
  const usage = read(
    linesOf([
      { timestamp: 0, input_length: 1500, output_length: 5, hash_ids: [1, 2, 3] },
      { timestamp: 10, input_length: 1400, output_length: 0, hash_ids: [1, 2, 9] },
      { timestamp: 20, input_length: 1400, output_length: 4, hash_ids: [1, 2, 9] },
      { timestamp: 30, input_length: 1500, output_length: 4, hash_ids: [7, 2, 3] },
    ]),
  );
  const sums = [...(usage.groups[0]?.days.values() ?? [])].reduce(addSums, noSums());
  expect(sums).toMatchObject({ calls: 3, failed: 1, failedTokens: 1400, cached: 1400, hits: 1 });
});

test('a histogram is exact to a hundredth, whatever the order and however it is put together', () => {
  const next = randomNumbers(5);
  const values = range(5000).map(() => Math.exp(12 * next()));
  const [whole, one, other] = [new Histogram(), new Histogram(), new Histogram()];
  values.forEach((value, at) => {
    whole.add(value);
    (at % 3 === 0 ? one : other).add(values[values.length - 1 - at] as number);
  });
  one.merge(other);
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of [0.01, 0.5, 0.95, 1]) {
    const exact = sorted[Math.ceil(share * values.length) - 1] as number;
    expect(Math.abs((whole.percentile(share) ?? 0) / exact - 1)).toBeLessThan(0.0051);
    expect(one.percentile(share)).toBe(whole.percentile(share));
  }
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (logs.length - 1));
  expect(whole.spread()).toBeCloseTo(deviation, 3);
  expect(new Histogram().percentile(0.5)).toBeNull();
});

test('ids that differ in one letter are told apart, and the same one is known', () => {
  const ids = new IdSet();
  const names = range(50_000).flatMap((at) => [`chatcmpl-${at}`, `gen-${at}a`]);
  expect(names.filter((name) => !ids.add(name))).toEqual([]);
  expect(names.filter((name) => ids.add(name))).toEqual([]);
  expect(ids.size).toBe(100_000);
});

test.each(times)('$time is $iso', ({ time, iso }) => {
  expect(read(csvOf([{ time, input_tokens: 1 }])).from).toBe(Date.parse(iso));
});

test.each(['', 'soon', '12.10.2026', '2026-13-01', '10/12/2026', '2026-10-12 25:00:00'])('"%s" is no time', (time) => {
  expect(read(csvOf([{ time, input_tokens: 1 }])).leftOut).toMatchObject([{ reason: 'no time that can be read' }]);
});

test('local time follows summer time', () => {
  const berlin = localClock('Europe/Berlin');
  const hours = (text: string) => (berlin(Date.parse(text)) - Date.parse(text)) / hourMs;
  expect([hours('2026-10-25T00:59:00Z'), hours('2026-10-25T01:00:00Z')]).toEqual([2, 1]);
  expect((localClock('Asia/Kolkata')(0) - 0) / hourMs).toBe(5.5);
  expect(() => localClock('Nowhere/Atall')).toThrow(RangeError);
});
