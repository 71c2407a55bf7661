import { expect, test } from 'vitest';
import { optionById } from '../../src/decide/option-report.js';
import { caseOf, type Written } from '../support/scenario.js';

const written: Written = { workload: { volume: '50k' }, tasks: [{ name: 'faq', type: 'faq-chat' }] };

test('a model that always thinks is found by its plain id, one with both modes stays as it is asked for', async () => {
  const context = await caseOf(written);
  const modes = (modelId: string): string => {
    const row = context.tables.api.find((one) => one.modelId === modelId);
    const found = row && context.tables.capabilityOf.get(row.family);
    return [found?.indexStandard != null && 'standard', found?.indexThinking != null && 'thinking']
      .filter(Boolean)
      .join();
  };
  const always = context.tables.api.filter(
    ({ provider, modelId }) => provider === 'openai' && modes(modelId) === 'thinking',
  );
  const both = context.tables.api.filter(
    ({ provider, modelId }) => provider === 'openai' && modes(modelId) === 'standard,thinking',
  );
  expect(always.length * both.length).toBeGreaterThan(0);
  for (const { provider, modelId } of always) {
    const found = optionById(`cloud-api/${provider}/${modelId}`, context);
    expect(found?.id).toBe(`cloud-api/${provider}/${modelId}+thinking`);
  }
  for (const { provider, modelId } of both)
    expect(optionById(`cloud-api/${provider}/${modelId}`, context)?.mode).toBe('standard');
  expect(optionById('cloud-api/openai/no-such-model', context)).toBeNull();
});
