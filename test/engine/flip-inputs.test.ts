import { expect, test } from 'vitest';
import type { Asked } from '../../src/decide/flips/inputs.js';
import { simplestFirst } from '../../src/decide/flips/pool.js';
import { wordInputs } from '../../src/decide/flips/words.js';
import type { Plan } from '../../src/decide/plan.js';
import { resolve } from '../../src/scenario/resolve.js';
import { shippedTables } from '../load.js';
import { asOf, readWritten } from './scenario.js';

/** A plan as far as ties are told apart. */
const plan = (id: string, { fte = 1, deployments = 1, usd = 100 } = {}): Plan =>
  ({
    id,
    fte,
    monthlyUsd: usd,
    deployments: Array.from({ length: deployments }, () => ({ slices: [] })),
  }) as unknown as Plan;

test.each([
  ['fewer people, however many deployments', { fte: 1, deployments: 3 }, { fte: 1.1, deployments: 1 }],
  ['of as many people fewer deployments, though dearer', { deployments: 2, usd: 101 }, { deployments: 3, usd: 100 }],
  ['of as many deployments the cheaper', { usd: 99 }, { usd: 100 }],
])('simplest first: %s', (_, simpler, other) => {
  const [one, two] = [plan('z', simpler), plan('a', other)];
  expect(simplestFirst([one, two])).toEqual([one, two]);
  expect(simplestFirst([two, one])).toEqual([one, two]);
});

test('simplest first: of equals the first by name', () => {
  const plans = [plan('b'), plan('c'), plan('a')];
  expect(simplestFirst(plans).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test.each<{ name: string; data?: object; own: object; sensitivity: string; boundary: string }>([
  { name: 'nothing written', own: { sensitivity: 'public' }, sensitivity: 'internal', boundary: 'under-contract' },
  {
    name: 'a boundary of the task',
    own: { boundary: 'own-account' },
    sensitivity: 'internal',
    boundary: 'under-contract',
  },
  {
    name: 'a sensitivity',
    data: { sensitivity: 'regulated' },
    own: { sensitivity: 'public' },
    sensitivity: 'regulated',
    boundary: 'own-account',
  },
  {
    name: 'regimes',
    data: { sensitivity: 'regulated', regimes: ['hipaa'] },
    own: { sensitivity: 'regulated', regimes: [] },
    sensitivity: 'regulated',
    boundary: 'under-contract',
  },
  {
    name: 'a boundary',
    data: { boundary: 'own-premises' },
    own: { sensitivity: 'public', boundary: 'anywhere' },
    sensitivity: 'internal',
    boundary: 'own-premises',
  },
])('rules on data of the scenario are not those of a task: $name', async ({ data, own, sensitivity, boundary }) => {
  const tables = await shippedTables();
  const tasks = [{ name: 'one', type: 'faq-chat', share: '50%', data: own }];
  for (const more of [[{ name: 'two', type: 'faq-chat', share: '50%' }], [{ ...tasks[0], name: 'two' }]]) {
    const read = readWritten({ workload: { volume: 100 }, tasks: [...tasks, ...more], ...(data && { data }) }, tables);
    const asked = { scenario: read.scenario, demand: resolve(read, tables, asOf), tables } as Asked;
    const from = new Map(wordInputs(asked).map((input) => [input.path, input.from]));
    expect(from.get('data.sensitivity')).toBe(sensitivity);
    expect(from.get('data.boundary')).toBe(boundary);
  }
});
