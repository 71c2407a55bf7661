import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readShippedTables } from '../../src/cli/read-tables.js';
import { pricer } from '../../src/cost/capacity-cost.js';
import { type NameRow, readNames } from '../../src/tables/importers/format.js';
import type { Tables } from '../../src/tables/tables.js';
import { billOf, scenarioText, sharesOf } from '../../src/usage/scenario.js';
import type { Settings } from '../../src/usage/sums.js';
import { optionInUse, rowFinder, slug, tasksOf, type UsageTask, usdOf, windowOf } from '../../src/usage/tasks.js';
import { readScenario } from '../../src/workload/read.js';
import { csvOf, exportsOf, firstDay, madeUpCalls, readUsage } from '../support/usage-exports.js';

let tables: Tables;
let names: NameRow[];
beforeAll(async () => {
  tables = (await readShippedTables('2026-11-10')).tables as Tables;
  names = readNames('names.csv', readFileSync('pricing/import/names.csv', 'utf8')).names;
});

/** What the command makes of texts, without files. */
function importing(
  texts: readonly string[],
  {
    types = {},
    keepLatency = false,
    calls = 0,
    ...settings
  }: Partial<Settings> & { types?: Record<string, string>; keepLatency?: boolean; calls?: number } = {},
) {
  const findRow = rowFinder(tables, names);
  const usage = readUsage(texts, {
    priceOf: (...named) => {
      const row = findRow(...named);
      return row && pricer(tables, row.provider, row.modelId);
    },
    ...settings,
  });
  const window = windowOf(usage);
  const tasks = tasksOf(usage, window, findRow, calls);
  const text = scenarioText(usage, window, tasks, {
    ...{ tables, files: [], timezone: 'UTC', utcOffsetHours: 0, types: new Map(Object.entries(types)), keepLatency },
  });
  const { scenario, problems } = readScenario(text, { file: 'imported.yaml', tables, asOf: '2026-11-10' });
  // What is used today may be less than is usual.
  expect(problems.filter(({ code }) => code !== 'below-usual')).toEqual([]);
  return {
    text,
    tasks,
    bill: billOf(usage, window, tasks),
    scenario: scenario?.scenario as NonNullable<typeof scenario>['scenario'],
  };
}

const row = (fields: Record<string, unknown>) => ({
  ...{
    time: '2026-10-12T00:10:00Z',
    model: 'gpt-4o-mini',
    requests: 1,
    input_tokens: 1000,
    output_tokens: 100,
    cost: 0.001,
    task: 'a',
    batch: '',
  },
  ...fields,
});
const wholeDay = [row({}), row({ time: '2026-10-12T23:50:00Z' })];

test('batches are a task of their own, with a deadline', () => {
  const { text, scenario } = importing([csvOf([...wholeDay, row({ batch: 'true', requests: 8 })])]);
  expect(scenario.tasks.map(({ name, deadlineHours }) => [name, deadlineHours])).toEqual([
    ['a', undefined],
    ['a-batch', 24],
  ]);
  expect(text).toContain('share: 80%  # 8 calls');
});

test('models of one group are tasks; what costs little is put together by model, so that the bill stays', () => {
  const many = Array.from({ length: 30 }, (_, at) =>
    row({ task: `t${at}`, model: at % 2 === 0 ? 'gpt-4o-mini' : 'gpt-5.4', cost: at === 0 ? 5 : 0.2 }),
  );
  const { tasks } = importing([csvOf([...wholeDay, ...many])]);
  expect(tasks.length).toBeLessThanOrEqual(12);
  expect(tasks.map(({ name }) => name)).toEqual(expect.arrayContaining(['t0', 'other-gpt-5-4', 'other-gpt-4o-mini']));
  expect(tasks.every(({ models }) => models === 1)).toBe(true);
  const sum = (of: (task: UsageTask) => number) => tasks.reduce((all, task) => all + of(task), 0);
  expect(sum(({ sums }) => usdOf(sums))).toBeCloseTo(5 + 29 * 0.2 + 0.002, 9);
  expect(sum(({ sums }) => sums.calls)).toBe(32);
  const two = importing([csvOf([...wholeDay, row({ model: 'gpt-5.4' })])]);
  expect(two.scenario.tasks.map(({ name }) => name).sort()).toEqual(['a-gpt-4o-mini', 'a-gpt-5-4']);
  expect(two.scenario.today?.option).toContain('a-gpt-5-4=cloud-api/openai/gpt-5.4');
});

