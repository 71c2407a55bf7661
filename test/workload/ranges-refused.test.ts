import { describe, expect, test } from 'vitest';
import { settablePrices } from '../../src/tables/columns.js';
import type { Problem } from '../../src/units/problem.js';
import { readPriceBook } from '../../src/workload/document.js';
import { priceBookShape, scenarioShape } from '../../src/workload/issues.js';
import { readScenario } from '../../src/workload/read.js';
import { shipped } from '../support/load.js';
import { sampled } from '../support/sample.js';

type Schema = {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  additionalProperties?: Schema | boolean;
};
/** A place where a number may stand: the document around it, with `hole` for it, and whether a range may stand there. */
type Field = { path: string; around: unknown; ranged: boolean };

const hole = 'the number goes here';

/** The forms a value may have; what only says which keys go together is none. */
const choices = (schema: Schema): Schema[] =>
  schema.anyOf && schema.properties === undefined ? schema.anyOf.flatMap(choices) : [schema];
const isRange = ({ properties }: Schema) => properties !== undefined && 'low' in properties && 'high' in properties;
const isNumber = ({ type }: Schema) => [type].flat().some((one) => one === 'number' || one === 'integer');

/** The least that a schema asks for. */
function least(schema: Schema): unknown {
  const [one] = choices(schema);
  if (one === undefined) return 'x';
  if (one.const !== undefined) return one.const;
  if (one.enum) return one.enum[0];
  if (one.type === 'array') return one.items && (one.minItems ?? 0) > 0 ? [least(one.items)] : [];
  if (one.properties)
    return Object.fromEntries((one.required ?? []).map((key) => [key, least(one.properties?.[key] ?? {})]));
  return isNumber(one) ? 1 : 'x';
}

/** Every place of a schema where a number may stand, once. */
function numberFields(schema: Schema, path = '', put: (inner: unknown) => unknown = (inner) => inner): Field[] {
  const all = choices(schema);
  if (all.some(isNumber)) return [{ path, around: put(hole), ranged: all.some(isRange) }, ...deeper(all, path, put)];
  return deeper(all, path, put);
}

function deeper(all: readonly Schema[], path: string, put: (inner: unknown) => unknown): Field[] {
  const fields = all
    .filter((one) => !isRange(one) && !(one.properties && 'mean' in one.properties))
    .flatMap((one) => [
      ...Object.entries(one.properties ?? {}).flatMap(([key, inner]) =>
        numberFields(inner, path === '' ? key : `${path}.${key}`, (value) =>
          put({ ...(least(one) as object), [key]: value }),
        ),
      ),
      ...(one.items ? numberFields(one.items, `${path}[]`, (value) => put([value])) : []),
      ...(typeof one.additionalProperties === 'object'
        ? numberFields(one.additionalProperties, `${path}.*`, (value) => put({ x: value }))
        : []),
    ]);
  return fields;
}

/** Fields of the two documents, by path; forms of one entry that have the same field are several. */
const scenarioFields = numberFields(scenarioShape() as Schema).filter(({ path }) => path !== 'version');
const bookFields = numberFields(priceBookShape() as Schema).filter(({ path }) => path !== 'version');

/** The document as YAML, with `written` alone on the second line, in its second column. */
const document = (around: unknown, written: string) => JSON.stringify(around).replace(`"${hole}"`, `\n ${written}`);
const there = (problems: readonly Problem[]) => problems.filter(({ line, column }) => line === 2 && column === 2);
const readers = {
  scenario: (text: string) => readScenario(text, { file: 'x.yaml' }),
  book: (text: string) => {
    const { read, problems } = readPriceBook(text, 'x.yaml');
    return { scenario: read, problems };
  },
};

/** No number is any of these, whatever its unit. */
const nonsense = {
  'low above high': ['0.9..0.2', '{low: 0.9, high: 0.2}', '{low: 0.9, likely: 0.5, high: 0.2}'],
  'likely outside': ['{low: 1, likely: 9, high: 2}', '{low: 1, likely: 0.5, high: 2}'],
  negative: ['-5..-2', '-5..1', '{low: -5, high: 1}', '{mean: -5, cv: 0.2}'],
  'a spread that is none': ['{mean: 1, cv: 40}', '{mean: 1, cv: -1}', '{mean: 1, cv: 20%}', '{mean: 0, cv: 0.2}'],
  'three ends': ['1..2..3', '{low: 1, high: 2, highest: 3}', '{low: 1, likely: 1, high: 2, cv: 0.1}'],
  'one end': ['1..', '..2', '{low: 1}', '{mean: 1}', '{cv: 1}', '{}'],
  infinite: ['1...inf', '1..1e999', '{low: 1, high: .inf}', '{low: -.inf, high: 1}', '{mean: .inf, cv: 1}', '.inf'],
  'no number': ['{low: a, high: b}', '{low: .nan, high: 1}', '{low: 1, high: [2]}', '.nan', '{low: null, high: 1}'],
};
const ranges = ['1..2', '{low: 1, high: 2}', '{low: 1, likely: 1, high: 2}', '{mean: 1, cv: 0.5}'];

