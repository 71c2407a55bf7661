import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isUnpriced } from '../../src/cost/curve.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { loadTables } from '../../src/tables/load.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shippedFiles } from '../support/load.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const cases = casesIn('api-bill', {
  turns: { id: z.string(), turns: z.number(), input: z.number(), prefix: z.number() },
  residency: { model: z.string(), residency: z.array(z.string()), more: z.number(), why: z.string() },
});

/** Everything of a case on one option, by looking its id up. */
function everythingOn(id: string, context: Context): Plan {
  for (const placement of placements) {
    const option = placement.lookUp(id, context);
    if (option === null) continue;
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (isUnpriced(plan)) throw new Error(plan.unpriced);
    return plan;
  }
  throw new Error(`no ${id}`);
}

/** What an option costs a month for a whole scenario. */
const monthly = async (written: Written, id: string, tables?: Tables): Promise<number> =>
  everythingOn(id, await caseOf(written, tables)).monthlyUsd;

const flat = (volume: string, tokens: object, task: object = {}): Written => ({
  workload: { volume, profile: 'flat' },
  tasks: [{ name: 'only', type: 'faq-chat', tokens, ...task }],
});
const retries = 1.01;

const perTurn = (volume: string, turns: number, tokens: object): Written => ({
  ...flat(volume, tokens),
  workload: { volume, turns, profile: 'flat' },
  assumptions: { retryRate: 0, turnGapS: 0.001 },
});

describe('turns of a conversation, each at the prices of its own prompt', () => {
  const read = { output: 800, cacheablePrefix: 0, cacheHitRate: 0 };
  // 250 x 3 requests a day are 7,604.1667 a month of each turn: 120,000, 240,800 and 361,600 tokens.
  const each = (250 * 730) / 24;
  const usd = (prices: readonly number[], output: readonly number[]) =>
    (each * [120_000, 240_800, 361_600].reduce((sum, tokens, turn) => sum + tokens * (prices[turn] as number), 0)) /
      1e6 +
    (each * 800 * output.reduce((sum, price) => sum + price, 0)) / 1e6;

  test('gpt-5.4 doubles its price above 272,000 tokens: the third turn alone', async () => {
    const written = perTurn('250 conversations/day', 3, { input: 120_000, ...read });
    expect(await monthly(written, 'cloud-api/openai/gpt-5.4')).toBeCloseTo(usd([2.5, 2.5, 5], [15, 15, 22.5]), 6);
  });

  test('claude-sonnet-4-5 above 200,000: the second and the third', async () => {
    const written = perTurn('250 conversations/day', 3, { input: 120_000, ...read });
    const id = 'cloud-api/anthropic/claude-sonnet-4-5';
    expect(await monthly(written, id)).toBeCloseTo(usd([3, 6, 6], [15, 22.5, 22.5]), 6);
  });

  test('only turns whose prefix is long enough are cached, so that a longer prompt does not cost less', async () => {
    const chat = (input: number) => perTurn('200k conversations/day', 4, { input, output: 300, cacheablePrefix: 0 });
    const month = (200_000 * 730) / 24;
    // Turns come without a pause. Turn 4 finds the 1,500 tokens of turn 3, which found the 900 of turn 2 too short to be kept.
    const fresh = 300 + 900 + 1500 + 600;
    const cached = 1500;
    const found = await monthly(chat(300), 'cloud-api/openai/gpt-5.4');
    expect(found).toBeCloseTo((month * (fresh * 2.5 + cached * 0.25 + 4 * 300 * 15)) / 1e6, 6);
    let last = 0;
    for (let input = 375; input <= 1000; input += 25) {
      const cost = await monthly(chat(input), 'cloud-api/openai/gpt-5.4');
      expect(cost, `${input} tokens`).toBeGreaterThan(last - 1e-9);
      last = cost;
    }
  });

  test.each(cases.turns)(
    '$id, where writes have no price, over $turns turns costs what its turns do one by one',
    async ({ id, turns, input, prefix }) => {
      const more = { output: 150, cacheHitRate: '60%' };
      const whole = await monthly(
        perTurn('900 conversations/day', turns, { input, cacheablePrefix: prefix, ...more }),
        id,
      );
      const added = input - prefix + 150;
      const alone = await Promise.all(
        Array.from({ length: turns }, (_, k) => {
          // What an answer was is new to the turn after it.
          const sessionPrefix = k === 0 ? 0 : k * added - 150;
          const tokens = { input: input + k * added, cacheablePrefix: prefix + sessionPrefix, sessionPrefix, ...more };
          return monthly({ ...flat('900 requests/day', tokens), assumptions: { retryRate: 0 } }, id);
        }),
      );
      const sum = alone.reduce((total, one) => total + one, 0);
      expect(Math.abs(whole / sum - 1)).toBeLessThan(1e-12);
    },
  );
});

