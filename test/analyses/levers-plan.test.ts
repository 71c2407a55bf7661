import { beforeAll, expect, test } from 'vitest';
import { changeWords, type PlanLever, type Setting, type Suits } from '../../src/analyses/levers/lever.js';
import { leversOf } from '../../src/analyses/levers/levers.js';
import { distillation, runsOnOwn, speculative, streaming } from '../../src/analyses/levers/machines.js';
import { outputTrim, promptCache } from '../../src/analyses/levers/tokens.js';
import { advisedPlan } from '../../src/decide/advice.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { busyShare } from '../../src/decide/months.js';
import { findOption } from '../../src/decide/option-report.js';
import { type Plan, servedWords } from '../../src/decide/plan.js';
import { rounded } from '../../src/decide/round.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { reasoningTokens } from '../../src/places/tokens-written.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** Levers on how a plan runs, pulled on plans that a test names. */

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const mini = 'cloud-api/openai/gpt-5-mini';
const task = (name: string, more: object = {}) => ({
  name,
  type: 'classification',
  share: '50%',
  tokens: { input: 500, output: 200 },
  capability: { minIndex: 30 },
  ...more,
});
const scenario = (more: Partial<Written> = {}, known = tables): Promise<Context> =>
  caseOf({ workload: { volume: '100k' }, tasks: [task('a'), task('b')], ...more }, known);
const named = (id: string, context: Context): Plan => {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};
const only =
  (...names: string[]): Suits =>
  ({ task: name }) =>
    names.includes(name);
function pull(lever: PlanLever, id: string, context: Context, suits: Suits) {
  const setting: Setting = { context, plan: named(id, context), presetOf: () => undefined };
  const pulled = lever.pull(suits, setting);
  return 'not' in pulled ? { not: pulled.not } : { ...pulled, not: null };
}

