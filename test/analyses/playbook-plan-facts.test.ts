import { beforeAll, expect, test } from 'vitest';
import { listsOf, planFactsOf } from '../../src/analyses/playbook/plan-facts.js';
import type { Choice, KindBest } from '../../src/decide/choice.js';
import type { Recommendation } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { busiestMinute } from '../../src/decide/months.js';
import type { Miss } from '../../src/decide/near-misses.js';
import type { Plan } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { planFacts } from '../../src/tables/playbook-words.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { asOf, caseOf, type Written } from '../support/scenario.js';

/** What a playbook may say of plans that a test names. */

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const mini = 'cloud-api/openai/gpt-5-mini';
const nano = 'cloud-api/openai/gpt-5-nano';
const haiku = 'cloud-api/azure/claude-haiku-4-5';
const rented = 'self-hosted-cloud/aws/qwen3-4b@bf16/g6.xlarge/us-east-1/on-demand';
const workers = 'serverless-gpu/modal/qwen3-4b@bf16/functions-l4-24gb';
const own = 'on-prem/own-room/qwen3-4b@bf16/1xl4-24gb/us/bought';

const task = (name: string, more: object = {}) => ({
  name,
  type: 'faq-chat',
  share: '50%',
  tokens: { input: 900, output: 200 },
  capability: { minIndex: 5 },
  ...more,
});
const scenario = (more: Partial<Written> = {}, day = asOf): Promise<Context> =>
  caseOf(
    { workload: { volume: '2k requests/day', profile: 'flat' }, tasks: [task('a'), task('b')], ...more },
    tables,
    day,
  );
const named = (id: string, context: Context): Plan => {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};
function facts(
  id: string,
  context: Context,
  told: Partial<Recommendation> = {},
  kinds: Partial<KindBest>[] = [],
  figures: Partial<Plan> = {},
) {
  const plan = { ...named(id, context), ...figures };
  const reviewed = { ...review(plan, context), plan };
  const recommendation = {
    routes: [],
    savingsOverToday: null,
    payback: null,
    ...told,
  } as unknown as Recommendation;
  const choice = { cheapest: null, advised: plan, runnerUp: null, kinds } as unknown as Choice;
  return planFactsOf({ reviewed, recommendation, choice, ladder: [] }, listsOf(reviewed, [], [], context), 0, context);
}
/** Months that so many weeks are. */
const months = (weeks: number) => (weeks * 7 * 24) / 730;

test('where nothing fits, nothing else is known', async () => {
  const context = await scenario();
  const told = planFactsOf(
    { reviewed: null, recommendation: {} as Recommendation, choice: {} as Choice, ladder: [] },
    listsOf(null, [], [], context),
    0,
    context,
  );
  expect(told).toEqual(
    Object.fromEntries(
      Object.entries(planFacts).map(([name, type]) => [
        name,
        name === 'nothingFits' ? true : type === 'flag' ? false : null,
      ]),
    ),
  );
});

test('from today: the same plan stays, another moves, without a way of today it is fresh; both ways run side by side', async () => {
  const from = (option?: string, bill?: string) =>
    scenario(
      option === undefined ? {} : { today: { option, ...(bill && { bill }) }, assumptions: { parallelRunWeeks: 4 } },
    );
  const told = async (option?: string, bill?: string) => {
    const { stays, moves, fresh, today, todayBill, parallelCost } = facts(mini, await from(option, bill), {}, [], {
      monthlyUsd: 1000,
    });
    return [stays, moves, fresh, today, todayBill, parallelCost === null ? null : parallelCost / months(4)];
  };
  const close = (usd: number) => expect.closeTo(usd, 6);
  expect(await told(mini, '300 USD/month')).toEqual([true, false, false, 'GPT-5 Mini, OpenAI', 300, close(1000)]);
  expect(await told(nano, '300 USD/month')).toEqual([false, true, false, 'GPT-5 Nano, OpenAI', 300, close(1300)]);
  expect(await told(nano)).toEqual([false, true, false, 'GPT-5 Nano, OpenAI', null, close(1000)]);
  // Of what the tables do not know the name is told.
  expect(await told('cloud-api/openai/gpt-3', '300 USD/month')).toEqual([
    false,
    true,
    false,
    'cloud-api/openai/gpt-3',
    300,
    close(1300),
  ]);
  const { stays, moves, fresh, today } = facts(mini, await from());
  expect([stays, moves, fresh, today]).toEqual([false, false, true, null]);
});

