import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Reader } from '../../src/units/amount.js';
import {
  convertTime,
  durationReader,
  moneyReader,
  parameterReader,
  readFte,
  readGrowth,
  readRatio,
  readShare,
  readSpeed,
  readTokensOrShare,
} from '../../src/units/readers.js';
import { countReader, exact, numberReader } from '../../src/units/uncertain.js';
import { readVolume } from '../../src/units/volume.js';
import { casesIn } from '../support/cases.js';

const readCount = countReader('tokens');
const readers = {
  number: numberReader(null),
  tokens: readCount,
  share: readShare,
  ratio: readRatio,
  'duration in ms': durationReader('ms'),
  'duration in s': durationReader('s'),
  'duration in min': durationReader('min'),
  'duration in hours': durationReader('hours'),
  'duration in weeks': durationReader('weeks'),
  'duration in months': durationReader('months'),
  money: moneyReader(null),
  'money a month': moneyReader('months'),
  'money a year': moneyReader('years'),
  people: readFte,
  growth: readGrowth,
  speed: readSpeed,
  volume: readVolume,
  'tokens or share': readTokensOrShare,
  parameter: parameterReader(null),
  ...Object.fromEntries(
    ['fraction', 'fraction of price', 'hours', 's', 'ms', 'usd/gb', 'usd/kwh'].map((unit) => [
      `parameter in ${unit}`,
      parameterReader(unit),
    ]),
  ),
} as Record<string, Reader<unknown>>;

const reader = z.enum(Object.keys(readers));
const figures = z.tuple([z.number(), z.number(), z.number()]);
const why = z.string().optional();
const cases = casesIn('units-read', {
  read: { reader, written: z.unknown(), is: z.union([z.number(), figures]).optional(), wide: figures.optional(), why },
  near: { reader, written: z.unknown(), is: z.number(), digits: z.number() },
  refused: { reader, written: z.unknown(), says: z.string() },
  volumes: {
    ...{ written: z.unknown(), amount: z.union([z.number(), figures]), of: z.string(), noun: z.string().optional() },
    ...{ per: z.string().nullable(), atPeak: z.literal(true).optional() },
  },
});

const value = <T>(reader: Reader<T> | undefined, written: unknown): T => {
  const reading = reader?.(written);
  if (!reading?.ok) throw new Error(reading?.message ?? 'no reader');
  return reading.value;
};
const refusal = (reader: Reader<unknown> | undefined, written: unknown): string => {
  const reading = reader?.(written);
  return reading === undefined || reading.ok ? `accepted: ${JSON.stringify(reading?.value)}` : reading.message;
};
type Figures = [low: number, likely: number, high: number];
const range = ([low, likely, high]: Figures, of: object = {}) => ({ likely, range: { low, likely, high, ...of } });
const figure = (is: number | Figures) => (typeof is === 'number' ? { likely: is, range: null } : range(is));

test.each(cases.read)('$written as $reader is $is', ({ reader, written, is, wide }) => {
  expect(value(readers[reader], written)).toEqual(
    wide === undefined ? figure(is as number) : range(wide, { of: 'logarithm' }),
  );
});

test.each(cases.near)('$written as $reader is $is', ({ reader, written, is, digits }) => {
  expect((value(readers[reader], written) as { likely: number }).likely).toBeCloseTo(is, digits);
});

const unwritable: typeof cases.refused = [
  { reader: 'tokens', written: Number.NaN, says: 'NaN' },
  { reader: 'tokens', written: Number.POSITIVE_INFINITY, says: 'too large' },
  { reader: 'tokens', written: '9'.repeat(201), says: 'too long' },
  { reader: 'volume', written: Number.POSITIVE_INFINITY, says: 'too large' },
  { reader: 'volume', written: undefined, says: 'write 50k conversations/day' },
];
test.each([...cases.refused, ...unwritable])('$written as $reader is refused: $says', ({ reader, written, says }) => {
  expect(refusal(readers[reader], written)).toContain(says);
  expect(refusal(readers[reader], written)).not.toContain('accepted');
});

test.each(cases.volumes)('$written is a volume', ({ written, amount, atPeak = false, ...rest }) => {
  expect(value(readVolume, written)).toEqual({ amount: figure(amount), atPeak, ...rest });
});

