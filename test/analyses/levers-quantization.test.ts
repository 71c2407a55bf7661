import { beforeAll, expect, test } from 'vitest';
import { quantization } from '../../src/analyses/levers/machines.js';
import { findOption } from '../../src/decide/option-report.js';
import { planOf } from '../../src/decide/plan.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const faq = (assumptions: Record<string, number> = {}): Written => ({
  workload: { volume: '2k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 900, output: 200 }, capability: { minIndex: 5 } }],
  assumptions,
});
const rented = (scheme: string, model = 'qwen3-4b', machine = 'g6.xlarge') =>
  `self-hosted-cloud/aws/${model}@${scheme}/${machine}/us-east-1/on-demand`;

/** The lever on a plan of one option, and what the plan costs. */
async function pulledOn(id: string, known = tables, written = faq()) {
  const context = await caseOf(written, known);
  const usd = (one: string) => {
    const option = findOption(one, context);
    const plan = option && planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (plan === null || 'unpriced' in plan) throw new Error(`${one} cannot be priced`);
    return plan;
  };
  const plan = usd(id);
  const pulled = quantization.pull(() => true, { context, plan, presetOf: () => undefined });
  const to = 'changes' in pulled ? pulled.changes.map((change) => change.to) : pulled.not;
  return { pulled, to, usd: (one: string) => usd(one).monthlyUsd };
}

test('of the narrower formats the cheapest, and nothing saved by one that is not in', async () => {
  const { pulled, usd } = await pulledOn(rented('bf16'));
  expect(pulled).toMatchObject({
    plan: { id: rented('int4-awq') },
    changes: [{ path: 'quantization of qwen3-4b', from: 'bf16', to: 'int4-awq', unit: '' }],
    tasks: ['faq'],
  });
  expect(usd(rented('int4-awq'))).toBeLessThan(usd(rented('fp8')));
  expect(pulled).not.toHaveProperty('savesNowUsd');
});

test('a narrower format than the model was released in saves the difference to that, and may be narrowed further', async () => {
  const { pulled, to, usd } = await pulledOn(rented('fp8', 'llama-3.3-70b', 'p5.48xlarge'));
  const saved =
    usd(rented('bf16', 'llama-3.3-70b', 'p5.48xlarge')) - usd(rented('fp8', 'llama-3.3-70b', 'p5.48xlarge'));
  expect(saved).toBeGreaterThan(1);
  expect(pulled.savesNowUsd).toBeCloseTo(saved, 9);
  expect(to).toEqual(['int4-awq']);
});

test('the narrowest format of servers is left alone: formats for one user at a time are none of them', async () => {
  const { pulled, to } = await pulledOn('on-prem/own-room/qwen3-4b@int4-awq/1xl4-24gb/us/bought');
  expect(to).toContain('no narrower format');
  expect(pulled.savesNowUsd).toBeGreaterThan(0);
});

test('of formats that cost the same the widest, in whatever order the table has them', async () => {
  const free = faq({ storageBlockSsd: 0 });
  for (const quantization of [tables.quantization, tables.quantization.toReversed()]) {
    const { to } = await pulledOn(rented('bf16'), tablesWith(tables, { quantization }), free);
    expect(to).toHaveLength(1);
    expect(['fp8', 'int8-w8a8', 'int8-w8a16']).toContain(to[0]);
  }
});

test('where nobody knows what a model was released in, nothing is known to be saved', async () => {
  const models = tables.models.map((model) => ({ ...model, nativeDtype: null }));
  const unknown = tablesWith(tables, { models, modelOf: new Map(models.map((model) => [model.family, model])) });
  const { pulled, to } = await pulledOn(rented('fp8'), unknown);
  expect(pulled).not.toHaveProperty('savesNowUsd');
  expect(to).toEqual(['int4-awq']);
});

test('tokens that a provider sells come in the format it chooses', async () => {
  expect((await pulledOn('cloud-api/openai/gpt-5-mini')).to).toContain('the provider chooses the format');
});
