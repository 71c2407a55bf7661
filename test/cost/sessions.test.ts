import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, isUnpriced } from '../../src/cost/curve.js';
import type { TokenPrices } from '../../src/cost/token-prices.js';
import { cacheable, cacheUse, tokenCharges } from '../../src/cost/tokens.js';
import { linesOf, type Plan, planOf } from '../../src/decide/plan.js';
import { placements } from '../../src/places/registry.js';
import { inConversation, type Prompt, turnsAlike } from '../../src/workload/conversation.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

/** What a session sends again and again: read from a cache while it is kept there, and written to it first. */

/** 1 and 5 USD, 0.1 where it is read from the cache, 1.25 for a write of minutes, 2 for one of an hour. */
const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
/** Five times as much. */
const opus = 'cloud-api/anthropic/claude-opus-5+thinking';
const gpt = 'cloud-api/openai/gpt-5.4';

async function planOn(written: Written, id: string): Promise<Plan> {
  // The first one that says what a write for an hour costs.
  const context = await caseOf({ assumptions: { retryRate: 0 }, ...written }, (await shipped(latestSnapshot)).tables);
  for (const placement of placements) {
    const option = placement.lookUp(id, context);
    if (option === null) continue;
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (isUnpriced(plan)) throw new Error(plan.unpriced);
    return plan;
  }
  throw new Error(`no ${id}`);
}
const perMonth = (24_000 * 730) / 24;
const usdOf = async (written: Written, id: string) => (await planOn(written, id)).monthlyUsd;
const partsOf = async (written: Written, id: string): Promise<Record<string, number>> => {
  const plan = await planOn(written, id);
  return Object.fromEntries(linesOf(plan).map(({ part, curve }) => [part, at(curve, 24_000)]));
};
/** 730,000 requests a month. */
const busy = (turns: number, tokens: object, more: object = {}): Written => ({
  workload: { volume: '24k requests/day', profile: 'flat', turns },
  tasks: [{ name: 'only', type: 'faq-chat', tokens }],
  assumptions: { retryRate: 0, ...more },
});

describe('a coding agent reads 120,000 tokens a step, 95 % of them sent before in its session or by all', () => {
  const agent = (more: object): Written => ({
    ...busy(1, { output: 520, reasoning: 0, cacheHitRate: '100%', ...more }),
    tasks: [
      { name: 'agent', type: 'code-agent', tokens: { output: 520, reasoning: 0, cacheHitRate: '100%', ...more } },
    ],
  });

  test('what is new is written before the next step finds it: 6,000 x 6.25 and not x 5, 7.5 % more', async () => {
    const usd = (perMonth * (6000 * 6.25 + 114_000 * 0.5 + 520 * 25)) / 1e6;
    expect(await usdOf(agent({}), opus)).toBeCloseTo(usd, 6);
    const notWritten = (perMonth * (6000 * 5 + 114_000 * 0.5 + 520 * 25)) / 1e6;
    expect(usd / notWritten - 1).toBeCloseTo(0.075, 12);
    expect(await usdOf(agent({ sessionPrefix: 0 }), opus)).toBeCloseTo(notWritten, 6);
  });

  test('with the 452 tokens that it thinks a step, 6.7 % more than where they are billed as plain input', async () => {
    const thinking = { reasoning: 452 };
    const written = await usdOf({ ...agent(thinking) }, opus);
    const plain = await usdOf({ ...agent({ ...thinking, sessionPrefix: 0 }) }, opus);
    expect(written / plain - 1).toBeCloseTo(0.0075 / 0.1113, 4);
    expect(written / plain - 1).toBeCloseTo(0.067, 3);
  });

  test('what all share is found by anybody, what the session sent only while its own gaps last', async () => {
    const parts = await partsOf(
      {
        ...busy(1, {}, { turnGapS: 60 }),
        tasks: [{ name: 'agent', type: 'code-agent', tokens: { output: 520, reasoning: 0 } }],
      },
      opus,
    );
    const found = 1 - Math.exp(-300 / 60);
    const [shared, history] = [114_000 * 0.15, 114_000 * 0.85];
    expect(parts['tokens.cached']).toBeCloseTo((perMonth * (shared + found * history) * 0.5) / 1e6, 3);
    expect(parts['tokens.cacheWrite']).toBeCloseTo((perMonth * (6000 + (1 - found) * history) * 6.25) / 1e6, 3);
    expect(parts['tokens.input']).toBeUndefined();
  });
});