describe('whole bills on the price list', () => {
  test('gpt-4o, 730,000 requests of 1,000 + 200 tokens: (730M x 2.5 + 146M x 10) x 1.01 = 3,317.85', async () => {
    const written = flat('24k requests/day', { input: 1000, output: 200 });
    expect(await monthly(written, 'cloud-api/openai/gpt-4o')).toBeCloseTo(3317.85, 6);
  });

  test('the same through assess, part by part, with nothing for people on one API', async () => {
    const id = 'cloud-api/openai/gpt-4o';
    const { options } = await decide(flat('24k requests/day', { input: 1000, output: 200 }), { include: [id] });
    const option = options.find((one) => one.id === id);
    expect(option?.monthlyCost).toBeCloseTo(3317.85, 6);
    expect(option?.fte).toBe(0);
    const parts = Object.fromEntries(option?.costParts.map(({ part, monthly }) => [part, monthly]) ?? []);
    expect(parts['tokens.input']).toBeCloseTo(1825, 9);
    expect(parts['tokens.output']).toBeCloseTo(1460, 9);
    expect(parts['tokens.retries']).toBeCloseTo(32.85, 9);
    for (const [part, usd] of Object.entries(parts)) if (part.startsWith('people.')) expect(usd, part).toBe(0);
    expect(option?.costParts[0]?.sources.join()).toContain('api row');
  });

  test('one request an hour meets a 5-minute cache with 1 - exp(-1/12): gpt-4o, 1,500 of 2,000 tokens cacheable', async () => {
    const written = flat('24 requests/day', { input: 2000, output: 200, cacheablePrefix: 1500 });
    const hits = 730 * (1 - Math.exp(-1 / 12));
    const input = 730 * 2000 - hits * 1500;
    const usd = (input * 2.5 + hits * 1500 * 1.25 + 730 * 200 * 10) / 1e6;
    expect(await monthly(written, 'cloud-api/openai/gpt-4o')).toBeCloseTo(usd * retries, 9);
  });

  test('thinking bills reasoning as output: qwen3-32b of 0.903 x 0.5 reasoning', async () => {
    const written = flat('24k requests/day', { input: 1000, output: 200 }, { type: 'complex-reasoning' });
    const context = await caseOf(written);
    const row = context.tables.api.find(
      ({ family, endpointKind }) => family === 'qwen3-32b' && endpointKind === 'open-model-host',
    );
    if (row === undefined) throw new Error('nobody hosts qwen3-32b');
    const share = 0.903 * 0.5;
    const answered = 200 / (1 - share); // visible and reasoning together
    const usd = (730_000 * (1000 * row.inputUsdPerMTok + answered * row.outputUsdPerMTok)) / 1e6;
    const id = `open-model-api/${row.provider}/${row.modelId}`;
    expect((await monthly(written, `${id}+thinking`)) / (usd * retries)).toBeCloseTo(1, 9);
    const standard = (730_000 * (1000 * row.inputUsdPerMTok + 200 * row.outputUsdPerMTok)) / 1e6;
    expect((await monthly(written, id)) / (standard * retries)).toBeCloseTo(1, 9);
  });

  test('two tasks on one provider add up, and pay for one integration', async () => {
    const written: Written = {
      workload: { volume: '24k requests/day', profile: 'flat' },
      tasks: [
        { name: 'short', type: 'faq-chat', share: '75%', tokens: { input: 1000, output: 200 } },
        { name: 'long', type: 'faq-chat', share: '25%', tokens: { input: 4000, output: 1000, cacheHitRate: '0%' } },
      ],
    };
    // 547,500 x (2,500 + 2,000) + 182,500 x (10,000 + 10,000), per 1e6
    expect(await monthly(written, 'cloud-api/openai/gpt-4o')).toBeCloseTo((2463.75 + 3650) * retries, 6);
  });
});

describe('an endpoint that is bound to a region', () => {
  const within = (residency: string[], more: object = {}): Written => ({
    ...flat('24k requests/day', { input: 1000, output: 200 }),
    data: { sensitivity: 'internal', residency },
    ...more,
  });

  test.each(cases.residency)('of $model in $residency costs $more more: $why', async ({ model, residency, more }) => {
    const anywhere = await monthly(within([]), `cloud-api/${model}`);
    const usd = await monthly(within(residency), `cloud-api/${model}`);
    expect(usd).toBeCloseTo(anywhere * (1 + more), 9);
  });

  test('costs what the scenario says, and what its row says before that', async () => {
    const id = 'cloud-api/openai/gpt-5.4';
    const listed = await monthly(within([]), id);
    const set = (share: number) => within(['us'], { assumptions: { residencyUpliftFraction: share } });
    expect(await monthly(set(0), id)).toBeCloseTo(listed, 9);
    expect(await monthly(set(0.25), id)).toBeCloseTo(listed * 1.25, 9);
    const earlier = loadTables(shippedFiles('2025-01-31')).tables as Tables;
    const azure = 'cloud-api/azure/global-standard/gpt-4o-mini';
    // (730M x 0.15 + 146M x 0.6) x 1.01, and 10 % more
    expect(await monthly(within([]), azure, earlier)).toBeCloseTo(199.071, 9);
    expect(await monthly(set(0.25), azure, earlier)).toBeCloseTo(199.071 * 1.1, 9);
  });
});
