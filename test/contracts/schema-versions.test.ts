import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkSchemaVersion, comparisonSchemaVersion, resultSchemaVersion } from '../../src/units/schema.js';
import { readPriceBook } from '../../src/workload/document.js';
import { readScenario } from '../../src/workload/read.js';
import { keysOf, pathsIn, type Schema, unfit, withoutReferences } from '../support/schema-changes.js';

const kept = 'test/fixtures/schema-versions';
const text = (file: string): string => readFileSync(file, 'utf8');
const json = (file: string): Schema => JSON.parse(text(file));
const numbers = (version: string): number[] => version.split('.').map(Number);
const major = (version: string): number => numbers(version)[0] ?? 0;
const byAge = (a: string, b: string): number => {
  const step = numbers(a).findIndex((number, index) => number !== numbers(b)[index]);
  return (numbers(a)[step] ?? 0) - (numbers(b)[step] ?? 0);
};
const versions = readdirSync(kept).sort(byAge);
const schemaOf = (name: string): Schema => withoutReferences(json(`schema/${name}.json`));
const names = readdirSync('schema').map((file) => file.replace('.json', ''));
/** What commands print, with its version now; all else is what users write. */
const printed = new Map([
  ['result', resultSchemaVersion],
  ['comparison', comparisonSchemaVersion],
  ['check', checkSchemaVersion],
]);
const has = (version: string, file: string): boolean => readdirSync(`${kept}/${version}`).includes(file);
const check = (schema: Schema) => new Ajv2020({ strictTypes: false, validateFormats: false }).compile(schema);

test.each(names)('the id of %s has its name and major version', (name) => {
  const majorNow = major(printed.get(name) ?? '1');
  expect(schemaOf(name)).toMatchObject({ $id: `urn:deploy-advisor:schema:${name}:${majorNow}` });
});

describe.each(versions.filter((version) => major(version) === major(resultSchemaVersion)))('since %s', (version) => {
  const old = (name: string): Schema => json(`${kept}/${version}/${name}.json`);

  test.each([...printed.keys()].filter((name) => has(version, `${name}.json`)))(
    'who reads the %s of then can read that of today',
    (name) => {
      expect(unfit(old(name), schemaOf(name))).toEqual([]);
    },
  );

  test('a key more in the result came with a higher minor version', () => {
    const now = keysOf(schemaOf('result'));
    const before = new Set(keysOf(old('result')));
    const added = now.filter((key) => !before.has(key));
    expect(added.length === 0 || byAge(resultSchemaVersion, version) > 0, `new in ${version}: ${added}`).toBe(true);
  });

  test('the result of then has no key that is gone', () => {
    const result = parse(text(`${kept}/${version}/support-chatbot.result.json`));
    expect(check(old('result'))(result)).toBe(true);
    const known = new Set(keysOf(schemaOf('result')));
    // Figures and costs are named freely.
    const free = /\.(?:figures|scores|rejectedBy|ranges)\./;
    expect(pathsIn(result).filter((path) => !known.has(path) && !free.test(path))).toEqual([]);
  });

  const written = names.filter((name) => !printed.has(name) && has(version, `${name}.json`));
  test.each(written)('what %s could be then it can be today', (name) => {
    expect(unfit(schemaOf(name), old(name), { strict: true })).toEqual([]);
  });

  test.each(['support-chatbot.yaml', 'design-example.yaml'])('%s of then is read today', (file) => {
    const content = text(`${kept}/${version}/${file}`);
    expect(readScenario(content, { file }).problems).toEqual([]);
    for (const schema of [old('scenario'), schemaOf('scenario')]) expect(check(schema)(parse(content))).toBe(true);
  });

  test('so is a price book', () => {
    const content = text(`${kept}/${version}/contract.yaml`);
    expect(readPriceBook(content, 'contract.yaml').problems).toEqual([]);
    for (const schema of [old('price-book'), schemaOf('price-book')]) expect(check(schema)(parse(content))).toBe(true);
  });
});

describe('a change that breaks somebody is noticed', () => {
  const typed = (schema: Schema, type: string | string[]) => Object.assign(schema, { type });
  const changed = (name: string, change: (schema: Schema) => unknown): Schema => {
    const schema = structuredClone(schemaOf(name));
    change(schema);
    return schema;
  };
  const at = (schema: Schema, ...keys: string[]): Schema =>
    keys.reduce((one, key) => (key === '[]' ? one.items : one.properties?.[key]) ?? {}, schema);

  test.each<[string, (schema: Schema) => unknown, string]>([
    ['a key is optional', (one) => at(one, 'scenario').required?.shift(), '.scenario.name may be missing'],
    ['another type', (one) => typed(at(one, 'scenario', 'sha256'), 'number'), '.scenario.sha256 may be number'],
    ['null where none was', (one) => typed(at(one, 'warnings'), ['array', 'null']), '.warnings may be null'],
    [
      'another word',
      (one) => at(one, 'recommendation', 'status').enum?.push('maybe'),
      '.recommendation.status may be maybe',
    ],
    ['in entries of a list', (one) => at(one, 'warnings', '[]').required?.shift(), '.warnings[].code may be missing'],
  ])('in the result: %s', (_, change, says) => {
    expect(unfit(schemaOf('result'), changed('result', change))).toEqual([says]);
  });

  test.each<[string, (schema: Schema) => unknown, string]>([
    ['a key is gone', ({ properties }) => delete properties?.budget, '.budget may be there'],
    ['a key must be given', ({ required }) => required?.push('team'), '.team may be missing'],
    ['a word is gone', (one) => at(one, 'data', 'sensitivity').enum?.pop(), '.data.sensitivity may be device-only'],
    ['a form is gone', (one) => at(one, 'workload', 'volume').anyOf?.splice(0, 1), '.workload.volume may be number'],
  ])('in the scenario: %s', (_, change, says) => {
    expect(unfit(changed('scenario', change), schemaOf('scenario'), { strict: true })).toContain(says);
  });
});

test('editors find the schema of every committed scenario', () => {
  for (const name of readdirSync('scenarios').filter((file) => file.endsWith('.yaml')))
    expect(text(`scenarios/${name}`).split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/scenario.json');
});
