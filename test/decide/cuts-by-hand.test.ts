import { describe, expect, test } from 'vitest';
import { slicesWeighed, variantsOf, waysToCut, waysWeighed } from '../../src/decide/cuts.js';
import type { Cut } from '../../src/decide/shapes.js';
import { cascade, edgeFallback, sensitivitySplit, tieredRouting } from '../../src/decide/shapes.js';
import type { Context } from '../../src/places/placement.js';
import { servedInTime } from '../../src/workload/load.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** Each way to cut a task up, and what stands beside machines for their peaks, by figures that a test sets. */

/** What is said of each cut: how it is called, and of its parts how much they are, which requests, and what is to do. */
const shown = (cuts: readonly Cut[]) =>
  cuts.map(({ taskParts }) => {
    const names = new Set(taskParts.map(({ cut }) => [cut?.shape, cut?.key].join()));
    const parts = taskParts.map(({ id, share, requestsPerDay, cut, deviceGroup }) => [
      [id, Number(share.toFixed(9)), Number(requestsPerDay.toFixed(6)), deviceGroup].join(' ').trim(),
      ...[cut?.when, cut?.todo].filter((one) => one !== undefined),
    ]);
    return [...names, ...parts];
  });

async function caseWith(task: object, more: object = {}): Promise<{ context: Context; taskPart: TaskPart }> {
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: [{ name: 'chat', type: 'faq-chat', capability: { minIndex: 60 }, ...task }],
    ...more,
  });
  const taskPart = context.workload.taskParts[0] as TaskPart;
  return { context, taskPart };
}

describe('a deadline over two parts of a task in turn', () => {
  const timing = ({ hours, waits, batchable }: TaskPart) => [waits?.deadlineHours ?? 0, batchable, [...hours]];
  // A day in the week of office hours: what may wait is done under the lowest ceiling that keeps the deadline.
  const parts = async (deadline: number | null, more: object = {}) => {
    const { context, taskPart } = await caseWith({
      easy: { share: '60%', capability: { minIndex: 30 } },
      ...(deadline !== null && { deadline }),
      ...more,
    });
    const arrivals = taskPart.waits?.arrivals ?? taskPart.hours;
    const within = (hours: number) => [...servedInTime(arrivals, hours)];
    return { context, taskPart, arrivals, within };
  };

  test.each([
    { deadline: null, first: 0, second: 0, batch: [false, false] },
    { deadline: 1, first: 0, second: 1, batch: [false, false] },
    { deadline: 12, first: 6, second: 6, batch: [false, false] },
    { deadline: 23, first: 11, second: 12, batch: [false, false] },
    // One batch of a day fits: the second, which is at the dearer model.
    { deadline: 24, first: 0, second: 24, batch: [false, true] },
    { deadline: 36, first: 12, second: 24, batch: [false, true] },
    { deadline: 47, first: 23, second: 24, batch: [false, true] },
    { deadline: 48, first: 24, second: 24, batch: [true, true] },
    { deadline: 72, first: 36, second: 36, batch: [true, true] },
  ])('$deadline hours: $first and $second', async ({ deadline, first, second, batch }) => {
    const { context, taskPart, within } = await parts(deadline);
    const [cut] = cascade(taskPart, context);
    expect(cut?.taskParts.map(timing)).toEqual([
      [first, batch[0], within(first)],
      [second, batch[1], within(second)],
    ]);
    expect(waysToCut(taskPart, context)[0]).toEqual([taskPart]);
  });

  test('redaction goes before what it leaves is answered; what needs none keeps the whole deadline', async () => {
    const rest = { boundary: 'anywhere' };
    const sensitive = {
      share: '20%',
      rest,
      redaction: { type: 'personal-data-redaction', leaves: { sensitivity: 'internal' } },
    };
    const { context, taskPart } = await parts(24, { sensitive, easy: undefined });
    const cuts = sensitivitySplit(taskPart, context).map(({ taskParts }) =>
      taskParts.map((part) => [part.part, part.waits?.deadlineHours ?? 0, part.batchable]),
    );
    expect(cuts).toEqual([
      [
        ['sensitive', 24, true],
        ['rest', 24, true],
      ],
      [
        ['redaction', 0, false],
        ['redacted', 24, true],
        ['rest', 24, true],
      ],
    ]);
  });
});

