import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossingsOf, type Piece, piecesOf } from '../../src/analyses/break-even/by-volume.js';
import { at } from '../../src/cost/curve.js';
import { ties, winnerOf } from '../../src/cost/winner.js';
import { caseAt, cutsOf, planIn } from '../../src/decide/at-volume.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { caseOf } from '../support/scenario.js';

const last = 60;

/** Lines that take turns over 1 to 60, at most five of them. */
const pieces = fc
  .array(fc.record({ length: fc.integer({ min: 1, max: 30 }), fixed: fc.nat(40), perUnit: fc.nat(3) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((lines) => {
    const made: Piece[] = [];
    for (const [i, { length, fixed, perUnit }] of lines.entries()) {
      const from = (made.at(-1)?.to ?? 0) + 1;
      const to = i === lines.length - 1 ? last : from + length - 1;
      if (from <= last) made.push({ from, to: Math.min(last, to), curve: { fixed, perUnit, terms: [] } });
    }
    return made;
  });

const usdAt = (all: readonly Piece[], volume: number): number =>
  at((all.find(({ from, to }) => from <= volume && volume <= to) as Piece).curve, volume);

const trend = (before: number, after: number) =>
  ties(before, after) ? 'stays' : after > before ? 'widens' : 'narrows';

test('plans in pieces cross where the cheaper one changes, volume by volume', () => {
  fc.assert(
    fc.property(pieces, pieces, (a, b) => {
      const volumes = Array.from({ length: last }, (_, i) => i + 1);
      const winners = volumes.map((volume) => winnerOf(usdAt(a, volume), usdAt(b, volume)));
      const expected = volumes.flatMap((volume, i) => {
        const [below, above] = [winners[i - 1], winners[i]];
        return below === undefined || below === above ? [] : [{ at: volume, cheaperBelow: below, cheaperAbove: above }];
      });
      const { crossings, alternates, first, never } = crossingsOf(a, b, 20_000);
      expect(crossings).toEqual(expected);
      expect(alternates).toEqual([]);
      expect(first).toBe(winners[0]);
      if (expected.length > 0) {
        expect(never).toBeNull();
        return;
      }
      const costs = (volume: number) => ({ a: usdAt(a, volume), b: usdAt(b, volume) });
      expect(never).toMatchObject({ atFrom: costs(1), atTo: costs(last) });
      const gaps = [45, last].map((volume) => Math.abs(costs(volume).a - costs(volume).b)) as [number, number];
      expect(never?.gap.last).toBe(trend(...gaps));
      // A trend of the whole range is one between any two of its volumes that are looked at.
      if (never?.gap.all != null) {
        const ends = [1, last].map((volume) => Math.abs(costs(volume).a - costs(volume).b)) as [number, number];
        expect(never.gap.all).toBe(trend(...ends));
        expect(['stays', never.gap.all]).toContain(never.gap.last);
      }
      const same = volumes.every((volume) => usdAt(a, volume) === usdAt(b, volume));
      expect(never?.cheaper).toBe(same ? 'equal' : winners[0]);
    }),
    { numRuns: 400 },
  );
});

test('machines are cut up for the work of one task at few requests, for that of another at many: whole pieces, and each dear as by itself', async () => {
  const context = await caseOf({
    workload: { volume: '2k requests/day' },
    tasks: [
      {
        ...{ name: 'contracts', type: 'document-analysis-long-context', volume: '3k requests/day' },
        tokens: { input: 60_000, output: 2000 },
      },
      { name: 'faq', type: 'faq-chat' },
    ],
  });
  const plan = findPlan(
    'managed-hosting/huggingface/llama-3.1-8b@fp8/inference-endpoints-aws-nvidia-l4-x4',
    context,
  ) as Plan;
  const range = { from: 1, to: 10_000_000 };
  const found = piecesOf(plan, range, context);
  expect(found.length).toBeGreaterThan(1);
  // One after the other, from the start to the end.
  expect(found.map(({ from }) => from)).toEqual([range.from, ...found.slice(0, -1).map(({ to }) => to + 1)]);
  expect(found.at(-1)?.to).toBe(range.to);
  const there = (volume: number) => planIn(plan, caseAt(context, volume)) as Plan;
  for (const { from, to, curve } of found) {
    expect(cutsOf(there(to))).toBe(cutsOf(there(from)));
    if (to < range.to) expect(cutsOf(there(to + 1))).not.toBe(cutsOf(there(to)));
    for (const volume of [from, Math.floor((from + to) / 2), to])
      expect(at(curve, volume) / there(volume).monthlyUsd, `at ${volume}`).toBeCloseTo(1, 9);
  }
});
