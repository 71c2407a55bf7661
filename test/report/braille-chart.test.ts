import { expect, test } from 'vitest';
import type { BreakEvenAnswer } from '../../src/analyses/break-even/answer.js';
import type { CostCurve } from '../../src/analyses/break-even/cost-curves.js';
import { brailleChart } from '../../src/report/braille-chart.js';
import { renderText } from '../../src/report/text.js';

const answer = { plans: [{ plan: 'a' }, { plan: 'b' }] } as unknown as BreakEvenAnswer;
const line = (plan: string, kind: CostCurve['kinds'][number], ...points: [number, number][]): CostCurve => ({
  plan,
  kinds: [kind],
  points: points.map(([volume, monthlyCost]) => ({ volume, monthlyCost })),
});
const proportional = line(
  'a',
  'cloud-api',
  ...Array.from({ length: 61 }, (_, i): [number, number] => [10 ** (i / 10), 10 ** (i / 10)]),
);
const stepped = line('b', 'on-prem', [1, 10], [1000, 10], [1000.001, 1e5], [1e6, 1e5]);
const linesOf = (curves: CostCurve[], color = false): string[] =>
  renderText(brailleChart(answer, curves, color), { color: false, width: 80 }).split('\n');

test('what is proportional is a diagonal, from the lower left to the upper right', () => {
  const [, ...rows] = linesOf([proportional]);
  expect(rows[0]).toMatch(/^ {5}\$1M( {50,})\S+$/);
  expect(rows[9]).toMatch(/^ {3}\$1\.00 \S+$/);
  const starts = rows.slice(0, 10).map((row) => row.slice(9).search(/[\u2801-\u28ff]/));
  expect(starts).toEqual([...starts].sort((a, b) => b - a));
  expect(starts[9]).toBe(0);
  expect(rows[10]).toMatch(/^ {9}1 +1,000 +1M$/);
  expect(rows[11]).toBe(' A closed API');
});

test('a step is drawn upright, in one column of cells', () => {
  const [, ...rows] = linesOf([proportional, stepped]);
  // Its chart comes second: the same axes, ten rows, the axis and the name.
  const own = rows.slice(12, 22).map((row) => row.slice(9));
  const filled = own.map((row) => [...row].flatMap((cell, i) => (/[\u2801-\u28ff]/.test(cell) ? [i] : [])));
  // 1,000 is half way from 1 to 1M: the 64th of 128 columns of points.
  expect(filled.slice(2, 8).map((cells) => cells.filter((at) => at === 31 || at === 32).length)).toEqual([
    1, 1, 1, 1, 1, 1,
  ]);
  expect(rows[23]).toBe(' B own hardware');
});

test('by color all stand in one chart; without curves there is none', () => {
  const rows = linesOf([proportional, stepped], true);
  expect(rows).toHaveLength(1 + 11 + 2 + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
  expect(rows.join('')).toMatch(/\u001b\[36m.*\u001b\[33m/);
  expect(brailleChart(answer, [], true)).toEqual([]);
});
