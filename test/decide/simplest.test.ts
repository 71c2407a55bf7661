import { expect, test } from 'vitest';
import { bySimplicity } from '../../src/decide/simplest.js';

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

test('people are told apart by hundredths: nobody plans fewer', () => {
  expect(order(['dear', 0.2411, 1, 2], ['cheap', 0.2449, 1, 1])).toEqual(['cheap', 'dear']);
  expect(order(['dear', 0.23, 1, 2], ['cheap', 0.24, 1, 1])).toEqual(['dear', 'cheap']);
});
