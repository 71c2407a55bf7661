import { beforeAll, describe, expect, test } from 'vitest';
import { at as costAt, isUnpriced } from '../../src/cost/curve.js';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { findOption } from '../../src/decide/option-report.js';
import { linesOf, planOf } from '../../src/decide/plan.js';
import type { Tables } from '../../src/tables/tables.js';
import { suspicions } from '../../src/workload/lint-suspicious.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, readWritten, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** 730,000 requests a month. */
const sent = (task: object, more: Partial<Written> = {}): Written => ({
  workload: { volume: '24k requests/day', profile: 'flat' },
  tasks: [
    {
      ...{ name: 'only', type: 'summarization', capability: { minIndex: 5 }, thinking: 'forbidden' },
      tokens: { input: 1000, output: 200, cacheablePrefix: 0 },
      ...task,
    },
  ],
  assumptions: { retryRate: 0 },
  ...more,
});

/** What an option costs a month, and the lines of its bill. */
async function billOf(id: string, written: Written, known = tables) {
  const context = await caseOf(written, known);
  const option = findOption(id, context);
  if (option === null) throw new Error(id);
  const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  const lines = linesOf(plan).filter(({ part }) => part.startsWith('tokens.'));
  const usd = lines.reduce((sum, { curve }) => sum + costAt(curve, context.workload.requestsPerDay), 0);
  return { usd, labels: lines.map(({ label }) => label) };
}
const at = (row: string) => `cloud-api/openai/${row}`;

describe('a written tier, by hand', () => {
  // 730M tokens of input and 146M of output a month.
  test.each([
    ['standard', 730 * 2.5 + 146 * 15, 'Input tokens'],
    ['flex', 730 * 1.25 + 146 * 7.5, 'Input tokens, flex price'],
    ['priority', 730 * 5 + 146 * 30, 'Input tokens, priority price'],
  ])('gpt-5.4 at the %s tier costs $%d a month', async (serviceTier, usd, label) => {
    const found = await billOf(at('gpt-5.4'), sent({ serviceTier }));
    expect(found.usd).toBeCloseTo(usd, 6);
    expect(found.labels).toContain(label);
    // As the default of all tasks.
    expect((await billOf(at('gpt-5.4'), sent({}, { needs: { serviceTier } }))).usd).toBeCloseTo(usd, 6);
    expect((await billOf(at('gpt-5.4'), sent({ serviceTier }, { needs: { serviceTier: 'flex' } }))).usd).toBeCloseTo(
      usd,
      6,
    );
  });

  test('long prompts: what flex costs moves as the standard price does, 300,000 x (5 / 2 x 2) and 200 x (22.5 / 2 x 1)', async () => {
    const long = { tokens: { input: 300_000, output: 200, cacheablePrefix: 0 }, serviceTier: 'flex' };
    const { usd } = await billOf(at('gpt-5.4'), sent(long));
    // Listed above 272k: 5 and 22.5; flex is half of both.
    expect(usd).toBeCloseTo(0.73 * (300_000 * 2.5 + 200 * 11.25), 4);
  });

  test('cached tokens have the price of the tier: 3,000 of 4,000 found in 90 of 100 requests', async () => {
    const cached = { input: 4000, output: 200, cacheablePrefix: 3000, sessionPrefix: 0, cacheHitRate: '90%' };
    const { usd } = await billOf(at('gpt-5.4'), sent({ tokens: cached, serviceTier: 'priority' }));
    expect(usd).toBeCloseTo(0.73 * (1000 * 5 + 3000 * (0.9 * 0.5 + 0.1 * 5) + 200 * 30), 6);
  });
});

