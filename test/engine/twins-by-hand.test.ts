import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Role, Staff } from '../../src/cost/people.js';
import type { Candidate } from '../../src/placements/candidate.js';
import type { Option } from '../../src/placements/option.js';
import { type People, ranked, type Twins, twinBar } from '../../src/placements/twins.js';
import type { Demand } from '../../src/scenario/demand.js';
import { caseOf } from './scenario.js';

/** Which twins found so far pass over others: people, scores and costs are what a test says. */

let demand: Demand;
beforeAll(async () => {
  ({ demand } = await caseOf({ workload: { volume: 1000 }, tasks: [{ name: 'faq', type: 'faq-chat' }] }));
});

const rented: Staff = { api: false, fleet: true, gpusPerUnit: 1, role: null, setup: 'setupEffortSelfHostedCloud' };
const hands = (fte: number, perUnit = false): Role => ({ name: 'hands', fte, ...(perUnit && { perUnit: true }) });
const people = (staff: Partial<Staff> = {}, units = 2, provider = 'one'): People => ({
  staff: { ...rented, ...staff },
  provider,
  units,
});

/** So many machines whatever they serve, that cost so much in all. */
const candidate = ({ staff, provider, units }: People, usd: number): Candidate => ({
  kind: 'self-hosted-cloud',
  provider,
  staff,
  owns: null,
  linear: Float64Array.of(usd),
  fleet: {
    min: units,
    spare: 0,
    spareShare: 0,
    followsHours: false,
    need: Float64Array.of(1e-9),
    usdPerHour: 0,
    onceUsdPerHour: 0,
    upfrontUsdPerUnit: 0,
    beyondOwned: null,
  },
  fixed: 0,
  option: () => expect.unreachable(),
});

const twins: Twins = {
  slices: [0],
  usd: 100,
  better: () => true,
  score: () => 0,
  outranks: (score, other) => score - other >= 1,
  stands: () => true,
};
type Twin = [score: number, usd: number, people?: People];

/** Whether another one matters still, after these were found. */
function matters([score, usd, asked = people()]: Twin, after: readonly Twin[], stands = twins.stands): boolean {
  const bar = twinBar({ ...twins, stands }, demand);
  for (const [score, usd, asked = people()] of after) bar.note(candidate(asked, usd), score);
  return bar.leaves(asked)(score, usd);
}

describe('an option matters no more', () => {
  test('where it costs more than it may', () => {
    expect(matters([50, 100], [])).toBe(true);
    expect(matters([50, 100.01], [])).toBe(false);
  });

  test('where one found outranks it, whatever that costs, or scores as much and costs less', () => {
    const found: Twin[] = [[50, 90]];
    expect(matters([49, 10], found)).toBe(false);
    expect(matters([49.5, 89], found)).toBe(true);
    expect(matters([49.5, 90], found)).toBe(true);
    expect(matters([49.5, 91], found)).toBe(false);
    expect(matters([50, 90], found)).toBe(true);
    expect(matters([50, 91], found)).toBe(false);
    expect(matters([50.1, 91], found)).toBe(true);
  });

  test('by any of those found, though not by the last', () => {
    expect(
      matters(
        [49, 95],
        [
          [50, 90],
          [40, 80],
        ],
      ),
    ).toBe(false);
  });

  test('but by none that costs too much itself, or whose plan may not be advised', () => {
    expect(matters([40, 90], [[50, 101]])).toBe(true);
    expect(matters([40, 90], [[50, 90]], () => false)).toBe(true);
    const asked: Candidate[] = [];
    const stands = (one: Candidate) => asked.push(one) > 0;
    expect(
      matters(
        [40, 90],
        [
          [50, 90],
          [30, 95],
        ],
        stands,
      ),
    ).toBe(false);
    // Of one that matters no more nobody asks.
    expect(asked.map(({ linear }) => linear[0])).toEqual([90]);
  });
});

