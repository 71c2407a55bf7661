import { beforeAll, expect, test } from 'vitest';
import {
  changeTaskParts,
  type InputLever,
  type Setting,
  type Working,
  withTaskParts,
} from '../../src/analyses/levers/lever.js';
import { batch, easyRouting, responseCache } from '../../src/analyses/levers/requests.js';
import { lessHistory, outputTrim, promptCache, promptTrim } from '../../src/analyses/levers/tokens.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { reasoningTokens } from '../../src/places/tokens-written.js';
import type { TaskRow } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { servedInTime } from '../../src/workload/deferral.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** Levers on what is asked for: what each changes of which task, and why another it leaves alone. */

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const assumptions = {
  semanticCacheHitRate: 0.25,
  semanticCacheEmbeddingUsdPerMTok: 0.02,
  promptTrim: 0.2,
  promptTrimFromTokens: 300,
  outputTrim: 0.3,
  outputTrimFromTokens: 100,
  historyKeptShare: 0.5,
  easyShare: 0.6125,
};
const task = (name: string, more: object = {}) => ({
  name,
  type: 'faq-chat',
  share: '50%',
  tokens: { input: 1000, output: 200, cacheablePrefix: 400 },
  ...more,
});
const scenario = (more: Partial<Written> = {}): Promise<Context> =>
  caseOf({ workload: { volume: '8k', profile: 'flat' }, tasks: [task('a'), task('b')], ...more, assumptions }, tables);
const only = (name: string) => (taskPart: Pick<TaskPart, 'task'>) => taskPart.task === name;
const all = () => true;

function changed(
  lever: InputLever,
  context: Context,
  suits: (taskPart: TaskPart) => boolean = all,
  more: Partial<Working> = {},
  presets: Partial<TaskRow> = {},
) {
  const plan = findPlan('cloud-api/openai/gpt-5-mini', context) as Plan;
  const setting: Setting = { context, plan, presetOf: () => presets as TaskRow };
  const start: Working = { workload: context.workload, history: { turns: 1, kept: 1 }, ...more };
  const result = lever.change(start, suits, setting);
  const taskParts = 'not' in result ? [] : result.working.workload.taskParts;
  return {
    result,
    taskParts,
    of: (name: string) => taskParts.filter((taskPart) => taskPart.task === name),
    without: lever.without?.(start, setting),
  };
}
const not = (
  lever: InputLever,
  ...asked: Parameters<typeof changed> extends [InputLever, ...infer Rest] ? Rest : never
) => {
  const { result } = changed(lever, ...asked);
  return 'not' in result ? result.not : null;
};

test('a demand with other slices: the volume is of those that scale, and shares are of all', async () => {
  const { workload } = await scenario({
    tasks: [task('a'), task('b'), task('night', { share: undefined, volume: '2k' })],
  });
  const requests = (...perDay: number[]) =>
    withTaskParts(
      workload,
      workload.taskParts.map((taskPart, i) => ({ ...taskPart, requestsPerDay: perDay[i] as number })),
    );
  const fewer = requests(1000, 2000, 1000);
  expect(fewer.requestsPerDay).toBe(3000);
  expect(fewer.taskParts.map(({ share }) => share)).toEqual([0.25, 0.5, 0.25]);
  // Of nothing that scales the volume stays; of nothing at all there are no shares.
  const none = requests(0, 0, 1000);
  expect([none.requestsPerDay, ...none.taskParts.map(({ share }) => share)]).toEqual([8000, 0, 0, 1]);
  expect(requests(0, 0, 0).taskParts.map(({ share }) => share)).toEqual([0, 0, 0]);
  expect(fewer.assume('promptTrim')).toBe(0.2);
  expect(fewer.months).toBe(workload.months);
});