test('a bill below the plan where list prices of it are above: both are told, and nothing else where the bill is not', async () => {
  const context = await scenario({ today: { option: nano, bill: '1 USD/month' } });
  const list = named(nano, context).monthlyUsd;
  const told = (monthlyUsd: number, savingsOverToday: number | null, id = mini) => {
    const { todayList, dearer } = facts(id, context, { savingsOverToday }, [], { monthlyUsd });
    return [todayList, dearer];
  };
  expect(told(list / 2, 1 - list / 2)).toEqual([list, list / 2 - 1]);
  // Dearer than by list prices too: no bill to wonder about. Cheaper than the bill, or not known: neither.
  expect(told(list * 2, 1 - list * 2)).toEqual([null, null]);
  expect(told(list / 2, 0.5)).toEqual([null, null]);
  expect(told(list / 2, null)).toEqual([null, null]);
  expect(told(list / 2, 1 - list / 2, nano)).toEqual([null, null]);
  // Where the volume grows, a mean month costs more than the bill of now anyhow.
  const grows = await scenario({
    today: { option: nano, bill: '1 USD/month' },
    workload: { volume: 1000, growth: '5% per month' },
  });
  const mean = named(nano, grows).monthlyUsd;
  const { todayList } = facts(mini, grows, { savingsOverToday: 1 - mean / 2 }, [], { monthlyUsd: mean / 2 });
  expect(todayList).toBeNull();
});

test('what it consists of', async () => {
  const context = await scenario();
  const told = (id: string) => {
    const { ownWeights, perToken, allPerToken, hybrid, sameTask, apiProviders } = facts(id, context);
    return [ownWeights, perToken, allPerToken, hybrid, sameTask, apiProviders];
  };
  expect(told(mini)).toEqual([false, true, true, false, false, 'openai']);
  expect(told(rented)).toEqual([true, false, false, false, false, null]);
  expect(told(workers)).toEqual([true, false, false, false, false, 'modal']);
  expect(told(`a=${mini};b=${rented}`)).toEqual([true, true, false, true, false, 'openai']);
  expect(told(`a=${mini};b=${nano}`)).toEqual([false, true, true, true, false, 'openai']);
  expect(told(`a=${mini};b=${haiku}`)).toEqual([false, true, true, true, false, 'openai and azure']);
  expect(told(`a.main=${mini};a.standby=${haiku};b=${mini}`)).toEqual([
    false,
    true,
    true,
    true,
    true,
    'openai and azure',
  ]);
  expect(told(`a.base=${own};a.peak=${mini};b=${own}`)).toEqual([true, true, false, true, true, 'openai']);
});

test('a limit bites above what is given unasked, and data out from a share of the bill on', async () => {
  const plain = await scenario();
  const peak = Math.max(...busiestMinute(named(mini, plain), plain).values());
  expect(facts(mini, plain).apiPeakPerMinute).toBe(peak);
  const bites = async (apiRequestsPerMinuteUnasked: number) =>
    facts(mini, await scenario({ assumptions: { apiRequestsPerMinuteUnasked } })).rateLimitBites;
  expect([await bites(peak), await bites(peak - 0.5)]).toEqual([false, true]);
  const { egressShare, egressCost, planCost } = facts(rented, plain);
  expect(egressShare).toBeCloseTo((egressCost ?? 0) / (planCost ?? 0), 12);
  expect(egressShare).toBeGreaterThan(0);
  const out = async (smallUnknownShare: number) =>
    facts(rented, await scenario({ assumptions: { smallUnknownShare } })).egressBites;
  expect([await out(egressShare as number), await out((egressShare as number) * 1.001)]).toEqual([true, false]);
  // Of a bill of nothing nothing is a share.
  expect(facts(mini, plain, {}, [], { monthlyUsd: 0 })).toMatchObject({ egressShare: 0, largestShare: 0 });
});

