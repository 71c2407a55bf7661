import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inConversation, oneTurn, type Prompt, turnsAlike } from '../../src/workload/conversation.js';

/** Turns of a conversation that a provider bills alike. */

const draws = fc.record({
  turns: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 1, max: 40, noNaN: true })),
  input: fc.integer({ min: 1, max: 5000 }),
  prefixShare: fc.double({ min: 0, max: 1, noNaN: true }),
  ownShare: fc.double({ min: 0, max: 1, noNaN: true }),
  output: fc.integer({ min: 1, max: 3000 }),
  longAbove: fc.integer({ min: 0, max: 100_000 }),
  cachedFrom: fc.integer({ min: 0, max: 100_000 }),
});

describe('turns that are billed alike', () => {
  test('are all turns, with the mean of all and each within its kind', () => {
    fc.assert(
      fc.property(draws, ({ turns, input, prefixShare, ownShare, output, longAbove, cachedFrom }) => {
        const prefix = input * prefixShare;
        const own = prefix * ownShare;
        const tokens = inConversation({ input, prefix, history: own, output }, { turns, kept: 1 });
        const kindOf = (prompt: Prompt) =>
          Number(prompt.input > longAbove) + Number(prompt.shared + prompt.history >= cachedFrom);
        const found = turnsAlike(tokens, kindOf);
        const mean = (of: (one: (typeof found)[number]) => number) =>
          found.reduce((sum, one) => sum + one.share * of(one), 0);
        const close = (a: number, b: number) =>
          expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b)));
        close(
          mean(() => 1),
          1,
        );
        close(
          mean(({ earlier }) => earlier),
          (turns - 1) / 2,
        );
        close(
          mean(({ input }) => input),
          tokens.input,
        );
        // Of each turn but the first the answer before it is new; the last of a broken number has that part of one.
        const answered = Array.from({ length: Math.ceil(turns) }, (_, k) => Math.min(1, Math.min(k, turns - 1)));
        const parts = Number.isInteger(turns) ? 0 : (turns % 1) / (Math.floor(turns) - 1 + 2 * (turns % 1));
        const whole = (1 - parts) / Math.floor(turns);
        const shareOf = (k: number) => (k < Math.floor(turns) ? whole : parts);
        const before = answered.reduce((sum, each, k) => sum + each * shareOf(k), 0);
        close(
          mean(({ history }) => history),
          tokens.history - before * output,
        );
        for (const { shared } of found) close(shared, prefix - own);
        close(oneTurn({ ...tokens, output }, { turns, kept: 1 }).history, own);
        expect(found.length).toBeLessThanOrEqual(3);
        for (const { share } of found) expect(share).toBeGreaterThan(0);
        // Stretches follow each other, and each is of another kind.
        const kinds = found.map(kindOf);
        expect(new Set(kinds).size).toBe(kinds.length);
        expect(kinds).toEqual([...kinds].sort((a, b) => a - b));
      }),
      { numRuns: 2000 },
    );
  });

  test('by hand: five turns of 100 + 50 tokens, the first two below 300 tokens', () => {
    const tokens = inConversation({ input: 100, prefix: 0, history: 0, output: 50 }, { turns: 5, kept: 1 });
    // 100, 250, 400, 550 and 700 tokens.
    const found = turnsAlike(tokens, ({ input }) => Number(input > 300));
    expect(found).toEqual([
      // Turn 2 sends the 100 of turn 1 again, turn 3 250 and so on: what they answered is new.
      { first: 1, last: 2, share: 0.4, earlier: 0.5, input: 175, shared: 0, history: 50 },
      {
        first: 3,
        last: 5,
        share: expect.closeTo(0.6, 12),
        earlier: expect.closeTo(3, 12),
        input: expect.closeTo(550, 9),
        shared: 0,
        history: expect.closeTo(400, 9),
      },
    ]);
  });

  test('by hand: two and a half turns have a last one with half of a turn less before it', () => {
    const tokens = inConversation({ input: 100, prefix: 0, history: 0, output: 0 }, { turns: 2.5, kept: 1 });
    const found = turnsAlike(tokens, ({ input }) => Number(input > 200));
    // Each of two whole turns 3/8, the last 1/4: 3/8 x 0 + 3/8 x 1 + 1/4 x 1.5 = 0.75.
    expect(found.map(({ first, last, share, earlier }) => [first, last, share, earlier])).toEqual([
      [1, 2, 0.75, 0.5],
      [3, 3, 0.25, 1.5],
    ]);
  });

  test('one where nothing tells them apart, with the very tokens of the mean request', () => {
    const tokens = inConversation({ input: 120, prefix: 7, history: 2, output: 31 }, { turns: 3, kept: 1 });
    expect(turnsAlike(tokens, () => 0)).toEqual([
      // 144 a turn: 0, 113 and 257 of the session's before, and the 2 of each turn.
      {
        first: 1,
        last: 3,
        share: 1,
        earlier: 1,
        input: tokens.input,
        shared: 5,
        history: expect.closeTo(2 + 370 / 3, 9),
      },
    ]);
  });
});
