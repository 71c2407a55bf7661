import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { json, table } from '../../src/report/assess.js';
import { readScenario } from '../../src/workload/read.js';
import { cli } from '../support/cli-process.js';
import { asOf, committed as names, readCommitted } from '../support/committed.js';
import { adviceOn, decideAnew, decideCommitted, decidedInFull, quick } from '../support/committed-decisions.js';
import { digest, sureDigest } from '../support/digest.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
const schema: unknown = JSON.parse(readFileSync(new URL('../../schema/result.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true }).compile(schema as object);
const goldens = '../golden/scenarios';

const tables = await shippedTables();
const read = (name: string) => readScenario(textOf(name), { file: `scenarios/${name}.yaml`, tables });

const asTable = (decision: Decision) => table(decision, { color: false, width: 80, detail: null });
const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

test('the folder holds at least ten scenarios, and no file of another kind', () => {
  expect(names.length).toBeGreaterThanOrEqual(10);
  expect(readdirSync(folder).filter((name) => !name.endsWith('.yaml'))).toEqual(['actuals']);
});

test.each(names)('%s opens with the schema for editors and explains itself', (name) => {
  const [first, second] = textOf(name).split('\n');
  expect(first).toBe('# yaml-language-server: $schema=../schema/scenario.json');
  expect(second).toMatch(/^# \S/);
});

/** What was published asks for less than is usual for such a task. */
const lessThanUsual = [
  ...['browser-key-points', 'daily-break-even-as-published', 'ecommerce-assistant-as-published'],
  'thirty-million-tokens-as-published',
];

test.each(names)('%s reads without errors or warnings', (name) => {
  const codes = read(name).problems.map(({ code }) => code);
  expect(codes).toEqual(lessThanUsual.includes(name) ? ['below-usual'] : []);
});

test.each(names)('%s is answered as its expect block says', async (name) => {
  const { expect: expected } = (await readCommitted(name)).scenario;
  const { recommendation, nearestMisses } = await adviceOn(name);
  expect(expected?.kinds, 'every scenario expects kinds').toBeDefined();
  expect(new Set(recommendation.kinds)).toEqual(new Set(expected?.kinds));
  if (expected?.kinds?.length === 0) {
    expect(recommendation).toMatchObject({ status: 'infeasible', plan: null, monthlyCost: null });
    expect(nearestMisses).not.toEqual([]);
    return;
  }
  expect(recommendation.status).toBe('recommended');
  if (expected?.shape !== undefined) expect(recommendation.shape).toBe(expected.shape);
  expect(expected?.maxMonthlyCost, 'and a cost').toBeDefined();
  expect(recommendation.monthlyCost).toBeLessThanOrEqual(expected?.maxMonthlyCost ?? 0);
});

/** requests a day, tokens read and written, USD per 1e6 of each: list prices of the model advised. */
test.each([
  // 0.1 and 0.2: deepseek-v4-flash at DeepInfra
  { name: 'support-chatbot', perDay: 50_000, read: 1500, written: 500, usdRead: 0.1, usdWritten: 0.2 },
  // 30M tokens a day in requests of 4,300; 0.07 and 0.34: gemma-4-26b-a4b at DeepInfra
  { name: 'thirty-million-tokens', perDay: 30e6 / 4300, read: 4000, written: 300, usdRead: 0.07, usdWritten: 0.34 },
  // a twelfth of a year's requests each month
  { name: 'million-requests', perDay: 12e6 / 365, read: 500, written: 500, usdRead: 0.1, usdWritten: 0.2 },
  // 0.19 and 0.51: deepseek-v4-flash at Azure
  { name: 'clinic-notes', perDay: 6000, read: 4500, written: 600, usdRead: 0.19, usdWritten: 0.51 },
  // 0.06 and 0.23: nemotron-nano-9b at Amazon Bedrock, sure enough
  { name: 'police-reports', perDay: 4000, read: 6000, written: 900, usdRead: 0.06, usdWritten: 0.23 },
  // 0.12 and 0.18: qwen3.5-9b at OVHcloud
  { name: 'public-sector-rag', perDay: 15_000, read: 4000, written: 300, usdRead: 0.12, usdWritten: 0.18 },
  // 0.025 and 0.2: gpt-5-nano in a batch
  { name: 'nightly-calls', perDay: 60_000, read: 6000, written: 300, usdRead: 0.025, usdWritten: 0.2 },
])('$name costs tokens x list price, and 1 % retries', async ({ name, perDay, read, written, usdRead, usdWritten }) => {
  const requests = (perDay * 365) / 12;
  const usd = (requests * (read * usdRead + written * usdWritten)) / 1e6;
  const { monthlyCost, costParts } = (await adviceOn(name)).recommendation;
  const partOf = (id: string) => costParts.find(({ part }) => part === id)?.monthly ?? Number.NaN;
  expect(Math.abs((monthlyCost ?? 0) / (usd * 1.01) - 1)).toBeLessThan(1e-9);
  expect(Math.abs(partOf('tokens.input') / ((requests * read * usdRead) / 1e6) - 1)).toBeLessThan(1e-9);
  expect(Math.abs(partOf('tokens.output') / ((requests * written * usdWritten) / 1e6) - 1)).toBeLessThan(1e-9);
});

const twice: ReadonlySet<string> = new Set(['escalated', 'redaction']);

test.each(names)('%s adds up', async (name) => {
  const { recommendation, options } = await adviceOn(name);
  const { monthlyCost, upfrontCost, premium, cheapest, margin, costParts, assignments, stages } = recommendation;
  if (recommendation.status === 'infeasible') {
    expect({ costParts, assignments }).toEqual({ costParts: [], assignments: [] });
    return;
  }
  const cost = monthlyCost ?? Number.NaN;
  expect(Math.abs(sum(costParts.map(({ monthly }) => monthly)) / cost - 1)).toBeLessThan(1e-9);
  // Printed to twelve digits, which of a million leave a hundred thousandth.
  const upfront = sum(costParts.map((part) => part.upfront));
  expect(Math.abs(upfront - (upfrontCost ?? Number.NaN))).toBeLessThanOrEqual(1e-10 * Math.max(1, upfront));
  // What is escalated, or redacted first, is answered twice.
  const again = sum(assignments.filter(({ part }) => twice.has(part)).map(({ share }) => share));
  expect(sum(assignments.map(({ share }) => share)) - again).toBeCloseTo(1, 9);
  expect(new Set(assignments.map(({ task }) => task))).toEqual(
    new Set((await readCommitted(name)).scenario.tasks.map((task) => task.name)),
  );
  expect(premium).toBeCloseTo(cost - (cheapest?.monthlyCost ?? Number.NaN), 6);
  if (stages.length === 1) expect(premium).toBeGreaterThanOrEqual(0);
  expect(margin?.runnerUp, 'the next best is another plan').not.toBe(recommendation.plan);
  const listed = new Set(options.map(({ id }) => id));
  for (const { option } of assignments) expect(listed).toContain(option);
});

test.each(decidedInFull)('%s reads as its golden table, no line over 80 columns', async (name) => {
  const decision = await decideCommitted(name);
  const text = asTable(decision);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(validate(JSON.parse(json(decision))), JSON.stringify(validate.errors)).toBe(true);
  await expect(text).toMatchFileSnapshot(`${goldens}/${name}.txt`);
});

test.each(names)('%s has its golden digest, and is valid against the published schema', async (name) => {
  const decision = await adviceOn(name);
  expect(validate(JSON.parse(json(decision))), JSON.stringify(validate.errors)).toBe(true);
  await expect(digest(decision)).toMatchFileSnapshot(`${goldens}/${name}.digest.txt`);
});

/** A whole decision takes seconds; in a long run of more kinds. */
const sure = long ? quick : ['clinic-notes'];

test.each(sure)(
  '%s: what flips it, how sure it is and what moves its bill are as its golden digest says',
  async (name) => {
    const decision = await decideCommitted(name, { flips: true, draws: true });
    expect(validate(JSON.parse(json(decision))), JSON.stringify(validate.errors)).toBe(true);
    await expect(sureDigest(decision)).toMatchFileSnapshot(`${goldens}/${name}.sure.txt`);
  },
);

test('every golden file belongs to a scenario', () => {
  const known = names.flatMap((name) => [`${name}.txt`, `${name}.digest.txt`]);
  known.push(...quick.map((name) => `${name}.sure.txt`));
  expect(readdirSync(new URL(`${goldens}/`, import.meta.url)).sort()).toEqual(known.sort());
});

test('fewer than half of the scenarios recommend the same kind, and some nothing', async () => {
  const count = new Map<string, number>();
  for (const name of names) {
    const { kinds } = (await adviceOn(name)).recommendation;
    for (const kind of kinds.length === 0 ? ['nothing'] : kinds) count.set(kind, (count.get(kind) ?? 0) + 1);
  }
  expect(count.get('nothing')).toBeGreaterThan(0);
  expect(count.size).toBeGreaterThanOrEqual(4);
  for (const [kind, times] of count) expect(times, kind).toBeLessThan(names.length / 2);
});

test.each(['overnight-claims', 'evening-peaks'])('%s gives the same bytes a second time', async (name) => {
  expect(json(await decideAnew(name, { point: true }))).toBe(json(await adviceOn(name)));
});

test('the command says the same, wherever it runs', async () => {
  const line = ['assess', 'scenarios/clinic-notes.yaml', '--as-of', asOf, '--format', 'json', '--point'];
  const { code, out, err } = cli(line, {
    env: { TZ: 'Pacific/Auckland', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // The command reads the compiled tables, this test the files they were made of.
  const document: Decision = JSON.parse(out);
  expect({ ...document, tool }).toEqual(await adviceOn('clinic-notes'));
});