test('slices that a lever leaves alone stay; tasks are told once, changes all; none at all is nothing', async () => {
  const { workload } = await scenario();
  const working = { workload, history: { turns: 3, kept: 0.5 } };
  expect(changeTaskParts(working, () => null)).toBeNull();
  const change = { path: 'p', from: 1, to: 2, unit: '' };
  const done = changeTaskParts(working, (taskPart) =>
    taskPart.task === 'a'
      ? {
          taskParts: [
            { ...taskPart, id: 'a.1' },
            { ...taskPart, id: 'a.2' },
          ],
          changes: [change, change],
        }
      : null,
  );
  expect(done).toMatchObject({ tasks: ['a'], changes: [change, change], working: { history: working.history } });
  expect(done?.working.workload.taskParts.map(({ id }) => id)).toEqual(['a.1', 'a.2', workload.taskParts[1]?.id]);
  const parts = { ...working, workload: done?.working.workload ?? workload };
  const both = changeTaskParts(parts, (taskPart) => ({ taskParts: [taskPart], changes: [change] }));
  expect([both?.tasks, both?.changes.length]).toEqual([['a', 'b'], 3]);
});

test('answers from a store: a quarter of the requests less, every question embedded but what all prompts share', async () => {
  const context = await scenario();
  const { result, of: slicesOf } = changed(responseCache, context, only('a'));
  // 4,000 requests a day of 600 tokens that are not shared.
  const embedded = (((4000 * 730) / 24) * 600 * 0.02) / 1e6;
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [
      { path: 'workload.volume', from: 8000, to: 7000, unit: 'requests/day' },
      { path: 'tasks.a.share', from: 0.5, to: 3 / 7, unit: '' },
      { path: 'tasks.b.share', from: 0.5, to: 4 / 7, unit: '' },
    ],
    extraUsd: expect.closeTo(embedded, 9),
  });
  expect([...slicesOf('a'), ...slicesOf('b')].map(({ requestsPerDay }) => requestsPerDay)).toEqual([3000, 4000]);
  expect(changed(responseCache, context).result).toMatchObject({
    tasks: ['a', 'b'],
    extraUsd: expect.closeTo(2 * embedded, 9),
  });
  expect(not(responseCache, context, () => false)).toBe('no task is of a kind whose questions repeat');
});

test.each([
  ['public', true],
  ['internal', true],
  ['pii', false],
  ['regulated', false],
])('answers to %s questions may be stored: %s', async (sensitivity, may) => {
  const context = await scenario({
    tasks: [task('a', { data: { sensitivity } }), task('b', { data: { sensitivity: 'pii' } })],
  });
  const personal = 'answers to questions with personal data must not be shared';
  expect(not(responseCache, context)).toBe(may ? null : personal);
  expect(not(responseCache, context, only('b'))).toBe(personal);
  expect(not(responseCache, context, () => false)).toBe('no task is of a kind whose questions repeat');
});

const tokens = ({ tokens: { input, prefix, output, longestInput, reasoning } }: TaskPart) => ({
  input,
  prefix,
  output,
  longestInput,
  reasoning,
});

test('a shorter prompt: a fifth of what a turn has of its own, from so many tokens on; history is shorter with it', async () => {
  const context = await scenario();
  const { result, of: slicesOf } = changed(promptTrim, context, only('a'));
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [
      { path: 'tasks.a.tokens.input', from: 1000, to: 800, unit: 'tokens' },
      { path: 'tasks.a.tokens.cacheablePrefix', from: 400, to: 320, unit: 'tokens' },
    ],
  });
  expect(slicesOf('a').map(tokens)).toEqual([
    { input: 800, prefix: 320, output: 200, longestInput: 800, reasoning: null },
  ]);
  expect(slicesOf('b').map(tokens)).toEqual([
    { input: 1000, prefix: 400, output: 200, longestInput: 1000, reasoning: null },
  ]);
  const byHand = await scenario({ tasks: [task('a', { tokens: { input: 800, output: 200 } }), task('b')] });
  expect(slicesOf('a').map(({ needs }) => needs.contextTokens)).toEqual([
    byHand.workload.taskParts[0]?.needs.contextTokens,
  ]);
  const short = (input: number) =>
    scenario({ tasks: [task('a', { share: '100%', tokens: { input, output: 200, cacheablePrefix: 0 } })] });
  expect(not(promptTrim, await short(300))).toBeNull();
  expect(not(promptTrim, await short(299))).toBe('no prompt has 300 tokens, so there is little to cut');
  expect(not(promptTrim, context, () => false)).toBe('no prompt has 300 tokens, so there is little to cut');
});

