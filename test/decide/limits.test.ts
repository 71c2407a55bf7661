import { expect, test } from 'vitest';
import { type Limits, limited } from '../../src/decide/advice.js';
import { waysToCut } from '../../src/decide/cuts.js';
import type { Context } from '../../src/places/placement.js';
import { mustSee, type Needs, type Target, type TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

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

test('what a user wrote must be seen, and what a preset has need not', () => {
  expect(seen({}, user(800))).toEqual([800, 800, 800]);
  expect(seen({}, preset(800))).toEqual([null, null, null]);
});

test('of two times to the first token the shorter holds; that of a preset is none', () => {
  const first = (limits: Limits, target: Target | null) => seen(limits, target)[0];
  expect(first({ ttftP95Ms: 500 }, user(800))).toBe(500);
  expect(first({ ttftP95Ms: 900 }, user(800))).toBe(800);
  expect(first({ ttftP95Ms: 900 }, preset(800))).toBe(900);
  expect(first({ ttftP95Ms: 900 }, null)).toBe(900);
});

test('a time to the first token holds only where somebody waits', () => {
  expect(seen({ ttftP95Ms: 500 }, user(800), {})).toEqual([800, 800, 800]);
  expect(seen({ ttftP95Ms: 500 }, null, {})[0]).toBeNull();
});

test('targets, which machines are sized for, stay as they are', () => {
  for (const target of [user(800), preset(800), null])
    for (const limits of [{ ttftP95Ms: 100 }, {}])
      expect(needsUnder(limits, target)).toMatchObject({
        ttftP95Ms: target,
        totalP95Ms: target,
        tokensPerSecond: target,
      });
});

test('limits beyond the rules hold for every part that a task may be cut into', async () => {
  const context = await caseOf({
    workload: { volume: '10k requests/day' },
    tasks: [
      {
        name: 'chat',
        type: 'faq-chat',
        easy: { share: '50%', capability: { minIndex: 20 } },
        sensitive: { share: '20%', redaction: { type: 'personal-data-redaction' } },
        tuned: {},
      },
    ],
    data: { sensitivity: 'pii', boundary: 'own-account' },
    devices: { count: 1000, classes: { 'apple-a17-pro-8gb': '70%' } },
  });
  const strict = limited(context, { capabilityScore: 90 });
  const parts = waysToCut(strict.workload.taskParts[0] as TaskPart, strict).flat();
  expect(new Set(parts.map(({ part }) => part)).size).toBeGreaterThan(8);
  for (const { id, needs } of parts) expect(needs.capability.scoreAtLeast, id).toBe(90);
});