test('shares add up to all calls, however small they are', () => {
  for (const perDay of [[1, 1, 1], [999_999, 1], [5, 3, 2, 1e-4], [7]]) {
    const shares = sharesOf(perDay.map((each) => ({ perDay: each }) as UsageTask));
    const parts = shares.map((share) => Number(share.replace('%', '')));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(100, 9);
    const all = perDay.reduce((sum, each) => sum + each, 0);
    perDay.forEach((each, at) => {
      expect(Math.abs((parts[at] as number) / 100 / (each / all) - 1)).toBeLessThan(0.01);
    });
  }
  expect(sharesOf([1, 1, 1].map((perDay) => ({ perDay }) as UsageTask))).toEqual(['33.34%', '33.33%', '33.33%']);
});

test('an invoice is the bill, in dollars and in cents', () => {
  const page = exportsOf(madeUpCalls(3))['OpenAI page']?.text ?? '';
  const day = (at: number) => ({
    start_time: firstDay / 1000 + at * 86_400,
    end_time: firstDay / 1000 + (at + 1) * 86_400,
  });
  const costs = JSON.stringify({
    object: 'page',
    data: [0, 1, 2].map((at) => ({
      ...day(at),
      results: [
        { object: 'costs.result', amount: { value: '1.50', currency: 'usd' }, line_item: 'x', project_id: 'p' },
      ],
    })),
    has_more: false,
  });
  const { bill, text } = importing([page, costs]);
  expect(bill).toEqual({ usdPerMonth: (4.5 * 365) / 12 / 3, from: 'invoice' });
  expect(text).toContain('bill: 45.625/month  # as invoiced');
  const cents = JSON.stringify({
    data: [
      {
        starting_at: '2026-10-12T00:00:00Z',
        ending_at: '2026-10-13T00:00:00Z',
        results: [{ amount: '250.0', currency: 'USD', cost_type: 'tokens', token_type: 'output_tokens' }],
      },
    ],
    has_more: false,
  });
  expect(importing([csvOf(wholeDay), cents]).bill?.usdPerMonth).toBeCloseTo((2.5 * 365) / 12, 9);
});

test('a call that costs nothing has no price, which the tables then tell', () => {
  const { bill } = importing([csvOf([row({ cost: 0 }), row({ time: '2026-10-12T23:50:00Z', cost: '' })])]);
  expect(bill?.from).toBe('computed');
  // Two calls of 1,000 x 0.15 + 100 x 0.6 per 1e6 tokens.
  expect(bill?.usdPerMonth).toBeCloseTo((2 * 0.00021 * 365) / 12, 12);
});

test('failures that were billed are retries; others are told', () => {
  const failed = { status: 'failure' };
  const status = (rows: object[]) => rows.map((each) => ({ status: 'success', ...each }));
  const calls = (rows: object[]) =>
    csvOf(status(rows).map((each) => Object.fromEntries(Object.entries(each).filter(([key]) => key !== 'requests'))));
  const billed = importing([calls([...wholeDay, row({}), { ...row({}), ...failed }])]);
  expect(billed.text).toContain('retryRate: 25%  # 1 of 4 calls failed');
  const free = importing([calls([...wholeDay, { ...row({ input_tokens: 0, output_tokens: 0, cost: 0 }), ...failed }])]);
  expect(free.text).toContain('retryRate: 0%  # 1 of 3 calls failed, before they cost anything');
});

test('conversations are told by sessions, and reasoning apart from the answer', () => {
  const calls = madeUpCalls(1).map((call, at) => ({
    ...call,
    session: `s${Math.floor(at / 4)}`,
    reasoning: 100,
    output: call.output + 100,
  }));
  const { scenario, text } = importing([exportsOf(calls)['LiteLLM rows']?.text ?? '']);
  expect(scenario.workload.turns?.likely).toBe(4);
  expect(scenario.workload.volume).toMatchObject({ of: 'conversations', amount: { likely: 90 } });
  expect(scenario.tasks.find(({ name }) => name === 'agents')?.tokens?.reasoning?.likely).toBe(100);
  const agents = calls.filter(({ task }) => task === 'agents');
  const visible = agents.reduce((sum, { output }) => sum + output - 100, 0) / agents.length;
  expect(scenario.tasks.find(({ name }) => name === 'agents')?.tokens?.output?.likely).toBeCloseTo(visible, 2);
  expect(scenario.today?.option).toContain('gpt-5.4+thinking');
  expect(text).toMatch(/capability: \{atLeast: gpt-5\.4\+thinking\}/);
  // Percentiles are of the whole output, the mean is not.
  expect(text).toMatch(/output: \d.*, without reasoning; with it p50 \d/);
  expect(text).toMatch(/output: \d[^;\n]*calls; p50 \d/);
});

