import { beforeAll, expect, test } from 'vitest';
import {
  decideAgain,
  type InputLever,
  mayStand,
  type Setting,
  samePlan,
  type Working,
} from '../../src/analyses/levers/lever.js';
import { reserved } from '../../src/analyses/levers/machines.js';
import { type Suited, together } from '../../src/analyses/levers/requests.js';
import type { KindBest } from '../../src/decide/choice.js';
import { bestOnOwn } from '../../src/decide/choose.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Deployment, Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/** Which plan is run once a lever has changed what is asked for, on prices that a test chooses. */

let tables: Tables;
let few: Tables;
beforeAll(async () => {
  const all = await shippedTables();
  few = fewRows(all);
  // A request of 1,000 tokens in and x out: 1,000 + 10 x, 10,000 + x and 1,000 + 9.8 x micro-dollars.
  tables = twoPrices(all, { closed: [1, 10], open: [10, 1], another: [1, 9.8] });
});

const ids = { closed: `cloud-api/${closed}`, open: `open-model-api/${open}`, another: `cloud-api/${another}` };
const faq = (output: number, more: Partial<Written> = {}, task: object = {}): Promise<Context> =>
  caseOf(
    {
      workload: { volume: '10k' },
      tasks: [
        { name: 'faq', type: 'faq-chat', tokens: { input: 1000, output }, capability: { minIndex: 40 }, ...task },
      ],
      ...more,
      assumptions: { retryRate: 0, ...(more.assumptions as object) },
    },
    tables,
  );
const named = (id: string, context: Context): Plan => {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};
async function again(id: string, now: Context, then: Context) {
  const found = decideAgain({ plan: named(id, now), context: now }, then.workload);
  return found && [found.plan.id, found.switched];
}

test('the plan stays, unless another one is advised then that costs less', async () => {
  const [few500, many] = [await faq(500), await faq(3000)];
  // Where it is the cheapest; where it is dear; where it is nearly the cheapest.
  expect(await again(ids.another, few500, few500)).toEqual([ids.another, false]);
  expect(await again(ids.another, few500, many)).toEqual([ids.open, true]);
  expect(await again(ids.open, many, many)).toEqual([ids.open, false]);
  expect(await again(ids.open, many, few500)).toEqual([ids.another, true]);
  // 6,000 against 5,900: as good as equal, but the other one is the more capable and costs less.
  expect(await again(ids.closed, few500, few500)).toEqual([ids.another, true]);
  // Where the simpler one costs more it is not switched to: 5,900 against 6,018.
  expect(await again(ids.another, few500, few500)).toEqual([ids.another, false]);
});

test('a plan that breaks a rule then gives way to what is advised; where nothing may run there is none', async () => {
  const now = await faq(500);
  // One of the closed models scores 50.7, the open one 53.4 and the other closed one 60.
  const harder = await faq(500, {}, { capability: { minIndex: 53 } });
  expect(await again(ids.closed, now, harder)).toEqual([ids.another, true]);
  const never = await faq(500, { budget: { monthly: 1 } });
  expect(await again(ids.closed, now, never)).toBeNull();
  expect(mayStand(named(ids.closed, now), now)).toBe(true);
  expect(mayStand(named(ids.closed, harder), harder)).toBe(false);
  expect(mayStand(named(ids.closed, never), never)).toBe(false);
  // As many places as may be run, and one more.
  const tasks = ['a', 'b'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 40 } }));
  for (const [maxDeployments, may] of [
    [2, true],
    [1, false],
  ] as const) {
    const both = await caseOf({ workload: { volume: '10k' }, tasks, preferences: { maxDeployments } }, tables);
    expect(mayStand(named(`a=${ids.closed};b=${ids.open}`, both), both)).toBe(may);
    expect(
      mayStand(
        named(`a.main=${ids.closed};a.standby=${ids.open};b.main=${ids.closed};b.standby=${ids.open}`, both),
        both,
      ),
    ).toBe(may);
  }
});