describe('turns of a conversation, by hand', () => {
  // Turn 1 writes 2,000. Turn 2 reads them and writes the answer of 500 and 2,000 new ones, and so on.
  const chat = (more: object = {}) => busy(5, { input: 2000, output: 500, cacheablePrefix: 0, ...more });
  const turns = (write: number, read: number, output: number) =>
    ((perMonth / 5) * ((2000 + 4 * 2500) * write + (2000 + 4500 + 7000 + 9500) * read + 5 * 500 * output)) / 1e6;

  test('without gaps each reads what the one before sent and writes the rest', async () => {
    expect(await usdOf({ ...chat(), assumptions: { retryRate: 0, turnGapS: 0.001 } }, haiku)).toBeCloseTo(
      turns(1.25, 0.1, 5),
      6,
    );
    // Where a write has no price of its own, it is read as all else.
    expect(await usdOf({ ...chat(), assumptions: { retryRate: 0, turnGapS: 0.001 } }, gpt)).toBeCloseTo(
      turns(2.5, 0.25, 15),
      6,
    );
  });

  test('pauses of 20 minutes are bridged by writes for an hour, of a minute by the usual ones, of a day by none', async () => {
    const all = (2000 + 4500 + 7000 + 9500 + 12_000) / 5;
    const [before, own] = [(2000 + 4500 + 7000 + 9500) / 5, (2000 + 4 * 2500) / 5];
    const inCache = (life: number, gap: number, write: number) => {
      const found = 1 - Math.exp(-life / gap);
      return before * (found * 0.1 + (1 - found) * write) + own * write;
    };
    for (const [gap, tokensUsd, part] of [
      [60, inCache(300, 60, 1.25), 'tokens.cacheWrite'],
      [1200, inCache(3600, 1200, 2), 'tokens.cacheWrite1h'],
      [86_400, all, 'tokens.input'],
    ] as const) {
      const written = { ...chat(), assumptions: { retryRate: 0, turnGapS: gap } };
      expect(await usdOf(written, haiku)).toBeCloseTo((perMonth * (tokensUsd + 500 * 5)) / 1e6, 4);
      expect((await partsOf(written, haiku))[part]).toBeGreaterThan(0);
      // None of the others would cost less.
      const ways = [inCache(300, gap, 1.25), inCache(3600, gap, 2), all];
      expect(Math.min(...ways)).toBe(tokensUsd);
    }
  });

  test('a prefix too short to be kept for all is kept with its session', async () => {
    const short = { ...chat({ input: 2800, cacheablePrefix: 800 }), assumptions: { retryRate: 0, turnGapS: 0.001 } };
    const usd = ((perMonth / 5) * ((2800 + 4 * 2500) * 1.25 + (2800 + 5300 + 7800 + 10_300) * 0.1 + 5 * 500 * 5)) / 1e6;
    expect(await usdOf(short, haiku)).toBeCloseTo(usd, 6);
  });

  test('one turn is no session, however long its gaps', async () => {
    const single = (more: object) => busy(1, { input: 2000, output: 500, cacheablePrefix: 1500 }, more);
    const usd = await usdOf(single({}), haiku);
    for (const turnGapS of [0.001, 600, 1e6]) expect(await usdOf(single({ turnGapS }), haiku)).toBe(usd);
    const found = 1 - Math.exp(-1000 / 12);
    const byHand = (perMonth * (500 + 1500 * (found * 0.1 + (1 - found) * 1.25) + 500 * 5)) / 1e6;
    expect(usd).toBeCloseTo(byHand, 6);
  });

  test('longer gaps never cost less, up to as much as where nothing of a session is kept', async () => {
    let last = 0;
    for (const turnGapS of [0.001, 10, 60, 200, 400, 600, 1200, 2400, 4800, 1e4, 1e5, 1e7]) {
      const usd = await usdOf({ ...chat(), assumptions: { retryRate: 0, turnGapS } }, haiku);
      expect(usd).toBeGreaterThanOrEqual(last);
      last = usd;
    }
    expect(last).toBeCloseTo((perMonth * (7000 + 500 * 5)) / 1e6, 6);
  });
});

