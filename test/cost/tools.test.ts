import { beforeAll, describe, expect, test } from 'vitest';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { quote } from '../../src/cost/quote.js';
import { findOption } from '../../src/decide/option-report.js';
import { linesOf, planOf } from '../../src/decide/plan.js';
import type { Tables } from '../../src/tables/tables.js';
import { cli } from '../support/cli-process.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

const asked = (task: object, more: Partial<Written> = {}): Written => ({
  workload: { volume: '10k requests/day', horizon: '12 months' },
  tasks: [{ name: 'ask', type: 'faq-chat', tokens: { input: 1000, output: 200 }, ...task }],
  ...more,
});
const search = (calls: number) => ({ tools: { 'web-search': calls } });
/** Of a mean month: 10,000 a day in 365 / 12 days. */
const requests = (10_000 * 365) / 12;

/** USD a month by the part of the bill of an option, with its label. */
async function billOf(id: string, written: Written): Promise<Map<string, { usd: number; label: string }>> {
  const context = await caseOf(written, tables);
  const option = findOption(id, context);
  if (option === null) throw new Error(`${id} is gone`);
  const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  const volume = context.workload.requestsPerDay;
  expect(linesOf(plan).reduce((sum, { curve }) => sum + at(curve, volume), 0)).toBeCloseTo(plan.monthlyUsd, 6);
  return new Map(linesOf(plan).map(({ part, label, curve }) => [part, { usd: at(curve, volume), label }]));
}
const idAt = (provider: string, family: string): string => {
  const row = tables.api.find((one) => one.provider === provider && one.family.startsWith(family));
  if (row === undefined) throw new Error(`${provider} sells no ${family}`);
  const isOpen =
    row.endpointKind === 'open-model-host' || (row.endpointKind === 'cloud-marketplace' && row.openWeights);
  return `${isOpen ? 'open-model-api' : 'cloud-api'}/${provider}/${row.modelId}`;
};
const rented = 'self-hosted-cloud/aws/qwen3.5-9b@fp8/g6e.xlarge/us-east-1/on-demand';

