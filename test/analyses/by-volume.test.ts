import { expect, test } from 'vitest';
import { breakEven, choicePool } from '../../src/analyses/break-even/answer.js';
import { rangesByVolume } from '../../src/analyses/flips/by-volume.js';
import { deciderOf } from '../../src/analyses/flips/decider.js';
import { summedTerms } from '../../src/core/adjusted.js';
import { weighed } from '../../src/decide/advice.js';
import { caseAt } from '../../src/decide/choice.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { answerOf } from '../support/answer-of.js';
import { asOf, committedCase, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const { tables, prose } = await shipped();
const scenarios = ['overnight-claims', ...(long ? ['five-guides', 'clinic-notes', 'support-chatbot'] : [])];

test.each(scenarios)(
  '%s: breakeven tells a plan of each range that no decision from scratch beats by much',
  async (name) => {
    const context = await committedCase(name);
    const answer = breakEven(await readCommitted(name), tables, { asOf, prose, tool });
    if (typeof answer === 'string') throw new Error(answer);
    const { ladder, ladderUpTo } = answer;
    expect(ladder.length).toBeGreaterThan(2);
    expect([ladder[0]?.from, ladder.at(-1)?.to]).toEqual([1, null]);
    for (const [i, { from, to, plan: id }] of ladder.entries()) {
      if (i > 0) expect(from).toBe((ladder[i - 1]?.to ?? 0) + 1);
      const end = to ?? (ladderUpTo as number);
      // Within a step of a fleet another plan may be ahead for a moment.
      for (const volume of [1 / 4, 1 / 2, 3 / 4].map((share) => Math.round(from * (end / from) ** share))) {
        const there = caseAt(context, volume);
        const { advised, cheapest } = choose(there);
        if (id === null || advised === null || cheapest === null) {
          expect(advised, `${volume}`).toBe(id);
          continue;
        }
        const plan = findPlan(id, there);
        if (typeof plan === 'string') throw new Error(plan);
        // Schemes and cards of a model may change within a range.
        if (answerOf(plan) === answerOf(advised)) continue;
        const [own, best] = [plan, advised].map((one) => {
          const { usd, terms } = weighed(one, cheapest, there);
          return usd + summedTerms(terms);
        }) as [number, number];
        expect(own / best, `${volume} ${id} ${advised.id}`).toBeLessThanOrEqual(1.05);
      }
    }
  },
);

test('without proofs the ranges are those of the plans at hand, and no edge is called proven', async () => {
  const context = await committedCase('overnight-claims');
  const choice = choose(context);
  const range = { from: 1000, to: 1_000_000 };
  const pool = choicePool(choice, deciderOf(context, choice.several), context);
  const proofs = { left: 0, free: 0, bounded: 0 };
  const found = rangesByVolume(pool, context, { range, volumes: 16, proofs });
  expect([found.rungs[0]?.from, found.rungs.at(-1)?.to]).toEqual([range.from, range.to]);
  for (const { beyond } of [...found.up, ...found.down]) expect(found.isProven(beyond)).toBe(false);
  expect(proofs).toEqual({ left: 0, free: 0, bounded: 0 });
});
