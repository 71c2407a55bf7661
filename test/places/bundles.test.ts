import { expect, test } from 'vitest';
import { bundlesOf } from '../../src/several/replicas.js';

const upTo = (wanted: number) => ({ wanted, limit: 14 });

const order = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A place that serves some of so many tasks. */
const place = (count: number, ...tasks: number[]): boolean[] => order(count).map((task) => tasks.includes(task));

test('few tasks stay alone', () => {
  expect(bundlesOf(order(3), upTo(3), [place(3, 0)])).toEqual([[0], [1], [2]]);
});

test('tasks that the same places serve are together, in halves of neighbors where there is room', () => {
  const places = [place(5, 0, 2, 4), place(5, 1, 3), place(5, 0, 2, 4)];
  expect(bundlesOf(order(5), upTo(2), places)).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
  expect(bundlesOf([2, 0, 1, 3, 0], upTo(3), places)).toEqual([[4, 2], [0], [1, 3]]);
});

test('of tasks that other places serve those are joined that lose fewest places', () => {
  // Task 1 is served wherever task 0 is, and elsewhere; task 2 shares one of five places with them.
  const places = [
    place(3, 0, 1),
    place(3, 0, 1),
    place(3, 1),
    place(3, 0, 1, 2),
    place(3, 2),
    place(3, 2),
    place(3, 2),
  ];
  expect(bundlesOf(order(3), upTo(2), places)).toEqual([[0, 1], [2]]);
});

test('tasks that no place serves together stay apart, up to the limit', () => {
  const places = [place(3, 0), place(3, 1), place(3, 2)];
  expect(bundlesOf(order(3), upTo(2), places)).toEqual([[0], [1], [2]]);
  expect(bundlesOf(order(3), { wanted: 1, limit: 2 }, places)).toEqual([[0, 1], [2]]);
  // Numbers of a set have a bit for each bundle: 40 tasks of which each has a place of its own still make no more than the limit.
  const own = order(40).map((task) => place(40, task));
  expect(bundlesOf(order(40), upTo(10), own)).toHaveLength(14);
});