test('10,000 requests a day with 2 searches at $0.01 each: $6,083 a month in a line of the bill', () => {
  const scenario = `version: 1
workload: {volume: 10k requests/day}
tasks: [{name: ask, type: faq-chat, tools: {web-search: 2}, fees: {perRequest: $0.01}}]
preferences: {only: [openai]}
`;
  const { code, out } = cli(['assess', '-', '--point', '--format', 'json'], { input: scenario });
  expect(code).toBe(0);
  const { costParts, monthlyCost } = JSON.parse(out).recommendation as {
    costParts: { part: string; monthly: number }[];
    monthlyCost: number;
  };
  const usdOf = (part: string) => costParts.find((one) => one.part === part)?.monthly;
  expect(usdOf('tools.web-search')).toBeCloseTo(6083.33, 2);
  expect(usdOf('other.fee')).toBeCloseTo(3041.67, 2);
  expect(costParts.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(monthlyCost, 6);
  // Both together on the first screen.
  const screen = cli(['assess', '-', '--point'], { input: scenario }).out.replace(/\s+/g, ' ');
  expect(screen).toContain('$9,125 of that are fees: calls of web-search, own fee of a request.');
});

describe('calls of a tool', () => {
  // fees.csv, USD for 1,000: a call of OpenAI 10, a query of Gemini 3 14, a prompt of Gemini 2.5 35 however often it searches.
  test.each([
    ['openai', 'gpt-5', 2, 0.02],
    ['google', 'gemini-3', 2, 0.028],
    ['google', 'gemini-2.5', 2, 0.035],
    ['google', 'gemini-2.5', 0.5, 0.0175],
    ['azure', 'gpt-5', 2, 0.07],
  ])('%s, %s, %d a request: $%d each', async (provider, family, calls, usd) => {
    const line = (await billOf(idAt(provider, family), asked(search(calls)))).get('tools.web-search');
    expect(line?.usd).toBeCloseTo(requests * usd, 6);
    expect(line?.label).not.toContain('no fee');
  });

  test('where no fee is published the highest known is taken, and the line says so', async () => {
    const [hosted, machine] = [idAt('deepseek', 'deepseek'), rented];
    for (const id of [hosted, machine]) {
      const line = (await billOf(id, asked(search(2)))).get('tools.web-search');
      expect(line?.usd, id).toBeCloseTo(requests * 0.07, 6);
      expect(line?.label).toContain('no fee is published: the highest known');
      // The lowest: 2 calls of xAI at $5 for 1,000.
      const least = await billOf(id, asked(search(2), { assumptions: { unpublishedToolFee: 0 } }));
      expect(least.get('tools.web-search')?.usd, id).toBeCloseTo(requests * 0.01, 6);
      const own = asked({ ...search(2), fees: { perToolCall: { 'web-search': '$0.005' } } });
      expect((await billOf(id, own)).get('tools.web-search')?.usd, id).toBeCloseTo(requests * 2 * 0.005, 6);
    }
  });

  test('a fee of one’s own takes no provider’s place', async () => {
    const own = asked({ ...search(2), fees: { perToolCall: { 'web-search': '$0.005' } } });
    expect((await billOf(idAt('openai', 'gpt-5'), own)).get('tools.web-search')?.usd).toBeCloseTo(requests * 0.02, 6);
  });

  test('an unknown fee of the plan is to be asked for, with its range', async () => {
    const { warnings } = await decide(asked(search(1), { preferences: { only: ['together'] } }), {
      tables,
      point: true,
    });
    const [one] = warnings.filter(({ code }) => code === 'tool-fee-unknown');
    expect(one?.message).toMatch(/the bill takes \$0\.035 a call, and known fees are \$0\.005 to \$0\.035/);
  });

  test('a tool that nobody sells is an error with the known names, unless it has a fee of one’s own', () => {
    const text = (more: string) => `version: 1
workload: {volume: 10k requests/day}
tasks:
  - type: faq-chat
    tools: {calculator: 1}
    ${more}
`;
    const wrong = cli(['assess', '-', '--point'], { input: text('') });
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/:5:13 {2}error {2}unknown-tool {2}unknown tool `calculator`/);
    expect(wrong.err).toContain('known: web-search');
    expect(cli(['assess', '-', '--point'], { input: text('fees: {perToolCall: {calculator: $0.001}}') }).code).toBe(0);
  });
});

test('a quote: 1,000 calls with two searches each at $10 for 1,000, and no quote where no fee is known', () => {
  const call = { provider: 'openai', model: 'gpt-4o', inputTokens: 0, outputTokens: 0, requests: 1000 };
  const part = quote(tables, { ...call, tools: { 'web-search': 2 } }).quote;
  expect([part?.total, part?.parts[0]?.part, part?.parts[0]?.quantity, part?.parts[0]?.rate]).toEqual([
    20,
    'tools.web-search',
    2000,
    0.01,
  ]);
  const { quote: none, problems } = quote(tables, { ...call, tools: { calculator: 1 } });
  expect(none).toBeNull();
  expect(problems[0]?.code).toBe('no-tool-fee');
  const args = ['--provider', 'openai', '--model', 'gpt-4o', '--input', '1000', '--tool', 'web-search=2'];
  const { out } = cli(['pricing', 'quote', ...args, '--requests', '10k/day']);
  expect(out).toMatch(/web-search, USD per call +608,333 +0\.01 +6,083\.33/);
});

test('one tool under two names is refused: its calls are billed once', () => {
  const scenario = `version: 1
workload: {volume: 10k requests/day}
tasks: [{name: ask, type: faq-chat, tools: {web-search: 1, bing-grounding: 2}}]
`;
  const { code, err } = cli(['assess', '-', '--point'], { input: scenario });
  expect(code).toBe(2);
  expect(err).toMatch(/:3:60 {2}error {2}said-twice {2}`bing-grounding` and `web-search` are one tool/);
});
