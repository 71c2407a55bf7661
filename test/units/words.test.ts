import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Reader, show } from '../../src/units/amount.js';
import { dayAfter, daysBetween, monthAfter, monthsBetween } from '../../src/units/month.js';
import { editDistance, nearest, suggestion } from '../../src/units/problem.js';
import {
  convertTime,
  moneyReader,
  parameterReader,
  readFte,
  readShare,
  readTokensOrShare,
} from '../../src/units/readers.js';
import { dimensionOf, triangularQuantile } from '../../src/units/statistics.js';
import { countReader, numberReader } from '../../src/units/uncertain.js';
import { readVolume } from '../../src/units/volume.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('units-words', {
  monthAfter: { month: z.string(), count: z.number(), expected: z.string() },
  months: { from: z.string(), to: z.string(), months: z.number() },
  days: { from: z.string(), to: z.string(), days: z.number() },
  edits: { a: z.string(), b: z.string(), edits: z.number() },
});

/** What is read, or why it is not. */
const said = <T>(reader: Reader<T>, written: unknown): T | string => {
  const reading = reader(written);
  return reading.ok ? reading.value : reading.message;
};
const sure = (likely: number) => ({ likely, range: null });

describe('months and days', () => {
  test.each(cases.monthAfter)('$month and $count months: $expected', ({ month, count, expected }) =>
    expect(monthAfter(month, count)).toBe(expected),
  );

  test.each(cases.months)('from $from to $to: $months months', ({ from, to, months }) =>
    expect(monthsBetween(from, to)).toBe(months),
  );

  // 2024 and 2000 are leap years, 1900 and 2100 are not.
  test.each(cases.days)('from $from to $to: $days days, there and back', ({ from, to, days }) => {
    expect(daysBetween(from, to)).toBe(days);
    expect(dayAfter(from, days)).toBe(to);
    expect(dayAfter(to, -days)).toBe(from);
  });

  test('every day of five years follows the one before', () => {
    // The calendar of the platform is the second opinion.
    for (let day = 0; day < 1830; day++)
      expect(dayAfter('2023-01-01', day)).toBe(new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10));
  });
});

describe('a value in a message', () => {
  test.each([
    [null, 'nothing'],
    [undefined, 'nothing'],
    [[1, 2], 'a list'],
    [{}, 'fields'],
    [{ a: 1, b: 'x' }, '`{a: 1, b: x}`'],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, '`{a: 1, b: 2, c: 3, d: 4}`'],
    [{ a: 1, b: {} }, 'fields'],
    [{ a: Symbol('s'), b: 1 }, 'fields'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [true, '`true`'],
    [1e21, '`1e+21`'],
    ['a\u0007b\u009bc', '`a?b?c`'],
    ['x'.repeat(40), `\`${'x'.repeat(40)}\``],
    ['x'.repeat(41), `\`${'x'.repeat(40)}…\``],
  ])('%o', (value, expected) => expect(show(value)).toBe(expected));
});

describe('what was meant', () => {
  // Edits counted by hand: a swap of neighbors is one, and a letter that was swapped is not edited again.
  test.each(cases.edits)('$a to $b takes $edits', ({ a, b, edits }) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });

  test.each([
    ['FAQ_Chat', 'faq-chat'],
    ['faqchat', 'faq-chat'],
    ['extracton', 'extraction'],
    ['clsssification', 'classification'],
    ['zzz', null],
    // A third of the shorter word may differ, and always one letter.
    ['ext', null],
    ['ab', 'abc'],
    ['a', null],
    ['extractionextraction', null],
    ['x'.repeat(65), null],
  ])('%s: %s', (word, meant) => {
    expect(nearest(word, ['faq-chat', 'extraction', 'classification', 'abc', `${'x'.repeat(64)}y`])).toBe(meant);
  });

  test('64 letters are compared, and of two as near the first is meant', () => {
    expect(nearest('x'.repeat(64), [`${'x'.repeat(64)}y`])).toBe(`${'x'.repeat(64)}y`);
    // Nothing written is near nothing, however short.
    for (const empty of ['', ' ', '-']) expect(nearest(empty, ['a', 'faq'])).toBeNull();
    expect(nearest('cat', ['car', 'cut', 'cat'])).toBe('cat');
    expect(nearest('cat', ['car', 'cut'])).toBe('car');
  });

  test('a short list is told where nothing is near', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => `word-number-${i}`);
    expect(suggestion('fla', ['flat', 'steep'], 'profiles')).toBe('did you mean `flat`?');
    expect(suggestion('zzzzzz', ['flat', 'steep'], 'profiles')).toBe('profiles: flat, steep');
    expect(suggestion('zzzzzz', [], 'profiles')).toBeNull();
    // A name of the user's own may be as long as a file.
    const long = 'name'.repeat(1000);
    expect(suggestion('zzzzzz', [long], 'tasks')).toBe(`tasks: ${long.slice(0, 120)}…`);
    expect(suggestion('name', [long], 'tasks')).toBe(`did you mean \`${long.slice(0, 120)}…\`?`);
    expect(suggestion('zzzzzz', twelve, 'words')).toBe(`words: ${twelve.join(', ')}`);
    expect(suggestion('zzzzzz', [...twelve, 'more'], 'words')).toBeNull();
  });
});

