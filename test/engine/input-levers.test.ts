import { beforeAll, expect, test } from 'vitest';
import {
  changeSlices,
  type InputLever,
  type Setting,
  type Working,
  withSlices,
} from '../../src/analyses/levers/lever.js';
import { batch, easyRouting, responseCache } from '../../src/analyses/levers/requests.js';
import { lessHistory, outputTrim, promptCache, promptTrim } from '../../src/analyses/levers/tokens.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Case } from '../../src/places/placement.js';
import { reasoningTokens } from '../../src/places/tokens-written.js';
import type { TaskRow } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import type { Slice } from '../../src/workload/demand.js';
import { servedInTime } from '../../src/workload/served-in-time.js';
import { shippedTables } from '../load.js';
import { fewRows } from './few-rows.js';
import { caseOf, tablesWith, type Written } from './scenario.js';

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
const scenario = (more: Partial<Written> = {}): Promise<Case> =>
  caseOf({ workload: { volume: '8k', profile: 'flat' }, tasks: [task('a'), task('b')], ...more, assumptions }, tables);
const only = (name: string) => (slice: Pick<Slice, 'task'>) => slice.task === name;
const all = () => true;

function changed(
  lever: InputLever,
  of: Case,
  suits: (slice: Slice) => boolean = all,
  more: Partial<Working> = {},
  presets: Partial<TaskRow> = {},
) {
  const plan = findPlan('cloud-api/openai/gpt-5-mini', of) as Plan;
  const setting: Setting = { of, plan, cheapest: true, presetOf: () => presets as TaskRow };
  const start: Working = { demand: of.demand, history: { turns: 1, kept: 1 }, ...more };
  const result = lever.change(start, suits, setting);
  const slices = 'not' in result ? [] : result.working.demand.slices;
  return {
    result,
    slices,
    of: (name: string) => slices.filter((slice) => slice.task === name),
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
  const { demand } = await scenario({
    tasks: [task('a'), task('b'), task('night', { share: undefined, volume: '2k' })],
  });
  const requests = (...perDay: number[]) =>
    withSlices(
      demand,
      demand.slices.map((slice, i) => ({ ...slice, requestsPerDay: perDay[i] as number })),
    );
  const fewer = requests(1000, 2000, 1000);
  expect(fewer.requestsPerDay).toBe(3000);
  expect(fewer.slices.map(({ share }) => share)).toEqual([0.25, 0.5, 0.25]);
  // Of nothing that scales the volume stays; of nothing at all there are no shares.
  const none = requests(0, 0, 1000);
  expect([none.requestsPerDay, ...none.slices.map(({ share }) => share)]).toEqual([8000, 0, 0, 1]);
  expect(requests(0, 0, 0).slices.map(({ share }) => share)).toEqual([0, 0, 0]);
  expect(fewer.assume('promptTrim')).toBe(0.2);
  expect(fewer.months).toBe(demand.months);
});

test('slices that a lever leaves alone stay; tasks are told once, changes all; none at all is nothing', async () => {
  const { demand } = await scenario();
  const working = { demand, history: { turns: 3, kept: 0.5 } };
  expect(changeSlices(working, () => null)).toBeNull();
  const change = { path: 'p', from: 1, to: 2, unit: '' };
  const done = changeSlices(working, (slice) =>
    slice.task === 'a'
      ? {
          slices: [
            { ...slice, id: 'a.1' },
            { ...slice, id: 'a.2' },
          ],
          changes: [change, change],
        }
      : null,
  );
  expect(done).toMatchObject({ tasks: ['a'], changes: [change, change], working: { history: working.history } });
  expect(done?.working.demand.slices.map(({ id }) => id)).toEqual(['a.1', 'a.2', demand.slices[1]?.id]);
  const parts = { ...working, demand: done?.working.demand ?? demand };
  const both = changeSlices(parts, (slice) => ({ slices: [slice], changes: [change] }));
  expect([both?.tasks, both?.changes.length]).toEqual([['a', 'b'], 3]);
});

test('answers from a store: a quarter of the requests less, every question embedded but what all prompts share', async () => {
  const of = await scenario();
  const { result, of: slicesOf } = changed(responseCache, of, only('a'));
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
  expect(changed(responseCache, of).result).toMatchObject({
    tasks: ['a', 'b'],
    extraUsd: expect.closeTo(2 * embedded, 9),
  });
  expect(not(responseCache, of, () => false)).toBe('no task is of a kind whose questions repeat');
});

test.each([
  ['public', true],
  ['internal', true],
  ['pii', false],
  ['regulated', false],
])('answers to %s questions may be stored: %s', async (sensitivity, may) => {
  const of = await scenario({
    tasks: [task('a', { data: { sensitivity } }), task('b', { data: { sensitivity: 'pii' } })],
  });
  const personal = 'answers to questions with personal data must not be shared';
  expect(not(responseCache, of)).toBe(may ? null : personal);
  expect(not(responseCache, of, only('b'))).toBe(personal);
  expect(not(responseCache, of, () => false)).toBe('no task is of a kind whose questions repeat');
});

