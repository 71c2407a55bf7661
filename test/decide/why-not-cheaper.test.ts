import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, readCommitted } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { tool } from '../support/scenario.js';

const decided = (name: string, set: readonly string[] = []): Promise<Decision> =>
  decideCommitted(name, { set, point: true });

const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

test.each([
  'support-chatbot',
  'million-chunks',
  'factory-sites',
  'nightly-calls',
  'post-screening',
  'growth-in-stages',
])('the lines of %s add up to what its risks count more, which is more than it saves', async (name) => {
  const { recommendation: advice } = await decided(name);
  const why = advice.whyNotCheaper;
  if (why === null) throw new Error('nothing is cheaper');
  expect(Math.abs(sum(why.lines.map(({ monthly }) => monthly)) - why.countsMore)).toBeLessThan(1e-6);
  expect(why.countsMore).toBeGreaterThan(why.savesMonthly);
  expect(why.savesMonthly).toBeGreaterThan(0);
  // What follows in stages is compared in the months of the first one.
  const [stage] = advice.stages;
  expect((stage?.monthlyCost ?? 0) - why.monthlyCost).toBeCloseTo(why.savesMonthly, 6);
  expect(why.plan).not.toBe(advice.plan);
  const terms = why.lines.flatMap((line) => line.terms);
  expect(new Set(terms).size).toBe(terms.length);
});

test('the worked example: by hand from quality, odds and wages, at the C0 of the case', async () => {
  const { tables, prose } = await shipped(latestSnapshot);
  const read = await readCommitted('support-chatbot', [], latestSnapshot);
  const { recommendation: advice } = assess(read, tables, { asOf, prose, tool, point: true });
  const { whyNotCheaper: why, cheapest } = advice;
  expect(why?.plan).toBe('open-model-api/novita/qwen/qwen3-8b-fp8');
  const figure = (name: string): number => why?.figures[name] ?? Number.NaN;
  const usdOf = (term: string): number => why?.lines.find((line) => line.term === term)?.monthly ?? Number.NaN;
  // Indices of models.csv, four minutes of an engineer for each point.
  expect([figure('itsQuality'), figure('quality')]).toEqual([50.4, 79.2]);
  expect(usdOf('upkeep')).toBeCloseTo(6 * 28.8, 6);
  // A week of wages and a month of the cheapest plan, over twelve months.
  const { team } = resolve(read, tables, asOf);
  expect(cheapest?.monthlyCost).toBeLessThan(100);
  const redo = (team.yearlyCostUsd / 52 + (cheapest?.monthlyCost ?? 0)) / 12;
  expect(usdOf('redo')).toBeCloseTo((figure('goodEnough') - figure('itsGoodEnough')) * redo, 6);
  expect(why?.lines.map(({ terms }) => terms)).toEqual([['upkeep'], ['redo'], ['failed', 'wait']]);
  // What costs still less is not sure enough.
  expect(cheapest?.plan).not.toBe(why?.plan);
  expect(advice.why.map(({ code }) => code)).toEqual(expect.arrayContaining(['quality', 'risks']));
});

test('what a place and a point of quality count', async () => {
  const { adjusted } = (await decided('support-chatbot')).recommendation;
  if (adjusted === null) throw new Error('it is decided by adjusted cost');
  expect(adjusted.places).toBe(25);
  expect(adjusted.upkeep).toBeCloseTo(6 * 20.8, 6);
});

test('nothing is told where the cheapest is advised, nor adjusted dollars by cost', async () => {
  const cheapest = (await decided('support-chatbot', ['assumptions.upkeepUsdPerPoint=0.01'])).recommendation;
  expect(cheapest.plan).toBe('open-model-api/novita/qwen/qwen3-8b-fp8');
  expect(cheapest.whyNotCheaper).toBeNull();
  const codes = cheapest.why.map(({ code }) => code);
  expect(codes).toContain('quality');
  expect(codes).not.toContain('risks');
  for (const name of ['support-chatbot', 'support-escalation']) {
    const { recommendation } = await decided(name, ['preferences.objective=cost']);
    expect(recommendation).toMatchObject({ whyNotCheaper: null, adjusted: null });
  }
});