test('models put together say what they were paid at, and by which of them their work is priced', () => {
  const small = ['gpt-4o', 'gpt-4.1', 'gpt-5-mini'].map((model, at) =>
    row({ model, task: `small-${at}`, cost: 0.003 - at * 0.001 }),
  );
  const { text } = importing([csvOf([...wholeDay, row({ cost: 1 }), ...small])]);
  // 0.006 for 3,300 tokens.
  expect(text).toMatch(/name: other {2}# 3 models, most of the cost openai gpt-4o\n/);
  expect(text).toContain(
    '# paid $1.82 per 1M tokens, the mean of these models; their work is priced as that of the first',
  );
});

test('latency is a comment, or a target where it is asked for', () => {
  const { text } = exportsOf(madeUpCalls(1))['OpenRouter CSV'] ?? { text: '' };
  const told = importing([text]);
  expect(told.text).toMatch(/# observed p95: first token 7\d\d ms, whole 5\.\d s/);
  expect(told.scenario.tasks[0]?.latency).toBeUndefined();
  const kept = importing([text], { keepLatency: true });
  expect(kept.scenario.tasks[0]?.latency?.ttftP95Ms).toBeGreaterThan(700);
});

test('a model that nobody sells is a comment with a price book to fill in', () => {
  const { text, scenario } = importing([csvOf(wholeDay.map((each) => ({ ...each, model: 'our-own: model #1' })))]);
  expect(scenario.today).toBeUndefined();
  expect(text).toContain('does not have our-own: model #1');
  expect(text).toContain('#     - {provider: our-gateway, model: "our-own: model #1"');
});

test('names of providers are those of the format, else the maker is meant', () => {
  const find = rowFinder(tables, names);
  const option = (...asked: Parameters<typeof find>) => {
    const found = find(...asked);
    return found && optionInUse(found, 'standard');
  };
  expect(option('openai', null, 'gpt-4o-mini-2024-07-18')).toBe('cloud-api/openai/gpt-4o-mini');
  expect(option('litellm', 'bedrock', 'bedrock/us.anthropic.claude-sonnet-5')).toMatch(/^cloud-api\/aws-bedrock\//);
  expect(option('openrouter', 'Amazon Bedrock', 'anthropic/claude-sonnet-5')).toMatch(/^cloud-api\/aws-bedrock\//);
  expect(option('openrouter', 'DeepInfra', 'google/gemma-3-12b-it')).toBe(
    'open-model-api/deepinfra/google/gemma-3-12b-it',
  );
  expect(option('otel', 'aws.bedrock', 'anthropic.claude-sonnet-5')).toMatch(/^cloud-api\/aws-bedrock\//);
  expect(option('langfuse', null, 'claude-sonnet-5')).toBe('cloud-api/anthropic/claude-sonnet-5');
  expect(option('openrouter', 'Nobody', 'gpt-4o')).toBeNull();
  expect(option('csv', null, null)).toBeNull();
});

test('names become such as a scenario may have', () => {
  expect([slug('Übersetzung: Verträge!'), slug('42'), slug('…'), slug('x'.repeat(90))]).toEqual([
    ...['Ubersetzung-Vertrage', 'task-42', 'task', 'x'.repeat(40)],
  ]);
});

test('a month that shrinks by a twentieth each time is a growth below 0', () => {
  const days = Array.from({ length: 125 }, (_, at) =>
    new Date(Date.parse('2026-06-01') + at * 86_400_000).toISOString().slice(0, 10),
  );
  const rows = days.map((date) => ({
    date,
    model: 'gpt-4o',
    requests: Math.round(1e6 * 0.95 ** Number(date.slice(5, 7))),
    input_tokens: 1e9,
  }));
  const { text, scenario } = importing([csvOf(rows)]);
  expect(scenario.workload.growth?.likely).toBeCloseTo(-0.05, 4);
  expect(text).toContain('over 4 whole months');
});

test('presets may be named, and the rest is a guess', () => {
  const { text, scenario } = importing([csvOf([...wholeDay, row({ task: 'b', cost: 1 })])], {
    types: { a: 'translation' },
  });
  expect(scenario.tasks.find(({ name }) => name === 'a')?.type).toBe('translation');
  expect(text.match(/# guessed from its lengths: check/g)).toHaveLength(1);
});