describe('a tier of which nobody published a price', () => {
  const id = at('gpt-5.2'); // 1.75 and 14
  test('flex is billed as standard, and says so', async () => {
    const found = await billOf(id, sent({ serviceTier: 'flex' }));
    expect(found.usd).toBeCloseTo(730 * 1.75 + 146 * 14, 6);
    expect(found.labels).toContain('Input tokens, standard price as no flex is published');
    const { warnings } = await decide(sent({ serviceTier: 'flex' }, { preferences: { only: ['gpt-5.2', 'openai'] } }), {
      tables,
      point: true,
    });
    expect(warnings.map(({ code }) => code)).toContain('no-flex-price');
  });

  test('priority takes the highest ratio that is published, says so, and asks', async () => {
    const priority = sent({ serviceTier: 'priority' });
    const found = await billOf(id, priority);
    expect(found.usd).toBeCloseTo(2.5 * (730 * 1.75 + 146 * 14), 6);
    expect(found.labels).toContain('Input tokens, priority price that nobody published');
    const only = { preferences: { only: ['gpt-5.2', 'openai'] } };
    const { warnings, uncertainty } = await decide({ ...priority, ...only }, { tables, point: true });
    expect(uncertainty).toBeNull();
    const told = warnings.find(({ code }) => code === 'priority-price-unknown');
    expect(told?.message).toContain('takes 2.5 times');
    expect(told?.message).toContain('1.7 to 2.5');
    const assumed = { retryRate: 0, unpublishedPriorityRatio: 1.7 };
    expect((await billOf(id, { ...priority, assumptions: assumed })).usd).toBeCloseTo(1.7 * (730 * 1.75 + 146 * 14), 6);
  });

  test('a published one from a weak source is to be checked', async () => {
    const codes = async (model: string) => {
      const only = { preferences: { only: ['openai', model] } };
      return (await decide(sent({ serviceTier: 'priority' }, only), { tables, point: true })).warnings.map(
        ({ code, message }) => `${code} ${/tier price/.test(message)}`,
      );
    };
    expect(await codes('gpt-4o')).toContain('low-confidence-price true'); // low in service-tiers.csv
    expect(await codes('gpt-5.4')).not.toContain('low-confidence-price true');
  });

  test('costs the same where the tables give it that price', async () => {
    const api = tables.api.map((row) =>
      row.modelId === 'gpt-5.2' && row.provider === 'openai'
        ? { ...row, priorityInputUsdPerMTok: 4.375, priorityOutputUsdPerMTok: 35 }
        : row,
    );
    const cached = { input: 4000, output: 200, cacheablePrefix: 3000, sessionPrefix: 0, cacheHitRate: '90%' };
    const written = sent({ tokens: cached, serviceTier: 'priority' });
    const { usd } = await billOf(id, written);
    expect((await billOf(id, written, tablesWith(tables, { api }))).usd).toBeCloseTo(usd, 6);
  });

  test('the ratio is the highest of the table, its range begins at the least', () => {
    const ratios = tables.serviceTiers.flatMap(({ tier, provider, modelId, ...usd }) => {
      const row = tables.api.find((one) => one.provider === provider && one.modelId === modelId);
      if (tier !== 'priority' || row === undefined) return [];
      return [usd.input / row.inputUsdPerMTok, usd.output / row.outputUsdPerMTok];
    });
    const { low, likely, high } = tables.parameterOf.get('unpublishedPriorityRatio') ?? {};
    expect([low, likely, high]).toEqual([Math.min(...ratios), Math.max(...ratios), Math.max(...ratios)]);
  });

  test('hosted open models are sold without tiers: they cost what they cost', async () => {
    const row = tables.api.find(({ provider, family }) => provider === 'together' && family.startsWith('llama'));
    const host = `open-model-api/together/${row?.modelId}`;
    expect((await billOf(host, sent({ serviceTier: 'priority' }))).usd).toBeCloseTo(
      (await billOf(host, sent({}))).usd,
      9,
    );
  });

  test('flex that is dearer than the standard tier is none', async () => {
    const api = tables.api.map((row) => (row.modelId === 'gpt-5.4' ? { ...row, flexInputUsdPerMTok: 3 } : row));
    const found = await billOf(at('gpt-5.4'), sent({ serviceTier: 'flex' }), tablesWith(tables, { api }));
    expect(found.usd).toBeCloseTo(730 * 2.5 + 146 * 15, 6);
  });
});

