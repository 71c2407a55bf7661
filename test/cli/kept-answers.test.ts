import { expect, test } from 'vitest';
import { keptAnswers } from '../../src/cli/assess-many.js';

const long = 3_000_000;

/** Texts that were answered, not those whose answer was still known. */
function answering(...texts: string[]): string[] {
  const asked: string[] = [];
  const answer = keptAnswers(
    (text) => {
      asked.push(text);
      return text.startsWith('no') ? null : `${text}!`;
    },
    (given) => (given === null ? null : long),
  );
  for (const text of texts) expect(answer(text, null)).toBe(text.startsWith('no') ? null : `${text}!`);
  return asked;
}

test('what was asked for last is answered once, the oldest again', () => {
  // Of three answers two are kept: those asked for last.
  expect(answering('a', 'a', 'b', 'a', 'b')).toEqual(['a', 'b']);
  expect(answering('a', 'b', 'c', 'b', 'c', 'a')).toEqual(['a', 'b', 'c', 'a']);
  expect(answering('a', 'b', 'a', 'c', 'a', 'b')).toEqual(['a', 'b', 'c', 'b']);
});

test('an answer that is not to be kept is asked for each time, and takes the room of no other', () => {
  expect(answering('a', 'b', 'no 1', 'no 2', 'no 1', 'a', 'b')).toEqual(['a', 'b', 'no 1', 'no 2', 'no 1']);
});

test('one that is longer than the room there is is not kept, and leaves it to others', () => {
  const asked: string[] = [];
  const answer = keptAnswers(
    (text) => {
      asked.push(text);
      return text;
    },
    (text) => (text === 'long' ? 9 * long : long),
  );
  for (const text of ['a', 'b', 'long', 'a', 'b', 'long']) answer(text, null);
  expect(asked).toEqual(['a', 'b', 'long', 'long']);
});
