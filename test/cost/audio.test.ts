import { beforeAll, describe, expect, test } from 'vitest';
import { at as costAt, isUnpriced } from '../../src/cost/curve.js';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import { linesOf, planOf } from '../../src/decide/plan.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import { mayRun } from '../../src/rules/rule.js';
import type { ApiRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** 730,000 requests a month of 500 tokens, two minutes of audio and 300 tokens of an answer. */
const calls = (task: object = {}, more: Partial<Written> = {}): Written => ({
  workload: { volume: '24k requests/day', profile: 'flat' },
  tasks: [
    {
      ...{ name: 'calls', type: 'summarization', capability: { minIndex: 5 }, thinking: 'forbidden' },
      tokens: { input: 500, output: 300, cacheablePrefix: 0, audioSeconds: '2 min' },
      ...task,
    },
  ],
  assumptions: { retryRate: 0 },
  ...more,
});

async function optionOf(id: string, written: Written, known = tables) {
  const context = await caseOf(written, known);
  const option = findOption(id, context);
  if (option === null) throw new Error(id);
  return { option, context };
}

/** USD a month of the tokens of a bill, and of its audio alone. */
async function billOf(id: string, written: Written, known = tables) {
  const { option, context } = await optionOf(id, written, known);
  const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  const usd = (part: string) =>
    linesOf(plan)
      .filter((line) => line.part.startsWith(part))
      .reduce((sum, { curve }) => sum + costAt(curve, context.workload.requestsPerDay), 0);
  return { usd: usd('tokens.'), audio: usd('tokens.audio') };
}
const flash = 'cloud-api/google/gemini-2.5-flash';
/** The tables with other prices of Gemini 2.5 Flash at Google. */
const withRow = (prices: Partial<ApiRow>): Tables =>
  tablesWith(tables, {
    api: tables.api.map((row) =>
      row.provider === 'google' && row.modelId === 'gemini-2.5-flash' ? { ...row, ...prices } : row,
    ),
  });

describe('audio by hand: Gemini counts 25 tokens a second, and 120 s are 3,000 tokens', () => {
  test('at $1 where text costs $0.30: 0.73 x (500 x 0.30 + 3,000 x 1 + 300 x 2.50) = $2,847', async () => {
    const found = await billOf(flash, calls());
    expect(found.audio).toBeCloseTo(2190, 6);
    expect(found.usd).toBeCloseTo(2847, 6);
    const of = { preferences: { only: ['google', 'gemini-2.5-flash'] } };
    expect(choiceByCore(await caseOf(calls({}, of), tables)).cheapest?.monthlyUsd).toBeCloseTo(2847, 6);
    const tokens = { input: 500, output: 300, cacheablePrefix: 0, audioSeconds: 30 };
    expect((await billOf(flash, calls({ tokens }))).audio).toBeCloseTo(0.73 * 750, 6);
  });

  test('a price of audio in the price list comes first: 3,000 at $2', async () => {
    expect((await billOf(flash, calls(), withRow({ audioInputUsdPerMTok: 2 }))).audio).toBeCloseTo(4380, 6);
  });

  test('it moves with the price of input to a batch at half of it, and to long prompts', async () => {
    const halves = withRow({ batchInputUsdPerMTok: 0.15, batchOutputUsdPerMTok: 1.25 });
    const { usd } = await billOf(flash, calls({ deadline: '24h' }), halves);
    expect(usd).toBeCloseTo(2847 / 2, 6);
    const core = await caseOf(
      calls({ deadline: '24h' }, { preferences: { only: ['google', 'gemini-2.5-flash'] } }),
      halves,
    );
    expect(choiceByCore(core).cheapest?.monthlyUsd).toBeCloseTo(2847 / 2, 6);
    // 3,500 tokens are a long prompt above 3,400, and none above 3,600, whatever audio costs.
    const steps = (above: number) =>
      withRow({ tierAboveInputTokens: above, tierInputUsdPerMTok: 0.6, tierOutputUsdPerMTok: 2.5 });
    expect((await billOf(flash, calls(), steps(3400))).audio).toBeCloseTo(4380, 6);
    expect((await billOf(flash, calls(), steps(3600))).audio).toBeCloseTo(2190, 6);
  });

  test('no cache has it, and the rest of a prompt is found as before', async () => {
    const tokens = { input: 4000, output: 300, cacheablePrefix: 3000, sessionPrefix: 0, cacheHitRate: '90%' };
    const silent = await billOf(flash, calls({ tokens }));
    const loud = await billOf(flash, calls({ tokens: { ...tokens, audioSeconds: 120 } }));
    expect(loud.usd - silent.usd).toBeCloseTo(2190, 6);
    expect(loud.audio).toBeCloseTo(2190, 6);
  });
});

describe('what nobody published of audio', () => {
  const unpriced = 'cloud-api/google/gemini-3.5-flash';
  test('a price takes the highest published ratio to text, 7 (gemini-2.0-flash), and asks', async () => {
    const row = tables.api.find(({ provider, modelId }) => provider === 'google' && modelId === 'gemini-3.5-flash');
    const text = row?.inputUsdPerMTok as number;
    expect((await billOf(unpriced, calls())).audio).toBeCloseTo(0.73 * 3000 * 7 * text, 6);
    const assumptions = { retryRate: 0, unpublishedAudioRatio: 1 };
    expect((await billOf(unpriced, calls({}, { assumptions }))).audio).toBeCloseTo(0.73 * 3000 * text, 6);
    const only = { preferences: { only: ['google', 'gemini-3.5-flash'] } };
    const { warnings } = await decide(calls({}, only), { tables, point: true });
    expect(warnings.find(({ code }) => code === 'audio-unknown')?.message).toMatch(/7 times.*1 to 7/);
    const known = await decide(calls({}, { preferences: { only: ['google', 'gemini-2.5-flash'] } }), {
      tables,
      point: true,
    });
    expect(known.warnings.map(({ code }) => code)).not.toContain('audio-unknown');
  });

  test('tokens of a second take the highest figure, 32, and cost the same where the tables give it', async () => {
    const row = tables.api.find(({ provider, family }) => provider === 'together' && family === 'gemma-3n-e4b');
    const id = `open-model-api/together/${row?.modelId}`;
    const { usd, audio } = await billOf(id, calls());
    expect(audio).toBeCloseTo(0.73 * 120 * 32 * 7 * (row?.inputUsdPerMTok as number), 6);
    const [like] = tables.audioTokens;
    if (like === undefined) throw new Error('gone');
    const told = { ...like, family: 'gemma-3n-e4b', perSecond: 32, audioUsdPerMTok: 7, textUsdPerMTok: 1 };
    const audioTokensOf = new Map([...tables.audioTokensOf, ['gemma-3n-e4b', told]]);
    expect((await billOf(id, calls(), tablesWith(tables, { audioTokensOf }))).usd).toBeCloseTo(usd, 6);
  });

  test('bounds are those of the table', () => {
    const ratios = tables.audioTokens.flatMap(({ audioUsdPerMTok: audio, textUsdPerMTok: text }) =>
      audio === null || text === null ? [] : [audio / text],
    );
    const { low, likely, high } = tables.parameterOf.get('unpublishedAudioRatio') ?? {};
    expect(low).toBe(Math.min(...ratios));
    expect(likely).toBeCloseTo(Math.max(...ratios), 9);
    expect(high).toBe(likely);
  });
});

describe('who hears', () => {
  const failing = async (id: string, written: Written) => {
    const { option, context } = await optionOf(id, written);
    return lookAt(option, context).verdicts.filter(({ verdict }) => !mayRun(verdict));
  };

  test('models that take no audio are excluded, and the reason says so', async () => {
    const found = await failing('cloud-api/openai/gpt-4o', calls());
    expect(found.map(({ gate }) => gate)).toContain('modality');
    expect(found.find(({ gate }) => gate === 'modality')?.verdict.why()?.reason).toBe('gpt-4o takes no audio');
    expect(await failing(flash, calls())).toEqual([]);
  });

  test('a prompt of 12 hours, 1,080,000 tokens, is more than 1,048,576', async () => {
    const long = (audioSeconds: string) => calls({ tokens: { input: 500, output: 300, audioSeconds } });
    expect((await failing(flash, long('12 h'))).map(({ gate }) => gate)).toContain('context');
    expect((await failing(flash, long('11 h'))).map(({ gate }) => gate)).not.toContain('context');
    const of = { preferences: { only: ['google', 'gemini-2.5-flash'] } };
    const { cheapest } = choiceByCore(await caseOf({ ...long('12 h'), ...of }, tables));
    expect(cheapest).toBeNull();
  });

  test('a machine reads 32 tokens a second of a model of which nobody published a figure', async () => {
    const { context } = await optionOf(flash, calls());
    const [taskPart] = context.workload.taskParts;
    const capability = tables.capabilityOf.get('gemma-4-e4b') ?? null;
    if (taskPart === undefined) throw new Error('gone');
    const shape = requestShapeOf({ mode: 'standard', capability, family: 'gemma-4-e4b' }, taskPart, context);
    expect(shape.inputTokens).toBe(500 + 120 * 32);
  });
});

test("a price of audio where text is free: no figure that is none, and refused in prices of one's own", async () => {
  const free = await billOf(flash, calls(), withRow({ inputUsdPerMTok: 0, audioInputUsdPerMTok: 0 }));
  // 730,000 answers of 300 tokens at $2.50 a million.
  expect(free.usd).toBeCloseTo(547.5, 6);
  const rate = { provider: 'google', model: 'gemini-2.5-flash', input: 0, audioInput: 1 };
  const { problems } = readScenario(JSON.stringify({ version: 1, ...calls(), prices: { rates: [rate] } }), {
    file: 'x.json',
    tables,
  });
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'prices.rates.0.audioInput: audio that costs something needs a price of input above 0',
  ]);
});
