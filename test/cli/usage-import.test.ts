import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readShippedTables } from '../../src/cli/read-tables.js';
import type { Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';
import { anthropicKinds, exportsOf, madeUpCalls, marker } from '../support/usage-exports.js';

const folder = newFolder();
const file = (name: string) => path.join(folder, name);

/** The prices that the made-up calls were billed by. */
const snapshot = '2026-11-10';
const dated = ['--pricing', snapshot, '--as-of', snapshot];
let tables: Tables;
beforeAll(async () => {
  tables = (await readShippedTables(snapshot)).tables as Tables;
});

const days = 14;
const calls = madeUpCalls(days);
const exported = exportsOf(calls);
const daysPerMonth = 365 / 12;
const monthly = (calls.reduce((sum, { usd }) => sum + usd, 0) * daysPerMonth) / days;

const importing = (name: string, text: string, ...options: string[]) => {
  writeFileSync(file(name), text);
  return cliHere(['import', file(name), ...dated, ...options]);
};

/** A scenario that the reader takes without a word. */
function readBack(text: string) {
  const { scenario, problems } = readScenario(text, { file: 'imported.yaml', tables, asOf: snapshot });
  expect({ problems, text: problems.length === 0 ? '' : text }).toEqual({ problems: [], text: '' });
  return scenario?.scenario as NonNullable<typeof scenario>['scenario'];
}

/** What today's way costs a month by the engine. */
async function assessedToday(text: string): Promise<number> {
  const { today } = readBack(text);
  writeFileSync(file('assessed.yaml'), text);
  const args = ['assess', file('assessed.yaml'), '--option', today?.option ?? '', '--point', '-f', 'json', ...dated];
  const { out } = await cliHere(args);
  return JSON.parse(out).asked[0].monthlyCost;
}

/** One of each way to tell what was cached: sums, single calls, calls in conversations. */
const assessed = ['OpenAI console CSV', 'LiteLLM rows', 'OpenRouter CSV'];

test.each([
  'OpenAI console CSV',
  'OpenAI page',
  'LiteLLM rows',
  'Langfuse JSON lines',
  'OpenRouter CSV',
  'OpenTelemetry JSON lines',
  'plain CSV',
])('%s: a scenario without a warning, whose bill the engine repeats', async (name) => {
  const { code, out, err } = await importing('usage', exported[name]?.text ?? '');
  expect({ code, err: err.replace(/^.*agents and tools repeat.*\n/m, '') }).toEqual({ code: 0, err: '' });
  const scenario = readBack(out);
  expect(scenario.workload.volume.amount.likely).toBeCloseTo(360 / (out.includes('turns:') ? 3 : 1), 0);
  expect(scenario.today?.billUsdPerMonth?.likely).toBeCloseTo(monthly, 2);
  expect(scenario.tasks).toHaveLength(2);
  if (!assessed.includes(name)) return;
  expect(Math.abs((await assessedToday(out)) / monthly - 1)).toBeLessThan(0.02);
});

test('Anthropic usage counts no calls: they are asked for, and the bill is repeated with them', async () => {
  const some = madeUpCalls(days, anthropicKinds);
  const paid = (some.reduce((sum, { usd }) => sum + usd, 0) * daysPerMonth) / days;
  for (const name of ['Anthropic page', 'Anthropic console CSV']) {
    const text = exportsOf(some)[name]?.text ?? '';
    expect(await importing('anthropic', text)).toMatchObject(refused('--calls 48k/day'));
    const { code, out } = await importing('anthropic', text, '--calls', '120/day');
    expect(code).toBe(0);
    expect(readBack(out).today?.billUsdPerMonth?.likely).toBeCloseTo(paid, 2);
    expect(Math.abs((await assessedToday(out)) / paid - 1)).toBeLessThan(0.02);
  }
});

test('nothing of what was said, of people or of keys is in any output', async () => {
  for (const [name, { text }] of Object.entries(exportsOf(madeUpCalls(1))))
    for (const options of [[], ['-f', 'json'], ['-f', 'table'], ['--group-by', 'key', '-f', 'json']]) {
      const { out, err } = await importing('usage', text, '--calls', '360/day', ...options);
      expect({ name, said: `${out}${err}`.includes(marker) }).toEqual({ name, said: false });
      expect(out).not.toMatch(/session-\d|chatcmpl|obs-\d|gen-\d/);
    }
  expect(exported['LiteLLM rows']?.text).toContain(marker);
});

test('--actuals gives whole months, of which backtest has no error', async () => {
  // Every day as the first.
  const day = madeUpCalls(1);
  const all = Array.from({ length: 92 }, (_, n) =>
    day.map((call) => ({ ...call, at: call.at + n * 86_400_000 })),
  ).flat();
  const text = exportsOf(all)['LiteLLM daily']?.text ?? '';
  writeFileSync(file('long.csv'), text);
  const written = `--actuals ${file('actuals.csv')} -o ${file('long.yaml')}`;
  const line = `import ${file('long.csv')} --pricing ${snapshot} --as-of 2027-02-01 ${written}`;
  expect(await cliHere(line)).toMatchObject({ code: 0 });
  expect(readFileSync(file('actuals.csv'), 'utf8').split('\n')[1]).toMatch(/^2026-11,1800,/);
  const asked = ['backtest', file('long.yaml'), file('actuals.csv'), '--point', '-f', 'json'];
  const { code, out } = await cliHere([...asked, ...dated]);
  expect(code).toBe(0);
  const { months } = JSON.parse(out);
  expect(months).toHaveLength(2);
  // November has 30 days, December 31.
  for (const { paid, causes } of months) {
    expect(Math.abs(causes.volume) / paid).toBeLessThan(1e-9);
    for (const usd of [causes.mix, causes.price]) expect(Math.abs(usd) / paid).toBeLessThan(0.001);
  }
}, 20_000);