describe('a task in parts', () => {
  test('routed: easy requests apart, told beforehand', async () => {
    const { context, taskPart } = await caseWith({
      easy: { share: '60%', told: 'before', capability: { minIndex: 30 } },
    });
    const cuts = tieredRouting(taskPart, context);
    const todo = 'build the rule that tells easy requests of chat: it is not priced';
    expect(shown(cuts)).toEqual([
      [
        'tiered-routing,tiered-routing',
        ['chat.easy 0.6 600', 'the request is easy', todo],
        ['chat.hard 0.4 400', 'the request is hard'],
      ],
    ]);
    expect(cuts[0]?.taskParts.map(({ needs }) => needs.capability.need)).toEqual([30, 60]);
    expect(cuts[0]?.taskParts.every((part) => !('divisible' in part) && part.task === 'chat')).toBe(true);
    expect(cascade(taskPart, context)).toEqual([]);
  });

  test('a cascade: all to the lesser model first; none where its user wrote how long an answer may take', async () => {
    const easy = { share: '60%', told: 'after', capability: { minIndex: 30 } };
    const { context, taskPart } = await caseWith({ easy });
    const todo = 'build the check that tells when a first answer of chat is not good enough: it is not priced';
    expect(shown(cascade(taskPart, context))).toEqual([
      [
        'cascade,cascade',
        ['chat.first 1 1000', 'first'],
        ['chat.escalated 0.4 400', 'the first answer was not good enough', todo],
      ],
    ]);
    expect(tieredRouting(taskPart, context)).toEqual([]);
    for (const latency of [{ ttftP95: '2s' }, { totalP95: '9s' }]) {
      const timed = await caseWith({ easy, latency });
      expect(cascade(timed.taskPart, timed.context), JSON.stringify(latency)).toEqual([]);
    }
    const speed = await caseWith({ easy, latency: { tokensPerSecond: 20 } });
    expect(cascade(speed.taskPart, speed.context)).toHaveLength(1);
  });

  test.each([
    { task: { easy: { share: '100%', told: 'before' } }, cuts: [['easy 1']] },
    { task: { easy: { share: '0%', told: 'before' } }, cuts: [] },
    { task: { easy: { share: '100%', told: 'after' } }, cuts: [['first 1']] },
    { task: { easy: { share: '100%', told: 'after' }, latency: { ttftP95: '2s' }, deadline: 30 }, cuts: [['first 1']] },
    { task: { easy: { share: '0%', told: 'after' } }, cuts: [['first 1', 'escalated 1 to do']] },
    { task: { sensitive: { share: '100%' } }, cuts: [] },
    { task: { sensitive: { share: '0%' } }, cuts: [['rest 1']] },
    { task: { sensitive: { share: '0%', redaction: {} } }, cuts: [['rest 1']] },
    { task: { sensitive: { share: '100%', redaction: {} } }, cuts: [['redaction 1 to do', 'redacted 1']] },
  ])('nothing stands for requests that there are none of: $task', async ({ task, cuts }) => {
    const { easy, sensitive, ...more } = task as { easy?: object; sensitive?: { redaction?: object } };
    const { context, taskPart } = await caseWith({
      ...more,
      ...(easy && { easy: { ...easy, capability: { minIndex: 30 } } }),
      ...(sensitive && {
        sensitive: {
          ...sensitive,
          rest: { boundary: 'anywhere' },
          ...(sensitive.redaction && {
            redaction: { type: 'personal-data-redaction', leaves: { sensitivity: 'internal' } },
          }),
        },
      }),
    });
    const found = waysToCut(taskPart, context).slice(1);
    expect(
      found.map((parts) =>
        parts.map(({ part, cut }) => `${part} ${cut?.times}${cut?.todo === undefined ? '' : ' to do'}`),
      ),
    ).toEqual(cuts);
    // One that is left alone has all the time there is.
    for (const [alone, ...others] of found)
      if (others.length === 0) expect([alone?.waits, alone?.inTurn]).toEqual([taskPart.waits, taskPart.inTurn]);
  });

  test('sensitive requests apart, or redacted first: without what all requests share', async () => {
    const sensitive = {
      share: '10%',
      rest: { sensitivity: 'internal' },
      redaction: { type: 'personal-data-redaction' },
    };
    const tokens = { input: 3000, output: 300, cacheablePrefix: 1000 };
    const { context, taskPart } = await caseWith(
      { sensitive, tokens },
      { data: { sensitivity: 'pii', boundary: 'own-account' } },
    );
    const cuts = sensitivitySplit(taskPart, context);
    const check = 'build the check that finds sensitive requests of chat: it is not priced';
    const missed = 'measure what redaction of chat misses: what it misses leaves the boundary';
    const rest = ['chat.rest 0.9 900', 'the request is not sensitive', check];
    expect(shown(cuts)).toEqual([
      ['sensitivity-split,sensitivity-split', ['chat.sensitive 0.1 100', 'the request is sensitive'], rest],
      [
        'sensitivity-split,sensitivity-split redacted',
        ['chat.redaction 0.1 100', 'the request is sensitive: it is redacted first', missed],
        ['chat.redacted 0.1 100', 'the request has been redacted'],
        rest,
      ],
    ]);
    expect(cuts[1]?.taskParts[0]?.tokens).toMatchObject({ input: 2000, longestInput: 2000, prefix: 0, output: 2000 });
    expect(cuts[1]?.taskParts[1]?.tokens).toEqual(taskPart.tokens);
  });

  test('redacted first: not where its user wrote how long an answer may take; apart all the same', async () => {
    const sensitive = { share: '10%', redaction: { type: 'personal-data-redaction' } };
    const keys = async (latency: object) => {
      const { context, taskPart } = await caseWith({ sensitive, latency });
      return sensitivitySplit(taskPart, context).map(({ taskParts }) => taskParts[0]?.cut?.key);
    };
    const apart = 'sensitivity-split';
    expect(await keys({ ttftP95: '2s' })).toEqual([apart]);
    expect(await keys({ totalP95: '9s' })).toEqual([apart]);
    // How fast an answer is written is a matter of the answer alone.
    expect(await keys({ tokensPerSecond: 20 })).toEqual([apart, `${apart} redacted`]);
  });

  test('devices serve their own requests; where some are easy those alone, or all of theirs first', async () => {
    const devices = { count: 1000, classes: { 'snapdragon-8-gen-3-12gb': '40%' } };
    const able = 'the device has 12 GB or more';
    const cut = (key: string, times: number, elsewhere: number, when: string) => [
      `edge-fallback,edge-fallback 12gb-up ${key}`,
      [`chat.device${key === 'all' ? '' : `.${key}`} ${times} ${times * 1000} 12gb-up`, when],
      [`chat.fallback ${elsewhere} ${elsewhere * 1000}`, 'otherwise'],
    ];
    const cuts = async (task: object, more: object = {}) => {
      const { context, taskPart } = await caseWith(task, { devices, ...more });
      return shown(edgeFallback(taskPart, context));
    };
    const easy = { share: '50%', capability: { minIndex: 30 } };
    expect(await cuts({})).toEqual([cut('all', 0.4, 0.6, able)]);
    expect(await cuts({ easy: { ...easy, told: 'before' } })).toEqual([
      cut('all', 0.4, 0.6, able),
      cut('easy', 0.2, 0.8, `${able} and the request is easy`),
    ]);
    expect(await cuts({ easy: { ...easy, told: 'after' } })).toEqual([
      cut('all', 0.4, 0.6, able),
      cut('first', 0.4, 0.8, `${able} and its answer is good enough`),
    ]);
    expect(await cuts({ easy: { ...easy, told: 'after' }, latency: { ttftP95: '3s' } })).toEqual([
      cut('all', 0.4, 0.6, able),
    ]);
    // Where all are easy none goes on, so that a target has nothing to hold over.
    const every = { ...easy, share: '100%', told: 'after' };
    expect(await cuts({ easy: every, latency: { ttftP95: '3s' } })).toEqual([
      cut('all', 0.4, 0.6, able),
      cut('easy', 0.4, 0.6, `${able} and the request is easy`),
    ]);
    // What all devices can run is no cut.
    const all = { ...devices, classes: { 'snapdragon-8-gen-3-12gb': '100%' } };
    expect(await cuts({}, { devices: all })).toEqual([]);
    // Of the ways with easy requests only the one that tries them first takes two places in turn.
    const tried = await caseWith({ easy: { ...easy, told: 'after' } }, { devices });
    expect(
      edgeFallback(tried.taskPart, tried.context).map(({ taskParts }) => taskParts.map(({ inTurn }) => inTurn)),
    ).toEqual([
      [undefined, undefined],
      [true, true],
    ]);
    // What must do without a network, or may not leave the device, has nowhere to fall back to.
    expect(await cuts({}, { needs: { offline: true } })).toEqual([]);
    expect(await cuts({ data: { sensitivity: 'device-only' } })).toEqual([]);
  });
});

