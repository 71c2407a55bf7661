import { expect, test } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { maxDepth, parseYaml } from '../../src/tables/yaml-file.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('parse-yaml', {
  texts: { text: z.string() },
});

const tooDeepAt = (text: string, onNewLine?: (offset: number) => void): number | null =>
  parseYaml(text, onNewLine && { onNewLine }).tooDeepAt;

const lists = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const dashes = (depth: number): string => `${'- '.repeat(depth)}1`;
const maps = (depth: number): string => `${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`;
const lines = (depth: number): string => Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}k:`).join('\n');
const keys = (depth: number): string => `${'? '.repeat(depth)}1`;

test.each(Object.entries({ lists, dashes, maps, lines, keys }))(
  '%s: as many as are allowed, and not one more',
  (_, nested) => {
    expect(tooDeepAt(nested(maxDepth))).toBeNull();
    const text = nested(maxDepth + 1);
    expect(tooDeepAt(text)).toBe(tooDeepAt(nested(maxDepth + 50)));
    expect(tooDeepAt(`# first\n\n${text}`)).not.toBeNull();
  },
);

test('where it stands: behind the hundred before it, on its line', () => {
  expect(tooDeepAt(lists(200))).toBe(maxDepth);
  expect(tooDeepAt(dashes(200))).toBe(2 * maxDepth);
  const counter = new LineCounter();
  const text = `a: 1\nb:\n  - ${lists(200)}\n`;
  const at = tooDeepAt(text, counter.addNewLine) ?? Number.NaN;
  // A map and a list are outside.
  expect(at).toBe(text.indexOf('[') + maxDepth - 2);
  expect(counter.linePos(at)).toEqual({ line: 3, col: 5 + maxDepth - 2 });
});

test('brackets in texts and comments nest nothing, nor do many beside one another', () => {
  const many = '['.repeat(1000);
  expect(tooDeepAt(`a: "${many}" # ${many}\nb: |\n  ${many}\n`)).toBeNull();
  expect(tooDeepAt('- [1]\n'.repeat(1000))).toBeNull();
});

test.each(cases.texts)('$text is read as the library reads it', ({ text }) => {
  for (const uniqueKeys of [true, false]) {
    const { document } = parseYaml(text, { uniqueKeys });
    const known = parseDocument(text, { prettyErrors: false, logLevel: 'error', uniqueKeys });
    expect(document?.errors.map(({ code, pos }) => [code, pos])).toEqual(
      known.errors.map(({ code, pos }) => [code, pos]),
    );
    if (known.errors.length === 0 && !text.includes('*')) expect(document?.toJS()).toEqual(known.toJS());
  }
});
