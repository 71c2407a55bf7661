import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Group, groupsOf, type Leaf } from '../../src/decide/search-groups.js';
import { slicesByCost } from '../../src/decide/search-lines.js';
import { SearchQueue } from '../../src/decide/search-queue.js';
import type { Candidate } from '../../src/placements/candidate.js';

/** The queue, the groups and the order of slices of a search, each by itself. */

const candidate = (provider: string, { api = false, fixed = 0 } = {}): Candidate =>
  ({ provider, staff: { api }, fleet: api ? null : {}, fixed }) as unknown as Candidate;

/** A leaf with lines of one slope: where it starts, and what each slice costs on it. */
const leaf = (
  start: number,
  slices: number[],
  { staffing = 0, units = 0, gpus = 0, upfront = 0, once = false, peaks = null as Float64Array | null } = {},
): Leaf => ({
  staffing,
  units,
  gpus,
  upfront,
  once,
  peaks,
  under: { starts: Float64Array.of(start), lines: [Float64Array.from(slices)] },
});

/** A group as far as a test looks at it. */
const shown = ({ member, size, provider, spread, units, gpus, halves, under }: Group): unknown => ({
  member,
  size,
  provider,
  spread,
  units,
  gpus,
  least: [...under.starts, ...(under.lines[0] ?? [])],
  ...(halves && { halves: halves.map(shown) }),
});

const { POSITIVE_INFINITY: never } = Number;

test('a group is the least of its members in everything, split at the figure that tells most of them apart', () => {
  const candidates = ['x', 'x', 'y'].map((provider) => candidate(provider));
  const leaves = [
    leaf(10, [5, 20], { units: 4, gpus: 8 }),
    leaf(12, [6, 50], { units: 2, gpus: 16 }),
    leaf(11, [9, 30], { units: 3, gpus: 6 }),
  ];
  // Starts differ by 2, the first slice by 4, the second by 30: that one parts 20 from 30 and 50.
  expect(groupsOf(candidates, leaves).map(shown)).toEqual([
    {
      member: 0,
      size: 3,
      provider: null,
      spread: 36,
      units: 2,
      gpus: 6,
      least: [10, 5, 20],
      halves: [
        { member: 0, size: 1, provider: 'x', spread: 0, units: 4, gpus: 8, least: [10, 5, 20] },
        {
          member: 2,
          size: 2,
          provider: null,
          // 1 + 3 + 20.
          spread: 24,
          units: 2,
          gpus: 6,
          least: [11, 6, 30],
          halves: [
            { member: 2, size: 1, provider: 'y', spread: 0, units: 3, gpus: 6, least: [11, 9, 30] },
            { member: 1, size: 1, provider: 'x', spread: 0, units: 2, gpus: 16, least: [12, 6, 50] },
          ],
        },
      ],
    },
  ]);
});

test('a group has in its peaks the least of its members, and something once where one of them has', () => {
  const of = (...leaves: Leaf[]) =>
    groupsOf([candidate('x'), candidate('x'), candidate('x')].slice(0, leaves.length), leaves)[0];
  const [low, high] = [{ peaks: Float64Array.of(1, 8) }, { peaks: Float64Array.of(5, 2), once: true }];
  const both = of(leaf(1, [1, 2], low), leaf(2, [3, 4], high));
  expect([both?.peaks, both?.once]).toEqual([Float64Array.of(1, 2), true]);
  const [first, second] = both?.halves ?? [];
  expect([first?.peaks, first?.once]).toEqual([low.peaks, false]);
  expect([second?.peaks, second?.once]).toEqual([high.peaks, true]);
  const none = of(leaf(1, [1, 2]), leaf(2, [3, 4]));
  expect([none?.peaks, none?.once]).toEqual([null, false]);
});

