import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Option } from '../../src/places/option.js';
import { context as contextRule } from '../../src/rules/model.js';
import { mayRun } from '../../src/rules/rule.js';
import { assemble } from '../../src/tables/compiled.js';
import { contextFor, type TaskPart } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const tables = await shippedTables();
const presets = tables.tasks.map(({ minContextTokens, inputTokens }) => ({
  tokens: minContextTokens,
  input: inputTokens,
}));
const anyPreset = fc.constantFrom(...presets);
const anyInput = fc.integer({ min: 0, max: 300_000 });

describe('the context that prompts ask for', () => {
  test('is that of the preset from its own prompt on, and less in proportion below', () => {
    const preset = { tokens: 32_768, input: 4500 };
    expect([4500, 4501, 1e6].map((input) => contextFor(preset, input))).toEqual([32_768, 32_768, 32_768]);
    expect([0, 450, 2250].map((input) => contextFor(preset, input))).toEqual([0, 3276.8, 16_384]);
  });

  test('never falls with a longer prompt, and does not jump', () => {
    fc.assert(
      fc.property(anyPreset, anyInput, (preset, input) => {
        const step = contextFor(preset, input + 1) - contextFor(preset, input);
        expect(step).toBeGreaterThanOrEqual(0);
        expect(step).toBeLessThanOrEqual((preset.tokens / preset.input) * (1 + 1e-9));
      }),
    );
  });
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

test('documents found for a prompt take their part of the room: the prompt that is told leaves it to them', async () => {
  const at = (input: number) =>
    caseOf({
      ...written('faq-chat', { input, output: 200 }),
      needs: { rag: { documents: '10k tokens', retrieved: '3000 tokens' } },
    });
  const verdict = async (input: number) => {
    const context = await at(input);
    const small = { contextTokens: 8192, maxOutputTokens: null, model: 'small', family: 'small', mode: 'standard' };
    return contextRule.check(small as unknown as Option, context.workload.taskParts[0] as TaskPart, context, null);
  };
  const { turnsAt } = (await verdict(6000)).why();
  expect(turnsAt).toEqual({ path: 'tasks.only.tokens.input', value: 8192 - 200 - 3000 });
  const most = Number(turnsAt?.value);
  expect([mayRun(await verdict(most)), mayRun(await verdict(most + 1))]).toEqual([true, false]);
});

describe('room for prompts longer than the mean', () => {
  const holds = async (contextTokens: number, tokens: object, type = 'support-agent-tools') => {
    const context = await caseOf(written(type, tokens));
    const small = {
      contextTokens,
      maxOutputTokens: null,
      model: 'small',
      family: 'small',
      mode: 'standard',
      api: null,
    };
    return contextRule.check(small as unknown as Option, context.workload.taskParts[0] as TaskPart, context, null);
  };

  test('is warned of with figures, and refuses no model that holds the mean prompt and its answer', async () => {
    const preset = tables.tasks.find(({ task }) => task === 'support-agent-tools');
    expect(preset?.minContextTokens).toBe(32_768);
    for (const contextTokens of [8192, 16_384]) {
      const verdict = await holds(contextTokens, { input: 3000, output: 300 });
      expect(verdict.state).toBe('passed');
      const usual = Math.ceil(contextFor({ tokens: 32_768, input: preset?.inputTokens as number }, 3000));
      expect(usual).toBeGreaterThan(contextTokens);
      expect(verdict.why().warning).toMatchObject({
        code: 'context-tight',
        figures: { have: contextTokens, mean: 3000, usual },
      });
    }
    expect((await holds(131_072, { input: 3000, output: 300 })).why().warning).toBeNull();
    expect((await holds(3299, { input: 3000, output: 300 })).state).toBe('failed');
  });

  test.each([
    ['a maximum', { input: 3000, output: 300, maxInput: 12_000 }],
    ['the high end of a range', { input: '2k..12k', output: 300 }],
  ])('is a rule up to %s that is written, and no further', async (_, tokens) => {
    const [less, enough] = [await holds(12_299, tokens), await holds(12_300, tokens)];
    expect([less.state, enough.state]).toEqual(['failed', 'passed']);
    expect(less.why().figures).toMatchObject({ have: 12_299, need: 12_300 });
    expect(enough.why().warning).toBeNull();
    expect(less.why().turnsAt).toEqual({ path: 'tasks.only.tokens.maxInput', value: 11_999 });
  });
});

describe('a longest answer that the tables do not tell', () => {
  const model = { contextTokens: 100_000, maxOutputTokens: null, provider: 'host', model: 'big', mode: 'standard' };
  const verdict = async (output: number, more: object) => {
    const context = await caseOf(written('faq-chat', { input: 300, output }));
    return contextRule.check(
      { ...model, ...more } as unknown as Option,
      context.workload.taskParts[0] as TaskPart,
      context,
      null,
    );
  };
  const known = tables.api.flatMap(({ maxOutput }) => maxOutput ?? []);

  test('is asked for from more tokens on than the least that is told of any model on sale', async () => {
    const least = Math.min(...known);
    expect(tables.surelyWritten).toBe(least);
    const [atIt, above] = [await verdict(least, { api: {} }), await verdict(least + 1, { api: {} })];
    expect([mayRun(atIt), mayRun(above)]).toEqual([true, true]);
    expect(atIt.why().warning).toBeNull();
    expect(above.why()).toMatchObject({ have: 'unknown', warning: { figures: { tokens: least + 1 } } });
  });

  test("is nobody else's to tell where the machines are ours", async () => {
    expect((await verdict(50_000, { api: null })).why().warning).toBeNull();
  });

  test('is asked for at any length where the tables tell none', () => {
    const api = tables.api.map((row) => ({ ...row, maxOutput: null }));
    const { snapshot } = tables;
    const silent = assemble(snapshot, (table) => (table === 'api' ? api : []) as never);
    expect(silent.surelyWritten).toBe(0);
  });
});
