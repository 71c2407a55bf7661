import { describe, expect, test } from 'vitest';
import { slicesWeighed, variantsOf, waysToCut, waysWeighed } from '../../src/decide/cuts.js';
import type { Context } from '../../src/places/placement.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

test.each(['before', 'after'] as const)('no two ways have the same parts, easy requests told %s', async (told) => {
  const devices = { count: 1000, classes: { 'snapdragon-8-gen-3-12gb': '40%', 'apple-a17-pro-8gb': '30%' } };
  const tuned = { capability: { minIndex: 40 } };
  const easy = { share: '60%', told, capability: { minIndex: 30 } };
  const sensitive = { share: '10%', rest: { sensitivity: 'internal' }, redaction: { type: 'personal-data-redaction' } };
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: [{ name: 'chat', type: 'faq-chat', capability: { minIndex: 60 }, easy, sensitive, tuned }],
    devices,
    data: { sensitivity: 'pii', boundary: 'under-contract' },
  });
  const names = waysToCut(context.workload.taskParts[0] as TaskPart, context).map((parts) =>
    parts
      .map(({ id, deviceGroup }) => `${id} ${deviceGroup}`)
      .sort()
      .join(),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(10);
});

describe('ways to cut all tasks up', () => {
  const easy = { share: '50%', told: 'after', capability: { minIndex: 30 } };
  const three = (assumptions: object = {}) =>
    caseOf({
      workload: { volume: 900 },
      tasks: ['a', 'b', 'c'].map((name) => ({ name, type: 'faq-chat', volume: 300, easy })),
      assumptions,
    });
  const ids = (context: Context) =>
    variantsOf(context).map(({ workload }) => workload.taskParts.map(({ id }) => id).join(' '));
  const cut = (task: string) => `${task}.first ${task}.escalated`;

  test('every way where they are few: first all as a whole', async () => {
    const context = await three({ slicingVariants: 8, slicesWeighed: 100 });
    expect(ids(context)).toEqual([
      'a b c',
      `a b ${cut('c')}`,
      `a ${cut('b')} c`,
      `a ${cut('b')} ${cut('c')}`,
      `${cut('a')} b c`,
      `${cut('a')} b ${cut('c')}`,
      `${cut('a')} ${cut('b')} c`,
      `${cut('a')} ${cut('b')} ${cut('c')}`,
    ]);
    expect(waysWeighed(context)).toEqual({ weighed: 8, all: 8 });
    // 3 + 3 x 4 + 3 x 5 + 6.
    expect(slicesWeighed(context)).toBe(36);
    expect(variantsOf(context)[0]).toBe(context);
  });

  test('of many all at once first, then one task at a time, as far as the limits go', async () => {
    const all = [
      'a b c',
      `${cut('a')} ${cut('b')} ${cut('c')}`,
      `${cut('a')} b c`,
      `a ${cut('b')} c`,
      `a b ${cut('c')}`,
    ];
    const within = async (slicingVariants: number, taskParts: number) =>
      ids(await three({ slicingVariants, slicesWeighed: taskParts }));
    expect(await within(7, 100)).toEqual(all);
    expect(await within(4, 100)).toEqual(all.slice(0, 4));
    expect(await within(1, 100)).toEqual(all.slice(0, 1));
    // 3, 6 and 4 task parts each: 3, 9, 13, 17, 21.
    expect(await within(8, 36)).toHaveLength(8);
    expect(await within(8, 35)).toEqual(all);
    expect(await within(8, 17)).toEqual(all.slice(0, 4));
    expect(await within(8, 16)).toEqual(all.slice(0, 3));
    expect(await within(8, 1)).toEqual(all.slice(0, 1));
    expect(waysWeighed(await three({ slicingVariants: 4 }))).toEqual({ weighed: 4, all: 8 });
  });
});
