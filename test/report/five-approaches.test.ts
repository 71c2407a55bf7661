import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import { loadTables } from '../../src/tables/load.js';
import { readScenario } from '../../src/workload/read.js';
import { shippedFiles } from '../support/load.js';

const file = 'scenarios/five-approaches.yaml';
const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
/** The options of the command that the scenario itself documents. */
const ids = [...text.matchAll(/--option '?([^'\s]+)'?/g)].map(([, id = '']) => id);
const tool = { name: 'deploy-advisor', version: '0.0.0' };

function asked(date: string, asOf: string): Decision {
  const { tables, prose } = loadTables(shippedFiles(date));
  if (tables === null || prose === null) throw new Error(`${date} does not load`);
  const { scenario, problems } = readScenario(text, { file, tables, asOf });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return assess(scenario, tables, { asOf, prose, tool, include: ids, flips: 'none', draws: 'none' });
}

test('the five approaches of the article, priced on the day of the first models', async () => {
  expect(ids).toHaveLength(5);
  const decision = asked('2023-11-30', '2023-11-30');
  // llama-2-70b holds 4,096 tokens, which the mean prompt and its answer fit: that chats usually take 8,192 is a warning.
  expect(decision.asked.map(({ failedGates }) => [...new Set(failedGates.map(({ gate }) => gate))])).toEqual([
    [],
    ['available'],
    ...Array(3).fill(['capability']),
  ]);
  expect(decision.asked.slice(0, 2).map(({ verdict }) => verdict)).toEqual([
    '+$69,122 (+150 %)',
    'no: not on sale in the tables of 2023-11-30',
  ]);
  const [gpt4 = 0, absent, , small, hybrid] = decision.asked.map(({ monthlyCost }) => monthlyCost);
  // 1,520,833 requests of 1,500 and 500 tokens: 2,281.25M x 30 + 760.42M x 60 = 114,062.50, and 1 % retries.
  expect(gpt4).toBeCloseTo(115_203.125, 1);
  expect(absent).toBeNull();
  // The hybrid is the small model with a tenth of GPT-4: its tokens are a tenth of all on GPT-4.
  expect(hybrid).toBeGreaterThan((gpt4 as number) / 10);
  expect(hybrid).toBeLessThan((gpt4 as number) / 10 + (small as number) * 1.2);
  const report = table(decision, { color: false, width: 80, detail: null });
  await expect(report).toMatchFileSnapshot('../golden/five-approaches-2023-11-30.txt');
});