test('what data ask for, and what the scenario leaves open', async () => {
  const regulated = async (data: object) => facts(mini, await scenario({ data })).regulated;
  expect(await regulated({})).toBe(false);
  expect(await regulated({ sensitivity: 'public' })).toBe(false);
  expect(await regulated({ sensitivity: 'pii' })).toBe(true);
  expect(await regulated({ sensitivity: 'regulated' })).toBe(true);
  expect(await regulated({ regimes: ['gdpr'], kinds: ['personal'] })).toBe(true);
  const one = await scenario({ tasks: [task('a'), task('b', { data: { sensitivity: 'pii' } })] });
  expect(facts(mini, one).regulated).toBe(true);
  const signing = (signed: string[]) =>
    scenario({
      data: {
        regimes: ['gdpr'],
        kinds: ['personal'],
        agreements: { signed, canSign: ['dpa', 'transfer-tool'] },
        residency: ['eu'],
      },
    });
  const { agreements } = facts(mini, await signing([]));
  // Both tasks ask for both; each is told once.
  expect(agreements).toBe('sign a DPA with OpenAI; have OpenAI keep processing in the EU');
  expect(facts(mini, await scenario()).agreements).toBeNull();
  // Real data wait for what is to be signed, three weeks from 2026-11-20; where nothing is, or nothing moves, for nothing.
  expect(facts(mini, await signing([])).realDataFrom).toBe('2026-12-11');
  expect(facts(mini, await scenario()).realDataFrom).toBe('2026-11-20');
  const soon = { ...(await signing([])).workload };
  soon.today = { option: mini, billUsdPerMonth: 5 } as typeof soon.today;
  expect(facts(mini, { ...(await signing([])), workload: soon }).realDataFrom).toBe('2026-11-20');
  const given = facts(mini, await scenario());
  expect([given.profileAssumed, given.profile]).toEqual([false, null]);
  const open = facts(mini, await scenario({ workload: { volume: '2k requests/day' } }));
  expect(open.profileAssumed).toBe(true);
  expect(open.profile).toMatch(/\w/);
});

test('money: savings that are some, and what is paid back, when and with which end', async () => {
  const context = await scenario();
  const paid = await scenario({ today: { option: mini, bill: '300 USD/month' } });
  const payback = { breakEvenMonth: 5, exitCost: 11, resaleValue: 13 } as Recommendation['payback'];
  expect(facts(mini, paid, { payback }, [], { monthlyUsd: 299.5 })).toMatchObject({
    savings: expect.closeTo(0.5, 9),
    paybackMonth: 5,
    exitCost: 11,
    resaleValue: 13,
  });
  for (const [then, monthlyUsd] of [
    [paid, 300],
    [paid, 303],
    [context, 1],
  ] as const)
    expect(facts(mini, then, {}, [], { monthlyUsd })).toMatchObject({
      savings: null,
      paybackMonth: null,
      exitCost: null,
      resaleValue: null,
    });
  // Of a bill that grows by a tenth a month, its mean: 300 x (1 + 1.1 + 1.21) / 3 = 331 against 320.
  const grows = {
    workload: { volume: '2k requests/day', profile: 'flat', growth: '10% per month', horizon: '3 months' },
  };
  const growing = await scenario({ ...grows, today: { option: mini, bill: '300 USD/month' } });
  expect(facts(mini, growing, {}, [], { monthlyUsd: 320 }).savings).toBeCloseTo(11, 6);
  // Tokens read are 900 x 0.25, those written 200 x 2: the largest part.
  const told = facts(mini, context);
  expect(told.largestPart).toBe('Output tokens');
  expect(told.largestShare).toBeCloseTo((told.largestCost ?? 0) / (told.planCost ?? 0), 12);
});

