import { describe, expect, test } from 'vitest';
import { caseOf } from '../support/scenario.js';

type Task = Record<string, unknown>;
const needsOf = async (task: Task, blocks: object = {}) => {
  const { workload } = await caseOf({ workload: { volume: 100 }, tasks: [{ name: 'only', ...task }], ...blocks });
  const [taskPart] = workload.taskParts;
  if (taskPart === undefined) throw new Error('no slice');
  return taskPart.needs;
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

describe('what redaction of a task needs', () => {
  type Blocks = Record<string, unknown>;
  const redactorOf = async (task: Task, blocks: Blocks = {}) => {
    const { workload } = await caseOf({
      workload: { volume: 100 },
      tasks: [
        { type: 'rag-answering', sensitive: { share: '10%', redaction: { type: 'personal-data-redaction' } }, ...task },
      ],
      ...blocks,
    });
    const needs = workload.taskParts[0]?.divisible?.sensitive?.redaction?.needs;
    if (needs === undefined) throw new Error('no redaction');
    return needs;
  };
  const rules = async (task: Task, blocks: Blocks = {}) => {
    const { written: _, ...needs } = await redactorOf(task, blocks);
    return needs;
  };

  test.each<[string, Blocks, object]>([
    ['availability', { availability: '99.95%' }, { availability: 0.9995 }],
    ['boundary', { data: { boundary: 'own-premises' } }, { boundary: 'own-premises', boundaryGiven: true }],
    ['sensitivity', { data: { sensitivity: 'regulated' } }, { sensitivity: 'regulated', boundary: 'own-account' }],
    ['kinds', { data: { kinds: ['phi'] } }, { dataKinds: ['phi'] }],
    ['regimes', { data: { regimes: ['hipaa'] } }, { regimes: ['hipaa'] }],
    ['residency', { data: { residency: ['us'] } }, { residency: ['us'] }],
    ['agreements', { data: { agreements: ['dpa'] } }, { agreements: { signed: new Set(['dpa']), canSign: new Set() } }],
    ['declared', { data: { declared: ['dpia'] } }, { declared: new Set(['dpia']) }],
  ])('%s: the same whether the task asks for it or the scenario', async (_, written, asked) => {
    const { data, ...needs } = written;
    const common = await rules({}, { ...(data !== undefined && { data }), needs });
    expect(common).toMatchObject(asked);
    expect(await rules(written)).toEqual(common);
    expect(await rules({})).not.toEqual(common);
  });

  test('it is not the model that is to be tuned, nor one that calls tools', async () => {
    const plain = await rules({});
    expect(plain).toMatchObject({ fineTuning: false, tools: false });
    expect(await rules({}, { needs: { fineTuning: true } })).toEqual(plain);
    expect(await rules({ needs: ['fine-tuning', 'tools'] })).toEqual(plain);
  });

  test('it reads what the task reads, images and long prompts too', async () => {
    expect(await rules({ needs: ['vision'] })).toMatchObject({ modalities: ['text', 'image'] });
    // The presets ask for 8,192 tokens in redaction, 16,384 in answers over documents, 2,048 in completion of what is typed.
    expect((await rules({})).contextTokens).toBe(16384);
    expect((await rules({ type: 'text-autocomplete' })).contextTokens).toBe(8192);
  });

  test('it works without a network where the service does', async () => {
    expect(await rules({}, { needs: { offline: true } })).toMatchObject({ offline: true });
  });

  test('what would have to be written otherwise stands where it stands for the task', async () => {
    const own = await redactorOf({ availability: '99.95%', data: { boundary: 'own-premises', sensitivity: 'pii' } });
    expect(own.written).toMatchObject({
      data: new Set(['boundary', 'sensitivity']),
      boundary: 'own-premises',
      sensitivity: true,
      availability: true,
    });
    expect((await redactorOf({}, { needs: { availability: '99.95%' } })).written.availability).toBe(false);
  });
});

describe('what else a task needs', () => {
  test('a preset target is only scored, one that the user wrote is a rule', async () => {
    expect((await needsOf({ type: 'faq-chat' })).ttftP95Ms).toEqual({ value: 800, by: 'preset' });
    const written = await needsOf({ type: 'faq-chat', latency: { ttftP95: '2s', tokensPerSecond: 20 } });
    expect(written.ttftP95Ms).toEqual({ value: 2000, by: 'user' });
    expect(written.tokensPerSecond).toEqual({ value: 20, by: 'user' });
    expect(written.totalP95Ms).toBeNull();
    expect((await needsOf({ type: 'faq-chat' })).presetTtftP95Ms).toBe(800);
    expect(written.presetTtftP95Ms).toBeNull();
    const any = await needsOf({ type: 'faq-chat', latency: { ttftP95: 'any', totalP95: '1h' } });
    expect([any.ttftP95Ms, any.presetTtftP95Ms, any.totalP95Ms?.value]).toEqual([null, null, 3_600_000]);
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
