import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dayWarnings, forecastFigures, leftOutWarnings, sizeWarnings } from '../../src/cost/quote.js';
import type { ApiRow } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('quote-warnings', {
  days: {
    ...{ why: z.string(), of: z.record(z.string(), z.unknown()), asked: z.string().optional() },
    ...{ code: z.string().optional(), message: z.string().optional(), hint: z.string().optional() },
  },
});

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
  test.each(cases.days)('$why', ({ of, asked = null, code, message, hint = null }) => {
    expect(said(dayWarnings(row(of), snapshot, asked))).toEqual(code === undefined ? [] : [[code, message, hint]]);
  });
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
