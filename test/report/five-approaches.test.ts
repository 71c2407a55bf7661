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
const minute = 60_000;

function asked(date: string, asOf: string): Decision {
  const { tables, prose } = loadTables(shippedFiles(date));
  if (tables === null || prose === null) throw new Error(`${date} does not load`);
  const { scenario, problems } = readScenario(text, { file, tables, asOf });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return assess(scenario, tables, { asOf, prose, tool, include: ids, flips: 'none', draws: 'none' });
}

test.each([
  {
    date: '2023-11-30',
    asOf: '2023-11-30',
    // 1,520,833 requests of 1,500 and 500 tokens: 2,281.25M x 30 + 760.42M x 60 = 114,062.50, and 1 % retries.
    usd: [115_203.125, null],
    // llama-2-70b holds 4,096 tokens, which the mean prompt and its answer fit: that chats usually take 8,192 is a warning.
    gates: [[], ['available'], ['capability'], ['capability'], ['capability']],
    verdicts: ['+$69,122 (+150 %)', 'no: not on sale in the tables of 2023-11-30'],
  },
  {
    date: '2026-08-21',
    asOf: '2026-11-20',
    // GPT-4o mini: 2,281.25M x 0.15 + 760.42M x 0.60 = 798.44, and 1 % retries. Advised is deepseek-v4-flash, whose
    // quality counts more than qwen3-8b saves: 2,281.25M x 0.10 + 760.42M x 0.20 = 380.21, and 1 % retries.
    usd: [115_203.125, 806.42],
    gates: [['available'], [], ['capability'], ['capability'], ['capability', 'available']],
    verdicts: ['no: available, gpt-4 is not on sale since 2026-10-23', '+$422 (+110 %)'],
  },
])(
  'the five approaches of the article, priced on $date',
  async ({ date, asOf, usd, gates, verdicts }) => {
    expect(ids).toHaveLength(5);
    const decision = asked(date, asOf);
    expect(decision.asked.map(({ failedGates }) => [...new Set(failedGates.map(({ gate }) => gate))])).toEqual(gates);
    expect(decision.asked.slice(0, 2).map(({ verdict }) => verdict)).toEqual(verdicts);
    for (const [i, expected] of usd.entries()) {
      const found = decision.asked[i]?.monthlyCost ?? null;
      if (expected === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(expected, 1);
    }
    // The hybrid is the small model with a tenth of GPT-4: its tokens are a tenth of all on GPT-4.
    const [gpt4, , , small, hybrid] = decision.asked.map(({ monthlyCost }) => monthlyCost ?? Number.NaN);
    expect(hybrid).toBeGreaterThan((gpt4 as number) / 10);
    expect(hybrid).toBeLessThan((gpt4 as number) / 10 + (small as number) * 1.2);
    const report = table(decision, { color: false, width: 80, detail: null });
    if (date === '2023-11-30') await expect(report).toMatchFileSnapshot(`../golden/five-approaches-${date}.txt`);
    else expect(report).toContain(`\nASKED\n ${ids[0]}\n   $115,203/month; no: available`);
  },
  minute,
);
