import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { breakEven, caseOfTask } from '../../src/analyses/break-even/answer.js';
import { type Axis, type Costs, crossingsAlong, volumeBreakEvens } from '../../src/analyses/break-even/crossings.js';
import type { BreakEven } from '../../src/decide/decision.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { usdWords } from '../../src/units/numeric.js';
import { casesIn } from '../support/cases.js';
import { asOf, caseOf, readWritten, tool, type Written } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/** A plan as far as its cost over volume goes. */
const line = (id: string, fixed: number, perUnit: number): Plan =>
  ({ id, deployments: [], curve: { fixed, perUnit, terms: [] } }) as unknown as Plan;
const [a, b] = [line('a', 0, 0), line('b', 0, 0)];

describe('along an axis', () => {
  const along = (costs: (value: number) => Costs | null, range: Axis['range'], step = 1, points = 129) => {
    const steps = Math.round((range.to - range.from) / step);
    const evenly = Array.from({ length: points }, (_, i) => Math.round((i * steps) / (points - 1)));
    const looked = [...new Set(evenly)].map((at) => range.from + at * step);
    const axis: Axis = { id: 'axis', unit: 'units', range, step, looked, where: (value) => `at ${value} units` };
    return crossingsAlong([a, b], axis, costs);
  };
  const found = { a: 'a', b: 'b', axis: 'axis', unit: 'units' };

  test('one cheaper up to 5, where both cost the same, the other from the next step on', () => {
    expect(along((value) => ({ a: value, b: 5 }), { from: 0, to: 10 })).toEqual({
      ...found,
      upTo: 10,
      crossings: [{ at: 6, cheaperBelow: 'a', cheaperAbove: 'b' }],
      never: null,
    });
  });

  test('between two of the values asked it is halved down to a step', () => {
    const asked: number[] = [];
    const { crossings } = along(
      (value) => {
        asked.push(value);
        return { a: (value - 500) ** 2, b: 10_000 };
      },
      { from: 0, to: 1000 },
    );
    // From 400 to 600 the square is at most 10,000.
    expect(crossings).toEqual([
      { at: 400, cheaperBelow: 'b', cheaperAbove: 'a' },
      { at: 601, cheaperBelow: 'a', cheaperAbove: 'b' },
    ]);
    // 129 values, evenly, and two brackets of 8 steps, halved three times each.
    expect(asked.slice(0, 4)).toEqual([0, 8, 16, 23]);
    expect(asked.slice(0, 129).at(-1)).toBe(1000);
    expect(asked).toHaveLength(129 + 2 * 3);
  });

  test.each<[string, (value: number) => Costs | null, string]>([
    ['no price at all', () => null, 'one of the two has no price anywhere'],
    [
      'one always cheaper',
      (value) => ({ a: 10 + value, b: 4 }),
      'b costs less everywhere, $4.00 against $10 at 0 units and $4.00 against $20 at 10 units',
    ],
    [
      'the other always cheaper, where both have a price',
      (value) => (value < 3 ? null : { a: 1, b: value }),
      'a costs less everywhere, no price at 0 units and $1.00 against $10 at 10 units',
    ],
    [
      'and no price at the end',
      (value) => (value > 7 ? null : { a: 1, b: 1000 + value }),
      'a costs less everywhere, $1.00 against $1,000 at 0 units and no price at 10 units',
    ],
  ])('never: %s', (_, costs, never) => {
    expect(along(costs, { from: 0, to: 10 })).toEqual({ ...found, upTo: 10, crossings: [], never });
  });
});

const costs = z.tuple([z.number(), z.number()]);
const { never: cases } = casesIn('break-even-by-hand', {
  never: { how: z.string(), one: costs, other: costs, never: z.string() },
});
describe('over the volume', () => {
  let context: Context;
  beforeAll(async () => {
    context = await caseOf({ workload: { volume: 1000 }, tasks: [{ type: 'faq-chat' }] });
  });
  const range = { from: 1, to: 1000 };

  test.each(cases)('never: $how', ({ one, other, never }) => {
    expect(volumeBreakEvens([[line('one', ...one), line('other', ...other)]], range, context)[0]).toEqual({
      a: 'one',
      b: 'other',
      axis: 'requestsPerDay',
      unit: 'requests/day',
      upTo: 1000,
      crossings: [],
      never,
    });
  });

  test('2 a request against 100 and 1: the same at 100, so the other from 101 on', () => {
    const [found] = volumeBreakEvens([[line('one', 0, 2), line('other', 100, 1)]], range, context);
    const { crossings, never } = found as BreakEven;
    expect(crossings).toEqual([{ at: 101, cheaperBelow: 'a', cheaperAbove: 'b' }]);
    expect(never).toBeNull();
  });
});

