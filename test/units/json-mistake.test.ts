import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonMistakeAt } from '../../src/units/problem.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('json-mistake', {
  texts: { text: z.string(), at: z.number() },
});

test.each(cases.texts)('$text is wrong at $at', ({ text, at }) => {
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
