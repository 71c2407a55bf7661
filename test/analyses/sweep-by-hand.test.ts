import { beforeAll, expect, test } from 'vitest';
import { cellDecider, problemsWith, type Swept } from '../../src/analyses/sweep/cell.js';
import { gridOf, valuesBetween } from '../../src/analyses/sweep/grid.js';
import type { Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/scenario.js';
import { closed, open, oppositePrices } from '../support/two-prices.js';

/** A sweep in its parts: the order of cells, and cells decided by hand. */

const values = (count: number) => Array.from({ length: count }, (_, i) => String(i));
/** Cells that differ in volume alone share what takes long; cells that differ in anything else do not. */
const grid = (shared: number, others: number) =>
  gridOf([
    { path: 'workload.volume', values: values(shared) },
    { path: 'workload.growth', values: values(others) },
  ]);

test('cells are numbered as loops go, and walked so that those of one volume axis stand together', () => {
  const { cells, valuesOf, cellAt } = grid(3, 2);
  expect(cells).toBe(6);
  const all = [0, 1, 2, 3, 4, 5];
  expect(all.map((cell) => valuesOf(cell).join())).toEqual(['0,0', '0,1', '1,0', '1,1', '2,0', '2,1']);
  expect(all.map(cellAt)).toEqual([0, 2, 4, 1, 3, 5]);
});

test.each<[number, number, number, 'linear' | 'log', number[]]>([
  [0, 1, 5, 'linear', [0, 0.25, 0.5, 0.75, 1]],
  [1, 1000, 4, 'log', [1, 10, 100, 1000]],
  [1, 10, 3, 'log', [1, 3.16, 10]],
  [2, 3, 2, 'linear', [2, 3]],
  // A third is told in three digits, and in more where values stand closer together.
  [0, 1, 4, 'linear', [0, 0.333, 0.667, 1]],
  [1000, 1001, 4, 'linear', [1000, 1000.33, 1000.67, 1001]],
])('from %d to %d in %d values, %s', (low, high, count, spacing, expected) => {
  expect(valuesBetween(low, high, count, spacing)).toEqual(expected);
});

let tables: Tables;
beforeAll(async () => {
  ({ tables } = await oppositePrices());
});
/** USD a month of requests a day at a prompt of 1,000 tokens, one call in 100 made again. */
const usd = (perDay: number, micro: number) => ((perDay * 730) / 24) * (micro / 1e6) * 1.01;

const swept = (): Swept => {
  const text = JSON.stringify({
    version: 1,
    workload: { volume: 1000 },
    tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
    preferences: { only: ['cloud-api', 'open-model-api'] },
  });
  const { scenario } = readScenario(text, { file: 'x.json', tables });
  if (scenario === null) throw new Error('no scenario');
  return { read: scenario, set: [], tables, asOf };
};

test('cells decided one by one: what is advised, nothing that fits, and what is no scenario', () => {
  const axes = [
    { path: 'workload.volume', values: ['1000', '2000'] },
    { path: 'tasks.faq.tokens.output', values: ['500', '2000', 'many'] },
    { path: 'budget.monthly', values: ['null', '1'] },
  ];
  const all = gridOf(axes);
  const decide = cellDecider(swept(), all);
  const cell = (...at: string[]) =>
    decide(Array.from({ length: all.cells }, (_, i) => i).find((i) => all.valuesOf(i).join() === at.join()) as number);
  expect(cell('1000', '500', 'null')).toEqual({
    values: ['1000', '500', 'null'],
    status: 'recommended',
    plan: `cloud-api/${closed}`,
    label: 'Closed API, billed per token: GPT-5 Nano, OpenAI',
    shape: 'single',
    kinds: ['cloud-api'],
    kindsByTask: 'faq=cloud-api',
    monthlyCost: expect.closeTo(usd(1000, 6000), 6),
    firstMonthCost: expect.closeTo(usd(1000, 6000), 6),
    peakMonthCost: expect.closeTo(usd(1000, 6000), 6),
    upfrontCost: 0,
    fteNeeded: 0,
    reason: null,
  });
  // Of longer answers the other one is cheaper: 1,000 tokens at 10 and 2,000 at 1 against 1 and 10.
  expect(cell('2000', '2000', 'null')).toMatchObject({
    status: 'recommended',
    plan: `open-model-api/${open}`,
    kindsByTask: 'faq=open-model-api',
    monthlyCost: expect.closeTo(usd(2000, 12_000), 6),
  });
  const empty = { plan: null, label: null, shape: null, kinds: [], kindsByTask: null, monthlyCost: null };
  expect(cell('2000', '500', '1')).toMatchObject({
    ...empty,
    status: 'infeasible',
    values: ['2000', '500', '1'],
    reason: null,
  });
  const wrong = cell('1000', 'many', 'null');
  expect(wrong).toMatchObject({ ...empty, status: 'invalid', values: ['1000', 'many', 'null'] });
  const [problem] = problemsWith(swept(), ['workload.volume=1000', 'tasks.faq.tokens.output=many']);
  expect(wrong.reason).toBe(`${problem?.path}: ${problem?.message}`);
  expect(problem?.path).toBe('tasks.faq.tokens.output');
});
