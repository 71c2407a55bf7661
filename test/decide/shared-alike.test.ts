import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { advisedPlan } from '../../src/decide/advice.js';
import { alikeCases, groupOf } from '../../src/decide/context-cache.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';

const { tables, prose } = await shipped();
const tool = { name: 'test', version: '0' };

function read(scenario: Record<string, unknown>): ReadScenario {
  const text = JSON.stringify({ version: 1, name: 'x', ...scenario });
  const { scenario: found, problems } = readScenario(text, { file: 'x.json', tables, asOf });
  if (found === null) throw new Error(JSON.stringify(problems));
  return found;
}

const faq = { name: 'faq', type: 'faq-chat' };
const cut = { ...faq, easy: { share: '60%', capability: { minIndex: 20 } } };
const timed = { ...faq, latency: { ttftP95: '2s' } };
const two = [
  { ...faq, share: '70%' },
  { name: 'hard', type: 'complex-reasoning', share: '30%' },
];
const pii = { sensitivity: 'pii' };
const day = (volume: number, more = {}) => ({ workload: { volume, ...more } });

/** Each list is one group: scenarios that differ in volume or budget alone. */
const groups: Record<string, Record<string, unknown>[]> = {
  'one task': [100, 60_000, 3_000_000].map((volume) => ({ ...day(volume), tasks: [faq] })),
  'a task that is cut': [900, 400_000].map((volume) => ({ ...day(volume), tasks: [cut], data: pii })),
  'a target on latency': [20_000, 700_000].map((volume) => ({ ...day(volume), tasks: [timed] })),
  'another profile': [5000, 90_000].map((volume) => ({
    ...day(volume, { profile: 'business-hours', growth: '5% per month' }),
    tasks: two,
  })),
  'a budget that has no room for people, and none': [900, undefined].map((monthly) => ({
    ...day(3_000_000),
    tasks: [faq],
    data: { sensitivity: 'regulated' },
    team: { free: '0 FTE' },
    ...(monthly !== undefined && { budget: { monthly } }),
  })),
};

test.each(Object.entries(groups))('%s: what is shared by scenarios that are alike changes none', (_, scenarios) => {
  const caseIn = alikeCases();
  const group = scenarios.map(read);
  expect(new Set(group.map(groupOf)).size).toBe(1);
  for (const one of group) {
    const options = { asOf, point: true, prose, tool };
    expect(JSON.stringify(assess(one, tables, { ...options, caseIn }))).toBe(
      JSON.stringify(assess(one, tables, options)),
    );
    const context = caseIn(groupOf(one), resolve(one, tables, asOf), tables);
    expect(advisedPlan(context)?.id).toBe(advisedPlan({ workload: context.workload, tables })?.id);
  }
});

test('scenarios that differ in anything else share nothing', () => {
  const all = [
    { ...day(100), tasks: [faq] },
    { ...day(100, { growth: '1% per month' }), tasks: [faq] },
    { ...day(100), tasks: [timed] },
    { ...day(100), tasks: [faq], data: pii },
    { ...day(100), tasks: [faq], assumptions: { retryRate: '2%' } },
    { ...day(100), tasks: [faq], team: { devops: 1 } },
  ];
  expect(new Set(all.map((one) => groupOf(read(one)))).size).toBe(all.length);
});