describe('nor is it passed over by one that asks for more people', () => {
  /** Whether somebody worse matters still beside one found. */
  const beside = (found: People, other: People) => matters([40, 90, other], [[50, 90, found]]);

  test('or for others: another set-up, a fleet, an API', () => {
    expect(beside(people(), people())).toBe(false);
    expect(beside(people(), people({ setup: 'setupEffortOnPrem' }))).toBe(true);
    expect(beside(people({ fleet: false }), people())).toBe(true);
    expect(beside(people(), people({ fleet: false }))).toBe(true);
    expect(beside(people({ api: true }), people())).toBe(true);
    expect(beside(people(), people({ api: true }))).toBe(true);
  });

  test('an API of another provider, which may be there already; machines are the same from any', () => {
    const api = { api: true, fleet: false };
    expect(beside(people(api), people(api))).toBe(false);
    expect(beside(people(api, 2, 'one'), people(api, 2, 'other'))).toBe(true);
    expect(beside(people({}, 2, 'one'), people({}, 2, 'other'))).toBe(false);
  });

  test('in another role, or in more of it', () => {
    const [some, more] = [people({ role: hands(0.1) }), people({ role: hands(0.2) })];
    expect(beside(some, more)).toBe(false);
    expect(beside(some, some)).toBe(false);
    expect(beside(more, some)).toBe(true);
    expect(beside(some, people({ role: { name: 'others', fte: 0.1 } }))).toBe(true);
    expect(beside(some, people())).toBe(true);
    // Which may be there already: another place of the plan brings it.
    expect(beside(people(), some)).toBe(true);
  });

  test('on more machines that each ask for somebody', () => {
    const desks = (units: number) => people({ role: hands(0.1, true), gpusPerUnit: 0 }, units);
    expect(beside(desks(2), desks(2))).toBe(false);
    expect(beside(desks(2), desks(3))).toBe(false);
    expect(beside(desks(3), desks(2))).toBe(true);
    const room = (units: number) => people({ role: hands(0.1), gpusPerUnit: 0 }, units);
    expect(beside(room(3), room(2))).toBe(false);
  });

  test('with more GPUs in all', () => {
    // 2 x 4 against 1 x 8, 1 x 7 and 3 x 3.
    const eight = people({ gpusPerUnit: 4 }, 2);
    expect(beside(eight, people({ gpusPerUnit: 8 }, 1))).toBe(false);
    expect(beside(eight, people({ gpusPerUnit: 7 }, 1))).toBe(true);
    expect(beside(eight, people({ gpusPerUnit: 3 }, 3))).toBe(false);
  });
});

test('models that may matter at all, the highest score first, of equals as they stand', () => {
  const items = [3, 7, 5, 7, 1].map((score, i) => ({ option: { id: `${i}`, score } as unknown as Option }));
  const score = (option: Option) => (option as unknown as { score: number }).score;
  const found = ranked(items, { ...twins, score, better: (option) => score(option) > 3 });
  expect(found).toEqual({ scores: [3, 7, 5, 7, 1], order: [1, 3, 2] });
});

test('what is asked while others are found hears the same as what is asked after all of them', () => {
  const peopleOf = fc.record({ gpusPerUnit: fc.integer({ min: 0, max: 2 }), fte: fc.integer({ min: 0, max: 2 }) });
  const one = fc.tuple(
    fc.integer({ min: 40, max: 60 }),
    fc.integer({ min: 1, max: 110 }),
    peopleOf.map(({ gpusPerUnit, fte }) => people({ gpusPerUnit, role: hands(fte) })),
  );
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), fc.array(one, { minLength: 1, maxLength: 6 }), (found, asked) => {
      const bar = twinBar(twins, demand);
      const early = asked.map(([, , who]) => bar.leaves(who));
      const told: Twin[] = [];
      for (const twin of found) {
        const [score, usd, who] = twin;
        bar.note(candidate(who, usd), score);
        told.push(twin);
        for (const [a, [at, cost, whom]] of asked.entries()) {
          // Each of those found turns down by itself what it does.
          const alone = told.every((rival) => matters([at, cost, whom], [rival]));
          expect(early[a]?.(at, cost)).toBe(alone);
          expect(bar.leaves(whom)(at, cost)).toBe(alone);
        }
      }
    }),
  );
});
