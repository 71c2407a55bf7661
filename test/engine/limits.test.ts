import { expect, test } from 'vitest';
import { type Limits, limited } from '../../src/decide/limits.js';
import type { Case } from '../../src/placements/placement.js';
import type { Slice, Target } from '../../src/scenario/demand.js';

const by = (who: Target['by']) => (value: number) => ({ value, by: who });
const [user, preset] = [by('user'), by('preset')];

/** What a task is asked for under limits: somebody waits for it unless it `waits`. */
function needsUnder(limits: Limits, first: Target | null, { waits = null as unknown, more = first } = {}) {
  const needs = { capability: { need: 40 }, ttftP95Ms: first, totalP95Ms: more, tokensPerSecond: more };
  const demand = { slices: [{ needs, waits } as unknown as Slice], rules: { maxDeployments: 3 } };
  const [slice] = limited({ demand, tables: {} } as unknown as Case, limits).demand.slices;
  const { ttftP95Ms, totalP95Ms, tokensPerSecond } = (slice as Slice).needs;
  return [ttftP95Ms, totalP95Ms, tokensPerSecond];
}

test('a latency score stretches the targets of a preset, and those must be kept then', () => {
  // Half of the targets are reached: latencies may be twice as long, tokens half as fast.
  expect(needsUnder({ latencyScore: 50 }, preset(800))).toEqual([user(800 * 2), user(800 * 2), user(800 / 2)]);
  expect(needsUnder({ latencyScore: 200 }, preset(800))).toEqual([user(800 / 2), user(800 / 2), user(800 * 2)]);
});

test('targets that a user wrote, or that nobody has, stay under a latency score; without one all do', () => {
  expect(needsUnder({ latencyScore: 50 }, user(800))).toEqual([user(800), user(800), user(800)]);
  expect(needsUnder({ latencyScore: 50 }, null)).toEqual([null, null, null]);
  expect(needsUnder({}, preset(800))).toEqual([preset(800), preset(800), preset(800)]);
});

test('of two times to the first token the shorter holds; that of a preset is none', () => {
  const first = (limits: Limits, target: Target | null) => needsUnder(limits, target)[0];
  expect(first({ ttftP95Ms: 500 }, user(800))).toEqual(user(500));
  expect(first({ ttftP95Ms: 900 }, user(800))).toEqual(user(800));
  expect(first({ ttftP95Ms: 900 }, preset(800))).toEqual(user(900));
  expect(first({ ttftP95Ms: 900 }, null)).toEqual(user(900));
  expect(first({ ttftP95Ms: 900, latencyScore: 100 }, preset(800))).toEqual(user(800));
  expect(first({ ttftP95Ms: 900, latencyScore: 50 }, preset(800))).toEqual(user(900));
});

test('a time to the first token holds only where somebody waits', () => {
  expect(needsUnder({ ttftP95Ms: 500 }, user(800), { waits: {} })).toEqual([user(800), user(800), user(800)]);
  expect(needsUnder({ ttftP95Ms: 500 }, null, { waits: {} })[0]).toBeNull();
});
