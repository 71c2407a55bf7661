import { expect, test } from 'vitest';
import { changeGroup, inputChanges, scenarioWith } from '../../src/analyses/compare/comparison.js';
import type { ReadScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';
import { asOf, readWritten, type Written } from '../support/scenario.js';

/** Both say so, as all that these tests write does. */
const preferences = { objective: 'cost' };
const before: Written = {
  preferences,
  workload: { volume: '1k/day', growth: '5% per month' },
  tasks: [
    { name: 'faq', type: 'faq-chat', share: '60%', tokens: { input: 1000 } },
    { name: 'letters', type: 'summarization', share: '40%' },
  ],
};
const after: Written = {
  preferences,
  workload: { volume: '9k/day' },
  tasks: [
    { name: 'letters', type: 'summarization', share: '10%', tokens: { output: 700 } },
    { name: 'faq', type: 'faq-chat', share: '70%', tokens: { input: 3000 } },
    { name: 'mails', type: 'email-drafting', share: '20%' },
  ],
};

/** The tree of the earlier scenario with some groups of changes of the later one. */
async function mixed(...groups: string[]) {
  const tables = await shippedTables();
  const [one, other] = [readWritten(before, tables), readWritten(after, tables)];
  return scenarioWith(one, other, new Set(groups), tables, asOf)?.tree;
}

test('nothing taken over is the earlier scenario', async () => {
  expect(await mixed()).toEqual({ version: 1, ...before });
});

test('one value, by the name of its task wherever that stands', async () => {
  const tasks = [{ ...before.tasks[0], tokens: { input: 3000 } }, before.tasks[1]];
  expect(await mixed('tasks.faq.tokens.input')).toEqual({ version: 1, ...before, tasks });
});

test('a value that only one of them says', async () => {
  expect(await mixed('workload.growth')).toEqual({ version: 1, ...before, workload: { volume: '1k/day' } });
  const tasks = [before.tasks[0], { ...before.tasks[1], tokens: { output: 700 } }];
  expect(await mixed('tasks.letters.tokens.output')).toEqual({ version: 1, ...before, tasks });
});

test('the mix of tasks: those of the later one with its shares, and all else of them as it was', async () => {
  const tasks = [
    { name: 'letters', type: 'summarization', share: '10%' },
    { name: 'faq', type: 'faq-chat', share: '70%', tokens: { input: 1000 } },
    { name: 'mails', type: 'email-drafting', share: '20%' },
  ];
  expect(await mixed('tasks')).toEqual({ version: 1, ...before, tasks });
});

test('what changes at once', () => {
  const groups = inputChanges(before, after).map(
    (change) => `${change.steps.join('.')}: ${changeGroup(change, before, after)}`,
  );
  expect(groups.sort()).toEqual([
    'tasks.faq.share: tasks',
    'tasks.faq.tokens.input: tasks.faq.tokens.input',
    'tasks.letters.share: tasks',
    'tasks.letters.tokens.output: tasks.letters.tokens.output',
    'tasks.mails.share: tasks',
    'tasks.mails.type: tasks',
    'workload.growth: workload.growth',
    'workload.volume: workload.volume',
  ]);
});

test('a value that became a range, and one that became a plain value, are one change each', async () => {
  const tables = await shippedTables();
  const tokens = { low: 100, likely: 300, high: 900 };
  const sides = [
    {
      preferences,
      workload: { volume: { low: 500, likely: 700, high: 2000 } },
      tasks: [{ type: 'faq-chat', tokens: { input: 300 } }],
    },
    { preferences, workload: { volume: 900 }, tasks: [{ type: 'faq-chat', tokens: { input: tokens } }] },
  ] as const satisfies Written[];
  const [one, other] = sides.map((side) => readWritten(side, tables)) as [ReadScenario, ReadScenario];
  expect(inputChanges(one.tree, other.tree)).toEqual([
    { steps: ['workload', 'volume'], before: JSON.stringify(sides[0].workload.volume), after: '900' },
    { steps: ['tasks', 'faq-chat', 'tokens', 'input'], before: '300', after: JSON.stringify(tokens) },
  ]);
  const taken = (...groups: string[]) => scenarioWith(one, other, new Set(groups), tables, asOf)?.tree;
  expect(taken('workload.volume')).toEqual({ version: 1, ...sides[0], workload: sides[1].workload });
  expect(taken('tasks.faq-chat.tokens.input')).toEqual({ version: 1, ...sides[0], tasks: sides[1].tasks });
});