test('distillation: the narrow task moves to the cheapest own machine, the other stays; where that runs there already, both share it', async () => {
  const context = await scenario();
  const moved = pull(distillation, mini, context, only('a'));
  if (moved.not !== null || moved.plan === null) throw new Error('it is refused');
  expect(moved.tasks).toEqual(['a']);
  expect(moved.plan.deployments.map(({ taskParts }) => taskParts.map((taskPart) => taskPart.task))).toEqual([
    ['a'],
    ['b'],
  ]);
  expect(moved.plan.deployments[1]?.option.id).toBe(mini);
  const machine = moved.plan.deployments[0]?.option.id ?? '';
  expect(machine).toMatch(/^(on-prem|self-hosted-cloud|serverless-gpu|managed-hosting)\//);
  const gain = context.workload.assume('distilledIndexGain');
  expect(moved.changes).toMatchObject([{ path: 'tasks.a.capability.minIndex', from: 30, to: 30 - gain }]);
  expect(moved.extraUsd).toBeCloseTo(context.workload.assume('distillationUsd') / context.workload.months, 9);
  // Both on the machine is one deployment of it.
  const joined = pull(distillation, `a=${mini};b=${machine}`, context, only('a'));
  if (joined.not !== null) throw new Error(joined.not);
  expect(
    joined.plan?.deployments.map(({ option, taskParts }) => [option.id, taskParts.map((taskPart) => taskPart.task)]),
  ).toEqual([[machine, ['a', 'b']]]);
  expect(joined.plan?.monthlyUsd).toBeCloseTo(named(machine, context).monthlyUsd, 6);
});

test('distillation is refused, with the reason', async () => {
  const context = await scenario();
  expect(pull(distillation, mini, context, only()).not).toBe('no task is narrow enough for a model of its own');
  const bare = tablesWith(tables, { rental: [], hosting: [], accelerators: [] });
  expect(pull(distillation, mini, await scenario({}, bare), only('a')).not).toBe(
    'no own machine may or can run the narrow tasks',
  );
  const poor = await scenario({ budget: { monthly: 1 } });
  expect(pull(distillation, mini, poor, only('a')).not).toMatch(/^(no own machine may|the plan with machines)/);
});

test('distillation: needs less of its model, down to nothing, and says so; what is needed of others stays', async () => {
  const context = await scenario({
    tasks: [task('a', { capability: { minIndex: { low: 10, likely: 30, high: 50 } } }), task('b')],
    assumptions: { distilledIndexGain: 12.5 },
  });
  const needs = (moved: ReturnType<typeof pull>) => {
    if (moved.not !== null || moved.plan === null) throw new Error('it is refused');
    const taskParts = moved.plan.deployments.flatMap((one) => one.taskParts);
    return Object.fromEntries(taskParts.map((taskPart) => [taskPart.task, taskPart.needs.capability]));
  };
  const moved = pull(distillation, mini, context, only('a'));
  expect(needs(moved)).toEqual({
    a: { need: 17.5, low: 0, high: 37.5, text: '17.5 (fine-tuned)', assumed: false },
    b: context.workload.taskParts[1]?.needs.capability,
  });
  expect(moved).toMatchObject({ changes: [{ from: 30, to: 17.5, unit: '' }] });
  const less = await scenario({
    tasks: [task('a', { capability: { minIndex: 9 } }), task('b')],
    assumptions: { distilledIndexGain: 12.5 },
  });
  expect(pull(distillation, mini, less, only('a'))).toMatchObject({ changes: [{ from: 9, to: 0 }] });
  expect(needs(pull(distillation, mini, less, only('a'))).a).toMatchObject({ need: 0, text: '0.0 (fine-tuned)' });
});

test('distillation: a second place stays beside what stays; one place more than the rules allow is none', async () => {
  const context = await scenario();
  const standby = pull(
    distillation,
    `a=${mini};b.main=${mini};b.standby=cloud-api/azure/gpt-5-mini`,
    context,
    only('a'),
  );
  if (standby.not !== null) throw new Error(standby.not);
  expect(standby.plan?.id).toMatch(
    /^a=.*;b\.main=cloud-api\/openai\/gpt-5-mini;b\.standby=cloud-api\/azure\/gpt-5-mini$/,
  );
  const single = await scenario({ preferences: { maxDeployments: 1 } });
  expect(pull(distillation, mini, single, only('a')).not).toBe(
    'the plan with machines for the narrow tasks breaks a rule',
  );
  const both = pull(distillation, mini, single, () => true);
  expect(both).toMatchObject({ not: null, tasks: ['a', 'b'] });
});

test('distillation: what stays is served in the parts that it was cut into', async () => {
  const easy = { share: '60%', told: 'before', capability: { minIndex: 30 } };
  const context = await scenario({ tasks: [task('a'), task('b', { capability: { minIndex: 60 }, easy })] });
  const large = 'cloud-api/anthropic/claude-sonnet-5';
  const moved = pull(distillation, `a=${mini};b.easy=${mini};b.hard=${large}`, context, only('a'));
  if (moved.not !== null) throw new Error(moved.not);
  expect(moved.plan?.id).toMatch(/^a=[^;]+;b\.easy=cloud-api\/openai\/gpt-5-mini;b\.hard=cloud-api\/anthropic/);
});

test('distillation: of a task of which the scenario says what tuning asks for, it is in already or was weighed', async () => {
  const tuned = { capability: { minIndex: 20 }, cost: '1000 USD' };
  const context = await scenario({ tasks: [task('a', { share: '100%', tuned })] });
  const weighed = 'the plan was chosen knowing what a tuned model needs, as the scenario gives it';
  expect(pull(distillation, mini, context, only('a')).not).toBe(weighed);
  const setting = (id: string): Setting => ({
    context,
    plan: named(id, context),
    presetOf: () => undefined,
  });
  const machine = advisedPlan({
    ...context,
    workload: { ...context.workload, rules: { ...context.workload.rules, exclude: ['cloud-api', 'open-model-api'] } },
  });
  const [option] = machine?.deployments ?? [];
  const plan = `a.tuned=${option?.option.id}`;
  const without = await scenario({ tasks: [task('a', { share: '100%' })] });
  expect(distillation.pull(() => true, setting(plan))).toEqual({
    not: weighed,
    savesNowUsd: expect.closeTo((advisedPlan(without)?.monthlyUsd ?? 0) - named(plan, context).monthlyUsd, 6),
  });
  expect(distillation.pull(() => true, setting(mini))).toEqual({ not: weighed });
});

test('a plan that distillation leaves as it is, is not told as another; one that it makes is, with its label', async () => {
  const context = await scenario({ tasks: [task('a', { share: '100%' })] });
  const moved = pull(distillation, mini, context, () => true);
  if (moved.not !== null || moved.plan === null) throw new Error('it is refused');
  const told = (id: string) => {
    const plan = named(id, context);
    const choice = { kinds: [], cheapest: plan };
    const levers = leversOf(
      plan,
      choice,
      { tasks: [{ name: 'a', type: 'classification' }], workload: { volume: {} } } as never,
      context,
      () => ({
        source: '',
        date: '',
        note: '',
      }),
    );
    const found = levers.find((one) => one.id === 'distillation');
    if (found === undefined) throw new Error('it is not told');
    return found;
  };
  const { id } = moved.plan;
  const extra = context.workload.assume('distillationUsd') / context.workload.months;
  expect(told(mini)).toMatchObject({
    plan: id,
    planLabel: servedWords(moved.plan, context.tables),
    extraCost: expect.closeTo(extra, 6),
    alreadyIn: false,
  });
  expect(told(mini).monthlyCost).toBeCloseTo(moved.plan.monthlyUsd + extra, 6);
  expect(told(id)).toMatchObject({ plan: null, planLabel: null, applies: true, saves: expect.closeTo(-extra, 6) });
});

test('distillation: own machines are those in the account of the team, or closer', () => {
  const reaching = (reach: string) => runsOnOwn({ option: { reach } } as never);
  expect(['own-premises', 'own-account', 'under-contract', 'anywhere'].map(reaching)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('streaming: of the tasks that somebody waits for the one with most requests', async () => {
  const tasks = [
    task('a', { share: '30%' }),
    task('b', { share: '70%' }),
    task('night', { share: undefined, volume: '1M', deadline: '24h' }),
  ];
  const context = await scenario({ tasks });
  const pulled = pull(streaming, mini, context, () => true);
  if (pulled.not !== null) throw new Error(pulled.not);
  expect(pulled).toMatchObject({ plan: null, tasks: ['a', 'b'], latency: { task: 'b' } });
  const { fromMs, toMs } = pulled.latency ?? { fromMs: 0, toMs: 0 };
  // What is waited for less is the writing, at the pace of the provider.
  expect(toMs).toBeGreaterThan(0);
  expect(fromMs).toBeGreaterThan(toMs);
  expect(pull(streaming, mini, context, only('a'))).toMatchObject({ tasks: ['a'], latency: { task: 'a' } });
  expect(pull(streaming, mini, context, only('night')).not).toBe('nobody waits for the answers');
  expect(pull(streaming, mini, context, only()).not).toBe('nobody waits for the answers');
});

test('streaming: of parts of a task the one with most requests; what is judged before it is read is not shown', async () => {
  const easy = (told: string) => ({ share: '60%', told, capability: { minIndex: 30 } });
  const cut = (told: string) =>
    scenario({ tasks: [task('a', { share: '100%', capability: { minIndex: 60 }, easy: easy(told) })] });
  const large = 'cloud-api/anthropic/claude-sonnet-5';
  const context = await cut('before');
  const routed = pull(streaming, `a.easy=${mini};a.hard=${large}`, context, () => true);
  const whole = pull(streaming, mini, context, () => true);
  expect(routed).toMatchObject({ not: null, tasks: ['a'] });
  expect(routed).toMatchObject({ latency: 'latency' in whole ? whole.latency : null });
  expect(pull(streaming, `a.first=${mini};a.escalated=${large}`, await cut('after'), () => true).not).toBe(
    'answers are judged before anybody sees them',
  );
});

test('streaming: where the tables do not tell how fast a provider answers, it is said', async () => {
  const silent = tablesWith(tables, { serviceOf: new Map(), services: [] });
  const context = await scenario({}, silent);
  expect(pull(streaming, mini, context, () => true).not).toBe('the tables do not tell how fast openai answers');
});

test('a draft model: at the load that its fleet has on average and at the highest, of the task with most requests', async () => {
  const machine = 'self-hosted-cloud/aws/llama-3.3-70b@fp8/p5.48xlarge/us-east-1/on-demand';
  const tasks = [
    task('a', { share: '30%', tokens: { input: 500, output: 100 } }),
    task('b', { share: '70%', tokens: { input: 500, output: 400 } }),
  ];
  const assumptions = { highestLoad: 0.8, speculativeTokens: 4, speculativeAcceptance: 0.7, speculativeDraftCost: 0.1 };
  const context = await scenario({ tasks, assumptions });
  const plan = named(machine, context);
  const [deployment] = plan.deployments;
  if (deployment === undefined) throw new Error('nothing is deployed');
  const pulled = pull(speculative, machine, context, () => true);
  if (pulled.not !== null) throw new Error(pulled.not);
  const at = (load: number) => {
    const speculation = { tokens: 4, acceptance: 0.7, draftCost: 0.1 };
    const found = placementOf('self-hosted-cloud').speculated?.(
      deployment.option,
      context.workload.taskParts[1] as TaskPart,
      load,
      speculation,
      context,
    );
    if (!found) throw new Error('it does not decode');
    return { from: rounded(found.plain), to: rounded(found.drafted) };
  };
  const busy = busyShare(deployment, context) ?? 1;
  expect(busy).toBeLessThan(0.8);
  const [mean, highest] = [at(busy), at(0.8)];
  expect(mean.to).not.toBe(highest.to);
  expect(pulled).toEqual({
    not: null,
    plan: null,
    tasks: ['a', 'b'],
    changes: [
      { path: 'tokens/s of one answer at the mean load', ...mean, unit: 'tokens/s' },
      { path: 'tokens/s of one answer at the highest load', ...highest, unit: 'tokens/s' },
    ],
    latency: {
      task: 'b',
      what: 'writing the answer, mean load',
      fromMs: expect.closeTo(400_000 / mean.from, 6),
      toMs: expect.closeTo(400_000 / mean.to, 6),
    },
  });
  expect(pull(speculative, machine, context, only('a'))).toMatchObject({ latency: { task: 'a' } });
  // Never above the highest load that fleets are sized for.
  const low = await scenario({ tasks, assumptions: { ...assumptions, highestLoad: busy / 2 } });
  const told = pull(speculative, machine, low, () => true);
  if (told.not !== null) throw new Error(told.not);
  const share = busyShare(named(machine, low).deployments[0] as typeof deployment, low) ?? 1;
  if (share >= busy / 2) expect(told.changes[0]).toEqual({ ...told.changes[1], path: told.changes[0]?.path });
});

test('a draft model: on own machines alone', async () => {
  const context = await scenario();
  expect(pull(speculative, mini, context, () => true).not).toBe('nothing in the plan decodes on own machines');
  const machine = 'self-hosted-cloud/aws/llama-3.3-70b@fp8/p5.48xlarge/us-east-1/on-demand';
  const pulled = pull(speculative, `a=${mini};b=${machine}`, context, () => true);
  if (pulled.not !== null) throw new Error(pulled.not);
  expect(pulled).toMatchObject({ plan: null, tasks: ['b'], latency: { task: 'b' } });
  const { fromMs, toMs } = pulled.latency ?? { fromMs: 0, toMs: 0 };
  const [mean] = pulled.changes;
  // 200 tokens at so many a second.
  expect(fromMs).toBeCloseTo((200 / Number(mean?.from)) * 1000, 3);
  expect(toMs).toBeCloseTo((200 / Number(mean?.to)) * 1000, 3);
  expect(pull(speculative, `a=${mini};b=${machine}`, context, only('a')).not).toBe(
    'nothing in the plan decodes on own machines',
  );
});

test.each([
  [0.01234, 0.9, '0.0123 -> 0.9'],
  [1234.5, 99.99, '1,235 -> 100'],
  [12.345, 1_234_567, '12.3 -> 1,234,567'],
  [100.4, 999.5, '100 -> 1,000'],
  ['bf16', 'fp8', 'bf16 -> fp8'],
])('from %d to %d is told as %s', (from, to, words) => {
  expect(changeWords([{ path: 'a', from, to, unit: '' }])).toBe(`a ${words}`);
  expect(changeWords([{ path: 'a', from, to, unit: 'tokens' }])).toBe(`a ${words} tokens`);
});

test('of many changes the first three are told, and how many there are besides', () => {
  const changes = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ path: `p${i}`, from: 1, to: 2, unit: '' }));
  expect(changeWords(changes(3))).toBe('p0 1 -> 2; p1 1 -> 2; p2 1 -> 2');
  expect(changeWords(changes(5))).toBe('p0 1 -> 2; p1 1 -> 2; p2 1 -> 2; and 2 more');
});

const onMachine = 'self-hosted-cloud/aws/llama-3.3-70b@fp8/p5.48xlarge/us-east-1/on-demand';

/** What prompt caching changes: the prefix of every task, from and to; or why not. */
function cached(id: string, context: Context, suits: Suits = () => true) {
  const setting: Setting = { context, plan: named(id, context), presetOf: () => undefined };
  const start = { workload: context.workload, history: { turns: 1, kept: 1 } };
  const changed = promptCache.change(start, suits, setting);
  const without = promptCache.without?.(start, setting) ?? null;
  return {
    told: 'not' in changed ? changed.not : changed.changes.map(({ path, from, to }) => [path, from, to]),
    without: without?.taskParts.map(({ tokens }) => tokens.prefix) ?? null,
  };
}
const prompts = (prefixes: readonly [input: number, prefix: number][], assumptions = {}): Promise<Context> =>
  scenario({
    tasks: prefixes.map(([input, cacheablePrefix], i) =>
      task(['a', 'b'][i] as string, {
        share: prefixes.length === 1 ? undefined : '50%',
        tokens: { input, output: 200, cacheablePrefix },
      }),
    ),
    assumptions: { promptCacheableShare: 0.5, promptCacheMinTokens: 1024, ...assumptions },
  });

test('prompt caching: up to half of a prompt, unless that is shared already', async () => {
  expect(cached(mini, await prompts([[4000, 1500]])).told).toEqual([['tasks.a.tokens.cacheablePrefix', 1500, 2000]]);
  const all = 'at least 50 % of every prompt is shared already';
  expect(cached(mini, await prompts([[4000, 2000]])).told).toBe(all);
  expect(cached(mini, await prompts([[4000, 3000]])).told).toBe(all);
  expect(cached(mini, await prompts([[4000, 1500]]), only('b')).told).toBe(all);
});

test('prompt caching: from the length on that providers cache; on own machines of any length', async () => {
  expect(cached(mini, await prompts([[2048, 0]])).told).toEqual([['tasks.a.tokens.cacheablePrefix', 0, 1024]]);
  expect(cached(mini, await prompts([[2047, 0]])).told).toBe(
    'what prompts could share stays below the 1024 tokens that providers cache',
  );
  expect(cached(onMachine, await prompts([[300, 0]])).told).toEqual([['tasks.a.tokens.cacheablePrefix', 0, 150]]);
  const both = await prompts([
    [300, 0],
    [300, 0],
  ]);
  expect(cached(`a=${mini};b=${onMachine}`, both).told).toEqual([['tasks.b.tokens.cacheablePrefix', 0, 150]]);
});

test('prompt caching is in where a provider bills cached tokens, or a machine has a prefix to keep', async () => {
  expect(cached(mini, await prompts([[4000, 2000]])).without).toEqual([0]);
  expect(cached(mini, await prompts([[4000, 0]])).without).toBeNull();
  expect(cached(onMachine, await prompts([[300, 10]])).without).toEqual([0]);
  expect(cached(onMachine, await prompts([[300, 0]])).without).toBeNull();
  const one = await prompts([
    [300, 10],
    [300, 0],
  ]);
  expect(cached(`a=${onMachine};b=${mini}`, one).without).toEqual([0, 0]);
  expect(cached(`a=${mini};b=${onMachine}`, one).without).toBeNull();
});

test('a shorter answer leaves the reasoning of its own task as long as it is in the plan', async () => {
  const tasks = [task('a', { thinking: 'forbidden' }), task('b', { thinking: 'allowed' })];
  const context = await scenario({ tasks });
  const thinking = 'cloud-api/openai/gpt-5-nano+thinking';
  const trimmed = (id: string) => {
    const setting: Setting = { context, plan: named(id, context), presetOf: () => undefined };
    const changed = outputTrim.change(
      { workload: context.workload, history: { turns: 1, kept: 1 } },
      () => true,
      setting,
    );
    if ('not' in changed) throw new Error(changed.not);
    return changed.working.workload.taskParts.map(({ tokens }) => tokens.reasoning);
  };
  expect(trimmed(`a=${mini};b=${mini}`)).toEqual([null, null]);
  const [first, second] = context.workload.taskParts as [TaskPart, TaskPart];
  const reasoning = reasoningTokens(findOption(thinking, context) as Option, second, context.workload);
  expect(reasoning).toBeGreaterThan(0);
  expect(trimmed(`a=${mini};b=${thinking}`)).toEqual([null, reasoning]);
  // What the scenario says itself stays as it says.
  expect(first.tokens.reasoning).toBeNull();
});
