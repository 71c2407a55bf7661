import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { needsBaseline, type Rule, readRules } from '../../src/analyses/check/rules.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('check-rules', {
  read: { text: z.string(), rule: z.record(z.string(), z.union([z.string(), z.number()])) },
  refused: { text: z.string(), message: z.string(), suggestion: z.string() },
});
const read = (text: string) => readRules([text]).rules[0];
const refused = (text: string) => readRules([text]).problems[0];

test.each(cases.read)('$text is read', ({ text, rule }) => {
  expect(read(text)).toEqual({ text, ...rule });
});

describe('what is no rule is refused with what to write', () => {
  test.each(cases.refused)('$text', ({ text, message, suggestion }) => {
    const problem = refused(text);
    expect(problem?.message).toContain(message);
    expect(problem?.suggestion).toContain(suggestion);
    expect(problem).toMatchObject({ severity: 'error', code: 'bad-rule', file: '--fail-on', line: 1, column: 1 });
  });

  test('all at once', () => {
    expect(readRules(['flip', 'cost', 'nonsense', 'margin<5%']).problems).toHaveLength(2);
  });
});

test('a rule is told without the blanks around it, a mistake with them, and both in their order', () => {
  const { rules, problems } = readRules([' flip ', ' flipp ', 'cost>8k', 'cost >']);
  expect(rules.map(({ text }) => text)).toEqual(['flip', 'cost>8k']);
  const place = { severity: 'error', code: 'bad-rule', file: '--fail-on', line: 1, column: 1, path: '' };
  expect(problems).toEqual([
    { ...place, message: '`flipp` is no rule', suggestion: 'did you mean `flip`?', excerpt: ' flipp ' },
    {
      ...place,
      message: 'cost is compared with >',
      suggestion: 'write cost>8000',
      excerpt: 'cost >',
    },
  ]);
  const forms = 'flip, cost>8000, cost>+10%, cost>+500, margin<5%, probability<0.7, stale>90d, infeasible, warning';
  expect(readRules(['cost>x']).problems[0]?.suggestion).toBe(`rules: ${forms}`);
  expect(readRules(['warning=3', 'Flip']).problems.map(({ message }) => message)).toEqual([
    '`warning=3` is no rule',
    '`Flip` is no rule',
  ]);
});

test('rules that ask for something earlier', () => {
  const asks = (text: string) => needsBaseline(read(text) as Rule);
  expect(['flip', 'cost>+10%', 'cost>+5'].map(asks)).toEqual([true, true, true]);
  expect(['cost>5', 'margin<5%', 'probability<0.5', 'stale>1d', 'infeasible', 'warning'].some(asks)).toBe(false);
});