describe('a deadline of a day lets flex in by itself', () => {
  const cached = { input: 4000, output: 200, cacheablePrefix: 3000, sessionPrefix: 0, cacheHitRate: '90%' };
  const flex = 0.73 * (1000 * 1.25 + 3000 * (0.9 * 0.125 + 0.1 * 1.25) + 200 * 7.5); // 2,527.63
  const batch = 0.73 * (4000 * 1.25 + 200 * 7.5); // 4,745
  const standard = 0.73 * (1000 * 2.5 + 3000 * (0.9 * 0.25 + 0.1 * 2.5) + 200 * 15); // 5,055.25
  test.each([
    ['flex reads the cache, which a batch does not', { tokens: cached, deadline: '24h' }, flex, 'flex price'],
    ['a batch that costs the same', { deadline: '24h' }, 0.73 * (1000 * 1.25 + 200 * 7.5), 'batch price'],
    ['half a day is too short', { tokens: cached, deadline: '12h' }, standard, ''],
    [
      'with a latency target a batch alone, as before',
      { tokens: cached, deadline: '24h', latency: { ttftP95: '20s' } },
      batch,
      'batch price',
    ],
    [
      'unless flex is written',
      { tokens: cached, deadline: '24h', latency: { ttftP95: '20s' }, serviceTier: 'flex' },
      flex,
      'flex price',
    ],
    ['a written tier is sent as such', { tokens: cached, deadline: '24h', serviceTier: 'standard' }, standard, ''],
  ])('%s', async (_, task, usd, price) => {
    const found = await billOf(at('gpt-5.4'), sent(task));
    expect(found.usd).toBeCloseTo(usd, 6);
    expect(found.labels).toContain(price === '' ? 'Output tokens' : `Output tokens, ${price}`);
    // The core decides by the same price.
    const of = { preferences: { only: ['openai', 'gpt-5.4'] } };
    expect(choiceByCore(await caseOf(sent(task, of), tables)).cheapest?.monthlyUsd).toBeCloseTo(usd, 6);
  });

  test('the core knows that a written tier is no batch: a seller 2 % below the standard prices wins', async () => {
    const api = tables.api.flatMap((row) => {
      if (row.modelId !== 'gpt-5.4' || !['openai', 'azure'].includes(row.provider)) return [];
      const { inputUsdPerMTok: input, outputUsdPerMTok: output, cachedInputUsdPerMTok: found } = row;
      const less = { inputUsdPerMTok: 0.98 * input, outputUsdPerMTok: 0.98 * output };
      return row.provider === 'openai' ? [row] : [{ ...row, ...less, cachedInputUsdPerMTok: 0.98 * (found ?? 0) }];
    });
    const written = sent(
      { tokens: cached, deadline: '24h', serviceTier: 'standard' },
      { preferences: { only: ['cloud-api'] } },
    );
    const { cheapest } = choiceByCore(await caseOf(written, tablesWith(tables, { api })));
    expect(cheapest?.monthlyUsd).toBeCloseTo(0.98 * standard, 6);
  });

  test('flex beside a latency target is warned of', () => {
    const codes = (task: object, more = {}) =>
      [...suspicions(readWritten(sent(task, more), tables).scenario)].map(({ code }) => code);
    expect(codes({ serviceTier: 'flex', latency: { totalP95: '10s' } })).toContain('flex-and-latency');
    expect(codes({ latency: { ttftP95: '2s' } }, { needs: { serviceTier: 'flex' } })).toContain('flex-and-latency');
    expect(codes({ serviceTier: 'priority', latency: { ttftP95: '2s' } })).not.toContain('flex-and-latency');
    expect(codes({ serviceTier: 'flex' })).not.toContain('flex-and-latency');
  });
});
