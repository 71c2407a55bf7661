import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioSchema } from '../../src/workload/schema.js';

const design = parse(readFileSync('test/fixtures/scenario/design-example.yaml', 'utf8')) as object;
const isRead = (document: unknown): boolean => scenarioSchema.parse(document).success;

test('a scenario is read up to its limits, and not beyond', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, at) => ({ type: 'faq-chat', name: `task-${at}` }));
  const words = (count: number) => Array.from({ length: count }, (_, at) => `word-${at}`);
  const at = (count: number) => [
    { ...design, name: 'x'.repeat(count) },
    { ...design, tasks: tasks(count) },
    { ...design, preferences: { only: words(count * 5) } },
    { ...design, assumptions: Object.fromEntries(words(count * 5).map((word) => [word, 1])) },
  ];
  expect(at(200).map(isRead)).toEqual([true, true, true, true]);
  expect(at(201).map(isRead)).toEqual([false, false, false, false]);
  expect(at(0).map(isRead)).toEqual([false, false, true, true]);
});

test.each([
  ['a name of 200 signs that take two units each', { ...design, name: '😀'.repeat(200) }, true],
  ['a name of 201 such signs', { ...design, name: '😀'.repeat(201) }, false],
  ['a key that is a property of every object', { ...design, toString: 1 }, false],
  ['an assumption of such a name', { ...design, assumptions: { Object: 2 } }, true],
  ['a key without a value', { ...design, name: undefined }, true],
  ['a map that is no plain one', Object.assign(Object.create({ name: 'x' }), design), true],
])('%s', (_, document, isAccepted) => {
  expect(isRead(document)).toBe(isAccepted);
});
