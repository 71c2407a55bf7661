import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { priceBookSchema } from '../../src/tables/price-book/schema.js';
import { misfit, once, type Schema } from '../../src/units/lazy-zod.js';
import { readDocument } from '../../src/workload/document.js';
import { scenarioSchema } from '../../src/workload/schema.js';
import { copyTree, placesIn } from '../../src/workload/source.js';
import { documentCases } from '../fuzz/cases.js';
import { applied, edit } from '../support/edited-documents.js';
import { long } from '../support/sample.js';

const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }));
const design = filesIn('test/fixtures/scenario');
const contract = parse(readFileSync('test/fixtures/price-book/contract.yaml', 'utf8')) as object;
const { version: _, ...prices } = contract as { version: number };
const everything = { ...(parse(design[0]?.text ?? '') as object), prices };

/** What is read of texts before it is held to the schema. */
const treesOf = (texts: readonly string[]): unknown[] =>
  texts.flatMap((text) => {
    const { document } = readDocument(text, 'x', placesIn('x', text));
    return document ? [copyTree(document.value)] : [];
  });

/** Whether two values have the same keys in the same order. */
const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(one, other) && JSON.stringify(one) === JSON.stringify(other);

/** What zod makes of documents, and those that are read otherwise without it. */
function against<T>(schema: Schema<T>, documents: readonly unknown[]) {
  const otherwise: unknown[] = [];
  let accepted = 0;
  for (const document of documents) {
    const byZod = schema.zod.safeParse(document, once);
    if (byZod.success) accepted++;
    if (!isSame(schema.read(document), byZod.success ? byZod.data : misfit)) otherwise.push(document);
  }
  return { accepted, refused: documents.length - accepted, otherwise: otherwise.slice(0, 3) };
}

describe.each([
  {
    name: 'a scenario',
    schema: scenarioSchema as Schema<unknown>,
    sources: [...filesIn('scenarios'), ...design],
    more: filesIn('test/fixtures/fuzz/scenarios'),
    examples: [everything, ...treesOf(filesIn('scenarios').map(({ text }) => text))],
  },
  {
    name: 'a price book',
    schema: priceBookSchema as Schema<unknown>,
    sources: filesIn('test/fixtures/price-book'),
    more: [],
    examples: [contract],
  },
])('without zod, $name', ({ schema, sources, more, examples }) => {
  test('is read as by zod: what is committed', () => {
    const { otherwise, accepted } = against(schema, [
      ...examples,
      ...treesOf([...sources, ...more].map(({ text }) => text)),
    ]);
    expect(otherwise).toEqual([]);
    expect(accepted).toBeGreaterThan(examples.length);
  });

  test('is read as by zod: with one to three values changed', () => {
    const changes = fc.tuple(fc.constantFrom(...examples), fc.array(edit, { minLength: 1, maxLength: 3 }));
    const changed = fc
      .sample(changes, { numRuns: long ? 100_000 : 2000, seed: 8 })
      .map(([example, edits]) => edits.reduce(applied, structuredClone(example)));
    const { otherwise, accepted, refused } = against(schema, changed);
    expect(otherwise).toEqual([]);
    expect(Math.min(accepted, refused)).toBeGreaterThan(changed.length / 20);
  });

  test('is read as by zod: what fuzzing makes of it', () => {
    const lots = Array.from({ length: long ? 100 : 4 }, (_, number) => documentCases(sources, 5, number));
    const { otherwise, accepted, refused } = against(schema, treesOf(lots.flat().map(({ text }) => text)));
    expect(otherwise).toEqual([]);
    expect(Math.min(accepted, refused)).toBeGreaterThan(50);
  });
});

test('at its limits a scenario is read as by zod', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, at) => ({ type: 'faq-chat', name: `task-${at}` }));
  const words = (count: number) => Array.from({ length: count }, (_, at) => `word-${at}`);
  const at = (count: number) => [
    { ...everything, name: 'x'.repeat(count) },
    { ...everything, tasks: tasks(count) },
    { ...everything, preferences: { only: words(count * 5) } },
    { ...everything, assumptions: Object.fromEntries(words(count * 5).map((word) => [word, 1])) },
  ];
  expect(against(scenarioSchema, at(200))).toEqual({ accepted: 4, refused: 0, otherwise: [] });
  expect(against(scenarioSchema, at(201))).toEqual({ accepted: 0, refused: 4, otherwise: [] });
  expect(against(scenarioSchema, at(0)).otherwise).toEqual([]);
});

test.each([
  ['a name of 200 signs that take two units each', { ...everything, name: '😀'.repeat(200) }, true],
  ['a name of 201 such signs', { ...everything, name: '😀'.repeat(201) }, false],
  ['a key that is a property of every object', { ...everything, toString: 1 }, false],
  ['an assumption of such a name', { ...everything, assumptions: { Object: 2 } }, true],
  ['a key without a value', { ...everything, name: undefined }, true],
  ['a map that is no plain one', Object.assign(Object.create({ name: 'x' }), everything), true],
])('zod tells of %s', (_, document, isAccepted) => {
  const byZod = scenarioSchema.zod.safeParse(document, once);
  expect(byZod.success).toBe(isAccepted);
  expect(scenarioSchema.safeParse(document)).toEqual(byZod);
});
