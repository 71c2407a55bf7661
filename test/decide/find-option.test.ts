import { expect, test } from 'vitest';
import { optionById } from '../../src/decide/option-report.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

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

test('an option asked for by a plain id, or by another name of its model, is listed with what turns it down', async () => {
  const shipped = await shippedTables();
  const tables = tablesWith(shipped, {
    api: shipped.api.map((row) => (row.modelId === 'gpt-5-nano' ? { ...row, aliases: ['nano-of-old'] } : row)),
  });
  const include = ['cloud-api/openai/o4-mini', 'cloud-api/openai/nano-of-old'];
  const { options } = await decide(written, { include, tables, point: true });
  const thinks = options.find(({ id }) => id === 'cloud-api/openai/o4-mini+thinking');
  expect(thinks?.monthlyCost).toBeGreaterThan(0);
  expect(thinks?.failedGates.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('thinks first'));
  expect(options.map(({ id }) => id)).toContain('cloud-api/openai/gpt-5-nano');
  expect(options.filter(({ unpriced }) => unpriced === 'not on sale')).toEqual([]);
});

test('the horizon ends on the day of the assessment, so many months later', async () => {
  const day = async (horizon: string, asOf: string) =>
    (await caseOf({ ...written, workload: { volume: 1, horizon } }, undefined, asOf)).workload.endDay;
  expect(await day('1 month', '2026-11-20')).toBe('2026-12-20');
  expect(await day('14 months', '2026-11-01')).toBe('2028-01-01');
  expect(await day('3 months', '2026-11-30')).toBe('2027-02-28');
});
