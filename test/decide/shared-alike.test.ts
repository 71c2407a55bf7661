import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { advisedPlan } from '../../src/decide/advice.js';
import { ColumnCache } from '../../src/tables/column-cache.js';
import type { Tables } from '../../src/tables/tables.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { tablesWith } from '../support/scenario.js';

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

/** The same tables, of which nothing is remembered yet. */
const anew = (): Tables => tablesWith(tables, { columnCache: new ColumnCache() });

test.each(Object.entries(groups))('%s: what is shared by scenarios that are alike changes none', (_, scenarios) => {
  for (const one of scenarios.map(read)) {
    const options = { asOf, point: true, prose, tool };
    expect(JSON.stringify(assess(one, tables, options))).toBe(JSON.stringify(assess(one, anew(), options)));
    const [shared, alone] = [tables, anew()].map((each) =>
      advisedPlan({ workload: resolve(one, each, asOf), tables: each }),
    );
    expect(shared?.id).toBe(alone?.id);
  }
});