test('where to begin: on the plan itself where nothing has to be set up, else on the cheapest APIs that may serve all', async () => {
  const context = await scenario({ assumptions: { prototypeWeeks: 3, prototypeVolumeShare: 0.1 } });
  const kind = (id: string, monthlyUsd: number, feasible = true): Partial<KindBest> => {
    const plan = named(id, context);
    return { kind: plan.deployments[0]?.option.kind as KindBest['kind'], plan: { ...plan, monthlyUsd }, feasible };
  };
  const kinds = [
    kind(haiku, 900),
    { kind: 'open-model-api' as const, plan: null, feasible: true },
    kind(mini, 800),
    kind(nano, 700, false),
    kind(workers, 1),
  ];
  const usd = (monthly: number) => expect.closeTo(months(3) * 0.1 * monthly, 9);
  expect(facts(rented, context, {}, kinds)).toMatchObject({
    prototype: 'GPT-5 Mini, OpenAI',
    prototypeCost: usd(800),
    prototypePlanCost: 800,
  });
  expect(facts(haiku, context, {}, kinds, { monthlyUsd: 50 })).toMatchObject({
    prototype: null,
    prototypeCost: usd(50),
    prototypePlanCost: null,
  });
  expect(facts(rented, context, {}, kinds.slice(3))).toMatchObject({
    prototype: null,
    prototypeCost: null,
    prototypePlanCost: null,
  });
  expect(facts(`a=${mini};b=${rented}`, context, {}, kinds).prototype).toBe('GPT-5 Mini, OpenAI');
  // Data that ask for a contract with whoever sells the prototype, which is tried only where there is no way of today.
  const opens = async (more: Partial<Written>, id = rented) => {
    const asked = await scenario({ data: { sensitivity: 'pii', agreements: { canSign: ['dpa'] } }, ...more });
    const best = [{ kind: 'cloud-api' as const, plan: named(mini, asked), feasible: true }];
    return facts(id, asked, {}, best).prototypeOpen;
  };
  expect(await opens({})).toBe(true);
  expect(await opens({ data: { sensitivity: 'public' } })).toBe(false);
  expect(await opens({}, nano)).toBe(false);
  expect(await opens({ today: { option: nano, bill: '5/month' } })).toBe(false);
});

test('people: those needed, those free, and those that are missing', async () => {
  const context = await scenario({ team: { devops: 1, free: 0.5 } });
  const told = (fte: number) => {
    const { teamGiven, fteNeeded, fteFree, fteMissing, cashExtra } = facts(rented, context, {}, [], { fte });
    return [teamGiven, fteNeeded, fteFree, fteMissing, (cashExtra ?? 0) > 0];
  };
  expect(told(0.75)).toEqual([true, 0.75, 0.5, 0.25, true]);
  expect(told(0.25)).toEqual([true, 0.25, 0.5, 0, false]);
  expect(facts(rented, await scenario()).teamGiven).toBe(false);
});

