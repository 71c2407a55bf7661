import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

const value = <T>(reader: Reader<T>, written: unknown): T => {
  const reading = reader(written);
  if (!reading.ok) throw new Error(reading.message);
  return reading.value;
};
const refusal = (reader: Reader<unknown>, written: unknown): string => {
  const reading = reader(written);
  return reading.ok ? `accepted: ${JSON.stringify(reading.value)}` : reading.message;
};
const sure = (likely: number) => ({ likely, range: null });
const between = (low: number, likely: number, high: number) => ({ likely, range: { low, likely, high } });
const wide = (low: number, likely: number, high: number) => ({ likely, range: { low, likely, high, of: 'logarithm' } });

const readNumber = numberReader(null);
const readCount = countReader('tokens');

describe('numbers', () => {
  test.each([
    [5, 5],
    ['5', 5],
    ['50k', 50_000],
    ['2.5M', 2_500_000],
    ['0.07k', 70],
    ['1.5 B', 1_500_000_000],
    ['2 million', 2_000_000],
    ['1_000_000', 1_000_000],
    ['1e3', 1000],
    ['.5', 0.5],
    ['-3', -3],
  ])('%j is %d', (written, expected) => expect(value(readNumber, written)).toEqual(sure(expected)));

  test.each(['400 tokens', '400 token', 400])('%j is 400 tokens', (written) => {
    expect(value(readCount, written)).toEqual(sure(400));
  });

  test.each([
    ['1,000', 'has a comma: write 1000, 1_000 or 1k'],
    ['1,5', 'has a comma'],
    ['1__000', 'not'],
    ['5-10', 'write low..high'],
    ['abc', 'is not a number'],
    ['5 apples', 'is not a number of tokens'],
    ['$5', 'is not a number of tokens'],
    ['', 'is not a number'],
    [true, '`true` is not a number'],
    [null, 'nothing is not a number'],
    [[5], 'a list is not a number'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'too large'],
    ['1e400', 'too large'],
    ['1e308k', 'too large'],
    [-1, 'negative'],
    ['9'.repeat(201), 'too long'],
  ])('%j is refused: %s', (written, message) => {
    expect(refusal(readCount, written)).toContain(message);
    expect(refusal(readCount, written)).not.toContain('accepted');
  });

  test('a refusal names the accepted forms', () => {
    expect(refusal(readCount, 'many')).toContain('write 800, 1_000, 50k, 400 tokens or 40k..60k');
  });
});

describe('ranges', () => {
  test.each<[unknown, unknown, string]>([
    ['40k..60k', between(40_000, 50_000, 60_000), 'the ends differ by less than 3, so the middle is (40k + 60k) / 2'],
    ['1..100', wide(1, 10, 100), 'wide, so sqrt(1 x 100)'],
    ['1..3', between(1, 2, 3), 'exactly 3 is not wide'],
    ['0..8', between(0, 4, 8), 'no geometric mean with 0'],
    ['-4..8', between(-4, 2, 8), 'nor with a negative'],
    ['800..1.2k', between(800, 1000, 1200), '800k would be above 1.2k, so it means 800'],
    ['5..5', between(5, 5, 5), 'an empty band'],
    [{ low: 1, high: 2 }, between(1, 1.5, 2), ''],
    [{ low: '1k', likely: '1.1k', high: '2k' }, between(1000, 1100, 2000), ''],
    [{ mean: 100, cv: 0 }, between(100, 100, 100), 'no spread'],
  ])('%j is %j: %s', (written, expected) => expect(value(readNumber, written)).toEqual(expected));

  test('{mean, cv} is the 80 % band of a lognormal distribution', () => {
    // cv = sqrt(e - 1), so sigma = 1, median = 100 / sqrt(e) = 60.6531, band = median x e^(+-1.2815516)
    // e^1.2815516 = 3.602224, so 60.6531 / 3.602224 = 16.8377 and 60.6531 x 3.602224 = 218.4860
    const { likely, range } = value(readNumber, { mean: 100, cv: Math.sqrt(Math.E - 1) });
    expect(likely).toBe(100);
    expect(range?.low).toBeCloseTo(16.8377, 3);
    expect(range?.high).toBeCloseTo(218.486, 2);
  });

  test.each([
    ['60k..40k', 'low (60000) is above high (40000)'],
    ['40..60k', 'ambiguous'],
    ['1..2..3', 'with two dots, once'],
    ['..5', 'is not a number'],
    [{ low: 1, hihg: 2 }, 'a range is {low, likely, high}, {low, high} or {mean, cv}, not {low, hihg}'],
    [{ low: 1, likely: 3, high: 2 }, 'likely (3) is outside'],
    [{ low: 1, high: 'x' }, 'high: `x` is not a number'],
    [{ mean: 5, cv: 3.1 }, 'cv is 3.1; expected 0 to 3'],
    [{ mean: 5, cv: -1 }, 'cv is -1'],
    [{ mean: 0, cv: 1 }, 'expected more than 0'],
    [{ low: '1..2', high: 3 }, '`{low: 1..2, high: 3}` is not a number'],
  ])('%j is refused: %s', (written, message) => expect(refusal(readNumber, written)).toContain(message));
});

