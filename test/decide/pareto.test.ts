import { describe, expect, test } from 'vitest';
import { limited } from '../../src/decide/advice.js';
import { type Merits, meritsOf, paretoFront, undominated } from '../../src/decide/pareto.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { someOf } from '../support/brute-force.js';
import { everyMerit } from '../support/every-merit.js';
import { shippedTables } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

const minute = 60_000;
const faq = { name: 'faq', type: 'faq-chat' };
/** A small part of the catalog, without places of two. */
const small = async (written: Written, seed: number, part = 0.02): Promise<Context> =>
  caseOf({ preferences: { exclude: ['overflow'] }, ...written }, someOf(await shippedTables(), part, seed));

const betterInAll = (a: Merits, b: Merits): boolean =>
  a.plan.monthlyUsd < b.plan.monthlyUsd * (1 - 1e-9) &&
  (a.scores.capability ?? 0) > (b.scores.capability ?? 0) + 1e-9 &&
  (a.ttftP95Ms ?? Number.POSITIVE_INFINITY) < (b.ttftP95Ms ?? Number.POSITIVE_INFINITY) &&
  a.plan.fte < b.plan.fte - 1e-9;

test.each([
  { seed: 1, perDay: '50k', tasks: [faq], rules: {} },
  { seed: 2, perDay: '20M', tasks: [faq], rules: {} },
  {
    seed: 4,
    perDay: '5M',
    tasks: [faq], // Half the people of one fleet are none: more than one question is asked of machines.
    rules: { data: { boundary: 'own-account' }, assumptions: { paretoDecisions: 4 } },
  },
])(
  'no plan at all is better than one of the front in all, part $seed, $perDay requests a day',
  async ({ seed, perDay, tasks, rules }) => {
    const context = await small({ workload: { volume: `${perDay} requests/day` }, tasks, ...rules }, seed);
    const choice = choose(context);
    const front = paretoFront(choice, context);
    expect(front.length).toBeGreaterThan(1);
    const all = everyMerit(context, choice.cheapest as Plan);
    expect(all.length).toBeGreaterThan(front.length);
    for (const one of front) {
      const better = all.filter((other) => betterInAll(other, one)).map(({ plan }) => `${plan.id} ${plan.monthlyUsd}`);
      expect(better, one.plan.id).toEqual([]);
    }
    expect(undominated(front)).toEqual(front);
  },
  minute,
);

describe('what is worse in everything is dropped', () => {
  const merits = (id: string, monthlyUsd: number, capability: number | null, ttftP95Ms: number | null, fte: number) =>
    ({ plan: { id, monthlyUsd, fte }, scores: { capability }, ttftP95Ms }) as unknown as Merits;
  const ids = (list: Merits[]) => undominated(list).map(({ plan }) => plan.id);

  test('by hand: b is dearer and no better; c is dearer and faster; d is not known to be fast', () => {
    const a = merits('a', 100, 80, 500, 0);
    expect(ids([merits('b', 110, 80, 500, 0), a, merits('c', 120, 80, 400, 0), merits('d', 120, 80, null, 0)])).toEqual(
      ['a', 'c'],
    );
  });

  test('in order of their cost, and of as much in order of their ids', () => {
    const [dear, capable, few] = [merits('m', 2, 99, 1, 1), merits('q', 1, 50, 1, 1), merits('p', 1, 40, 1, 0)];
    for (const list of [
      [dear, capable, few],
      [few, capable, dear],
      [capable, few, dear],
    ])
      expect(ids(list)).toEqual(['p', 'q', 'm']);
  });
});

test('limits are kept: capability, first token and people of what is decided under them', async () => {
  const context = await small({ workload: { volume: '50k requests/day' }, tasks: [faq] }, 1, 0.3);
  const { cheapest } = choose(context);
  const bare = meritsOf(cheapest as Plan, cheapest as Plan, context);
  const capabilityScore = (bare.scores.capability ?? 0) + 5;
  const ttftP95Ms = (bare.ttftP95Ms ?? 0) * 2;
  const under = choose(limited(context, { capabilityScore, ttftP95Ms, maxFte: 0 })).cheapest as Plan;
  const found = meritsOf(under, cheapest as Plan, context);
  expect(found.scores.capability).toBeGreaterThanOrEqual(capabilityScore);
  expect(found.ttftP95Ms).toBeLessThanOrEqual(ttftP95Ms);
  expect(under.fte).toBe(0);
  expect(under.monthlyUsd).toBeGreaterThan(bare.plan.monthlyUsd);
  expect(under.deployments.every(({ option }) => placementOf(option.kind).perToken)).toBe(true);
});
