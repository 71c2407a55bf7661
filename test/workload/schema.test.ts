import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tiersInWords } from '../../src/tables/query.js';
import { scenarioJsonSchema, scenarioShape } from '../../src/workload/issues.js';
import { shippedTables } from '../support/load.js';

const tables = await shippedTables();
const published: object = JSON.parse(readFileSync(new URL('../../schema/scenario.json', import.meta.url), 'utf8'));
const design = readFileSync(new URL('../fixtures/scenario/design-example.yaml', import.meta.url), 'utf8');
const valid = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(published);

test('the published schema is the generated one: run scripts/generate-schema.mjs', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema(tiersInWords(tables)))));
});

test('it accepts what people write', () => {
  expect(valid(parse(design)), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ version: 1, workload: { volume: { low: '40k', high: 60_000 } }, tasks: [{ type: 'x' }] })).toBe(true);
  expect(valid({ version: 1, workload: { volume: 5, profile: { peakToMean: 3 } }, tasks: [{ type: 'x' }] })).toBe(true);
});

test.each([
  ['an unknown key', (it: Record<string, unknown>) => ({ ...it, nam: 'x' })],
  ['an unknown key within', (it: Record<string, unknown>) => ({ ...it, budget: { monthli: 5 } })],
  ['no version', ({ version: _, ...it }: Record<string, unknown>) => it],
  ['no volume', (it: Record<string, unknown>) => ({ ...it, workload: {} })],
  [
    'two capabilities',
    (it: Record<string, unknown>) => ({ ...it, tasks: [{ type: 'x', capability: { tier: 'strong', minIndex: 5 } }] }),
  ],
  ['a range with a stray key', (it: Record<string, unknown>) => ({ ...it, workload: { volume: { low: 1, hihg: 2 } } })],
])('it refuses %s', (_, change) => expect(valid(change(parse(design)))).toBe(false));

test('every field says what it is', () => {
  const silent: string[] = [];
  const walk = (schema: { properties?: Record<string, object>; items?: object; anyOf?: object[] }, path: string) => {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      const isRangePart = ['low', 'likely', 'high', 'mean', 'cv'].includes(key);
      if (!('description' in inner) && !isRangePart) silent.push(`${path}.${key}`);
      walk(inner, `${path}.${key}`);
    }
    if (schema.items) walk(schema.items, `${path}[]`);
    for (const one of schema.anyOf ?? []) walk(one, path);
  };
  walk(scenarioShape(), '');
  expect(silent).toEqual([]);
});

test('what stands in several places is written once: the schema says the same as without references', () => {
  const whole = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(scenarioShape());
  const text = JSON.stringify(published);
  expect(text.length).toBeLessThan(JSON.stringify(scenarioShape()).length / 2);
  for (const change of [
    {},
    { budget: { monthly: -1 } },
    { data: { sensitivity: 'x' } },
    { team: { devops: '1 people' } },
  ]) {
    const document = { ...parse(design), ...change };
    expect(valid(document)).toBe(whole(document));
  }
});
