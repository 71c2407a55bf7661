import { expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { findOption } from '../../src/decide/option-report.js';
import type { Option } from '../../src/places/option.js';
import { placementOf } from '../../src/places/registry.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide } from '../support/scenario.js';

/** Products on sale of which nothing says how much a unit serves: asked for by id, that is what is told. */

const written = { workload: { volume: '20k requests/day' }, tasks: [{ name: 'a', type: 'faq-chat' }] };
const unsizable = { unpriced: expect.stringMatching(/^unsizable: nothing says how much/) };
const tables = await shippedTables();
const provisioned = tables.hosting
  .filter(({ kind }) => kind === 'provisioned-throughput')
  .map(({ provider, product }) => [provider, product.replaceAll(' ', '-')] as const);

test('there are provisioned units of several providers', () => {
  expect(new Set(provisioned.map(([provider]) => provider))).toEqual(new Set(['aws', 'azure']));
});

test.each(provisioned)('%s %s, with a closed model or an open one', async (provider, product) => {
  const context = await caseOf(written);
  for (const model of ['gpt-5.4-mini', 'gpt-5.4-mini+thinking', 'llama-2-70b']) {
    const id = `managed-hosting/${provider}/${model}/${product}`;
    const option = findOption(id, context) as Option;
    expect(option).toMatchObject({ id, kind: 'managed-hosting', provider, fleet: null, api: null });
    const { price, service } = placementOf(option.kind);
    expect(price(option, context.workload.taskParts, context)).toEqual(unsizable);
    expect(service(option, context.workload.taskParts[0] as TaskPart, context)).toEqual(unsizable);
    expect(findPlan(id, context)).toBe(
      `${id} has no price: unsizable: nothing says how much a unit of this product serves`,
    );
  }
  expect(findOption(`managed-hosting/${provider}/gpt-0/${product}`, context)).toBeNull();
  expect(findOption(`managed-hosting/${provider}/gpt-5.4-mini/${product}-x`, context)).toBeNull();
});

test.each([
  ['managed-hosting/azure/gpt-5.4-mini/openai-PTU-global-hourly'],
  ['serverless-gpu/aws/llama-3.1-8b@bf16/bedrock-custom-model-import-CMU-us-east-1'],
])('asked for, it is listed as not to be sized, not as absent: %s', async (id) => {
  const { asked, options } = await decide(written, { point: true, include: [id] });
  const listed = options.find((option) => option.id === id);
  expect(listed).toMatchObject({ ...unsizable, feasible: false, monthlyCost: null });
  expect(asked[0]?.verdict).toMatch(/^no: .* has no price: unsizable: /);
  expect(JSON.stringify([asked, listed])).not.toContain('not on sale');
});