test('{mean, cv} is the 80 % band of a lognormal distribution', () => {
  // cv = sqrt(e - 1), so sigma = 1, median = 100 / sqrt(e) = 60.6531, band = median x e^(+-1.2815516)
  // e^1.2815516 = 3.602224, so 60.6531 / 3.602224 = 16.8377 and 60.6531 x 3.602224 = 218.4860
  const { likely, range } = value(numberReader(null), { mean: 100, cv: Math.sqrt(Math.E - 1) });
  expect(likely).toBe(100);
  expect(range?.low).toBeCloseTo(16.8377, 3);
  expect(range?.high).toBeCloseTo(218.486, 2);
});

test.each(['10..20%', '10%..20%'])('%j has the sign once or twice', (written) => {
  const { likely, range } = value(readShare, written);
  expect(range).toEqual({ low: 0.1, likely, high: 0.2 });
  expect(likely).toBeCloseTo(0.15, 12);
});

test('a range takes its unit from either end', () => {
  expect(value(durationReader('s'), '500ms..2.5s')).toEqual(range([0.5, Math.sqrt(1.25), 2.5], { of: 'logarithm' }));
});

test('a percent sign makes a share', () => {
  expect(value(readTokensOrShare, '60%')).toEqual({ share: figure(0.6) });
  expect(value(readTokensOrShare, { low: '25%', high: '75%' })).toEqual({ share: figure([0.25, 0.5, 0.75]) });
});

test('there and back is the same time', () => {
  const units = fc.constantFrom('ms', 's', 'min', 'hours', 'days', 'weeks', 'months', 'years' as const);
  fc.assert(
    fc.property(units, units, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (a, b, time) => {
      expect(convertTime(convertTime(time, a, b), b, a) / time).toBeCloseTo(1, 12);
    }),
  );
});

describe('one number where no range can stand', () => {
  test('a range is refused', () => expect(refusal(exact(readShare), '10%..20%')).toContain('write one number'));
  test('a fraction is refused where a whole number stands', () => {
    const reader = exact(readCount, { wholeOf: 'tokens' });
    expect(refusal(reader, 1.5)).toBe('`1.5` is no whole number of tokens: write 2 tokens');
    expect(value(reader, '4')).toBe(4);
  });
  // 365 / 7 / 12 weeks are a month: 8 weeks are 1.84 months, 104 weeks 23.93, a day 0.03.
  test.each([
    ['8 weeks', '2 months'],
    ['104 weeks', '24 months'],
    ['1 day', '1'],
  ])('%s are no months: %s', (written, instead) => {
    const reader = exact(durationReader('months'), { wholeOf: 'months' });
    expect(refusal(reader, written)).toBe(`\`${written}\` is no whole number of months: write ${instead}`);
    expect(value(reader, '730 days')).toBe(24);
  });
});

const numeric = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.stringMatching(/^-?[0-9]{1,4}[kMB]?(%| FTE|ms|s|\/day)?$/),
);
const written = fc.oneof(
  fc.anything(),
  numeric,
  fc.tuple(numeric, numeric).map(([low, high]) => `${low}..${high}`),
  fc.record({ low: numeric, high: numeric }),
  fc.record({ low: numeric, likely: numeric, high: numeric }),
  fc.record({ mean: numeric, cv: numeric }),
);

test.each(Object.keys(readers))('%s: never throws, and what it accepts is finite and in order', (name) => {
  const reader = readers[name] as Reader<unknown>;
  fc.assert(
    fc.property(written, (anything) => {
      const reading = reader(anything);
      if (!reading.ok) {
        expect(reading.message).not.toBe('');
        return;
      }
      const uncertain = (function find(it: unknown): { likely: number; range: unknown } {
        const map = it as Record<string, unknown>;
        return (map.likely !== undefined ? map : find(map.amount ?? map.share)) as { likely: number; range: unknown };
      })(reading.value);
      expect(Number.isFinite(uncertain.likely)).toBe(true);
      const range = uncertain.range as { low: number; likely: number; high: number } | null;
      if (!range) return;
      expect(range.likely).toBe(uncertain.likely);
      expect(range.low).toBeLessThanOrEqual(range.likely);
      expect(range.likely).toBeLessThanOrEqual(range.high);
      expect(Number.isFinite(range.high)).toBe(true);
    }),
    { numRuns: 500, examples: [[{ mean: 1e-100, cv: 2 }]] },
  );
});
