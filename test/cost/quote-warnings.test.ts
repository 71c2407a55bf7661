import { describe, expect, test } from 'vitest';
import { dayWarnings, forecastFigures, leftOutWarnings, sizeWarnings } from '../../src/cost/quote.js';
import type { ApiRow } from '../../src/tables/columns.js';

const snapshot = '2026-08-21';
const row = (more: Partial<ApiRow>): ApiRow =>
  ({
    ...{
      inputUsdPerMTok: 2,
      outputUsdPerMTok: 10,
      provider: 'acme',
      modelId: 'large',
      effectiveFrom: null,
      until: null,
      retires: null,
    },
    ...{ nextInputUsdPerMTok: 3, nextOutputUsdPerMTok: 15, contextWindow: null, maxOutput: null },
    ...{ regionalUpliftPct: null, regionalUplifts: [], offPeakRatio: null, freeTokensPerMonth: null },
    ...more,
  }) as ApiRow;
const said = (problems: ReturnType<typeof dayWarnings>) =>
  problems.map(({ code, message, suggestion }) => [code, message, suggestion ?? null]);

describe('the day of a call', () => {
  const earlier = '--pricing names an earlier snapshot';
  const notYet = (asked: string) => [
    'not-yet-in-force',
    `this price holds from 2026-06-30, not yet on ${asked}`,
    earlier,
  ];
  const older = (asked: string) => [
    'earlier-than-prices',
    `these are prices of 2026-08-21: on ${asked} others may have held`,
    earlier,
  ];
  const introductory = [
    'introductory-price',
    'an introductory price until 2026-08-31, then 3 in and 15 out per 1e6 tokens',
    '--at names the day of the calls',
  ];
  const forecast = [
    'forecast-price',
    'a forecast: 3 in and 15 out after 2026-08-31 was announced by 2026-08-21 and has not been checked since; before it was 2 in and 10 out',
    null,
  ];
  const unknownNext = [
    'forecast-price',
    'the introductory price of 2 in and 10 out ended on 2026-08-31; what it costs now was not published by 2026-08-21, so the old one is taken: check it',
    null,
  ];
  const estimated = [
    'forecast-price',
    'the introductory price of 2 in and 10 out ended on 2026-08-31; what it costs now was not published by 2026-08-21, so an estimate is taken, the list price before it of 3 in and 15 out per 1e6 tokens: check it',
    null,
  ];
  const offSale = ['retired', 'acme/large is off sale from 2026-08', null];

  test.each<[string, Partial<ApiRow>, string | null, unknown[]]>([
    ['of the snapshot says nothing', { effectiveFrom: '2026-06-30' }, null, []],
    ['no day is never before the first, even where that lies ahead', { effectiveFrom: '2026-12-01' }, null, []],
    ['before the first day', { effectiveFrom: '2026-06-30' }, '2026-06-29', [notYet('2026-06-29')]],
    ['on the first day, before the snapshot', { effectiveFrom: '2026-06-30' }, '2026-06-30', [older('2026-06-30')]],
    ['in the first month, of which no day is known', { effectiveFrom: '2026-06' }, '2026-06-01', [older('2026-06-01')]],
    ['on the day of the snapshot', {}, snapshot, []],
    ['in an introduction', { until: '2026-08-31' }, '2026-08-31', [introductory]],
    ['after it', { until: '2026-08-31' }, '2026-09-01', [forecast]],
    ['after one without a next price', { until: '2026-08-31', nextInputUsdPerMTok: null }, '2026-09-01', [unknownNext]],
    [
      'after one that nobody says what follows',
      { until: '2026-08-31', nextEstimated: true },
      '2026-09-01',
      [estimated],
    ],
    ['before it is off sale', { retires: '2026-09' }, null, []],
    ['in the month that it goes', { retires: '2026-08' }, null, [offSale]],
    ['later', { retires: '2026-08' }, '2027-01-01', [offSale]],
  ])('%s', (_, of, asked, expected) => expect(said(dayWarnings(row(of), snapshot, asked))).toEqual(expected));
});

test('a call is warned of beyond what the model takes, not at it', () => {
  const of = row({ contextWindow: 1000, maxOutput: 100 });
  const tokens = (prompt: number, output: number) => ({
    prompt,
    output,
    input: prompt,
    cached: 0,
    cacheWrite: 0,
    cacheWrite1h: 0,
  });
  expect(sizeWarnings(of, tokens(1000, 100))).toEqual([]);
  expect(said(sizeWarnings(of, tokens(1001, 101)))).toEqual([
    ['beyond-context', 'a prompt of 1001 tokens is more than acme/large takes: 1000', null],
    ['beyond-max-output', '101 output tokens are more than acme/large writes at once: 100', null],
  ]);
  expect(sizeWarnings(row({}), tokens(1e9, 1e9))).toEqual([]);
});

test('what is left out of a bill is named where there is any', () => {
  expect(leftOutWarnings(row({ regionalUpliftPct: 0, freeTokensPerMonth: 0 }), false, false)).toEqual([]);
  expect(said(leftOutWarnings(row({ regionalUpliftPct: 10, freeTokensPerMonth: 5000 }), false, false))).toEqual([
    ['regional-uplift', 'an endpoint bound to a region costs 10 % more', '--residency names the region'],
    ['free-tokens', 'the first 5000 tokens of a month are free; they are not taken off', null],
  ]);
});

test('figures of a forecast: what it costs until then, and after as far as that is known', () => {
  const now = { inputUsdPerMTok: 2, outputUsdPerMTok: 10 };
  expect(forecastFigures(row({}))).toEqual({ ...now, nextInputUsdPerMTok: 3, nextOutputUsdPerMTok: 15 });
  expect(forecastFigures(row({ nextInputUsdPerMTok: null, nextOutputUsdPerMTok: null }))).toEqual(now);
});
