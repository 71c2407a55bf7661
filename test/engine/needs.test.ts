import { describe, expect, test } from 'vitest';
import { caseOf } from './scenario.js';

type Task = Record<string, unknown>;
const needsOf = async (task: Task, blocks: object = {}) => {
  const { demand } = await caseOf({ workload: { volume: 100 }, tasks: [{ name: 'only', ...task }], ...blocks });
  const [slice] = demand.slices;
  if (slice === undefined) throw new Error('no slice');
  return slice.needs;
};

describe('capability a task needs (indexes and floors as the tables have them)', () => {
  test.each([
    // faq-chat: floor 24, likely 34, high 50
    { type: 'faq-chat', capability: undefined, need: 34, low: 24, high: 50, why: 'the likely floor of the preset' },
    { type: 'faq-chat', capability: { minIndex: 61.5 }, need: 61.5, low: 61.5, high: 61.5, why: 'as written' },
    { type: 'faq-chat', capability: { minIndex: '50..60' }, need: 55, low: 50, high: 60, why: 'a band as written' },
    { type: 'faq-chat', capability: { atLeast: 'gpt-4o' }, need: 60, low: 60, high: 60, why: 'gpt-4o has 60.0' },
    { type: 'faq-chat', capability: { atLeast: 'qwen3-32b' }, need: 60.1, why: 'standard before thinking: 60.1' },
    { type: 'faq-chat', capability: { atLeast: 'qwen3-32b+thinking' }, need: 74.4, why: 'its thinking mode: 74.4' },
    { type: 'faq-chat', capability: { atLeast: 'deepseek-r1' }, need: 77.8, why: 'it only thinks: 77.8' },
    { type: 'faq-chat', capability: { tier: 'strong' }, need: 52, why: 'strong starts at 52' },
    { type: 'faq-chat', capability: { tier: 'frontier' }, need: 84, why: 'frontier starts at 84' },
    { type: 'faq-chat', capability: { tier: 'basic' }, need: 24, why: 'basic starts at 0, the preset at 24' },
    { type: 'complex-reasoning', capability: { tier: 'strong' }, need: 67, why: 'never below the low floor of 67' },
    // The best family on sale scores 95.0.
    { type: 'faq-chat', capability: { relative: '80%' }, need: 76, why: '80 % of 95.0' },
  ])('$type $capability: $need ($why)', async ({ type, capability, need, low, high }) => {
    const found = (await needsOf({ type, ...(capability && { capability }) })).capability;
    expect(found.need).toBeCloseTo(need, 9);
    expect(found.low).toBeCloseTo(low ?? need, 9);
    expect(found.high).toBeCloseTo(high ?? need, 9);
  });
});

describe('boundary where none is written', () => {
  test.each([
    { data: undefined, boundary: 'under-contract' },
    { data: { sensitivity: 'public' }, boundary: 'anywhere' },
    { data: { sensitivity: 'internal' }, boundary: 'under-contract' },
    { data: { sensitivity: 'pii' }, boundary: 'under-contract' },
    { data: { sensitivity: 'regulated' }, boundary: 'own-account' },
    { data: { sensitivity: 'regulated', regimes: ['hipaa'] }, boundary: 'under-contract' },
    { data: { sensitivity: 'device-only' }, boundary: 'device' },
    { data: { sensitivity: 'pii', boundary: 'own-premises' }, boundary: 'own-premises' },
  ])('$data: $boundary', async ({ data, boundary }) => {
    expect((await needsOf({ type: 'faq-chat' }, data && { data })).boundary).toBe(boundary);
  });

  test('a task may have rules of its own', async () => {
    const needs = await needsOf(
      { type: 'faq-chat', data: { sensitivity: 'regulated', regimes: ['hipaa'] } },
      { data: { sensitivity: 'public', residency: ['us'] } },
    );
    expect(needs).toMatchObject({ boundary: 'under-contract', regimes: ['hipaa'], residency: ['us'] });
  });
});

describe('what else a task needs', () => {
  test('a preset target is only scored, one that the user wrote is a rule', async () => {
    expect((await needsOf({ type: 'faq-chat' })).ttftP95Ms).toEqual({ value: 800, by: 'preset' });
    const written = await needsOf({ type: 'faq-chat', latency: { ttftP95: '2s', tokensPerSecond: 20 } });
    expect(written.ttftP95Ms).toEqual({ value: 2000, by: 'user' });
    expect(written.tokensPerSecond).toEqual({ value: 20, by: 'user' });
    expect(written.totalP95Ms).toBeNull();
  });

  test('thinking is what the task says, else what the preset accepts', async () => {
    expect((await needsOf({ type: 'complex-reasoning' })).thinkingAllowed).toBe(true);
    expect((await needsOf({ type: 'faq-chat' })).thinkingAllowed).toBe(false);
    expect((await needsOf({ type: 'faq-chat', thinking: 'allowed' })).thinkingAllowed).toBe(true);
    expect((await needsOf({ type: 'complex-reasoning', thinking: 'forbidden' })).thinkingAllowed).toBe(false);
  });

  test('images are asked for by the preset or by the task', async () => {
    expect((await needsOf({ type: 'faq-chat' })).modalities).toEqual(['text']);
    expect((await needsOf({ type: 'faq-chat', needs: ['vision'] })).modalities).toEqual(['text', 'image']);
    expect((await needsOf({ type: 'ocr-and-image-questions' })).modalities).toEqual(['text', 'image']);
  });
});
