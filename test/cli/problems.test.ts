import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleJson, visibleText } from '../../src/cli/io.js';
import { problemsDocument, renderProblems, tool } from '../../src/cli/problems.js';
import type { Problem } from '../../src/units/problem.js';

const problem: Problem = {
  severity: 'error',
  code: 'unknown-key',
  file: 'scenario.yaml',
  line: 12,
  column: 3,
  path: 'workload.volum',
  message: '"volum" is not a key of workload',
  suggestion: 'did you mean "volume"?',
  excerpt: '  volum: 50k',
};
const show = (changed: Partial<Problem>): string => renderProblems([{ ...problem, ...changed }], { color: false });

test('a problem has its place, its source line with a caret, and what to do', () => {
  expect(show({})).toBe(
    [
      'scenario.yaml:12:3  error  unknown-key  "volum" is not a key of workload',
      '  12 |   volum: 50k',
      '     |   ^',
      '     = did you mean "volume"?',
      '',
    ].join('\n'),
  );
});

test('a problem of a whole file is one line', () => {
  expect(show({ line: null, column: null, excerpt: null, suggestion: null })).toBe(
    'scenario.yaml  error  unknown-key  "volum" is not a key of workload\n',
  );
});

// The caret stands under the character at the column: "X", whatever is before it.
test.each([
  { what: 'a tab', before: '\t' },
  { what: 'wide characters', before: '日本: ', columns: 6 },
  { what: 'an emoji of two code units', before: '🎉 ', columns: 3 },
  { what: 'a combining accent', before: 'e\u0301 ', columns: 2 },
  { what: 'an escape sequence', before: '\u001b[31m', columns: '\\u001b[31m'.length },
])('the caret is right after $what', ({ before, columns = before.length }) => {
  const lines = show({ excerpt: `${before}X`, column: before.length + 1 }).split('\n');
  expect(lines[2]).toBe(`     | ${' '.repeat(columns)}^`);
});

test('of a very long line only the part around the caret is shown', () => {
  const lines = show({ excerpt: `${'a'.repeat(5000)}X${'b'.repeat(5000)}`, column: 5001 }).split('\n');
  expect(lines[1]).toBe(`  12 | ...${'a'.repeat(50)}X${'b'.repeat(49)}...`);
  expect(lines[2]).toBe(`     | ${' '.repeat(53)}^`);
});

test('no text can move the cursor, hide or reorder what is shown', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, text, (message, excerpt, file) => {
      const shown = show({ message, excerpt: excerpt.replaceAll('\n', ''), file, suggestion: message });
      expect(shown).not.toMatch(unsafe);
      expect(shown.split('\n').length).toBe(5);
      expect(visibleJson({ message })).not.toMatch(unsafe);
    }),
  );
  expect(visibleText('a\u001b[2J\u009b\u202eb\n')).toBe('a\\u001b[2J\\u009b\\u202eb\\n');
});

test('visible JSON still says the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(visibleJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the errors document has the errors only, with every key', () => {
  const warning: Problem = { ...problem, severity: 'warning' };
  expect(JSON.parse(problemsDocument([warning, problem]))).toEqual({
    schemaVersion: '1.0.0',
    tool,
    errors: [
      {
        code: 'unknown-key',
        file: 'scenario.yaml',
        line: 12,
        column: 3,
        path: 'workload.volum',
        message: '"volum" is not a key of workload',
        suggestion: 'did you mean "volume"?',
      },
    ],
  });
});