test('the same plan: the same options for the same tasks, parts of a task that it serves whole among them', async () => {
  const two = (more: object = {}) =>
    caseOf(
      {
        workload: { volume: '10k' },
        tasks: ['a', 'b'].map((name) => ({
          name,
          type: 'faq-chat',
          share: '50%',
          tokens: { input: 1000, output: 500 },
          capability: { minIndex: 40 },
          ...more,
        })),
      },
      tables,
    );
  const now = await two();
  const plan = named(`a=${ids.closed};b=${ids.open}`, now);
  const split = (task: string) => ({
    ...now.workload,
    taskParts: now.workload.taskParts.flatMap((taskPart) =>
      taskPart.task === task
        ? [
            { ...taskPart, id: `${taskPart.id}.easy`, part: 'easy', requestsPerDay: 4000 },
            { ...taskPart, id: `${taskPart.id}.hard`, part: 'hard', requestsPerDay: 1000 },
          ]
        : [taskPart],
    ),
  });
  const served = (again: Plan | null) =>
    again?.deployments.map(({ option, taskParts }) => [
      option.id,
      taskParts.map(({ task, part }) => `${task}.${part}`),
    ]);
  expect(served(samePlan(plan, { ...now, workload: split('a') }))).toEqual([
    [ids.closed, ['a.easy', 'a.hard']],
    [ids.open, ['b.all']],
  ]);
  expect(samePlan(plan, now)?.monthlyUsd).toBeCloseTo(plan.monthlyUsd, 9);
  // Parts that it serves apart stay apart.
  const parts = { ...now, workload: split('b') };
  const partOf = (part: string) => parts.workload.taskParts.filter((taskPart) => taskPart.part === part);
  const [a, b] = plan.deployments as [Deployment, Deployment];
  const apart = (...deployments: Deployment[]) => samePlan({ ...plan, deployments }, parts);
  const easy = { ...a, taskParts: [...a.taskParts, ...partOf('easy')] };
  expect(served(apart(easy, { ...b, taskParts: partOf('hard') }))).toEqual([
    [ids.closed, ['a.all', 'b.easy']],
    [ids.open, ['b.hard']],
  ]);
  // What leaves a part unserved, or serves one twice, is no plan.
  expect(apart(a, { ...b, taskParts: partOf('hard') })).toBeNull();
  expect(apart(easy, b)).toBeNull();
  const cut = await two({ easy: { share: '40%', told: 'before' } });
  const routed = named(`a.easy=${ids.closed};a.hard=${ids.open};b=${ids.open}`, cut);
  expect(samePlan(routed, cut)).toMatchObject({ id: routed.id, monthlyUsd: expect.closeTo(routed.monthlyUsd, 9) });
  const standby = named(`a.main=${ids.closed};a.standby=${ids.open};b=${ids.closed}`, now);
  expect(samePlan(standby, now)?.id).toBe(standby.id);
});

test('the same plan is none where a task is not cut up any more, or is cut up otherwise', async () => {
  const easy = (share: string, told: string) => faq(500, {}, { easy: { share, told, capability: { minIndex: 30 } } });
  const before = await easy('90%', 'before');
  const routed = named(`faq.easy=${ids.closed};faq.hard=${ids.another}`, before);
  expect(samePlan(routed, await easy('60%', 'before'))?.id).toBe(routed.id);
  expect(samePlan(routed, await faq(500))).toBeNull();
  expect(samePlan(routed, await easy('90%', 'after'))).toBeNull();
  // As its own share stands it is another that parts of the same names bring.
  const [faqs] = before.workload.taskParts as [TaskPart];
  const parts = ['easy', 'hard'].map((part) => ({ ...faqs, id: `faq.${part}`, part, requestsPerDay: 5000 }));
  const halves = samePlan(routed, { ...before, workload: { ...before.workload, taskParts: parts } });
  expect(halves?.deployments.map(({ taskParts }) => taskParts.map(({ requestsPerDay }) => requestsPerDay))).toEqual([
    [5000],
    [5000],
  ]);
});

const lever = (id: string, share: number, extraUsd?: number): InputLever => ({
  id,
  change: (working, suits) => {
    const { workload } = working;
    const suited = workload.taskParts.filter(suits);
    if (suited.length === 0) return { not: 'of no use' };
    const taskParts = workload.taskParts.map((taskPart) => ({
      ...taskPart,
      tokens: { ...taskPart.tokens, output: taskPart.tokens.output * share },
    }));
    return {
      working: { ...working, workload: { ...workload, taskParts } },
      changes: [],
      tasks: ['faq'],
      ...(extraUsd !== undefined && { extraUsd }),
    };
  },
});

