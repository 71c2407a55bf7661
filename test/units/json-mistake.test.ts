import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonMistakeAt } from '../../src/units/problem.js';

test.each([
  ['\n\n  oops\n', 4],
  ['{"a": x}', 6],
  ['{"a":1,}', 7],
  ['{"a":1} x', 8],
  ['{"a":nul}', 8],
  ['{a:1}', 1],
  ['[1 2]', 3],
  ['[01]', 2],
  ['<html>', 0],
  ['{"a":"b\nc"}', 7],
])('%j is wrong at %d', (text, at) => {
  expect(jsonMistakeAt(text)).toBe(at);
});

test('JSON that was cut off anywhere is wrong at its end', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      const cut = text.slice(0, at % (text.length + 1));
      expect(jsonMistakeAt(cut)).toBe(cut.length);
    }),
  );
});
