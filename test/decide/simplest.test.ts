import { expect, test } from 'vitest';
import { simplestFirst } from '../../src/decide/simplest.js';

/** The order of plans that cost about the same, by hand. */

type Row = [id: string, fte: number, deployments: number, score: number, usd: number, taskParts?: number];
const order = (...rows: Row[]) =>
  [
    ...simplestFirst(
      rows.map(([id, fte, deployments, score, usd, taskParts = 1]) => ({
        fte,
        deployments,
        usd,
        taskParts,
        capability: () => score,
        id: () => id,
      })),
    ),
  ].map((one) => one.id());

test('fewest people, then deployments, then the highest score, then the lowest cost, then by id', () => {
  const rows: Row[] = [
    ['people', 0.1, 1, 99, 1],
    ['two', 0, 2, 99, 1],
    ['weak', 0, 1, 80, 1],
    ['dear', 0, 1, 90, 3],
    ['b', 0, 1, 90, 2],
    ['a', 0, 1, 90, 2],
  ];
  const expected = ['a', 'b', 'dear', 'weak', 'two', 'people'];
  expect(order(...rows)).toEqual(expected);
  expect(order(...rows.reverse())).toEqual(expected);
  expect(order()).toEqual([]);
});

test('of two that cost the same but for the last digits of a sum, the one with fewest parts', () => {
  const rows: Row[] = [
    ['parts', 0, 1, 90, 0.1 + 0.2, 3],
    ['whole', 0, 1, 90, 0.3 + 1e-16, 2],
    ['a', 0, 1, 90, 0.3, 3],
    ['dearer', 0, 1, 90, 0.3000001, 1],
  ];
  const expected = ['whole', 'a', 'parts', 'dearer'];
  expect(order(...rows)).toEqual(expected);
  expect(order(...rows.reverse())).toEqual(expected);
});

test('scores closer than 0.01 to the highest left are one', () => {
  // 99.999 and 99.991 are one with 100; 99.985 is not, whatever is between, and has 99.98 with it.
  const rows: Row[] = [
    ['100', 0, 1, 100, 5],
    ['99.999', 0, 1, 99.999, 4],
    ['99.991', 0, 1, 99.991, 3],
    ['99.985', 0, 1, 99.985, 2],
    ['99.98', 0, 1, 99.98, 1],
  ];
  expect(order(...rows)).toEqual(['99.991', '99.999', '100', '99.98', '99.985']);
});

test('capability is asked of none that others precede, until somebody wants it', () => {
  const plan = (fte: number) => ({
    fte,
    deployments: 1,
    usd: 1,
    taskParts: 1,
    capability: () => (fte > 0 ? Number.NaN : 1),
  });
  const [first, asked] = [plan(0), { ...plan(1), capability: () => expect.unreachable() }];
  expect(simplestFirst([asked, first]).next().value).toBe(first);
});

test('plans without names that are alike in all stay as they stand', () => {
  const plans = [1, 2, 3].map(() => ({ fte: 0, deployments: 1, usd: 1, taskParts: 1, capability: () => 90 }));
  for (const [i, one] of [...simplestFirst(plans)].entries()) expect(one).toBe(plans[i]);
});
