import { expect, test } from 'vitest';
import { begunFte, bySimplicity, fewerFte, mostFte } from '../../src/decide/simplest.js';

/** The order of plans that cost about the same, by hand. */

type Row = [id: string, fte: number, deployments: number, usd: number, taskParts?: number];
const order = (...rows: Row[]) =>
  rows
    .map(([id, fte, deployments, usd, taskParts = 1]) => ({ fte, deployments, usd, taskParts, id: () => id }))
    .sort(bySimplicity)
    .map((one) => one.id());

test('fewest people, then deployments, then the lowest cost, then by id', () => {
  const rows: Row[] = [
    ['people', 0.1, 1, 1],
    ['two', 0, 2, 1],
    ['dear', 0, 1, 3],
    ['b', 0, 1, 2],
    ['a', 0, 1, 2],
  ];
  const expected = ['a', 'b', 'dear', 'two', 'people'];
  expect(order(...rows)).toEqual(expected);
  expect(order(...rows.reverse())).toEqual(expected);
  expect(order()).toEqual([]);
});

test('of two that cost the same but for the last digits of a sum, the one with fewest parts', () => {
  const rows: Row[] = [
    ['parts', 0, 1, 0.1 + 0.2, 3],
    ['whole', 0, 1, 0.3 + 1e-16, 2],
    ['a', 0, 1, 0.3, 3],
    ['dearer', 0, 1, 0.3000001, 1],
  ];
  const expected = ['whole', 'a', 'parts', 'dearer'];
  expect(order(...rows)).toEqual(expected);
  expect(order(...rows.reverse())).toEqual(expected);
});

test('people are told apart by tenths that are begun: nobody is fewer than a little of somebody', () => {
  expect(order(['dear', 0.21, 1, 2], ['cheap', 0.3, 1, 1])).toEqual(['cheap', 'dear']);
  expect(order(['dear', 0.3, 1, 2], ['cheap', 0.31, 1, 1])).toEqual(['dear', 'cheap']);
  expect(order(['dear', 0, 1, 2], ['cheap', 0.01, 1, 1])).toEqual(['dear', 'cheap']);
});

test('what rounds to so many tenths is at most so many people', () => {
  for (const fte of [0, 0.004, 0.1, 0.1004, 0.12, 0.3, 0.7, 1.2]) {
    expect(fte).toBeLessThanOrEqual(mostFte(begunFte(fte)));
    expect(fte).toBeGreaterThan(fewerFte(begunFte(fte)));
  }
});