test('the walk finds the fields that matter', () => {
  const paths = scenarioFields.map(({ path }) => path);
  expect(new Set(paths)).toContain('workload.volume');
  expect(paths.length).toBeGreaterThan(60);
  const ranged = (fields: readonly Field[]) => fields.filter((field) => field.ranged).map(({ path }) => path);
  expect(ranged(scenarioFields)).toEqual(
    expect.arrayContaining(['tasks[].tokens.output', 'assumptions.*', 'prices.discounts[].percent']),
  );
  const tokens = ['input', 'output', 'cached', 'cacheWrite', 'batchInput', 'batchOutput', 'flexInput', 'flexCached'];
  tokens.push('flexOutput', 'priorityInput', 'priorityCached', 'priorityOutput', 'audioInput');
  const hours = settablePrices('rental').map(({ settable }) => settable);
  expect(hours).toEqual(expect.arrayContaining(['onDemand', 'spot', 'reserved1y', 'reserved3y']));
  expect([...new Set(ranged(bookFields))]).toEqual([
    ...['currency.usdPerUnit', 'discounts[].percent'],
    ...[...hours, ...tokens, 'tierInput', 'tierOutput'].map((name) => `rates[].${name}`),
    ...['reserved[].usdPerHour', 'reserved[].perHour', 'hardware.*', 'capability.*'],
    ...tokens.map((name) => `models[].${name}`),
  ]);
});

describe.each([
  { of: 'scenario', fields: scenarioFields, read: readers.scenario },
  { of: 'price book', fields: bookFields, read: readers.book },
])('every number of a $of', ({ fields, read }) => {
  test.each(Object.entries(nonsense))('%s is refused where it stands, once', (kind, written) => {
    const wrong = fields.flatMap(({ path, around }) =>
      written.flatMap((text) => {
        // What a parameter may be depends on its unit, which the tables know: see below.
        if (path === 'assumptions.*' && kind === 'negative') return [];
        const { scenario, problems } = read(document(around, text));
        const errors = there(problems).filter(({ severity }) => severity === 'error');
        const told = errors[0]?.message ?? '';
        const well = errors.length === 1 && scenario === null && !/invalid input|undefined|\[object/i.test(told);
        return well ? [] : [`${path}: ${text} -> ${errors.map(({ message }) => message).join(' | ') || 'taken'}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('a range stands where the schema says so, and nowhere else', () => {
    const wrong = fields.flatMap(({ path, around, ranged }) => {
      const told = (written: string) =>
        there(read(document(around, written)).problems).flatMap(({ severity, message }) =>
          severity === 'error' ? [message] : [],
        );
      // What the rest of a document asks for is told of a plain number too.
      const taken = (written: string, plain: string) => told(written).every((one) => told(plain).includes(one));
      // In units in which one of the two is a possible value.
      const some = ranges.filter((range) => taken(range, '1') || taken(range.replaceAll(/\b[12]\b/g, '0.9'), '0.9'));
      return some.length === (ranged ? ranges.length : 0) ? [] : [`${path}: ${some.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('parameters', async () => {
  const unitOf = (name: string): string => tables.parameterOf.get(name)?.unit ?? '';
  const { tables } = await shipped();
  const names = sampled([...tables.parameterOf.keys()], 60, { group: unitOf, name: (name) => name });
  const text = (name: string, written: string) =>
    `version: 1\nworkload: {volume: 500}\ntasks: [{type: faq-chat}]\nassumptions:\n  ${name}: ${written}`;

  test.each(Object.entries(nonsense))('%s is refused for those of every unit', (_, written) => {
    const wrong = names.flatMap((name) =>
      written.flatMap((value) => {
        const { problems } = readScenario(text(name, value), { file: 'x.yaml', tables });
        const at = problems.filter(({ severity, line }) => severity === 'error' && line === 5);
        return at.length === 1 && at[0]?.column === name.length + 5 ? [] : [`${name}: ${value}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});
