import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { long } from '../support/sample.js';
import type { FuzzCase } from './cases.js';
import { depthAt, fuzzer, type Kind } from './fuzzer.js';
import { changedTree, poolOf, steps } from './tree-mutants.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { caseAt, attempt } = fuzzer(root, 7);

/** A part of what `npm run fuzz` goes through; see `scripts/fuzz.mjs`. */
test.each<[Kind, number]>([
  ['scenario', long ? 5000 : 150],
  ['book', long ? 1000 : 20],
  ['table', long ? 500 : 25],
])('%s: %i mutants do no harm', (kind, count) => {
  const outcomes = Array.from({ length: count }, (_, index) =>
    attempt(kind, caseAt(kind, index), depthAt(kind, index)),
  );
  // Mutants that are all refused, or all read, would say little.
  expect(outcomes.filter(({ accepted }) => accepted).length).toBeGreaterThan(0);
  expect(new Set(outcomes.flatMap(({ problems }) => problems)).size).toBeGreaterThan(5);
});

test('the same seed makes the same mutants', () => {
  const again = fuzzer(root, 7);
  const other = fuzzer(root, 8);
  for (const kind of ['scenario', 'table'] as const) {
    expect(again.caseAt(kind, 201)).toEqual(caseAt(kind, 201));
    expect(other.caseAt(kind, 201)).not.toEqual(caseAt(kind, 201));
  }
});

test('what is put into a tree is not changed with it: it is put into further ones', () => {
  const document = { a: [1, { b: 2 }], c: { d: 'x' } };
  const pool = poolOf([document]);
  fc.assert(
    fc.property(steps, (list) => {
      const before = structuredClone([document, list]);
      changedTree(document, list, pool);
      expect([document, list]).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

/** What fuzzing found once, and what is most telling of each thing that can be wrong; the name says what is found. */
describe('corpus', () => {
  const corpus = (folder: string): FuzzCase[] =>
    readdirSync(`${root}test/fixtures/fuzz/${folder}`).map((name) => ({
      file: name,
      text: readFileSync(`${root}test/fixtures/fuzz/${folder}/${name}`, 'utf8'),
      set: [],
    }));

  const tables = readdirSync(`${root}test/fixtures/fuzz/tables`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(csv|yaml)$/.test(name))
    .map((name): [string, FuzzCase] => {
      const [code = '', ...file] = name.split('/');
      const text = readFileSync(`${root}test/fixtures/fuzz/tables/${name}`, 'utf8');
      return [code, { file: `pricing/${file.join('/')}`, text, set: [] }];
    });

  test.each(tables)('tables: %s', (code, one) => {
    expect(attempt('table', one, 'read').problems).toContain(code);
  });

  /** Each takes ten times as long as all others together. */
  const longest = new Set(['accepted.nothing-fits-of-eight-tasks.yaml', 'accepted.nothing-fits-when-grown.yaml']);
  const scenarios = corpus('scenarios').filter(({ file }) => long || !longest.has(file));

  test.each(scenarios.map((one) => [one.file, one] as const))('%s', (file, one) => {
    const { accepted, problems } = attempt('scenario', one, 'point');
    const [code = ''] = file.split('.');
    if (code === 'accepted') expect(accepted).toBe(true);
    else expect(problems).toContain(code);
  });
});