describe('shares', () => {
  test.each([
    ['12%', 0.12],
    ['99.5%', 0.995],
    ['7 percent', 0.07],
    [0.12, 0.12],
    [1, 1],
    ['100%', 1],
    [0, 0],
  ])('%j is %d', (written, expected) => expect(value(readShare, written)).toEqual(sure(expected)));

  test.each(['10..20%', '10%..20%'])('%j has the sign once or twice', (written) => {
    const { likely, range } = value(readShare, written);
    expect(range).toEqual({ low: 0.1, likely, high: 0.2 });
    expect(likely).toBeCloseTo(0.15, 12);
  });

  test.each([
    [12, 'for 12 percent write 12%'],
    ['120%', 'is above 1'],
    ['-5%', 'negative'],
    ['5 apples', 'is not a share (write 12%, 0.12 or 10%..15%)'],
  ])('%j is refused: %s', (written, message) => expect(refusal(readShare, written)).toContain(message));
});

describe('ratios', () => {
  test.each([
    ['80%', 0.8],
    ['120 percent', 1.2],
    [1.2, 1.2],
  ])('%j is %d', (written, expected) => expect(value(readRatio, written)).toEqual(sure(expected)));

  test.each([
    ['80 apples', 'is not a ratio'],
    ['$0.8', 'is not a ratio'],
    [0, 'must be more than 0'],
    ['1100%', 'is above 10'],
  ])('%j is refused: %s', (written, message) => expect(refusal(readRatio, written)).toContain(message));
});