test('the volume of one task: its own slices follow it, all others stay', async () => {
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: [
      { name: 'faq', type: 'faq-chat' },
      { name: 'night', type: 'summarization', volume: 200 },
    ],
    development: { share: '10%' },
  });
  const night = caseOfTask('night', context)?.workload;
  const own = context.workload.taskParts.filter(({ task }) => task === 'night');
  expect(night?.requestsPerDay).toBeCloseTo(
    own.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
    9,
  );
  expect(night?.requestsPerDay).toBeGreaterThanOrEqual(200);
  expect(night?.taskParts.map(({ task, scales }) => [task, scales])).toEqual(
    context.workload.taskParts.map(({ task }) => [task, task === 'night']),
  );
  expect(caseOfTask('mail', context)).toBeNull();
});

describe('two models of opposite prices', () => {
  let tables: Tables;
  let prose: Prose;
  beforeAll(async () => {
    ({ tables, prose } = await oppositePrices());
  });
  const faq = (more: Partial<Written> = {}): Written => ({
    workload: { volume: 1000 },
    tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
    ...more,
  });
  const both = [`cloud-api/${closed}`, `open-model-api/${open}`];
  const ask = (written: Written, between: string[], axis = 'requestsPerDay') => {
    const found = breakEven(readWritten(written, tables), tables, { asOf, prose, tool, between, axis });
    if (typeof found === 'string') throw new Error(found);
    return found;
  };
  /** USD a month of one request a day: 1,000 tokens at 1 and 500 at 10, or the other way round; one call in 100 again. */
  const [cheap, dear] = [6000, 10_500].map((micro) => ((730 / 24) * micro * 1.01) / 1e6) as [number, number];

  test('a budget allows as many requests as it pays for', () => {
    const { plans } = ask(faq({ budget: { monthly: 1000 } }), both);
    expect(plans.map(({ feasible, allowed }) => [feasible, allowed])).toEqual(
      [cheap, dear].map((usd) => [true, { from: 1, to: Math.floor(1000 / usd) }]),
    );
    const less = ask(faq({ budget: { monthly: 250 } }), both);
    expect(less.plans.map(({ feasible, allowed }) => [feasible, allowed])).toEqual([
      [true, { from: 1, to: Math.floor(250 / cheap) }],
      [false, null],
    ]);
    expect(ask(faq(), both).plans.map(({ allowed }) => allowed)).toEqual(new Array(2).fill({ from: 1, to: null }));
  });

  test('what is paid month after month: less from the first on', () => {
    const [pair] = ask(faq(), both, 'months').breakEven;
    const months = pair?.upTo ?? 0;
    expect(months).toBeGreaterThan(12);
    const paid = (usd: number) => `$${Math.round(usd * 1000 * months).toLocaleString('en-US')}`;
    expect(pair).toMatchObject({ axis: 'months', unit: 'months', crossings: [] });
    expect(pair?.never).toMatch(
      new RegExp(
        `^a has paid less at the end of every month: \\${paid(cheap)} against \\${paid(dear)} by \\d{4}-\\d{2}$`,
      ),
    );
    // Nothing is paid before the start, which is a tie; from the first month on the other has paid less.
    expect(ask(faq(), both.toReversed(), 'months').breakEven[0]).toMatchObject({
      crossings: [{ at: 1, cheaperBelow: 'a', cheaperAbove: 'b' }],
      never: null,
    });
  });

  test('along the price of tokens', async () => {
    const context = await caseOf(faq(), tables);
    const { assume } = context.workload;
    const [less, more] = [cheap, dear].map((usd) => usd * 1000) as [number, number];
    const words = (usd: number) => usdWords(usd);
    const along = (axis: string) => ask(faq(), both, axis).breakEven[0];
    const times = assume('breakEvenPriceTimes');
    expect(along('apiPrice')).toMatchObject({
      axis: 'apiPrice',
      unit: 'x today’s price',
      upTo: times,
      never: `a is never dearer, $0.00 against $0.00 at 0 x today’s price and ${words(less * times)} against ${words(more * times)} at ${times} x today’s price`,
    });
    // The other way round the dearer one is named first, and costs as much at a price of nothing.
    expect(ask(faq(), both.toReversed(), 'apiPrice').breakEven[0]?.crossings).toEqual([
      { at: 0.001, cheaperBelow: 'a', cheaperAbove: 'b' },
    ]);
  });
});