test('turns billed together cost what they do one by one, used as is cheapest', () => {
  const price = fc.double({ min: 0.1, max: 20, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const cases = fc.record({
    turns: fc.integer({ min: 1, max: 9 }),
    input: fc.integer({ min: 1, max: 3000 }),
    shared: share,
    own: fc.oneof(fc.constant(0), share),
    output: fc.integer({ min: 1, max: 1500 }),
    kept: fc.constantFrom(1, 1, 0.5),
    least: fc.constantFrom(0, 500, 500, 1024, 4096),
    tierAbove: fc.constantFrom(Number.POSITIVE_INFINITY, 2000, 8000),
    usual: fc.oneof(share, fc.double({ min: 0, max: 0.2, noNaN: true })),
    longer: fc.oneof(share, fc.constant(1)),
    shareFound: fc.oneof(share, fc.constant(1)),
    price,
    cached: fc.oneof(fc.constant(0.1), share),
    write: fc.option(fc.double({ min: 1, max: 1.5, noNaN: true })),
    hour: fc.option(fc.double({ min: 1, max: 1.6, noNaN: true })),
    batch: fc.option(fc.double({ min: 0.2, max: 0.9, noNaN: true }), { freq: 1 }),
  });
  const seen = { none: 0, shared: 0, usual: 0, hour: 0 };
  fc.assert(
    fc.property(cases, (one) => {
      const { turns, input, output, kept, least } = one;
      const shared = Math.round(input * one.shared);
      const own = Math.round((input - shared) * one.own);
      const found = { write: one.usual, write1h: one.usual + (1 - one.usual) * one.longer };
      const pricesFor = (tokens: number): TokenPrices => {
        const p = tokens > one.tierAbove ? 2 * one.price : one.price;
        return {
          input: p,
          output: 4 * p,
          cached: one.cached * p,
          write: one.write && one.write * p,
          write1h: one.write && one.hour && one.write * one.hour * p,
          batch: one.batch === null ? null : { input: one.batch * p, output: 4 * one.batch * p },
          weights: null,
        };
      };

      const tokens = inConversation({ input, prefix: shared + own, history: own, output }, { turns, kept });
      const isSession = tokens.history > 0;
      const kindOf = (prompt: Prompt) => {
        const { shared, history, goesOn } = cacheable(prompt, isSession, least);
        return 3 * Number(prompt.input > one.tierAbove) + (shared + history > 0 ? 2 : Number(goesOn));
      };
      const billed = turnsAlike(tokens, kindOf).map((each) => ({
        share: each.share,
        tokens: { ...cacheable(each, isSession, least), images: 0, output, reasoning: 0 },
        prices: pricesFor(each.input),
      }));
      const cache = cacheUse(billed, true, (life) => found[life === 'promptCacheLifeS' ? 'write' : 'write1h']);
      const life = 'promptCacheLifeS';
      const usd = billed.reduce((sum, { share, tokens, prices }) => {
        const charges = tokenCharges(tokens, prices, {
          ...{ batch: true, cache, offPeakSaving: 0, regionalUplift: { input: 0, output: 0 }, retryRate: 0 },
          monthlyPerDaily: share,
          caching: (pays) =>
            one.shareFound < pays ? null : { life, hits: (daily) => one.shareFound * share * daily, looking: null },
        });
        return sum + charges.reduce((total, { curve }) => total + at(curve, 1e6), 0);
      }, 0);

      // Turn by turn: what all share, what was sent before, what is new.
      const each = Array.from({ length: turns }, (_, k) => {
        const sent = input + k * (input - shared - own + output) * kept;
        const before = k === 0 ? own : sent - shared - (input - shared - own) - output * kept;
        const prices = pricesFor(sent);
        const [p, c] = [prices.input, prices.cached as number];
        const rest = output * prices.output;
        const batch = prices.batch && sent * prices.batch.input + output * prices.batch.output;
        const alone = Math.min(sent * p + rest, batch ?? Number.POSITIVE_INFINITY);
        const forAll = shared >= least;
        const known = before > 0 && shared + before >= least;
        const [ofAll, ofSession] = [forAll ? shared : 0, known ? before + (forAll ? 0 : shared) : 0];
        const kept2 = isSession && sent >= least;
        const fresh = sent - ofAll - ofSession;
        const inCache = (write: 'write' | 'write1h', session: boolean) => {
          const miss = prices[write] ?? p;
          const all = ofAll * (one.shareFound * c + (1 - one.shareFound) * miss);
          const nothing = session ? ofAll === 0 && ofSession === 0 && !kept2 : ofAll === 0;
          if (nothing) return { usd: alone, session: 0 };
          if (!session) return { usd: all + (sent - ofAll) * p + rest, session: 0 };
          const again = ofSession * (found[write] * c + (1 - found[write]) * miss) + fresh * (kept2 ? miss : p);
          return { usd: all + again + rest, session: again - (sent - ofAll) * p };
        };
        return { alone, inCache };
      });
      const sum = (of: (turn: (typeof each)[number]) => number) =>
        each.reduce((total, turn) => total + of(turn), 0) / turns;
      const session = (write: 'write' | 'write1h') => sum((turn) => turn.inCache(write, true).session);
      const offered = one.write !== null && one.hour !== null ? (['write', 'write1h'] as const) : (['write'] as const);
      const ways = offered.filter((write) => session(write) < 0).sort((a, b) => session(a) - session(b));
      const [way] = ways;
      const used = sum((turn) => turn.inCache(way ?? 'write', way !== undefined).usd);
      const none = sum(({ alone }) => alone);
      seen[none <= used ? 'none' : way === undefined ? 'shared' : way === 'write' ? 'usual' : 'hour']++;
      const expected = Math.min(none, used);
      expect(Math.abs(usd / expected - 1)).toBeLessThan(1e-9);
    }),
    { numRuns: 4000, seed: 20261127 },
  );
  for (const times of Object.values(seen)) expect(times, JSON.stringify(seen)).toBeGreaterThan(50);
});
