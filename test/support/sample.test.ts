import { expect, test } from 'vitest';
import { long, sampled } from './sample.js';

const list = Array.from({ length: 300 }, (_, i) => `${'abcdefghij'[i % 10]}${i}`);
const of = { group: (item: string) => item[0] ?? '', name: (item: string) => item };

test('a sample has each group before any has two, whatever the order and the rest of the list', () => {
  const some = sampled(list, 25, of);
  if (long) return void expect(some).toEqual(list);
  expect(some).toHaveLength(25);
  expect(new Set(some.slice(0, 10).map(of.group)).size).toBe(10);
  expect(new Set(some.slice(10, 20).map(of.group)).size).toBe(10);
  expect(sampled([...list].reverse(), 25, of)).toEqual(some);
  const grown = sampled([...list, 'a-new'], 25, of);
  expect(some.filter((item) => !grown.includes(item)).length).toBeLessThanOrEqual(2);
  expect(sampled(list, 1000, of)).toEqual(list);
});