const tokens = ({ tokens: { input, prefix, output, longestInput, reasoning } }: Slice) => ({
  input,
  prefix,
  output,
  longestInput,
  reasoning,
});

test('a shorter prompt: a fifth of what a turn has of its own, from so many tokens on; history is shorter with it', async () => {
  const of = await scenario();
  const { result, of: slicesOf } = changed(promptTrim, of, only('a'));
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
  expect(slicesOf('a').map(({ needs }) => needs.contextTokens)).toEqual([byHand.demand.slices[0]?.needs.contextTokens]);
  const short = (input: number) =>
    scenario({ tasks: [task('a', { share: '100%', tokens: { input, output: 200, cacheablePrefix: 0 } })] });
  expect(not(promptTrim, await short(300))).toBeNull();
  expect(not(promptTrim, await short(299))).toBe('no prompt has 300 tokens, so there is little to cut');
  expect(not(promptTrim, of, () => false)).toBe('no prompt has 300 tokens, so there is little to cut');
});

test('a shorter answer: three tenths less, from so many tokens on', async () => {
  const of = await scenario();
  const { result, of: slicesOf } = changed(outputTrim, of, only('b'));
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
  expect(not(outputTrim, of, () => false)).toBe('no answer has 100 tokens, so there is little to cut');
});

test('less history: half of it is sent again, and so by levers pulled after it', async () => {
  const of = await scenario({ workload: { volume: '8k', turns: 3 } });
  const history = { turns: 3, kept: 1 };
  // One earlier turn on average, of the 600 tokens that are not shared and 200 of the answer; the longest has two.
  expect(of.demand.slices.map(tokens)[0]).toMatchObject({ input: 1800, prefix: 1200, longestInput: 2600 });
  const { result, of: slicesOf } = changed(lessHistory, of, only('a'), { history });
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [{ path: 'assumptions.historySentShare', from: 1, to: 0.5, unit: '' }],
    working: { history: { turns: 3, kept: 0.5 } },
  });
  expect(slicesOf('a').map(tokens)).toEqual([
    { input: 1400, prefix: 800, output: 200, longestInput: 1800, reasoning: null },
  ]);
  expect(slicesOf('b').map(tokens)).toEqual(of.demand.slices.slice(1).map(tokens));
  expect(not(lessHistory, of, () => false, { history })).toBe('no task is a conversation');
  for (const turns of [1, 0.5])
    expect(not(lessHistory, of, all, { history: { turns, kept: 1 } })).toBe(
      'a conversation is a single request: nothing is sent again',
    );
  expect(not(lessHistory, of, all, { history: { turns: 1.5, kept: 1 } })).toBeNull();
  // Shorter prompts and answers shorten what is sent again: 480 and 160 of 800 tokens.
  expect(changed(promptTrim, of, only('a'), { history }).of('a').map(tokens)).toMatchObject([
    { input: 800 + 680, prefix: 320 + 680, longestInput: 800 + 2 * 680 },
  ]);
  expect(changed(outputTrim, of, only('a'), { history }).of('a').map(tokens)).toMatchObject([
    { input: 1000 + 740, prefix: 400 + 740, output: 140 },
  ]);
});

test('batch: what nobody waits for is done within a day; where a user set a time, or a preset expects one, somebody waits', async () => {
  const peaked = { volume: '8k', profile: { peakToMean: 4 } };
  const of = await scenario({ workload: peaked });
  const arrivals = of.demand.slices[0]?.hours as Float64Array;
  const { result, of: slicesOf, without } = changed(batch, of, only('a'), {}, { batchable: true });
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
  for (const presets of [{ batchable: false }, {}]) expect(not(batch, of, all, {}, presets)).toBe(waited);
  for (const latency of [{ ttftP95: '5s' }, { totalP95: '60s' }]) {
    const timed = await scenario({ tasks: [task('a', { share: '100%', latency })] });
    expect(not(batch, timed, all, {}, { batchable: true })).toBe(waited);
  }
  expect(not(batch, of, () => false)).toBe('all that may wait a day does so already');
});