test('all levers together: each on what those before it left, with what they cost, and without those that lower nothing', async () => {
  const context = await faq(2000, { today: { option: ids.closed, bill: '9000 USD/month' } });
  const start: Working = { workload: context.workload, history: { turns: 1, kept: 1 } };
  const setting: Setting = { context, plan: named(ids.open, context), presetOf: () => undefined };
  const month = ((10_000 * 730) / 24) * 1e-6;
  const fixed = named(ids.open, context).monthlyUsd - month * 12_000;
  const suited = (...levers: InputLever[]): Suited[] => levers.map((one) => ({ lever: one, suits: () => true }));
  const told = (levers: readonly Suited[], kinds: readonly KindBest[] = []) => {
    const found = together(levers, start, setting, kinds);
    if ('not' in found) throw new Error(found.not);
    return found;
  };
  // 2,000 tokens: 12,000 against 20,600. A tenth of them: 2,960 against 10,200.
  const one = told(suited(lever('more', 1.5), lever('half', 0.5), lever('dear', 0.9, 1e6), lever('fifth', 0.2, 7)));
  const close = (usd: number) => expect.closeTo(usd, 4);
  expect(one).toEqual({
    apiPlan: ids.open,
    apiCost: close(month * 12_000 + fixed),
    optimizedApiPlan: ids.another,
    optimizedApiLabel: 'GPT-4o, OpenAI',
    optimizedApiCost: close(month * 2960 + fixed + 7),
    pulled: ['half', 'fifth'],
    leftOut: ['more', 'dear'],
    selfHostedPlan: null,
    selfHostedCost: null,
    optimizedSelfHostedCost: null,
    todayOption: ids.closed,
    todayCost: 9000,
  });
  const none = { lever: lever('unsuited', 0.1), suits: () => false };
  expect(told([none])).toMatchObject({
    pulled: [],
    leftOut: [],
    optimizedApiPlan: ids.open,
    optimizedApiCost: one.apiCost,
  });
  // What changes nothing lowers nothing.
  expect(told(suited(lever('same', 1)))).toMatchObject({ pulled: [], leftOut: ['same'] });
  const without = { ...context, workload: { ...context.workload, today: null } };
  expect(together([], start, { ...setting, context: without }, [])).toMatchObject({
    todayOption: null,
    todayCost: null,
  });
  const onlyOwn = { ...context, tables: tablesWith(context.tables, { api: [] }) };
  expect(together([], start, { ...setting, context: onlyOwn }, [])).toEqual({ not: 'no API may serve every task' });
});

test('running it ourselves beside all levers: the cheapest plan in the account of the team, as it is and with the same levers', async () => {
  const context = await caseOf(
    {
      workload: { volume: '20k' },
      tasks: [
        { name: 'faq', type: 'classification', tokens: { input: 500, output: 400 }, capability: { minIndex: 5 } },
      ],
    },
    few,
  );
  const start: Working = { workload: context.workload, history: { turns: 1, kept: 1 } };
  const setting: Setting = {
    context,
    plan: named('cloud-api/openai/gpt-5-mini', context),
    presetOf: () => undefined,
  };
  const kind = (id: string, monthlyUsd: number, feasible = true): KindBest => {
    const plan = { ...named(id, context), monthlyUsd };
    return { kind: plan.deployments[0]?.option.kind, plan, feasible } as KindBest;
  };
  const machine = 'self-hosted-cloud/aws/qwen3-4b@bf16/g6.xlarge/us-east-1/on-demand';
  const room = 'on-prem/own-room/qwen3-4b@bf16/1xl4-24gb/us/bought';
  const hosted = 'managed-hosting/aws/qwen3-4b@fp8/sagemaker-real-time-ml.g6.xlarge';
  const kinds = [
    kind(room, 900),
    kind(machine, 800),
    kind(hosted, 10),
    kind(room, 20, false),
    { ...kind(room, 1), plan: null },
  ];
  const half = { lever: lever('half', 0.5, 3), suits: () => true };
  const found = together([half], start, setting, kinds);
  if ('not' in found) throw new Error(found.not);
  const halved = lever('half', 0.5).change(start, () => true, setting);
  if ('not' in halved) throw new Error(halved.not);
  const machines = placements.filter(({ perToken }) => !perToken);
  const own = bestOnOwn(
    { ...context, workload: halved.working.workload },
    machines,
    ({ option }) => option.api === null && option.reach !== 'under-contract',
  );
  expect(found).toMatchObject({
    pulled: ['half'],
    selfHostedPlan: machine,
    selfHostedCost: 800,
    optimizedSelfHostedCost: expect.closeTo((own?.monthlyUsd ?? 0) + 3, 6),
  });
  expect(together([], start, setting, kinds.slice(2))).toMatchObject({
    selfHostedPlan: null,
    selfHostedCost: null,
    optimizedSelfHostedCost: null,
  });
});