test('a shorter answer: three tenths less, from so many tokens on', async () => {
  const context = await scenario();
  const { result, of: slicesOf } = changed(outputTrim, context, only('b'));
  expect(result).toMatchObject({
    tasks: ['b'],
    changes: [{ path: 'tasks.b.tokens.output', from: 200, to: 140, unit: 'tokens' }],
  });
  expect(slicesOf('b').map(tokens)).toEqual([
    { input: 1000, prefix: 400, output: 140, longestInput: 1000, reasoning: null },
  ]);
  const short = (output: number) =>
    scenario({ tasks: [task('a', { share: '100%', tokens: { input: 1000, output } })] });
  expect(not(outputTrim, await short(100))).toBeNull();
  expect(not(outputTrim, await short(99))).toBe('no answer has 100 tokens, so there is little to cut');
  expect(not(outputTrim, context, () => false)).toBe('no answer has 100 tokens, so there is little to cut');
});

test('less history: half of it is sent again, and so by levers pulled after it', async () => {
  const context = await scenario({ workload: { volume: '8k', turns: 3 } });
  const history = { turns: 3, kept: 1 };
  // One earlier turn on average, of the 600 tokens that are not shared and 200 of the answer; the longest has two.
  expect(context.workload.taskParts.map(tokens)[0]).toMatchObject({ input: 1800, prefix: 1200, longestInput: 2600 });
  const { result, of: slicesOf } = changed(lessHistory, context, only('a'), { history });
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [{ path: 'assumptions.historySentShare', from: 1, to: 0.5, unit: '' }],
    working: { history: { turns: 3, kept: 0.5 } },
  });
  expect(slicesOf('a').map(tokens)).toEqual([
    { input: 1400, prefix: 800, output: 200, longestInput: 1800, reasoning: null },
  ]);
  expect(slicesOf('b').map(tokens)).toEqual(context.workload.taskParts.slice(1).map(tokens));
  expect(not(lessHistory, context, () => false, { history })).toBe('no task is a conversation');
  for (const turns of [1, 0.5])
    expect(not(lessHistory, context, all, { history: { turns, kept: 1 } })).toBe(
      'a conversation is a single request: nothing is sent again',
    );
  expect(not(lessHistory, context, all, { history: { turns: 1.5, kept: 1 } })).toBeNull();
  // Shorter prompts and answers shorten what is sent again: 480 and 160 of 800 tokens.
  expect(changed(promptTrim, context, only('a'), { history }).of('a').map(tokens)).toMatchObject([
    { input: 800 + 680, prefix: 320 + 680, longestInput: 800 + 2 * 680 },
  ]);
  expect(changed(outputTrim, context, only('a'), { history }).of('a').map(tokens)).toMatchObject([
    { input: 1000 + 740, prefix: 400 + 740, output: 140 },
  ]);
});

test('batch: what nobody waits for is done within a day; where a user set a time, or a preset expects one, somebody waits', async () => {
  const peaked = { volume: '8k', profile: { peakToMean: 4 } };
  const context = await scenario({ workload: peaked });
  const arrivals = context.workload.taskParts[0]?.hours as Float64Array;
  const { result, of: slicesOf, without } = changed(batch, context, only('a'), {}, { batchable: true });
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [{ path: 'tasks.a.deadline', from: 0, to: 24, unit: 'hours' }],
  });
  const [a] = slicesOf('a');
  expect(a?.batchable).toBe(true);
  expect(a?.hours).toBe(servedInTime(arrivals, 24));
  expect(a?.hours).not.toBe(arrivals);
  expect(a?.waits).toEqual({ arrivals, deadlineHours: 24 });
  expect(slicesOf('b').map(({ batchable, hours }) => [batchable, hours === arrivals])).toEqual([[false, true]]);
  expect(without).toBeNull();
  const waited = 'somebody waits for the answers';
  for (const presets of [{ batchable: false }, {}]) expect(not(batch, context, all, {}, presets)).toBe(waited);
  for (const latency of [{ ttftP95: '5s' }, { totalP95: '60s' }]) {
    const timed = await scenario({ tasks: [task('a', { share: '100%', latency })] });
    expect(not(batch, timed, all, {}, { batchable: true })).toBe(waited);
  }
  expect(not(batch, context, () => false)).toBe('all that may wait a day does so already');
});