test('batch that is in already: the time it has counts from when the work came, and without it nothing waits', async () => {
  const tasks = [task('a', { deadline: '48h' }), task('b', { deadline: '6h' })];
  const of = await scenario({ workload: { volume: '8k', profile: { peakToMean: 4 } }, tasks });
  const { result, of: slicesOf, without } = changed(batch, of, all, {}, { batchable: true });
  expect(of.demand.slices.map(({ batchable }) => batchable)).toEqual([true, false]);
  expect(result).toMatchObject({
    tasks: ['b'],
    changes: [{ path: 'tasks.b.deadline', from: 6, to: 24, unit: 'hours' }],
  });
  const [a, b] = of.demand.slices as [Slice, Slice];
  const arrivals = b.waits?.arrivals as Float64Array;
  expect(slicesOf('b')[0]?.hours).toBe(servedInTime(arrivals, 24));
  expect(slicesOf('a')[0]?.hours).toBe(a.hours);
  expect(without?.slices.map(({ hours, waits, batchable }) => [hours === arrivals, waits === null, batchable])).toEqual(
    [
      [true, true, false],
      [false, false, false],
    ],
  );
  expect(without?.slices[1]?.hours).toBe(b.hours);
  expect(not(batch, of, only('a'))).toBe('all that may wait a day does so already');
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
  const of = await needing(60);
  const { result, slices } = changed(easyRouting, of);
  const whole = of.demand.slices[0] as Slice;
  expect(result).toMatchObject({
    tasks: ['a'],
    changes: [
      { path: 'tasks.a.easy.share', from: 'none', to: 0.6125, unit: '' },
      { path: 'tasks.a.easy.capability.minIndex', from: 60, to: 27, unit: '' },
      { path: 'tasks.a.easy.told', from: 'none', to: 'before', unit: '' },
    ],
  });
  expect(slices).toEqual([
    {
      ...whole,
      id: `${whole.id}.easy`,
      part: 'easy',
      share: 0.6125,
      requestsPerDay: 4900,
      needs: { ...whole.needs, capability: { need: 27, low: 27, high: 27, text: '27 (easy, tier general)' } },
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
  const working = { demand: { ...of.demand, slices } };
  expect(not(easyRouting, of, all, working)).toBe(lowest);
  expect(not(easyRouting, of, () => false)).toBe(lowest);
  // In whatever order the table has the tiers.
  const upside = { ...of, tables: tablesWith(of.tables, { tiers: [...of.tables.tiers].reverse() }) };
  expect(changed(easyRouting, upside).result).toMatchObject({ changes: [{}, { to: 27 }, {}] });
});

test('easy requests: of a task that the plan cuts up otherwise they are not told apart', async () => {
  const sensitive = { share: '20%', rest: { sensitivity: 'public' } };
  const of = await scenario({
    tasks: [
      task('a', { capability: { minIndex: 60 }, data: { sensitivity: 'internal' }, sensitive }),
      task('b', { capability: { minIndex: 60 } }),
    ],
  });
  const whole = findPlan('cloud-api/anthropic/claude-sonnet-5', of) as Plan;
  const split = findPlan(
    ['a.sensitive', 'a.rest', 'b'].map((name) => `${name}=cloud-api/anthropic/claude-sonnet-5`).join(';'),
    of,
  ) as Plan;
  const routed = (plan: Plan, suits: (slice: Slice) => boolean) =>
    easyRouting.change({ demand: of.demand, history: { turns: 1, kept: 1 } }, suits, {
      of,
      plan,
      cheapest: true,
      presetOf: () => undefined,
    });
  expect(routed(whole, all)).toMatchObject({ tasks: ['a', 'b'] });
  expect(routed(split, all)).toMatchObject({ tasks: ['b'] });
  expect(routed(split, only('a'))).toEqual({ not: 'the plan cuts the tasks up in another way' });
});

test('shorter answers: a part of the task that reasons goes on to reason as long', async () => {
  const easy = { share: '60%', told: 'before', capability: { minIndex: 30 } };
  const of = await scenario({
    tasks: [task('a', { share: '100%', capability: { minIndex: 40 }, thinking: 'allowed', easy })],
  });
  const thinking = 'cloud-api/openai/gpt-5-mini+thinking';
  const plan = findPlan(`a.easy=cloud-api/openai/gpt-5-mini;a.hard=${thinking}`, of) as Plan;
  const [slice] = of.demand.slices as [Slice];
  const [, hard] = plan.deployments;
  const setting: Setting = { of, plan, cheapest: true, presetOf: () => undefined };
  const result = outputTrim.change({ demand: of.demand, history: { turns: 1, kept: 1 } }, all, setting);
  const reasoning = hard && reasoningTokens(hard.option, slice, of.demand);
  expect(reasoning).toBeGreaterThan(0);
  expect('not' in result ? result : result.working.demand.slices[0]?.tokens).toMatchObject({ output: 140, reasoning });
});

test.each([
  ['prompt-trim', promptTrim],
  ['prompt-cache', promptCache],
] as const)(
  '%s beside documents that are found for a prompt, written by hand, is the same prompt',
  async (_, lever) => {
    const rag = { needs: { rag: { documents: '10k', retrieved: '1500 tokens' } } };
    const long = { input: 2000, output: 200, cacheablePrefix: 400 };
    const more = { ...assumptions, promptCacheableShare: 0.7 };
    const of = await caseOf(
      { workload: { volume: '8k' }, tasks: [task('a', { share: '100%', tokens: long })], ...rag, assumptions: more },
      tables,
    );
    expect(of.demand.slices[0]?.tokens.input).toBe(3500);
    const { result, slices } = changed(lever, of);
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
    const [one, other] = [slices[0], byHand.demand.slices[0]];
    expect(one?.tokens.input).toBeCloseTo(other?.tokens.input ?? 0, 9);
    expect(one?.tokens.prefix).toBeCloseTo(other?.tokens.prefix ?? 0, 9);
    expect(one?.needs.contextTokens).toBeCloseTo(other?.needs.contextTokens ?? 0, 9);
  },
);
