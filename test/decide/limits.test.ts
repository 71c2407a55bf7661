import { expect, test } from 'vitest';
import { isWithin, type Limits, limited } from '../../src/decide/filter.js';
import { keepsLimits, type Merits } from '../../src/decide/objective.js';
import type { Context } from '../../src/places/placement.js';
import { mustSee, type Needs, type Target, type TaskPart } from '../../src/workload/workload.js';

const by = (who: Target['by']) => (value: number) => ({ value, by: who });
const [user, preset] = [by('user'), by('preset')];
const figures = ['ttftP95Ms', 'totalP95Ms', 'tokensPerSecond'] as const;

/** What a task needs under limits: somebody waits for it unless it `waits`. */
function needsUnder(limits: Limits, target: Target | null, waits: unknown = null): Needs {
  const needs = { capability: { need: 40 }, ttftP95Ms: target, totalP95Ms: target, tokensPerSecond: target };
  const workload = { taskParts: [{ needs, waits } as unknown as TaskPart], rules: { maxDeployments: 3 } };
  const [taskPart] = limited({ workload, tables: {} } as unknown as Context, limits).workload.taskParts;
  return (taskPart as TaskPart).needs;
}

const seen = (...of: Parameters<typeof needsUnder>) => figures.map((figure) => mustSee(needsUnder(...of), figure));

test('a latency score stretches the targets of a preset, and those must be seen then', () => {
  // Half of the targets are reached: latencies may be twice as long, tokens half as fast.
  expect(seen({ latencyScore: 50 }, preset(800))).toEqual([1600, 1600, 400]);
  expect(seen({ latencyScore: 200 }, preset(800))).toEqual([400, 400, 1600]);
});

test('what a user wrote stays under an easier limit and gives way to a stricter one', () => {
  expect(seen({ latencyScore: 50 }, user(800))).toEqual([800, 800, 800]);
  expect(seen({ latencyScore: 200 }, user(800))).toEqual([400, 400, 1600]);
  expect(seen({ latencyScore: 50 }, null)).toEqual([null, null, null]);
  expect(seen({}, user(800))).toEqual([800, 800, 800]);
  expect(seen({}, preset(800))).toEqual([null, null, null]);
});

test('of two times to the first token the shorter holds; that of a preset is none', () => {
  const first = (limits: Limits, target: Target | null) => seen(limits, target)[0];
  expect(first({ ttftP95Ms: 500 }, user(800))).toBe(500);
  expect(first({ ttftP95Ms: 900 }, user(800))).toBe(800);
  expect(first({ ttftP95Ms: 900 }, preset(800))).toBe(900);
  expect(first({ ttftP95Ms: 900 }, null)).toBe(900);
  expect(first({ ttftP95Ms: 900, latencyScore: 100 }, preset(800))).toBe(800);
  expect(first({ ttftP95Ms: 900, latencyScore: 50 }, preset(800))).toBe(900);
});

test('a time to the first token holds only where somebody waits', () => {
  expect(seen({ ttftP95Ms: 500 }, user(800), {})).toEqual([800, 800, 800]);
  expect(seen({ ttftP95Ms: 500 }, null, {})[0]).toBeNull();
});

test('targets, which machines are sized for, stay as they are', () => {
  for (const target of [user(800), preset(800), null])
    for (const limits of [{ ttftP95Ms: 100 }, { latencyScore: 200 }, {}])
      expect(needsUnder(limits, target)).toMatchObject({
        ttftP95Ms: target,
        totalP95Ms: target,
        tokensPerSecond: target,
      });
});

const strict: Required<Limits> = {
  capabilityScore: 80,
  latencyScore: 70,
  ttftP95Ms: 500,
  maxFte: 0.5,
  maxDeployments: 2,
  unconditional: true,
};
const easier: [keyof Limits, Limits][] = [
  ['capabilityScore', { ...strict, capabilityScore: 79 }],
  ['latencyScore', { ...strict, latencyScore: 69 }],
  ['ttftP95Ms', { ...strict, ttftP95Ms: 501 }],
  ['maxFte', { ...strict, maxFte: 0.6 }],
  ['maxDeployments', { ...strict, maxDeployments: 3 }],
  ['unconditional', { ...strict, unconditional: false }],
];

test.each(easier)('limits are within those with an easier %s, or none, and not the other way round', (name, wider) => {
  const { [name]: _, ...without } = strict;
  for (const one of [wider, without]) {
    expect(isWithin(strict, one)).toBe(true);
    expect(isWithin(one, strict)).toBe(false);
  }
  expect(isWithin(strict, strict)).toBe(true);
});

/** A plan that keeps `strict` to a hair. */
const kept = {
  scores: { capability: 80, latency: 70, sensitivity: 100 },
  ttftP95Ms: 500,
  fte: 0.5,
  deployments: 2,
} as Merits;

test('a plan keeps limits up to the last bit of each, and what is not known of it keeps none', () => {
  expect(keepsLimits(kept, strict)).toBe(true);
  const worse: [keyof Limits, Merits][] = [
    ['capabilityScore', { ...kept, scores: { ...kept.scores, capability: 79.9 } }],
    ['capabilityScore', { ...kept, scores: { ...kept.scores, capability: null } }],
    ['latencyScore', { ...kept, scores: { ...kept.scores, latency: 69.9 } }],
    ['latencyScore', { ...kept, scores: { ...kept.scores, latency: null } }],
    ['ttftP95Ms', { ...kept, ttftP95Ms: 501 }],
    ['ttftP95Ms', { ...kept, ttftP95Ms: null }],
    ['maxFte', { ...kept, fte: 0.6 }],
    ['maxDeployments', { ...kept, deployments: 3 }],
    ['unconditional', { ...kept, scores: { ...kept.scores, sensitivity: 75 } }],
  ];
  for (const [name, merits] of worse) {
    const { [name]: _, ...without } = strict;
    expect(keepsLimits(merits, strict), name).toBe(false);
    expect(keepsLimits(merits, without), name).toBe(true);
  }
});