test.each([
  ['2026-11-20', 12, '2027-11-20'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2026-11-30', 15, '2028-02-29'],
  ['2026-10-31', 1, '2026-11-30'],
  ['2026-12-31', 1, '2027-01-31'],
  ['2026-11-01', 1, '2026-12-01'],
])('from %s on, %d months end on %s', async (day, horizon, end) => {
  const context = await scenario({ workload: { volume: '2k requests/day', horizon: `${horizon} months` } }, day);
  expect(facts(mini, context)).toMatchObject({ horizonEnd: end, horizonMonths: horizon });
});

test('routes in words, all requests, and the place that is hardest to leave', async () => {
  const context = await scenario({ tasks: [task('a'), task('b'), task('night', { share: undefined, volume: '500' })] });
  const routes = [
    { when: 'a', to: mini },
    { when: 'b', to: 'somewhere/else' },
  ];
  expect(facts(mini, context, { routes })).toMatchObject({
    routes: 'a to GPT-5 Mini, OpenAI; b to somewhere/else',
    requestsPerDay: 2500,
  });
  expect(facts(mini, context).routes).toBeNull();
  const [api, machines] = [facts(mini, context).lockIn, facts(own, context).lockIn];
  expect(api).not.toBe(machines);
  // Whichever comes first.
  expect([
    facts(`a=${mini};b=${own};night=${mini}`, context).lockIn,
    facts(`a=${own};b=${mini};night=${mini}`, context).lockIn,
  ]).toEqual([api, api]);
});

test('what came near where nothing fits: what it would take, in a number or a word', async () => {
  const context = await scenario();
  const plan = named(mini, context);
  const verdict = (task: string, gate: string, value?: number | string) => ({
    task,
    gate,
    verdict: {
      state: 'failed',
      why: () => ({ reason: '', need: '', ...(value !== undefined && { turnsAt: { path: 'budget.monthly', value } }) }),
    },
  });
  const miss = (task: string, gate: string, priced = true) =>
    ({
      task,
      gate,
      looked: {
        option: plan.deployments[0]?.option,
        plan: priced ? { ...plan, monthlyUsd: 42 } : null,
        verdicts: [
          verdict('b', 'x', 1),
          verdict('a', 'y', 2),
          verdict('a', 'x', 3),
          verdict('a', 'word', 'eu'),
          verdict('a', 'none'),
        ],
      },
    }) as unknown as Miss;
  const near = (one: Miss) => {
    const { misses, ...others } = listsOf(null, [one], [], context);
    expect(others).toEqual({ places: [], apis: [], closeCalls: [], cuts: [], retirements: [], laterStages: [] });
    return misses[0];
  };
  const told = {
    miss: 'GPT-5 Mini, OpenAI',
    task: 'a',
    gate: 'x',
    missCost: 42,
    turnPath: 'budget.monthly',
    turnNumber: 3,
    turnWord: null,
    unpriced: false,
  };
  expect(near(miss('a', 'x'))).toEqual(told);
  expect(near(miss('a', 'x', false))).toEqual({ ...told, missCost: null, unpriced: true });
  expect(near(miss('a', 'word'))).toEqual({ ...told, gate: 'word', turnNumber: null, turnWord: 'eu' });
  for (const gate of ['none', 'unheard'])
    expect(near(miss('a', gate))).toEqual({ ...told, gate, turnPath: null, turnNumber: null });
});

/** A plan with its options changed, reviewed with verdicts of the capability rule. */
function lists(
  id: string,
  context: Context,
  change: (option: Option) => Option = (option) => option,
  verdicts: [task: string, gate: string, state: string][] = [],
) {
  const plan = named(id, context);
  const deployments = plan.deployments.map(({ second, ...one }) => ({
    ...one,
    option: change(one.option),
    ...(second && { second: { ...second, option: change(second.option) } }),
  }));
  const told = verdicts.map(([name, gate, state]) => ({ task: name, gate, verdict: { state } }));
  return listsOf({ plan: { ...plan, deployments }, services: new Map(), verdicts: told } as never, [], [], context);
}

test('models that are switched off: on which day, and from when on to replace them; each once', async () => {
  const context = await scenario({ assumptions: { replaceModelWeeks: 2.5 } });
  const retiring = (retires: string | null) => lists(mini, context, (option) => ({ ...option, retires })).retirements;
  const told = (retiresOn: string, replaceOn: string, retireDays: number) => [
    { model: 'gpt-5-mini', retiresOn, replaceOn, retireDays },
  ];
  expect(retiring('2027-03-15')).toEqual(told('2027-03-15', '2027-02-25', 115));
  // A month, or a year, alone begins on its first day.
  expect(retiring('2027-03')).toEqual(told('2027-03-01', '2027-02-11', 101));
  expect(retiring('2027')).toEqual(told('2027-01-01', '2026-12-14', 42));
  expect(retiring(null)).toEqual([]);
  const all = (id: string) =>
    lists(id, context, (option) => ({ ...option, retires: '2027' })).retirements.map(({ model }) => model);
  expect(all(`a=${mini};b=cloud-api/azure/gpt-5-mini`)).toEqual(['gpt-5-mini']);
  expect(all(`a.main=${mini};a.standby=${haiku};b=${nano}`)).toEqual(['gpt-5-mini', 'claude-haiku-4-5', 'gpt-5-nano']);
});

test('close calls: a need inside the band of a model that the capability rule wants to be tried', async () => {
  const context = await scenario();
  const { have, low, high, gateAt } = capabilityOf(
    named(mini, context).deployments[0]?.option as Option,
  ) as NonNullable<ReturnType<typeof capabilityOf>>;
  expect([low < have, have < high]).toEqual([true, true]);
  const calls = async (need: number, verdicts: Parameters<typeof lists>[3] = [['a', 'capability', 'condition']]) => {
    const asked = await scenario({ tasks: [task('a', { capability: { minIndex: need } }), task('b')] });
    return lists(mini, asked, undefined, verdicts).closeCalls;
  };
  const call = { model: 'gpt-5-mini', task: 'a', have: gateAt, need: have };
  expect(await calls(have)).toEqual([call]);
  expect(await calls(have, [['a', 'capability', 'condition'], ['a', 'capability', 'condition']])).toEqual([call]); // biome-ignore format: a table
  // Ends of the band are outside of it.
  expect(
    [await calls(low), await calls(high), await calls(low + 0.01), await calls(high - 0.01)].map(
      ({ length }) => length,
    ),
  ).toEqual([0, 0, 1, 1]);
  for (const verdict of [['b', 'capability', 'condition'], ['a', 'license', 'condition'], ['a', 'capability', 'failed']] as const) // biome-ignore format: a table
    expect(await calls(have, [[...verdict]])).toEqual([]);
  const unknown = lists(mini, context, (option) => ({ ...option, capability: null }), [
    ['a', 'capability', 'condition'],
  ]);
  expect(unknown.closeCalls).toEqual([]);
});

test('places of weights of one’s own: what they are, how they are bought, and how long they take', async () => {
  const context = await scenario({ team: { devops: 3, mlInfra: 1 } });
  const weeks = (name: string) => context.workload.assume(name);
  const [machine] = lists(rented, context).places;
  expect(machine).toMatchObject({
    place: 'aws',
    model: 'qwen3-4b@bf16',
    machine: 'g6.xlarge',
    rented: true,
    reserved: false,
    spot: false,
    bought: false,
    owned: false,
    hosted: false,
    serverless: false,
    onDevices: false,
    deviceCount: null,
    setupPersonWeeks: weeks('setupEffortSelfHostedCloud'),
    buildWeeks: weeks('setupEffortSelfHostedCloud') / 4,
  });
  const bought = (purchase: Option['purchase']) => {
    const [one] = lists(rented, context, (option) => ({ ...option, purchase })).places;
    return [one?.rented, one?.reserved, one?.spot, one?.bought, one?.owned];
  };
  expect(
    ['on-demand', 'spot', 'reserved-1y', 'reserved-3y', 'bought', 'owned'].map((one) =>
      bought(one as Option['purchase']),
    ),
  ).toEqual([
    [true, false, false, false, false],
    [true, false, true, false, false],
    [false, true, false, false, false],
    [false, true, false, false, false],
    [false, false, false, true, false],
    [false, false, false, false, true],
  ]);
  const [worker] = lists(workers, context).places;
  expect(worker).toMatchObject({ place: 'modal', serverless: true, rented: false, hosted: false, busy: null });
  const [hosted] = lists('managed-hosting/aws/qwen3-4b@fp8/sagemaker-real-time-ml.g6.xlarge', context).places;
  expect(hosted).toMatchObject({ hosted: true, rented: false, engine: null, engineCaveat: null });
  const [room] = lists(own, context).places;
  expect(room).toMatchObject({ bought: true, rented: false, engine: expect.any(String) });
  // APIs are not among them, whether they stand alone, above machines or behind them.
  expect(lists(mini, context).places).toEqual([]);
  const [first, ...others] = lists(`a.base=${own};a.peak=${mini};b=${own}`, context).places;
  expect(others.map(({ place }) => place)).toEqual(['own-room']);
  expect(first?.busy).toBeGreaterThan(0);
  const standby = lists(`a.main=${rented};a.standby=${mini};b=${mini}`, context);
  expect(standby.places.map(({ place, busy }) => [place, busy])).toEqual([['aws', expect.any(Number)]]);
  // A model that serves twice is one.
  expect(standby.apis.map(({ place, provider, model }) => [place, provider, model])).toEqual([['openai', 'openai', 'gpt-5-mini']]); // biome-ignore format: a table
});

test('an account is opened once, and not where today it is there', async () => {
  const accounts = (id: string, context: Context) =>
    lists(id, context).apis.map(({ model, hasAccount }) => [model, hasAccount]);
  const two = 'a=cloud-api/azure/gpt-5-mini;b=cloud-api/azure/claude-haiku-4-5';
  const context = await scenario();
  expect(accounts(two, context)).toEqual([['gpt-5-mini', false], ['claude-haiku-4-5', true]]); // biome-ignore format: a table
  const today = (option: string) => ({
    ...context,
    workload: { ...context.workload, today: { option, billUsdPerMonth: null } },
  });
  expect(accounts(two, today('cloud-api/azure/gpt-5-nano'))).toEqual([['gpt-5-mini', true], ['claude-haiku-4-5', true]]); // biome-ignore format: a table
  expect(accounts(two, today(mini))).toEqual([['gpt-5-mini', false], ['claude-haiku-4-5', true]]); // biome-ignore format: a table
  // A model that is in use today has its keys.
  expect(accounts(two, today('cloud-api/azure/gpt-5-mini'))).toEqual([['claude-haiku-4-5', true]]);
  expect(accounts(mini, today(mini))).toEqual([]);
  // Nobody knows with whom an account is there.
  expect(accounts(mini, today('cloud-api/openai/gpt-3'))).toEqual([['gpt-5-mini', false]]);
});

test('parts that a task is cut into: of each task the first that is less than all of it is to be counted', async () => {
  const context = await scenario();
  const [taskPart] = context.workload.taskParts;
  if (taskPart === undefined) throw new Error('no task');
  const plan = named(mini, context);
  /** What is served of a task of 1,000 requests a day: part, requests, and what has to be built. */
  const cuts = (
    parts: readonly [part: string, requestsPerDay: number, todo?: string][],
    more: { task?: string; whole?: object[] } = {},
  ) => {
    const { task: name = 'a', whole = [{ ...taskPart, id: 'a', task: 'a', part: 'all', requestsPerDay: 1000 }] } = more;
    const taskParts = parts.map(([part, requestsPerDay, todo]) => ({
      ...taskPart,
      id: `${name}.${part}`,
      task: name,
      part,
      requestsPerDay,
      ...(part !== 'whole' && { cut: { whole: name, when: `when ${part}`, key: part, ...(todo && { todo }) } }),
    }));
    const deployments = plan.deployments.map((one) => ({ ...one, taskParts }));
    const then = { ...context, workload: { ...context.workload, taskParts: whole } } as unknown as Context;
    const { cuts: found } = listsOf(
      { plan: { ...plan, deployments }, services: new Map(), verdicts: [] } as never,
      [],
      [],
      then,
    );
    return found.map(({ condition, cutShare, todo }) => [condition, cutShare, todo]);
  };
  expect(cuts([['easy', 400, 'build a router'], ['hard', 600]])).toEqual([['when easy', 0.4, 'build a router'], ['when hard', null, null]]); // biome-ignore format: a table
  // A first answer is asked of all requests, what is handed on of some.
  expect(cuts([['first', 1000], ['escalated', 250]])).toEqual([['when first', null, null], ['when escalated', 0.25, null]]); // biome-ignore format: a table
  expect(cuts([['all', 400], ['easy', 300]])).toEqual([['when all', null, null], ['when easy', 0.3, null]]); // biome-ignore format: a table
  // The same part in two places is one; a whole task is none.
  expect(
    cuts([
      ['easy', 400],
      ['easy', 400],
      ['whole', 1000],
    ]),
  ).toEqual([['when easy', 0.4, null]]);
  const dev = { ...taskPart, id: 'a.dev', task: 'a', part: 'dev', requestsPerDay: 50 };
  expect(cuts([['easy', 400]], { whole: [dev, { ...taskPart, id: 'b', task: 'b', part: 'all', requestsPerDay: 500 }, { ...taskPart, id: 'a', task: 'a', part: 'all', requestsPerDay: 1000 }] })).toEqual([['when easy', 0.4, null]]); // biome-ignore format: a table
  expect(cuts([['easy', 400]], { task: 'unheard' })).toEqual([['when easy', null, null]]);
});