const rented = (purchase: string, machine = 'p5.48xlarge') =>
  `self-hosted-cloud/aws/llama-3.3-70b@fp8/${machine}/us-east-1/${purchase}`;
/** The few tables, with machines that are sold by the hour at 30, for a year at 20 and for three at 10. */
function sold(more: Partial<Tables['rental'][number]> = {}): Tables {
  const rental = few.rental.map((row) => ({
    ...row,
    onDemandUsdPerHour: 30,
    reserved1yUsdPerHour: 20,
    reserved3yUsdPerHour: 10,
    ...more,
  }));
  return tablesWith(few, { rental });
}
async function pulled(id: string, known: Tables, months = 36) {
  const context = await caseOf(
    {
      workload: { volume: '100k', horizon: `${months} months` },
      tasks: ['a', 'b'].map((name) => ({
        name,
        type: 'classification',
        share: '50%',
        tokens: { input: 500, output: 200 },
        capability: { minIndex: 5 },
      })),
    },
    known,
  );
  const plan = named(id, context);
  const usd = (one: string) => named(one, context).monthlyUsd;
  return { plan, usd, pulled: reserved.pull(() => true, { context, plan, presetOf: () => undefined }) };
}

test('reserved machines: of the terms the cheapest; what one saves that is in already is against the hour', async () => {
  const hourly = await pulled(rented('on-demand'), sold());
  expect(hourly.pulled).toMatchObject({
    plan: { id: rented('reserved-3y') },
    changes: [{ path: 'purchase of p5.48xlarge', from: 'on-demand', to: 'reserved-3y', unit: '' }],
    tasks: ['a', 'b'],
  });
  expect(hourly.pulled).not.toHaveProperty('savesNowUsd');
  const year = await pulled(rented('reserved-1y'), sold());
  expect(year.pulled).toMatchObject({
    changes: [{ from: 'reserved-1y', to: 'reserved-3y' }],
    savesNowUsd: expect.closeTo(year.usd(rented('on-demand')) - year.plan.monthlyUsd, 6),
  });
  expect(year.pulled.savesNowUsd).toBeGreaterThan(1);
  // The last one there is; one whose price by the hour nobody knows; and one of which there is no other.
  const nothing = 'the tables have no reserved price of the machine';
  const only = await pulled(rented('reserved-3y'), sold({ reserved1yUsdPerHour: null }));
  expect(only.pulled).toMatchObject({ not: nothing, savesNowUsd: expect.any(Number) });
  expect(
    (await pulled(rented('reserved-3y'), sold({ reserved1yUsdPerHour: null, onDemandUsdPerHour: null }))).pulled,
  ).toEqual({ not: nothing, savesNowUsd: null });
  expect(
    (await pulled(rented('on-demand'), sold({ reserved1yUsdPerHour: null, reserved3yUsdPerHour: null }))).pulled,
  ).toEqual({ not: nothing });
  for (const id of ['cloud-api/openai/gpt-5-mini', 'on-prem/own-room/qwen3-4b@bf16/1xl4-24gb/us/bought'])
    expect((await pulled(id, sold())).pulled).toEqual({ not: 'nothing in the plan is rented by the hour' });
});

test('reserved machines: every fleet of the plan, each beside what the ones before it became', async () => {
  const other = rented('on-demand', 'g6.xlarge').replace('llama-3.3-70b@fp8', 'qwen3-4b@bf16');
  const both = await pulled(`a=${rented('on-demand')};b=${other}`, sold());
  if (!('changes' in both.pulled)) throw new Error(both.pulled.not);
  expect(both.pulled.changes.map(({ path, to }) => [path, to])).toEqual([
    ['purchase of p5.48xlarge', 'reserved-3y'],
    ['purchase of g6.xlarge', 'reserved-3y'],
  ]);
  expect(both.pulled.tasks).toEqual(['a', 'b']);
  expect(both.pulled.plan?.monthlyUsd).toBeCloseTo(
    both.usd(`a=${rented('reserved-3y')};b=${other.replace('on-demand', 'reserved-3y')}`),
    6,
  );
  const started = await pulled(`a=${rented('reserved-1y')};b=${other.replace('on-demand', 'reserved-1y')}`, sold());
  expect(started.pulled.savesNowUsd).toBeCloseTo(
    started.usd(`a=${rented('on-demand')};b=${other}`) - started.plan.monthlyUsd,
    6,
  );
});
