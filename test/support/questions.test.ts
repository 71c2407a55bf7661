import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answered, questionsIn } from './questions.js';

const file = (one: string) => `
about: a test
scenario: {workload: {volume: 1}, tasks: [{type: faq-chat}]}
tables: {few: []}
ask: workload
cases: [${one}]
`;

test.each([
  ['a key that is not known', '{title: a, holds: {months: 12}, asks: workload}'],
  ['a key of a question', '{title: a, each: {one: {tabels: {}}}, holds: {one.months: 12}}'],
  ['nothing that is expected', '{title: a}'],
  ['an empty list of expectations', '{title: a, holds: {}}'],
  ['an empty expectation', '{title: a, holds: {months: null}}'],
  ['an expectation that is empty within', '{title: a, holds: {first: {needs: {}}}}'],
  ['what holds of each of one', '{title: a, all hold: {months: 12}}'],
  ['a title twice', '{title: a, holds: {months: 12}}, {title: a, holds: {months: 12}}'],
  ['no case', ''],
])('questions with %s cannot be read', (_, one) => {
  expect(() => questionsIn(file(one))).toThrow();
});

test.each([
  ['{title: a, holds: {months: 13}}', false],
  ['{title: a, holds: {months: = 2 * 6}}', true],
  ['{title: a, holds: {months: = 2 * 7}}', false],
  ['{title: a, holds: {months: {above: 11, below: 13}}}', true],
  ['{title: a, holds: {months: {above: 12}}}', false],
  ['{title: a, holds: {moths: absent}}', false],
  ['{title: a, holds: {first.tokens.reasoning: absent}}', true],
  ['{title: a, holds: {first.tokens.input: absent}}', false],
  ['{title: a, holds: {months: nowhere}}', false],
  ['{title: a, holds: {"taskParts[].share": {every: 1}}}', true],
  ['{title: a, holds: {"taskParts[].share": {every: 2}}}', false],
  ['{title: a, each: {one: {}, other: {set: [workload.horizon=6 months]}}, all hold: {months: 12}}', false],
  ['{title: a, each: {one: {}, other: {set: [workload.horizon=6 months]}}, holds: {other.months: 6}}', true],
  ['{title: a, set: [workload.horizon=$LONG], holds: {months: 12}}', false],
  ['{title: a, holds: {months: {is: 12, above: 11}}}', false],
  ['{title: a, holds: {moths: {as at: monhts}}}', false],
  ['{title: a, tables: {unknown: [redoWeeks]}, holds: {months: 12}}', true],
  ['{title: a, tables: {unknown: [redoWeek]}, holds: {months: 12}}', false],
  ['{title: a, tables: {only: {api: {provider: [openai]}}}, holds: {months: 12}}', true],
  ['{title: a, tables: {only: {api: {provder: [openai]}}}, holds: {months: 12}}', false],
  ['{title: a, tables: {only: {api: {provider: [nobody]}}}, holds: {months: 12}}', false],
  ['{title: a, tables: {beside: [{table: api, has: {provider: nobody}, becomes: {}}]}, holds: {months: 12}}', false],
  [
    '{title: a, tables: {where: [{table: api, has: {provider: openai}, becomes: {famly: x}}]}, holds: {months: 12}}',
    false,
  ],
])('%s holds: %s', async (one, holds) => {
  const document = questionsIn(file(one));
  const [first] = document.cases;
  if (first === undefined) throw new Error('no case');
  if (holds) await answered(first, document);
  else await expect(answered(first, document)).rejects.toThrow();
});

test('each folder of questions has its test', () => {
  for (const folder of readdirSync('test/fixtures/questions').filter((name) => !name.endsWith('.md')))
    expect([folder, existsSync(`test/${folder}/questions.test.ts`)]).toEqual([folder, true]);
});
