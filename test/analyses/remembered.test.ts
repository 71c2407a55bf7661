import { expect, test } from 'vitest';
import { z } from 'zod';
import { assess } from '../../src/analyses/assess.js';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { asOf } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';

const scenario = {
  version: 1,
  name: 'x',
  workload: { volume: '2M', profile: 'business-hours', growth: '3% per month', horizon: '6 months' },
  tasks: [{ name: 'notes', type: 'extraction', latency: { ttftP95: '3s' } }],
  data: { sensitivity: 'internal', boundary: 'own-account' },
  // Somebody waits for three seconds at most: spot machines are there by name alone.
  preferences: { include: ['spot'] },
};
const { variants } = casesIn('remembered', {
  variants: { name: z.string(), more: z.record(z.string(), z.unknown()) },
});

test('what is remembered of one scenario changes no other', async () => {
  const texts = variants.map(({ more }) => JSON.stringify({ ...scenario, ...more }));
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
  for (const [i, { name }] of variants.entries()) {
    const text = texts[i] as string;
    const alone = (await decided([text])).get(text);
    expect(together.get(text) === alone, name).toBe(true);
  }
  // Each of them matters: what differs in nothing would show nothing.
  const told = [...together.values()].map((decision) => {
    const { considered, scorecard, recommendation } = JSON.parse(decision);
    return JSON.stringify([considered, scorecard, recommendation]);
  });
  const alike = variants.filter((_, i) => told.indexOf(told[i] as string) !== i);
  expect(alike).toEqual([]);
});
