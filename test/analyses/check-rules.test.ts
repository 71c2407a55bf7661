import { describe, expect, test } from 'vitest';
import { needsBaseline, type Rule, readRules } from '../../src/analyses/check/rules.js';

const read = (text: string) => readRules([text]).rules[0];
const refused = (text: string) => readRules([text]).problems[0];

test.each([
  ['flip', { is: 'flip' }],
  ['infeasible', { is: 'infeasible' }],
  ['warning', { is: 'warning' }],
  ['cost>8000', { is: 'cost', above: 8000, beyond: 'nothing' }],
  ['cost > $8k', { is: 'cost', above: 8000, beyond: 'nothing' }],
  ['cost>$96k/year', { is: 'cost', above: 8000, beyond: 'nothing' }],
  ['cost>+10%', { is: 'cost', above: 0.1, beyond: 'fraction' }],
  ['cost>+150%', { is: 'cost', above: 1.5, beyond: 'fraction' }],
  ['cost>+$500', { is: 'cost', above: 500, beyond: 'amount' }],
  ['margin<5%', { is: 'margin', below: 0.05 }],
  ['margin<150%', { is: 'margin', below: 1.5 }],
  ['probability<0.7', { is: 'probability', below: 0.7 }],
  ['probability<70%', { is: 'probability', below: 0.7 }],
  ['stale>90d', { is: 'stale', days: 90 }],
  ['stale>2 weeks', { is: 'stale', days: 14 }],
])('%s is read', (text, rule) => {
  expect(read(text)).toEqual({ text, ...rule });
});

describe('what is no rule is refused with what to write', () => {
  test.each([
    ['flips', '`flips` is no rule', 'did you mean `flip`?'],
    ['', '`` is no rule', 'rules:'],
    ['cost', 'cost is compared with >', 'write cost>8000'],
    ['cost<5', 'cost is compared with >', 'write cost>8000'],
    ['cost>=5', 'cost is compared with >', 'write cost>8000'],
    ['COST>5', '`COST>5` is no rule', 'did you mean `cost`?'],
    ['cost>', 'cost is compared with >', 'write cost>8000'],
    ['cost>-10%', 'a share needs something to be more than', 'write cost>+10%: above the baseline'],
    ['cost>abc', 'or $96k/year; without a period', 'rules:'],
    ['stale>90d,', '8 weeks or 24 months; a bare number', 'rules:'],
    ['flip>', 'flip takes no value', 'write flip'],
    ['cost>10%', 'a share needs something to be more than', 'write cost>+10%: above the baseline'],
    ['cost>1k..2k', 'a range cannot stand here: write one number', 'rules:'],
    ['margin>5%', 'margin is compared with <', 'write margin<5%'],
    ['probability<70', 'is above 1', 'rules:'],
    ['probability<-1', 'is negative', 'rules:'],
    ['stale>yesterday', 'is not a number', 'rules:'],
    ['flip>3', 'flip takes no value', 'write flip'],
  ])('%s', (text, message, suggestion) => {
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
