import { expect, test } from 'vitest';
import { assemble } from '../../src/tables/compiled.js';
import { contextFor } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const tables = await shippedTables();

test('the context that prompts ask for is that of the preset from its own prompt on, and less in proportion below', () => {
  const preset = { tokens: 32_768, input: 4500 };
  expect([4500, 4501, 1e6].map((input) => contextFor(preset, input))).toEqual([32_768, 32_768, 32_768]);
  expect([0, 450, 2250].map((input) => contextFor(preset, input))).toEqual([0, 3276.8, 16_384]);
});

const written = (type: string, tokens?: object): Written => ({
  workload: { volume: 50_000 },
  tasks: [{ name: 'only', type, ...(tokens && { tokens }) }],
});

test.each(tables.tasks.map(({ task, inputTokens }) => [task, inputTokens] as const))(
  'a task of %s needs the same where its assumed prompt of %d tokens is written',
  async (type, input) => {
    const [plain] = (await caseOf(written(type))).workload.taskParts;
    const [same] = (await caseOf(written(type, { input }))).workload.taskParts;
    expect(same?.needs.contextTokens).toBe(plain?.needs.contextTokens);
    expect(same?.tokens).toEqual(plain?.tokens);
  },
);

test('the advice is the same, and a slightly shorter prompt costs slightly less', async () => {
  const advised = async (tokens?: object) =>
    (await decide(written('support-agent-tools', tokens), { point: true })).recommendation;
  const plain = await advised();
  expect(await advised({ input: 4500 })).toMatchObject({ plan: plain.plan, monthlyCost: plain.monthlyCost });
  const shorter = await advised({ input: 4499 });
  expect(shorter.plan).toBe(plain.plan);
  expect((shorter.monthlyCost as number) / (plain.monthlyCost as number)).toBeCloseTo(1, 2);
});

test('a longest answer is asked for above the least that is told of any model on sale, at any length where none is told', () => {
  expect(tables.surelyWritten).toBe(Math.min(...tables.api.flatMap(({ maxOutput }) => maxOutput ?? [])));
  const api = tables.api.map((row) => ({ ...row, maxOutput: null }));
  const silent = assemble(tables.snapshot, (table) => (table === 'api' ? api : []) as never);
  expect(silent.surelyWritten).toBe(0);
});
