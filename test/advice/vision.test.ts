import { describe, expect, test } from 'vitest';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import { mayRun } from '../../src/rules/rule.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const tables = await shippedTables();

const scans = (more: object = {}, blocks: Partial<Written> = {}): Written => ({
  workload: { volume: '20k requests/day' },
  tasks: [{ name: 'scans', type: 'extraction', needs: ['vision'], capability: { minIndex: 5 }, ...more }],
  ...blocks,
});
const rented = (model: string) => `self-hosted-cloud/aws/${model}@fp8/g6e.xlarge/us-east-1/on-demand`;

const failing = async (model: string, written: Written) => {
  const context = await caseOf(written, tables);
  const option = findOption(rented(model), context);
  if (option === null) throw new Error(model);
  return lookAt(option, context).verdicts.filter(({ gate, verdict }) => gate === 'modality' && !mayRun(verdict));
};

test('scans are read by a model whose text index is not below the floor, and the reason says so', async () => {
  // It takes images, and has 13.4 with text.
  const index = tables.capabilityOf.get('llama-3.2-11b-vision')?.index as number;
  expect(index).toBeLessThan(40);
  const [weak] = await failing('llama-3.2-11b-vision', scans());
  const why = weak?.verdict.why();
  expect(why?.reason).toContain(`scores ${index.toFixed(1)}`.slice(0, 9));
  expect(why?.need).toContain('at least 40.0 on the text index');
  expect(why?.turnsAt?.path).toBe('assumptions.visionTextFloor');
  expect(await failing('gemma-3-27b', scans())).toEqual([]);
  expect(await failing('llama-3.2-11b-vision', scans({}, { assumptions: { visionTextFloor: 10 } }))).toEqual([]);
  // Who names a model takes it, and text alone asks for nothing.
  expect(await failing('llama-3.2-11b-vision', scans({ capability: { atLeast: 'llama-3.2-11b-vision' } }))).toEqual([]);
  expect(await failing('llama-3.2-11b-vision', scans({ needs: [] }))).toEqual([]);
});

test('own machines prefill the tokens that the model counts for an image', async () => {
  // 1,000 tokens of text and two pages of 1700x2200: 3,657 each for qwen3.5 models, 256 for gemma-3 (image-tokens.csv).
  const context = await caseOf(
    scans({ tokens: { input: 1000, output: 200, images: 2, imageSize: '1700x2200' } }),
    tables,
  );
  const inputOf = (model: string) => {
    const option = findOption(rented(model), context);
    const [taskPart] = context.workload.taskParts;
    if (option === null || taskPart === undefined) throw new Error(model);
    return requestShapeOf(option, taskPart, context).inputTokens;
  };
  expect(inputOf('qwen3.5-9b')).toBe(1000 + 2 * 3657);
  expect(inputOf('gemma-3-27b')).toBe(1000 + 2 * 256);
});

test('a machine with images to read serves fewer requests than one without', async () => {
  const costOf = async (images: number) => {
    const tokens = { input: 1000, output: 200, images, imageSize: '3024x4032' };
    const { asked } = await decide(scans({ tokens }, { workload: { volume: '3M requests/day' } }), {
      tables,
      point: true,
      include: [rented('qwen3.5-9b')],
    });
    return asked[0]?.monthlyCost as number;
  };
  // 11,844 tokens of an image against 1,000 of text.
  expect(await costOf(1)).toBeGreaterThan(2 * (await costOf(0)));
});

test('an image within an input of few tokens has no more than these', async () => {
  // 300 tokens, all of them the image's: 256 for gemma-3, where the usual 765 less 256 would leave -209.
  const context = await caseOf(scans({ tokens: { input: 300, output: 5 } }), tables);
  const option = findOption(rented('gemma-3-27b'), context);
  const [taskPart] = context.workload.taskParts;
  if (option === null || taskPart === undefined) throw new Error('gone');
  expect(requestShapeOf(option, taskPart, context).inputTokens).toBe(256);
});

describe('a model of which nobody published what it counts for an image', () => {
  const photos = (assumptions: object = {}) =>
    scans(
      { tokens: { input: 100, output: 50, images: 4, imageSize: '1700x2200' } },
      { workload: { volume: '10k requests/day' }, assumptions: { retryRate: 0, ...assumptions } },
    );
  const unknownRows = () =>
    tables.api.filter(
      ({ family }) =>
        !tables.imageTokensOf.has(family) && tables.capabilityOf.get(family)?.modalities?.includes('image'),
    );
  const idOf = ({ openWeights, provider, modelId }: Tables['api'][number]) =>
    `${openWeights ? 'open-model-api' : 'cloud-api'}/${provider}/${modelId}`;
  const billOf = async (id: string, written: Written, known: Tables = tables) =>
    (await decide(written, { tables: known, point: true, include: [id] })).asked[0]?.monthlyCost as number;

  test('is billed the most that any model is known to count, or where an assumption puts it', async () => {
    // image-tokens.csv, 1700x2200: from 1 (llama-3.2-11b-vision) to 25,501 (gpt-4o-mini).
    const row = unknownRows().find(
      ({ provider, modelId }) => `${provider}/${modelId}` === 'mistral/mistral-medium-2505',
    );
    if (row === undefined) throw new Error('gone');
    const usd = (each: number) =>
      ((10_000 * 730) / 24) * ((100 + 4 * each) * row.inputUsdPerMTok + 50 * row.outputUsdPerMTok) * 1e-6;
    const id = idOf(row);
    expect(await billOf(id, photos())).toBeCloseTo(usd(25_501), 4);
    expect(await billOf(id, photos({ unpublishedImageTokens: 0 }))).toBeCloseTo(usd(1), 4);
    expect(await billOf(id, photos({ unpublishedImageTokens: 0.5 }))).toBeCloseTo(usd(12_751), 4);
  });

  test('is said with the range and what to measure, where a plan uses it for images', async () => {
    const only = { only: ['cloud-api'], models: ['glm-5.3-flash'] };
    const { warnings } = await decide({ ...photos(), preferences: { only: only.only } }, { tables, point: true });
    expect(warnings.map(({ code }) => code)).not.toContain('image-tokens-unknown');
    const free = photos({ unpublishedImageTokens: 0 });
    const { warnings: told } = await decide({ ...free, preferences: { only: only.only } }, { tables, point: true });
    const [one] = told.filter(({ code }) => code === 'image-tokens-unknown');
    expect(one?.message).toMatch(/takes 1, and known models count 1 to 25,501 \(GPT-4o Mini\): measure 20 images/i);
  });
});
