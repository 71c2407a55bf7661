import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';

const scenario = {
  version: 1,
  name: 'x',
  workload: { volume: 2_000_000, profile: 'business-hours', growth: '3% per month', horizon: '6 months' },
  tasks: [{ name: 'notes', type: 'extraction', latency: { ttftP95: '3s' } }],
  data: { sensitivity: 'internal', boundary: 'own-account' },
  // Somebody waits for three seconds at most: spot machines are there by name alone.
  preferences: { include: ['spot'] },
};
const { workload, data } = scenario;
const contracts = { preferences: { exclude: ['spot', 'on-demand', 'on-prem'] } };

/** Each differs from the first in one thing that machines, their costs, their loads or the hours depend on. */
const variants = {
  'as it is': {},
  'another horizon': { workload: { ...workload, horizon: '24 months' } },
  'another growth': { workload: { ...workload, growth: '1% per month' } },
  'another profile': { workload: { ...workload, profile: { peakToMean: 6 } } },
  'under contract for half a year': { workload: { ...workload, profile: 'flat' }, ...contracts },
  'under contract for three': { workload: { ...workload, profile: 'flat', horizon: '36 months' }, ...contracts },
  'more places': { workload: { ...workload, sites: 3 } },
  'another region': { data: { ...data, residency: ['eu'] } },
  'machines of its own': { existing: [{ accelerator: 'a100-sxm-80gb', count: 16 }] },
  'other machines of its own': { existing: [{ accelerator: 'h100-sxm-80gb', count: 16 }] },
  'dearer power': { assumptions: { electricityUs: 0.6 } },
  'more interruptions': { assumptions: { spotInterruptionsPerDay: 40 } },
  'a longer way': { assumptions: { rttSameRegion: 2900 } },
  'prompts that differ more': { assumptions: { inputLengthSpread: 1.5 } },
  'answers that differ more': { assumptions: { outputLengthSpread: 1.5 } },
  'readers who are faster': { assumptions: { interactiveTokensPerS: 30 } },
  'a lower load': { assumptions: { highestLoad: 0.5 } },
  'more memory for what runs': { assumptions: { activationFactor: 4 } },
  'a dearer disk': { assumptions: { storageBlockSsd: 9 } },
  'what was measured': {
    measured: [{ model: 'qwen3.5-4b', accelerator: 'rtx-a6000-48gb', ofPredicted: '60%' }],
  },
  'something else that was measured': {
    measured: [{ model: 'qwen3.5-2b', accelerator: 'rtx-6000-ada-48gb', ofPredicted: '150%' }],
  },
  marketplaces: { preferences: { include: ['marketplace'] } },
  'a harder target': { tasks: [{ name: 'notes', type: 'extraction', latency: { ttftP95: '60ms' } }] },
  'longer answers': { tasks: [{ ...scenario.tasks[0], tokens: { output: 3000 } }] },
};

test('what is remembered of one scenario changes no other', async () => {
  const texts = Object.values(variants).map((variant) => JSON.stringify({ ...scenario, ...variant }));
  const decided = async (list: readonly string[]) => {
    // Tables of their own: nothing is known of them yet.
    const { tables, prose } = await shipped();
    const own = fewRows(tables, [
      'qwen3.5-2b',
      'qwen3.5-4b',
      'rtx-6000-ada-48gb',
      'rtx-a6000-48gb',
      'a100-sxm-80gb',
      'runpod',
      'vast',
      'verda',
    ]);
    return new Map(
      list.map((text) => {
        const { scenario: read, problems } = readScenario(text, { file: 'x.json', tables: own, asOf });
        if (read === null) throw new Error(JSON.stringify(problems));
        const tool = { name: 'test', version: '0' };
        return [text, JSON.stringify(assess(read, own, { asOf, point: true, prose, tool }))];
      }),
    );
  };
  const together = await decided(texts);
  for (const [i, name] of Object.keys(variants).entries()) {
    const text = texts[i] as string;
    const alone = (await decided([text])).get(text);
    expect(together.get(text) === alone, name).toBe(true);
  }
  // Each of them matters: what differs in nothing would show nothing.
  const told = [...together.values()].map((decision) => {
    const { considered, scorecard, recommendation } = JSON.parse(decision);
    return JSON.stringify([considered, scorecard, recommendation]);
  });
  const alike = Object.keys(variants).filter((_, i) => told.indexOf(told[i] as string) !== i);
  expect(alike).toEqual([]);
});
