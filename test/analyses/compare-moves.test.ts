import { expect, test } from 'vitest';
import { taskMoves } from '../../src/analyses/compare/compare.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';

/** A decision of which only this is known: which task is on which options. */
const decided = (places: Record<string, string[]>, status = 'recommended'): Decided => {
  const assignments = Object.entries(places).flatMap(([task, options]) => options.map((option) => ({ task, option })));
  return { recommendation: { status, assignments }, options: [] } as unknown as Decided;
};
const [api, hosted, own] = ['cloud-api/openai/a', 'open-model-api/together/b', 'on-prem/own-room/c'];
const nothing = decided({}, 'infeasible');

test.each([
  { was: { faq: [api] }, is: { faq: [api] }, moves: [], why: 'nothing moves' },
  {
    was: { faq: [api] },
    is: { faq: ['cloud-api/azure/z'] },
    moves: [],
    why: 'another place of the same kind is no move',
  },
  { was: { faq: [api, own] }, is: { faq: [own, api] }, moves: [], why: 'the order of the parts of a task is no move' },
  {
    was: { faq: [api], mail: [own] },
    is: { faq: [hosted], mail: [own] },
    moves: [['faq', ['cloud-api'], ['open-model-api']]],
    why: 'only the task that moves is told',
  },
  { was: { faq: [api], mail: [own] }, is: { faq: [api] }, moves: [], why: 'a task that is gone is no move' },
  { was: { faq: [api], mail: [own] }, is: { a: [own], b: [api] }, moves: [], why: 'new names alone are no move' },
  {
    was: { faq: [own], mail: [api] },
    is: { a: [hosted], b: [api] },
    moves: [['all tasks', ['cloud-api', 'on-prem'], ['cloud-api', 'open-model-api']]],
    why: 'with new names for all, all are told together, their kinds in order',
  },
])('$why', ({ was, is, moves }) => {
  const found = taskMoves(decided(was as Record<string, string[]>), decided(is as Record<string, string[]>));
  expect(found.map(({ task, before, after }) => [task, before, after])).toEqual(moves);
});

test('where one side fits nowhere, every task of the other moves', () => {
  const both = decided({ faq: [api], mail: [own] });
  const moves = (before: Decided, after: Decided) =>
    taskMoves(before, after).map((one) => [one.task, one.before, one.after]);
  expect(moves(both, nothing)).toEqual([
    ['faq', ['cloud-api'], []],
    ['mail', ['on-prem'], []],
  ]);
  expect(moves(nothing, both)).toEqual([
    ['faq', [], ['cloud-api']],
    ['mail', [], ['on-prem']],
  ]);
  expect(moves(nothing, nothing)).toEqual([]);
});