describe('durations', () => {
  test.each([
    ['800ms', 'ms', 800],
    ['2s', 'ms', 2000],
    ['0.3s', 'ms', 300],
    [250, 'ms', 250],
    ['30 min', 'hours', 0.5],
    ['24h', 'hours', 24],
    ['2 days', 'hours', 48],
    ['8 weeks', 'weeks', 8],
    ['14 days', 'weeks', 2],
    ['24 months', 'months', 24],
    ['2 years', 'months', 24],
    ['1 month', 'hours', 730],
    ['500 ms', 's', 0.5],
  ] as const)('%j in %s is %d', (written, unit, expected) => {
    expect(value(durationReader(unit), written)).toEqual(sure(expected));
  });

  test('m is minutes where months make no sense', () => {
    expect(value(durationReader('hours'), '90m')).toEqual(sure(1.5));
    expect(refusal(durationReader('weeks'), '3m')).toContain('m is ambiguous: write min or months');
  });

  test('a range takes its unit from either end', () => {
    expect(value(durationReader('s'), '1..3s')).toEqual(between(1, 2, 3));
    expect(value(durationReader('s'), '500ms..2.5s')).toEqual(wide(0.5, Math.sqrt(1.25), 2.5));
  });

  test.each([
    ['5 lightyears', 'is not a duration (write 800ms, 2s'],
    ['-2s', 'negative'],
    ['$2', 'is not a duration'],
  ])('%j is refused: %s', (written, message) => expect(refusal(durationReader('s'), written)).toContain(message));

  test('the message says what a bare number means', () => {
    expect(refusal(durationReader('weeks'), 'soon')).toContain('a bare number is in weeks');
  });

  test('there and back is the same time', () => {
    const units = fc.constantFrom('ms', 's', 'min', 'hours', 'days', 'weeks', 'months', 'years' as const);
    fc.assert(
      fc.property(units, units, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (a, b, time) => {
        expect(convertTime(convertTime(time, a, b), b, a) / time).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('money', () => {
  const monthly = moneyReader('months');
  test.each([
    ['$1.2k', 1200],
    ['1200 USD', 1200],
    ['USD 1200', 1200],
    [9000, 9000],
    ['9000/month', 9000],
    ['$9000 per month', 9000],
    ['$96k/year', 8000],
    ['$96k a year', 8000],
    // 365 / 12 days in a month
    ['$12/day', 365],
  ])('%j is %d a month', (written, expected) => {
    expect(value(monthly, written).likely).toBeCloseTo(expected, 9);
  });

  test('a month counts twelve times a year', () => {
    expect(value(moneyReader('years'), '$15k/month').likely).toBeCloseTo(180_000, 6);
    expect(value(moneyReader('years'), '160k..220k')).toEqual(between(160_000, 190_000, 220_000));
    expect(value(moneyReader('years'), '$160k..220k')).toEqual(between(160_000, 190_000, 220_000));
  });

  test.each([
    ['1200 EUR', 'convert to USD first'],
    ['€1200', 'is not a number'],
    ['1200 apples', 'is not an amount of money'],
    ['-5', 'negative'],
    ['$5/blink', 'is not an amount of money'],
  ])('%j is refused: %s', (written, message) => expect(refusal(monthly, written)).toContain(message));

  test('a sum paid once has no period', () => {
    expect(value(moneyReader(null), '$50k')).toEqual(sure(50_000));
    expect(refusal(moneyReader(null), '$50k/month')).toContain('without a period');
  });
});

describe('people, growth, speed', () => {
  test.each(['0.5 FTE', '0.5', 0.5, '0.5 people'])('%j is half a person', (written) => {
    expect(value(readFte, written)).toEqual(sure(0.5));
  });
  test('people are not negative', () => expect(refusal(readFte, -1)).toContain('negative'));

  test.each([
    ['5% per month', 0.05],
    ['5%/month', 0.05],
    [0, 0],
    ['0%', 0],
    ['-3% per month', -0.03],
    // 1.01^12 = 1.126825030131970, so this is 1 % a month
    ['12.6825030131970% per year', 0.01],
    // 1.02^3 = 1.061208
    ['6.1208% per quarter', 0.02],
    ['300% per month', 3],
  ])('%j is %d a month', (written, expected) => {
    expect(value(readGrowth, written).likely).toBeCloseTo(expected, 12);
  });
  test('a range of growth names its period once', () => {
    expect(value(readGrowth, '-5%..5% per month')).toEqual(between(-0.05, 0, 0.05));
  });
  test.each([
    ['5 per month', 'for 5 percent write 5%'],
    ['5 %', 'write 5% per month or 80% per year'],
    [0.05, 'write 5% per month or 80% per year'],
    ['2%..6%', 'write 5% per month or 80% per year'],
    ['-100% per month', 'above -100%'],
    ['5% per blink', 'is not a growth rate'],
  ])('%j is refused: %s', (written, message) => expect(refusal(readGrowth, written)).toContain(message));

  test.each(['20 tokens/s', '20 tokens per second', 20, '20'])('%j is 20 tokens a second', (written) => {
    expect(value(readSpeed, written)).toEqual(sure(20));
  });
  test.each([0, '20 tokens/day', '20 km/h'])('%j is no speed', (written) => {
    expect(refusal(readSpeed, written)).toContain('write 20 tokens/s');
  });
});

describe('volumes', () => {
  test.each([
    ['50k conversations/day', 50_000, 'conversations', 'day', false],
    ['1M requests per month', 1_000_000, 'requests', 'month', false],
    ['2M tokens/day', 2_000_000, 'tokens', 'day', false],
    ['12 requests/s at peak', 12, 'requests', 'second', true],
    ['12 rps at peak', 12, 'requests', 'second', true],
    ['300 users', 300, 'users', null, false],
    [5000, 5000, 'requests', 'day', false],
    ['50k/day', 50_000, 'requests', 'day', false],
    ['1,250,000 requests/day', 1_250_000, 'requests', 'day', false],
    ['100 requests a week', 100, 'requests', 'week', false],
    ['7 requests per minute', 7, 'requests', 'minute', false],
  ])('%j', (written, amount, of, per, atPeak) => {
    expect(value(readVolume, written)).toEqual({ amount: sure(amount), of, per, atPeak });
  });

  test.each(['1,5 requests/day', '1,00 requests/day', '1,0000 requests/day', '1,000.5 requests/day'])(
    '%j has a comma that parts no thousands',
    (written) => expect(refusal(readVolume, written)).toContain('has a comma'),
  );

  test.each([
    ['4k notes/day', 4000, 'notes', 'day'],
    ['4,000 notes/day', 4000, 'notes', 'day'],
    ['2M mails/night', 2_000_000, 'mails', 'night'],
    ['3M texts', 3_000_000, 'texts', null],
    ['60 developers', 60, 'developers', null],
    ['30k calls/month', 30_000, 'calls', 'month'],
    ['200 support tickets per workday', 200, 'support tickets', 'workday'],
    ['500 Meeting Minutes-drafts each weekday', 500, 'meeting minutes-drafts', 'workday'],
    ['6k questions a year', 6000, 'questions', 'year'],
  ])('%j keeps the noun', (written, amount, noun, per) => {
    const period = per === 'night' ? 'day' : per;
    expect(value(readVolume, written)).toEqual({
      amount: sure(amount),
      of: 'requests',
      noun,
      per: period,
      atPeak: false,
    });
  });

  test('ranges', () => {
    const expected = { amount: between(40_000, 50_000, 60_000), of: 'requests', per: 'day', atPeak: false };
    for (const written of [
      '40k..60k requests/day',
      '40k requests/day..60k requests/day',
      { low: '40k', high: '60k' },
    ]) {
      expect(value(readVolume, written)).toEqual(expected);
    }
    const likely = { low: '40k', likely: '45k requests/day', high: '60k' };
    expect(value(readVolume, likely)).toEqual({ ...expected, amount: between(40_000, 45_000, 60_000) });
  });

  test.each([
    ['50k conversatons/day', 'did you mean `conversations`?'],
    ['2M tokns/day', 'did you mean `tokens`?'],
    ['300 users/day', 'people have no period'],
    ['300 nurses/day', 'people have no period'],
    ['20 GB/day', '`gb` is not a unit of volume'],
    ['5k words/day', '`words` is not a unit of volume'],
    ['60 minutes/day', '`minutes` is not a unit of volume'],
    ['3 constructor/day per month', 'not a'],
    ['50 requests/day at peak', 'give it per second, minute or hour'],
    ['50 requests/blink', '`blink` is not a period'],
    [0, 'must be more than 0'],
    [-5, 'negative'],
    ['40 requests/day..60 tokens/day', 'mixes units'],
    ['$50/day', 'is money'],
    [Number.POSITIVE_INFINITY, 'too large'],
    [undefined, 'write 50k conversations/day'],
  ])('%j is refused: %s', (written, message) => expect(refusal(readVolume, written)).toContain(message));
});

describe('tokens or a share', () => {
  test('a percent sign makes a share', () => {
    expect(value(readTokensOrShare, '2k')).toEqual(sure(2000));
    expect(value(readTokensOrShare, '60%')).toEqual({ share: sure(0.6) });
    expect(value(readTokensOrShare, { low: '25%', high: '75%' })).toEqual({ share: between(0.25, 0.5, 0.75) });
  });
  test('a fraction of a token is a share without its sign', () => {
    expect(refusal(readTokensOrShare, 0.6)).toContain('write 60%');
    expect(refusal(readTokensOrShare, '160%')).toContain('above 1');
  });
});

describe('parameters, each in its own unit', () => {
  test.each([
    ['1%', 'fraction', 0.01],
    [0.01, 'fraction', 0.01],
    ['25%', 'fraction of price', 0.25],
    ['1 day', 'hours', 24],
    ['2s', 's', 2],
    ['2s', 'ms', 2000],
    ['$12', 'usd/gb', 12],
    ['$0.12/kwh', 'usd/kwh', 0.12],
    ['0.12 usd/kwh', 'usd/kwh', 0.12],
    ['1%', null, 0.01],
    ['$12', null, 12],
  ])('%j for a parameter in %s is %d', (written, unit, expected) => {
    expect(value(parameterReader(unit), written)).toEqual(sure(expected));
  });
  test.each([
    ['1%', 'hours'],
    ['$12', 'hours'],
    ['12 s', 'usd/kwh'],
    ['abc', 'fraction'],
  ])('%j is no value in %s', (written, unit) => {
    expect(refusal(parameterReader(unit), written)).toContain(`in ${unit}`);
  });
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

const readers: [string, Reader<unknown>][] = [
  ['number', readNumber],
  ['share', readShare],
  ['duration', durationReader('s')],
  ['money', moneyReader('months')],
  ['people', readFte],
  ['growth', readGrowth],
  ['speed', readSpeed],
  ['volume', readVolume],
  ['tokens or share', readTokensOrShare],
  ['parameter', parameterReader('usd/gb')],
];

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

test.each(readers)('%s: never throws, and what it accepts is finite and in order', (_, reader) => {
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