describe('parts that are cut again by how hard requests are', () => {
  const before = { share: '60%', told: 'before', capability: { minIndex: 30 } };
  const after = { ...before, told: 'after' };
  const sensitive = { share: '10%', rest: { sensitivity: 'internal' } };
  const redaction = { type: 'personal-data-redaction' };
  /** Every way after the task as a whole: parts, their multiples of the task, and the capability they need. */
  const ways = async (task: object, more: object = {}, which = 0) => {
    const context = await caseOf({
      workload: { volume: 1000 },
      tasks: [{ name: 'chat', type: 'faq-chat', capability: { minIndex: 60 }, ...task }],
      data: { sensitivity: 'pii', boundary: 'own-account' },
      ...more,
    });
    const found = waysToCut(context.workload.taskParts[which] as TaskPart, context).slice(1);
    for (const parts of found) for (const part of parts) expect(part).not.toHaveProperty('divisible');
    return found.map((parts) =>
      parts
        .map(({ part, cut, needs }) => `${part} ${Number(cut?.times.toFixed(9))} ${needs.capability.need}`)
        .join(', '),
    );
  };

  test('those that are sensitive, those that are not, and both', async () => {
    expect(await ways({ easy: before, sensitive })).toEqual([
      'easy 0.6 30, hard 0.4 60',
      'sensitive 0.1 60, rest 0.9 60',
      'sensitive.easy 0.06 30, sensitive.hard 0.04 60, rest.easy 0.54 30, rest.hard 0.36 60',
      'sensitive.easy 0.06 30, sensitive.hard 0.04 60, rest 0.9 60',
      'sensitive 0.1 60, rest.easy 0.54 30, rest.hard 0.36 60',
    ]);
  });

  test('what redaction leaves, by a rule; a cascade would be a third place in turn', async () => {
    const redacted = (found: string[]) => found.filter((way) => way.startsWith('redaction'));
    const of = { sensitive: { ...sensitive, redaction } };
    const first = /^redaction 0.1 \d+, /;
    expect(redacted(await ways({ easy: before, ...of })).map((way) => way.replace(first, ''))).toEqual([
      'redacted 0.1 60, rest 0.9 60',
      'redacted.easy 0.06 30, redacted.hard 0.04 60, rest.easy 0.54 30, rest.hard 0.36 60',
      'redacted.easy 0.06 30, redacted.hard 0.04 60, rest 0.9 60',
      'redacted 0.1 60, rest.easy 0.54 30, rest.hard 0.36 60',
    ]);
    expect(redacted(await ways({ easy: after, ...of })).map((way) => way.replace(first, ''))).toEqual([
      'redacted 0.1 60, rest 0.9 60',
      'redacted 0.1 60, rest.first 0.9 30, rest.escalated 0.36 60',
    ]);
  });

  test('what devices leave to others: the easy ones of devices without room, and all that are hard', async () => {
    const devices = { count: 1000, classes: { 'snapdragon-8-gen-3-12gb': '40%' } };
    const more = { devices, data: { sensitivity: 'internal' } };
    expect(await ways({ easy: before }, more)).toEqual([
      'easy 0.6 30, hard 0.4 60',
      'device 0.4 60, fallback 0.6 60',
      'device.easy 0.24 30, fallback 0.76 60',
      'device 0.4 60, fallback.easy 0.36 30, fallback.hard 0.24 60',
      'device.easy 0.24 30, fallback.easy 0.36 30, fallback.hard 0.4 60',
    ]);
    // What a device has tried is no more told apart from what none could.
    expect(await ways({ easy: after }, more)).toEqual([
      'first 1 30, escalated 0.4 60',
      'device 0.4 60, fallback 0.6 60',
      'device.first 0.4 30, fallback 0.76 60',
      'device 0.4 60, fallback.first 0.6 30, fallback.escalated 0.24 60',
    ]);
  });

  test.each(['before', 'after'] as const)('no two ways have the same parts, easy requests told %s', async (told) => {
    const devices = { count: 1000, classes: { 'snapdragon-8-gen-3-12gb': '40%', 'apple-a17-pro-8gb': '30%' } };
    const tuned = { capability: { minIndex: 40 } };
    const { context, taskPart } = await caseWith(
      { easy: { ...before, told }, sensitive: { ...sensitive, redaction }, tuned },
      { devices, data: { sensitivity: 'pii', boundary: 'under-contract' } },
    );
    const names = waysToCut(taskPart, context).map((parts) =>
      parts
        .map(({ id, deviceGroup }) => `${id} ${deviceGroup}`)
        .sort()
        .join(),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(10);
  });
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