test('batch that is in already: the time it has counts from when the work came, and without it nothing waits', async () => {
  const tasks = [task('a', { deadline: '48h' }), task('b', { deadline: '6h' })];
  const context = await scenario({ workload: { volume: '8k', profile: { peakToMean: 4 } }, tasks });
  const { result, of: slicesOf, without } = changed(batch, context, all, {}, { batchable: true });
  expect(context.workload.taskParts.map(({ batchable }) => batchable)).toEqual([true, false]);
  expect(result).toMatchObject({
    tasks: ['b'],
    changes: [{ path: 'tasks.b.deadline', from: 6, to: 24, unit: 'hours' }],
  });
  const [a, b] = context.workload.taskParts as [TaskPart, TaskPart];
  const arrivals = b.waits?.arrivals as Float64Array;
  expect(slicesOf('b')[0]?.hours).toBe(servedInTime(arrivals, 24));
  expect(slicesOf('a')[0]?.hours).toBe(a.hours);
  expect(
    without?.taskParts.map(({ hours, waits, batchable }) => [hours === arrivals, waits === null, batchable]),
  ).toEqual([
    [true, true, false],
    [false, false, false],
  ]);
  expect(without?.taskParts[1]?.hours).toBe(b.hours);
  expect(not(batch, context, only('a'))).toBe('all that may wait a day does so already');
});

test('easy requests: to the tier below the one that the task needs, unless there is none but the lowest', async () => {
  const needing = (minIndex: number, more: object = {}) =>
    scenario({ tasks: [task('a', { share: '100%', capability: { minIndex }, ...more })] });
  const below = async (minIndex: number) => {
    const { result } = changed(easyRouting, await needing(minIndex));
    return 'not' in result ? result.not : result.changes.find(({ path }) => path.endsWith('minIndex'))?.to;
  };
  // Tiers begin at 0, 27, 52 and 84.
  const lowest = 'every task is content with the lowest tiers: no smaller model to route to';
  for (const [
    index,
    to,
  ] of [[20, lowest], [27, lowest], [51.9, lowest], [52, 27], [83.9, 27], [84, 52], [95, 52]] as const) // biome-ignore format: a table
    expect(await below(index), `${index}`).toBe(to);
  const context = await needing(60);
  const { result, taskParts } = changed(easyRouting, context);
  const whole = context.workload.taskParts[0] as TaskPart;
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [
      { path: 'tasks.a.easy.share', from: 'none', to: 0.6125, unit: '' },
      { path: 'tasks.a.easy.capability.minIndex', from: 60, to: 27, unit: '' },
      { path: 'tasks.a.easy.told', from: 'none', to: 'before', unit: '' },
    ],
  });
  expect(taskParts).toEqual([
    {
      ...whole,
      id: `${whole.id}.easy`,
      part: 'easy',
      share: 0.6125,
      requestsPerDay: 4900,
      needs: {
        ...whole.needs,
        capability: { need: 27, low: 27, high: 27, text: '27 (easy, tier general)', assumed: true },
      },
    },
    {
      ...whole,
      id: `${whole.id}.hard`,
      part: 'hard',
      share: expect.closeTo(0.3875, 9),
      requestsPerDay: expect.closeTo(3100, 9),
    },
  ]);
  // A part of a task is not cut once more.
  const working = { workload: { ...context.workload, taskParts } };
  expect(not(easyRouting, context, all, working)).toBe(lowest);
  expect(not(easyRouting, context, () => false)).toBe(lowest);
  // In whatever order the table has the tiers.
  const upside = { ...context, tables: tablesWith(context.tables, { tiers: [...context.tables.tiers].reverse() }) };
  expect(changed(easyRouting, upside).result).toMatchObject({ changes: [{}, { to: 27 }, {}] });
});

