import { expect, test } from 'vitest';
import { keptResults } from '../../src/analyses/check/rules.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';

const of = (file: string, name: string, sha256 = 'x') => ({ scenario: { file, name, sha256 } }) as unknown as Decided;
const stdin = '<stdin>';
/** Files are written with and without a folder. */
const fileOf = (file: string): string | null => (file === stdin ? null : file.replace('./', ''));

/** What is found of a scenario: the sha256 of a result, why it cannot be told, or that it is new. */
const found = (
  decided: readonly Decided[],
  [file, name]: readonly [string, string],
  { checked = [file], unread = [] as string[] } = {},
): string => {
  const kept = { decided, unread, entries: decided.length + unread.length };
  const {
    decision,
    untold,
    unread: isUnread,
  } = keptResults(kept, checked.map(fileOf), fileOf)({ file: fileOf(file), name });
  return decision?.scenario.sha256 ?? untold ?? (isUnread ? 'unread' : 'new');
};

test('a result is found by file, whatever the name, else by name', () => {
  const kept = [of('./a.yaml', 'A', '1'), of('b.yaml', 'B', '2')];
  expect(found(kept, ['a.yaml', 'A'])).toBe('1');
  expect(found(kept, ['a.yaml', 'B'])).toBe('1');
  expect(found(kept, ['moved.yaml', 'B'])).toBe('2');
  expect(found(kept, [stdin, 'B'])).toBe('2');
  expect(found(kept, ['c.yaml', 'C'])).toBe('new');
  expect(found([], ['c.yaml', 'C'])).toBe('new');
});

test('a single result and a single scenario go together, and it is told where the name is another one', () => {
  expect(found([of('a.yaml', 'A', '1')], ['c.yaml', 'C'])).toBe('1');
  const unlike = (result: Decided, [file, name]: [string, string]) =>
    keptResults({ decided: [result], unread: [], entries: 1 }, [fileOf(file)], fileOf)({ file: fileOf(file), name })
      .unlike;
  expect(unlike(of('a.yaml', 'A'), ['c.yaml', 'C'])).toBe(true);
  expect(unlike(of('a.yaml', 'A'), ['c.yaml', 'A'])).toBeUndefined();
  expect(unlike(of('a.yaml', 'A'), ['a.yaml', 'A'])).toBeUndefined();
  // In another folder another scenario may have had this file's name.
  expect(unlike(of('a.yaml', 'A'), ['a.yaml', 'C'])).toBe(true);
  expect(unlike(of(stdin, 'A'), ['c.yaml', 'C'])).toBeUndefined();
  expect(unlike(of('a.yaml', 'A'), [stdin, 'C'])).toBeUndefined();
  expect(found([of(stdin, 'A', '1')], ['c.yaml', 'C'])).toBe('1');
  expect(found([of('a.yaml', 'A', '1')], [stdin, 'C'])).toBe('1');
  // Of several nobody knows.
  expect(found([of(stdin, 'A', '1')], ['c.yaml', 'C'], { checked: ['c.yaml', 'd.yaml'] })).toBe('new');
  expect(found([of(stdin, 'A', '1'), of(stdin, 'B', '2')], ['c.yaml', 'C'])).toBe('new');
  expect(found([of(stdin, 'A', '1')], ['c.yaml', 'C'], { unread: ['d.yaml'] })).toBe('new');
});

test('a copy under the same name is new where the file it was made of is checked too', () => {
  const kept = [of('a.yaml', 'A', '1')];
  expect(found(kept, ['copy.yaml', 'A'], { checked: ['copy.yaml', './a.yaml'] })).toBe('new');
  expect(found(kept, ['copy.yaml', 'A'], { checked: ['copy.yaml', 'b.yaml'] })).toBe('1');
});

test('of several under one file the name tells; those that differ in nothing are one; else it cannot be told', () => {
  const lines = [
    of(stdin, 'A', '1'),
    of(stdin, 'B', '2'),
    of(stdin, 'B', '3'),
    of(stdin, 'C', '4'),
    of(stdin, 'C', '4'),
  ];
  expect(found(lines, ['x.yaml', 'A'])).toBe('1');
  expect(found(lines, ['x.yaml', 'B'])).toBe('2 results may be of this scenario, and they differ');
  expect(found(lines, ['x.yaml', 'C'])).toBe('4');
  const files = [of('a.yaml', 'A', '1'), of('a.yaml', 'B', '2')];
  expect(found(files, ['a.yaml', 'B'])).toBe('2');
  expect(found(files, ['a.yaml', 'C'])).toBe('2 results may be of this scenario, and they differ');
});

test('a scenario that could not be read then is not new', () => {
  const then = 'unread';
  expect(found([], ['a.yaml', 'A'], { unread: ['./a.yaml'] })).toBe(then);
  expect(found([of('b.yaml', 'A', '1')], ['a.yaml', 'A'], { unread: ['a.yaml'] })).toBe(then);
  expect(found([of('a.yaml', 'A', '1')], ['a.yaml', 'A'], { unread: ['a.yaml'] })).toBe('1');
  expect(found([], [stdin, 'A'], { unread: [stdin] })).toBe(then);
  expect(found([], ['a.yaml', 'A'], { unread: [stdin] })).toBe('new');
});