describe('readers say what they take', () => {
  test('numbers', () => {
    const plain = numberReader(null);
    const tokens = countReader('tokens', { most: 10 });
    expect(said(plain, 'abc')).toMatch(/^`abc` is not a number \(write 12/);
    expect(said(plain, '5 s')).toBe('`5 s` is not a number (write 12, 1_000, 50k, 2.5M or 40k..60k)');
    expect(said(tokens, '5 apples')).toBe(
      '`5 apples` is not a number of tokens (write 800, 1_000, 50k, 400 tokens or 40k..60k)',
    );
    // Examples that it would refuse are none; words about what it takes are no examples.
    expect(said(countReader('tokens', { most: 900 }), '5 apples')).toBe(
      '`5 apples` is not a number of tokens (write 800 or 400 tokens)',
    );
    expect(said(parameterReader('fraction of requests', { most: 1 }), 2)).toBe(
      '`2` is above 1 (write a number or a range low..high, in fraction of requests)',
    );
    for (const written of [4, '4', '4 tokens', '4 token']) expect(said(tokens, written)).toEqual(sure(4));
    for (const written of ['4 to', '$4', '4 tokensx']) expect(said(tokens, written)).toMatch(/not a number of tokens/);
    expect(said(tokens, -1)).toMatch(/^`-1` is negative/);
    expect(said(tokens, 11)).toMatch(/^`11` is above 10/);
    expect(said(tokens, 10)).toEqual(sure(10));
    expect(said(numberReader('x', { least: 2 }), 1)).toMatch(/^`1` is below 2 \(write 800/);
    expect(said(numberReader('x', { least: 2 }), 2)).toEqual(sure(2));
    expect(said(plain, Number.NaN)).toMatch(/^not a number \(NaN\)/);
    expect(said(plain, Number.POSITIVE_INFINITY)).toMatch(/^`Infinity` is too large for a number/);
    expect(said(plain, 4e-323)).toMatch(/^`4e-323` is too small for a number/);
    expect(said(plain, '1e-101')).toMatch(/^`1e-101` is too small for a number/);
    expect(said(plain, `${'9'.repeat(200)}`)).toEqual(sure(1e200));
    expect(said(plain, `${'9'.repeat(201)}`)).toMatch(/too long for a number/);
    expect(Object.is((said(plain, '-0') as { likely: number }).likely, 0)).toBe(true);
    expect(said(plain, '  5   k ')).toEqual(sure(5000));
  });

  test('people', () => {
    for (const written of ['2', '2 FTE', '2 FTEs', '2 fte', '2 ftes', '2 people', '2 person', 2])
      expect(said(readFte, written)).toEqual(sure(2));
    for (const written of ['$2', '2 half FTE', '2 people more', '2 persons'])
      expect(said(readFte, written)).toMatch(/not a number of people \(write 0.5 FTE/);
    expect(said(readFte, -1)).toMatch(/negative/);
  });

  test('money', () => {
    const sum = moneyReader(null);
    const monthly = moneyReader('months');
    const yearly = moneyReader('years');
    const refused = 'is not an amount of money (write $1.2k, 1200 USD';
    expect(said(sum, '5 apples')).toBe(`\`5 apples\` ${refused} or 40k..60k)`);
    expect(said(monthly, '5 apples')).toBe(
      `\`5 apples\` ${refused}, 9000/month, $96k/year or 40k..60k; without a period it is per month)`,
    );
    expect(said(yearly, '5 apples')).toMatch(/it is per year\)$/);
    expect(said(sum, '5/month')).toBe('this is a sum paid once: write it without a period');
    expect(said(monthly, '12/year')).toEqual(sure(1));
    expect(said(monthly, '$7 per month')).toEqual(sure(7));
    expect(said(yearly, '$7 a month')).toEqual(sure(84));
    expect(said(monthly, '5 EUR')).toBe('amounts are in US dollars: convert to USD first');
    expect(said(monthly, -1)).toMatch(/negative/);
  });

  test('parameters', () => {
    expect(said(parameterReader(null), 'x')).toMatch(/^`x` is not a number/);
    expect(said(parameterReader(null), '5 apples')).toBe(
      '`5 apples` is not a value (write 12, 1%, $12, 30 min or 10..15)',
    );
    expect(said(parameterReader('hours'), '5 apples')).toBe(
      '`5 apples` is not a value in hours (write a number or a range low..high, in hours)',
    );
    expect(said(parameterReader(null), '2 min')).toEqual(sure(120));
    expect(said(parameterReader('hours'), '30 min')).toEqual(sure(0.5));
    expect(said(parameterReader('hours'), '$30')).toMatch(/not a value in hours/);
    expect(said(parameterReader('hours'), '30%')).toMatch(/not a value in hours/);
    expect(said(parameterReader('fraction'), '30%')).toEqual(sure(0.3));
    expect(said(parameterReader('fraction'), '30 percent')).toEqual(sure(0.3));
    expect(said(parameterReader('ratio'), '30%')).toEqual(sure(0.3));
    expect(said(parameterReader('fraction'), '30 % more')).toMatch(/not a value/);
    expect(said(parameterReader('fraction'), '30 x%')).toMatch(/not a value/);
    expect(said(parameterReader('USD/kWh'), '0.12 usd/kwh')).toEqual(sure(0.12));
    expect(said(parameterReader('usd/kwh'), '$0.12/kWh')).toEqual(sure(0.12));
    expect(said(parameterReader('usd/kwh'), '0.12 USD /kwh')).toEqual(sure(0.12));
    expect(said(parameterReader('usd'), '$12')).toEqual(sure(12));
    expect(said(parameterReader('usd'), '12 USD')).toEqual(sure(12));
    expect(said(parameterReader('hours'), '$2 h')).toMatch(/not a value in hours/);
    expect(said(parameterReader('tokens/s'), '$5/s')).toMatch(/not a value/);
  });

  test('shares, and tokens that may be a share', () => {
    expect(said(readShare, '$0.5')).toMatch(/not/);
    expect(said(readTokensOrShare, 0)).toEqual(sure(0));
    expect(said(readTokensOrShare, '60%')).toEqual({ share: sure(0.6) });
    expect(said(readTokensOrShare, { low: '50%', high: '70%' })).toMatchObject({ share: { likely: 0.6 } });
    expect(said(readTokensOrShare, 1)).toEqual(sure(1));
  });

  test('ranges', () => {
    const plain = numberReader(null);
    expect(said(plain, '40..60k')).toMatch(/^`40..60k` is ambiguous: write the suffix at both ends, as in 40k..60k/);
    // 60,000 would be above 60k's own value; 800 to 1,200 can only mean 800.
    expect(said(plain, '800..1.2k')).toMatchObject({ likely: 1000, range: { low: 800, high: 1200 } });
    expect(said(plain, '60..60k')).toMatch(/ambiguous/);
    expect(said(plain, '0..60k')).toMatchObject({ likely: 30_000 });
    expect(said(plain, '4k..6k')).toMatchObject({ likely: 5000 });
    expect(said(plain, { low: 'x', high: 2 })).toMatch(/^low: `x` is not a number/);
    expect(said(plain, { low: 1, high: 'x' })).toMatch(/^high: `x` is not a number/);
    expect(said(plain, { low: 1, likely: 'x', high: 2 })).toMatch(/^likely: `x` is not a number/);
    expect(said(plain, { mean: 'x', cv: 1 })).toMatch(/^mean: `x` is not a number/);
    expect(said(plain, { mean: 1, cv: 'x' })).toMatch(/^cv: `x` is not a number/);
    for (const cv of ['1 s', '$1'])
      expect(said(plain, { mean: 1, cv })).toMatch(/^cv is a plain number, standard deviation \/ mean/);
    expect(said(plain, { mean: 1, cv: 3 })).toMatchObject({ likely: 1 });
    expect(said(plain, { mean: 1, cv: 3.1 })).toMatch(/expected 0 to 3/);
    expect(said(plain, { low: 1, likely: 1, high: 2 })).toMatchObject({ likely: 1 });
    expect(said(plain, { low: 1, likely: 2, high: 2 })).toMatchObject({ likely: 2 });
    expect(said(plain, { low: 1, likely: 3, high: 2 })).toMatch(/outside/);
    expect(said(plain, { zebra: 1, ['y'.repeat(30)]: 2 })).toContain(`not {zebra, ${'y'.repeat(20)}}`);
    // sigma^2 = ln(1 + 1) = 0.693147, sigma = 0.832555; median = 100 e^-0.346574 = 70.7107; 1.2815516 sigma = 1.066962:
    // 70.7107 e^-1.066962 = 24.330 and 70.7107 e^1.066962 = 205.51
    const spread = said(countReader(null), { mean: 100, cv: 1 }) as { range: { low: number; high: number } };
    expect(spread.range.low).toBeCloseTo(24.33, 2);
    expect(spread.range.high).toBeCloseTo(205.51, 1);
    expect(spread.range).toMatchObject({ of: 'lognormal', within: { least: 0, most: Number.MAX_VALUE } });
    const within = said(countReader(null, { most: 500 }), { mean: 100, cv: 1 });
    expect(within).toMatchObject({ range: { within: { least: 0, most: 500 } } });
  });

  test('volumes', () => {
    expect(said(readVolume, '5 rps')).toMatchObject({ amount: sure(5), of: 'requests', per: 'second' });
    expect(said(readVolume, '5 mrps')).toMatch(/not/);
    expect(said(readVolume, '$5 requests/day')).toMatch(/not/);
    expect(said(readVolume, '$5..6 requests/day')).toMatch(/not/);
  });
});

test('times are exact within the clock and within the calendar', () => {
  expect(convertTime(3, 'ms', 's')).toBe(0.003);
  expect(convertTime(0.003, 's', 'ms')).toBe(3);
  expect(convertTime(7, 'weeks', 'days')).toBe(49);
  expect(convertTime(18, 'months', 'years')).toBe(1.5);
  expect(convertTime(0.1, 'hours', 'hours')).toBe(0.1);
  expect(convertTime(1, 'months', 'hours')).toBe(730);
  expect(convertTime(2, 'years', 'ms')).toBe(2 * 12 * 730 * 3_600_000);
});

test('a triangular distribution without width is its only value', () => {
  expect(triangularQuantile({ low: 3, likely: 3, high: 3 }, 0.4)).toBe(3);
  // At the peak both halves say the same.
  expect(triangularQuantile({ low: 0, likely: 2, high: 10 }, 0.2)).toBe(2);
});

test('dimensions differ by their place in a group and by the seed, and a group has four', () => {
  const first = (seed: number, within: number) =>
    Array.from({ length: 8 }, (_, i) => dimensionOf(seed, 'group', within)(i));
  expect(new Set([0, 1, 2, 3].map((within) => first(0, within).join())).size).toBe(4);
  expect(first(0, 0)).not.toEqual(first(1, 0));
  expect(() => dimensionOf(0, 'group', 4)).toThrow(/4 dimensions/);
  for (const value of first(5, 2)) expect(value > 0 && value < 1).toBe(true);
});

test('a name that stands twice among the candidates is suggested once', () => {
  expect(suggestion('mistral', ['mistral-large', 'mistral-large', 'mistral-nemo'], 'known')).toBe(
    'did you mean `mistral-nemo`, `mistral-large`?',
  );
});
