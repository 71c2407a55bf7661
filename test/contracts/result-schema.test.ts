import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type Decision, resultJsonSchema } from '../../src/decide/decision.js';
import { json } from '../../src/report/assess.js';
import { hybrid, infeasible, onFleet } from '../support/report-decisions.js';

const published: unknown = JSON.parse(readFileSync(new URL('../../schema/result.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true }).compile(published as object);
const decisions = Object.entries({ hybrid, onFleet, infeasible });

test('the published schema is the generated one', () => {
  expect(published).toEqual(resultJsonSchema());
});

test.each(decisions)('%s as JSON is valid and parses back equal', (_name, decision) => {
  const parsed: unknown = JSON.parse(json(decision));
  expect(parsed).toEqual(decision);
  expect(validate(parsed), JSON.stringify(validate.errors)).toBe(true);
});

test('every key is required, more keys are allowed', () => {
  for (const key of Object.keys(hybrid)) {
    const { [key as keyof Decision]: _, ...rest } = hybrid;
    expect(validate(rest), key).toBe(false);
  }
  expect(validate({ ...hybrid, recommendation: { ...hybrid.recommendation, margin: { runnerUp: 'a' } } })).toBe(false);
  expect(validate({ ...hybrid, new: 1, recommendation: { ...hybrid.recommendation, new: 1 } })).toBe(true);
});

test('keys come in one order, however the decision was put together', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        // Figures are in the order of their text.
        .map(([key, inner]) => [key, key === 'figures' ? inner : reversed(inner)]),
    );
  };
  const { rejectedBy } = hybrid.considered;
  const shuffled = reversed(hybrid) as Decision;
  expect(json({ ...shuffled, considered: { ...shuffled.considered, rejectedBy } })).toBe(json(hybrid));
  const order = json(hybrid)
    .match(/^ {2}"\w+"/gm)
    ?.map((key) => key.trim().replaceAll('"', ''));
  expect(order?.slice(0, 6)).toEqual(['schemaVersion', 'tool', 'complete', 'scenario', 'tables', 'considered']);
  expect(order?.at(-1)).toBe('warnings');
});

test('control characters are escaped and come back', () => {
  const name = 'a\u001b[2J\u007f\u009b\u2028\u202e"\\';
  const hostile = { ...hybrid, scenario: { ...hybrid.scenario, name } };
  const text = json(hostile);
  expect(text).toContain('"a\\u001b[2J\\u007f\\u009b\\u2028\\u202e\\"\\\\"');
  expect(JSON.parse(text)).toEqual(hostile);
});

test('a number that is none is an error, not null', () => {
  const broken = { ...hybrid, recommendation: { ...hybrid.recommendation, monthlyCost: Number.NaN } };
  expect(() => json(broken)).toThrow(/monthlyCost is NaN/);
});

test('ends with one line break', () => {
  expect(json(hybrid)).toMatch(/[^\n]\n$/);
});
