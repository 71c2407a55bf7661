import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioShape } from '../../src/workload/issues.js';

const published: object = JSON.parse(readFileSync(new URL('../../schema/scenario.json', import.meta.url), 'utf8'));
const design = readFileSync(new URL('../fixtures/scenario/design-example.yaml', import.meta.url), 'utf8');
const valid = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(published);

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
