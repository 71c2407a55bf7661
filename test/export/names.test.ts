import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkpointOf, ggufOf, nameAt, protocolOf, replaceMe, slugsOf, variable } from '../../src/export/places.js';
import type { ModelRow, QuantizationRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';

const word = z.string();
const { weights } = casesIn('checkpoints', {
  weights: { family: word, scheme: word, id: word, onLoad: word.nullable(), remark: word.nullable() },
});
test.each(weights)('weights of $family in $scheme are $id', async ({ family, scheme, id, onLoad, remark }) => {
  const { tables } = await shipped();
  const model = tables.modelOf.get(family) as ModelRow;
  const row = tables.quantization.find((one) => one.scheme === scheme) as QuantizationRow;
  const said = remark === null ? null : expect.stringContaining(remark);
  expect(checkpointOf(model, row, tables)).toEqual({ id, onLoad, remark: said });
});

test('slugs are names of services: one for each name, none twice, readable where they can be', () => {
  expect(slugsOf(['FAQ chat', 'faq.chat', 'Überprüfung', '日本', '4-eyes', '--', 'no'])).toEqual([
    'faq-chat',
    'faq-chat-2',
    'uberprufung',
    'task-4',
    'task-4-eyes',
    'task-6',
    'no',
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'A', 'a-2', 'task-1', '1'))),
      (names) => {
        const slugs = slugsOf(names);
        expect(slugs.length).toBe(names.length);
        expect(new Set(slugs).size).toBe(names.length);
        for (const slug of slugs) expect(slug).toMatch(/^[a-z]([a-z0-9-]{0,52}[a-z0-9])?$/);
      },
    ),
  );
  expect(variable('faq-peak')).toBe('FAQ_PEAK');
});

test('rows name what is in the other tables, by names that can be true', async () => {
  const { tables } = await shipped('2026-11-10');
  for (const { family, scheme, huggingfaceId } of tables.checkpoints) {
    expect(
      tables.quantization.some((row) => row.scheme === scheme) || scheme === null || scheme === 'gguf',
      `${scheme}`,
    ).toBe(true);
    expect(huggingfaceId, family).toMatch(/^[\w.-]+\/[\w.-]+$/);
  }
  const known: Record<string, (name: string, tables: Tables) => boolean> = {
    accelerator: (name) => tables.acceleratorOf.has(name),
    product: (name) => tables.acceleratorOf.has(name),
    resource: (name) => tables.accelerators.some(({ vendor }) => vendor === name),
    image: (name) => tables.accelerators.some(({ vendor }) => vendor === name),
    key: (name) => tables.providerOf.has(name),
    cloud: (name) => tables.providerOf.has(name),
    quant: (name) => tables.quantization.some(({ scheme }) => scheme === name),
    'on-load': (name) => tables.quantization.some(({ scheme }) => scheme === name),
    provider: (name) => tables.providerOf.has(name) || tables.engines.some(({ engine }) => engine === name),
    schema: (name) => tables.providerOf.has(name) || tables.engines.some(({ engine }) => engine === name),
  };
  for (const { tool, kind, name, theirs } of tables.deployNames) {
    expect(known[kind]?.(name, tables) ?? true, `${tool} ${kind} ${name}`).toBe(true);
    if (kind === 'key') expect(theirs).toMatch(/^[A-Z][A-Z0-9_]+$/);
    // Pinned: what is newest today is another image tomorrow.
    if (kind === 'image') expect(theirs).toMatch(/:v\d+\.\d+\.\d+$/);
  }
  expect(nameAt(tables, 'litellm', 'provider', 'nobody')).toBeNull();
  const protocols = ['litellm', 'portkey', 'envoy', 'another'].map((tool) => protocolOf(tables, tool));
  expect(protocols).toEqual(['openai', 'openai', 'OpenAI', replaceMe]);
  const gemma = tables.modelOf.get('gemma-4-e4b');
  expect(gemma && ggufOf(gemma, tables)).toBe('unsloth/gemma-4-E4B-it-GGUF');
});

test('every provider of tokens is known to the proxy by name, or its address is asked for', async () => {
  const { tables } = await shipped('2026-11-10');
  const providers = [...new Set(tables.api.map(({ provider }) => provider))];
  const unknown = providers.filter((provider) => nameAt(tables, 'litellm', 'provider', provider) === null);
  // None of these has an entry of its own in the list of providers of the proxy.
  expect(unknown.sort()).toEqual(
    'berget crusoe evroc infomaniak siliconflow stackit stepfun thinkingmachines upstage'.split(' '),
  );
});