test('what is over three times dearer counts as three times, what some may not serve as well; what none may not at all', () => {
  const two = (one: number[], other: number[]) => {
    const [group] = groupsOf([candidate('x'), candidate('x')], [leaf(0, one), leaf(0, other)]);
    return [group?.spread, group?.provider, group?.halves?.map(({ member }) => member)];
  };
  expect(two([10], [39])).toEqual([29, 'x', [0, 1]]);
  expect(two([10], [41])).toEqual([30, 'x', [0, 1]]);
  expect(two([never], [10])).toEqual([30, 'x', [1, 0]]);
  expect(two([never], [never])).toEqual([0, 'x', [0, 1]]);
  // Of figures that tell as much apart the first one decides, of equals the order in which they stand.
  expect(two([5, 10], [10, 5])).toEqual([10, 'x', [0, 1]]);
  expect(two([7, 7], [7, 7])).toEqual([0, 'x', [0, 1]]);
  // Cents tell apart what nothing else does: 0.1 and 0.4 USD.
  expect(two([5.1, 9.9], [5.2, 9.5])).toEqual([expect.closeTo(0.5), 'x', [1, 0]]);
});

test('one group for each way to ask of people; APIs are parted by provider first, whatever they cost', () => {
  const candidates = [
    candidate('one', { api: true }),
    candidate('two', { api: true }),
    candidate('own'),
    candidate('three', { api: true }),
    candidate('one', { api: true }),
  ];
  const usd = [1, 100, 50, 2, 90];
  const leaves = usd.map((one, c) => leaf(0, [one], { staffing: c === 2 ? 1 : 0 }));
  const members = (group: Group): unknown => group.halves?.map(members) ?? group.member;
  const groups = groupsOf(candidates, leaves);
  expect(groups.map(({ size, staffing }) => [size, staffing])).toEqual([
    [4, 0],
    [1, 1],
  ]);
  // The first half of the providers against the others: one; two and three.
  expect(groups.map(members)).toEqual([
    [
      [0, 4],
      [1, 3],
    ],
    2,
  ]);
  // Machines are parted by what they cost, whoever rents them out.
  const rented = candidates.map(({ provider }) => candidate(provider));
  const [whole] = groupsOf(
    rented,
    usd.map((one) => leaf(0, [one])),
  );
  expect(members(whole as Group)).toEqual([
    [0, 3],
    [2, [4, 1]],
  ]);
});

test('the queue gives the least bound first, of equals the one put in first', () => {
  const moves = fc.array(fc.oneof({ weight: 3, arbitrary: fc.nat(6) }, { weight: 2, arbitrary: fc.constant(null) }));
  fc.assert(
    fc.property(moves, (list) => {
      const queue = new SearchQueue<number>();
      let open: { item: number; bound: number }[] = [];
      for (const [item, bound] of list.entries()) {
        if (bound !== null) {
          queue.put(item, bound);
          open = [...open, { item, bound }].sort((a, b) => a.bound - b.bound || a.item - b.item);
          continue;
        }
        const [first] = open.splice(0, 1);
        const taken = queue.take();
        expect(taken && [taken.item, taken.bound]).toEqual(first === undefined ? null : [first.item, first.bound]);
      }
      expect(open.map(() => queue.take()?.item)).toEqual(open.map(({ item }) => item));
      expect(queue.take()).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('slices that only machines may serve first, then the dearest, then as they stand', () => {
  const [api, machine, loadBalanced] = [
    candidate('a', { api: true }),
    candidate('m'),
    candidate('l', { api: true, fixed: 9 }),
  ];
  const none = Number.NaN;
  const order = (...lines: [Candidate, number[]][]) =>
    slicesByCost(
      lines.map(([one]) => one),
      lines.map(([, line]) => Float64Array.from(line)),
      3,
    );
  expect(order([api, [5, 7, 6]])).toEqual([1, 2, 0]);
  expect(order([api, [5, 5, 5]])).toEqual([0, 1, 2]);
  expect(order([api, [5, 7, none]], [machine, [none, 1, 2]])).toEqual([2, 0, 1]);
  expect(order([api, [5, 7, none]], [loadBalanced, [none, none, 2]])).toEqual([2, 1, 0]);
  expect(order([api, [5, 7, none]], [machine, [1, none, none]])).toBeNull();
  // The least of all counts: 3, 2 and 4.
  expect(order([api, [9, 2, 4]], [api, [3, 8, 8]])).toEqual([2, 0, 1]);
});
