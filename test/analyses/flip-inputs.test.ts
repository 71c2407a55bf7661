import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Asked } from '../../src/analyses/flips/input.js';
import { wordInputs } from '../../src/analyses/flips/inputs.js';
import { resolve } from '../../src/workload/resolve.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { asOf, readWritten } from '../support/scenario.js';

const [text, map] = [z.string(), z.record(z.string(), z.unknown())];
const { ruled } = casesIn('flip-inputs', {
  ruled: { name: text, data: map.optional(), own: map, sensitivity: text, boundary: text },
});
test.each(ruled)(
  'rules on data of the scenario are not those of a task: $name',
  async ({ data, own, sensitivity, boundary }) => {
    const tables = await shippedTables();
    const tasks = [{ name: 'one', type: 'faq-chat', share: '50%', data: own }];
    for (const more of [[{ name: 'two', type: 'faq-chat', share: '50%' }], [{ ...tasks[0], name: 'two' }]]) {
      const read = readWritten(
        { workload: { volume: 100 }, tasks: [...tasks, ...more], ...(data && { data }) },
        tables,
      );
      const asked = { scenario: read.scenario, workload: resolve(read, tables, asOf), tables } as Asked;
      const from = new Map(wordInputs(asked).map((input) => [input.path, input.from]));
      expect(from.get('data.sensitivity')).toBe(sensitivity);
      expect(from.get('data.boundary')).toBe(boundary);
    }
  },
);

test('a list that is asked for may lose a word or gain one; data are only ruled more strictly', async () => {
  const tables = await shippedTables();
  const words = (more: object) => {
    const read = readWritten(
      { workload: { volume: 100 }, tasks: [{ name: 'one', type: 'faq-chat' }], ...more },
      tables,
    );
    const inputs = wordInputs({
      scenario: read.scenario,
      workload: resolve(read, tables, asOf),
      tables,
      regions: 'narrower',
    } as Asked);
    return new Map(inputs.map((input) => [input.path, input]));
  };
  // What else there is of a scenario that says nothing stands in `test/golden/small/inputs.txt`.
  const bare = words({});
  expect(bare.get('data.residency')?.words).not.toContain('[]');
  // Ordered words are all there, the one that holds too; others are those that it may be instead.
  expect(bare.get('data.boundary')?.words).toEqual(['device', 'own-premises', 'own-account', 'under-contract']);
  expect(bare.get('data.sensitivity')?.words).toEqual(['pii', 'regulated', 'device-only']);
  expect(bare.get('preferences.include')).toMatchObject({ from: '[]', words: ['[marketplace]'] });
  const full = words({
    data: { residency: ['eea', 'us'], agreements: { signed: ['dpa'], canSign: ['baa'] } },
    preferences: { include: ['marketplace'] },
    team: { mayHire: false },
    needs: { rag: true },
    tasks: [
      { name: 'one', type: 'faq-chat', needs: ['tools'], share: '50%' },
      { name: 'two', type: 'faq-chat', share: '50%', data: { agreements: ['dpa'], residency: ['us'] } },
    ],
  });
  expect(full.get('data.residency')?.words).toEqual(['[eea]', '[us]']);
  expect(full.get('data.agreements')).toMatchObject({ from: '{signed: [dpa], canSign: [baa]}', words: ['[]'] });
  expect(full.get('preferences.include')).toMatchObject({ from: '[marketplace]', words: ['[]'] });
  expect(full.get('team.mayHire')).toMatchObject({ from: 'false', words: ['true'] });
  expect(full.get('needs.rag')).toMatchObject({ from: 'true', words: ['false'] });
  expect(full.get('tasks.one.needs')?.words).toEqual(['[tools, vision]', '[tools, fine-tuning]', '[]']);
  expect(full.get('tasks.two.data.agreements')).toMatchObject({ from: '[dpa]', words: ['[]'] });
  // A task has a word of its own for what it says itself alone.
  expect([...full.keys()].filter((path) => path.startsWith('tasks.two.data.')).sort()).toEqual([
    'tasks.two.data.agreements',
  ]);
});