test('easy requests: of a task that the plan cuts up otherwise they are not told apart', async () => {
  const sensitive = { share: '20%', rest: { sensitivity: 'public' } };
  const context = await scenario({
    tasks: [
      task('a', { capability: { minIndex: 60 }, data: { sensitivity: 'internal' }, sensitive }),
      task('b', { capability: { minIndex: 60 } }),
    ],
  });
  const whole = findPlan('cloud-api/anthropic/claude-sonnet-5', context) as Plan;
  const split = findPlan(
    ['a.sensitive', 'a.rest', 'b'].map((name) => `${name}=cloud-api/anthropic/claude-sonnet-5`).join(';'),
    context,
  ) as Plan;
  const routed = (plan: Plan, suits: (taskPart: TaskPart) => boolean) =>
    easyRouting.change({ workload: context.workload, history: { turns: 1, kept: 1 } }, suits, {
      context,
      plan,
      presetOf: () => undefined,
    });
  expect(routed(whole, all)).toMatchObject({ tasks: ['a', 'b'] });
  expect(routed(split, all)).toMatchObject({ tasks: ['b'] });
  expect(routed(split, only('a'))).toEqual({ not: 'the plan cuts the tasks up in another way' });
});

test('shorter answers: a part of the task that reasons goes on to reason as long', async () => {
  const easy = { share: '60%', told: 'before', capability: { minIndex: 30 } };
  const context = await scenario({
    tasks: [task('a', { share: '100%', capability: { minIndex: 40 }, thinking: 'allowed', easy })],
  });
  const thinking = 'cloud-api/openai/gpt-5-mini+thinking';
  const plan = findPlan(`a.easy=cloud-api/openai/gpt-5-mini;a.hard=${thinking}`, context) as Plan;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const [, hard] = plan.deployments;
  const setting: Setting = { context, plan, presetOf: () => undefined };
  const result = outputTrim.change({ workload: context.workload, history: { turns: 1, kept: 1 } }, all, setting);
  const reasoning = hard && reasoningTokens(hard.option, taskPart, context.workload);
  expect(reasoning).toBeGreaterThan(0);
  expect('not' in result ? result : result.working.workload.taskParts[0]?.tokens).toMatchObject({
    output: 140,
    reasoning,
  });
});

test.each([
  ['prompt-trim', promptTrim],
  ['prompt-cache', promptCache],
] as const)(
  '%s beside documents that are found for a prompt, written by hand, is the same prompt',
  async (_, lever) => {
    const rag = { needs: { rag: { documents: '10k tokens', retrieved: '1500 tokens' } } };
    const long = { input: 2000, output: 200, cacheablePrefix: 400 };
    const more = { ...assumptions, promptCacheableShare: 0.7 };
    const context = await caseOf(
      { workload: { volume: '8k' }, tasks: [task('a', { share: '100%', tokens: long })], ...rag, assumptions: more },
      tables,
    );
    expect(context.workload.taskParts[0]?.tokens.input).toBe(3500);
    const { result, taskParts } = changed(lever, context);
    if ('not' in result) throw new Error(result.not);
    const to = (key: string) =>
      result.changes.find(({ path }) => path === `tasks.a.tokens.${key}`)?.to as number | undefined;
    const tokens = {
      input: to('input') ?? long.input,
      output: 200,
      cacheablePrefix: to('cacheablePrefix') ?? long.cacheablePrefix,
    };
    const byHand = await caseOf(
      { workload: { volume: '8k' }, tasks: [task('a', { share: '100%', tokens })], ...rag, assumptions: more },
      tables,
    );
    const [one, other] = [taskParts[0], byHand.workload.taskParts[0]];
    expect(one?.tokens.input).toBeCloseTo(other?.tokens.input ?? 0, 9);
    expect(one?.tokens.prefix).toBeCloseTo(other?.tokens.prefix ?? 0, 9);
    expect(one?.needs.contextTokens).toBeCloseTo(other?.needs.contextTokens ?? 0, 9);
  },
);
