import { expect, test } from 'vitest';
import type { Choice } from '../../src/decide/choice.js';
import type { Scores } from '../../src/decide/decision.js';
import type { Miss } from '../../src/decide/near-misses.js';
import type { Plan } from '../../src/decide/plan.js';
import { type Advice, reasonsFor } from '../../src/decide/reasons.js';
import { review } from '../../src/decide/review.js';
import { classFits } from '../../src/places/device.js';
import type { Context } from '../../src/places/placement.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, namedPlan, type Written } from '../support/scenario.js';

/** Which of the reasons for a plan is told, of plans whose figures a test sets. */

const tables = fewRows(await shippedTables());

const mini = 'cloud-api/openai/gpt-5-mini';
const nano = 'cloud-api/openai/gpt-5-nano';
const haiku = 'cloud-api/azure/claude-haiku-4-5';

const faq = (more: Partial<Written> = {}): Promise<Context> =>
  caseOf({ workload: { volume: '1k' }, tasks: [{ name: 'faq', type: 'faq-chat' }], ...more }, tables);

function named(id: string, context: Context, figures: Partial<Plan> = {}): Plan {
  const plan = namedPlan(id, context);
  return { ...plan, ...figures };
}

const scores = (capability: number | null, total: number | null = null) => ({ capability, total }) as Scores;

function reasons(context: Context, plan: Plan, advice: Omit<Partial<Advice>, 'choice'> & { choice?: Partial<Choice> }) {
  const { choice, ...rest } = advice;
  const known = {
    reviewed: review(plan, context),
    single: undefined,
    misses: [],
    scores: { plan: scores(null), cheapest: scores(null) },
    costParts: [],
    ...rest,
    choice: {
      cheapest: plan,
      runnerUp: null,
      kinds: [],
      considered: { total: 0, feasible: 0, rejectedBy: new Map() },
      keptOut: null,
      cheaperPlan: null,
      ...choice,
    } as unknown as Choice,
  };
  const all = reasonsFor(known, context);
  return (code: string): string | undefined => all.find((one) => one.code === code)?.text;
}

const cheap = { monthlyUsd: 100, fte: 0.25 };
const dear = { monthlyUsd: 103, fte: 0.25 };

test('why not the cheapest: a model that is surer to be good enough', async () => {
  const context = await faq();
  const [advised, cheapest] = [named(mini, context, dear), named(nano, context, cheap)];
  expect(reasons(context, advised, { choice: { cheapest } })('quality')).toBe(
    'closed API GPT-5 Nano, OpenAI would cost $100 (-$3.00) but is good enough with 94 % probability (85 % asked), this one with 100 %',
  );
});

test('why not the cheapest, and why not the cheapest that is sure enough', async () => {
  const context = await faq();
  const plans = [named(nano, context, cheap), named(haiku, context, dear), named(mini, context, { ...dear, fte: 0.1 })];
  const [first, second, last] = plans as [Plan, Plan, Plan];
  const told = reasons(context, last, { choice: { cheapest: first, cheaperPlan: second } });
  expect(told('quality')).toContain('GPT-5 Nano, OpenAI would cost $100');
  expect(told('risks')).toContain('Claude Haiku 4.5');
});

test('what is next best and costs less is not told as if it were dearer', async () => {
  const context = await faq();
  const plan = named(mini, context, dear);
  const next = (figures: Partial<Plan>) =>
    reasons(context, plan, { choice: { runnerUp: named(nano, context, figures) } })('runner-up');
  expect(next({ monthlyUsd: 120, fte: 0 })).toBe('closest alternative: closed API GPT-5 Nano, OpenAI, $120 (+$17)');
  expect(next({ monthlyUsd: 100, fte: 0 })).toBe(
    'closest alternative, though it costs less: closed API GPT-5 Nano, OpenAI, $100 (-$3.00)',
  );
  expect(next({ monthlyUsd: 102.999, fte: 0 })).toBe(
    'closest alternative: closed API GPT-5 Nano, OpenAI, $103 (the same)',
  );
});

test('everything in one place is told once, where it is the next best plan or the cheapest too', async () => {
  const context = await caseOf(
    { workload: { volume: '1k' }, tasks: ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%' })) },
    tables,
  );
  const advised = named(`faq=${nano};mail=${haiku}`, context, { monthlyUsd: 100, fte: 0.1 });
  const single = named(mini, context, { monthlyUsd: 120 });
  const next = reasons(context, advised, { single, choice: { runnerUp: single } });
  expect(next('single')).toBe('closest alternative, all in one place: closed API GPT-5 Mini, OpenAI, $120 (+$20)');
  expect(next('runner-up')).toBeUndefined();
  const other = reasons(context, advised, { single, choice: { runnerUp: named(nano, context, { monthlyUsd: 130 }) } });
  expect(other('single')).toBe('everything on closed API GPT-5 Mini, OpenAI would cost $120 (+$20)');
  expect(other('runner-up')).toContain('$130');
  const less = { ...single, monthlyUsd: 98, fte: 0.2 };
  const cheapest = reasons(context, advised, { single: less, choice: { cheapest: less } });
  expect(cheapest('single')).toBeUndefined();
  expect(cheapest('quality')).toContain('GPT-5 Mini, OpenAI would cost $98');
});

test('no plan of other kinds: the rule that alone keeps one out, if any does', async () => {
  const context = await faq();
  const plan = named(mini, context);
  const none = 'no plan of other kinds meets every rule';
  const told = (advice: Parameters<typeof reasons>[2]) => reasons(context, plan, advice)('nothing-else');
  const rejectedBy = new Map([['latency', 40]]);
  // What turns down most keeps nothing out by itself.
  expect(told({ choice: { considered: { total: 1234, feasible: 9, rejectedBy } } })).toBe(none);
  const kept = (why: { gate: string } | { limit: number }) => told({ choice: { keptOut: { plan, ...why } } });
  expect(kept({ gate: 'budget' })).toBe(`${none}: only the budget rule excludes the others`);
  expect(kept({ limit: 3 })).toBe(`${none}: with more than 3 places to run there would be one`);
  expect(kept({ limit: 1 })).toBe(`${none}: with more than 1 place to run there would be one`);
  // A cheaper option that one rule turns down, and of another kind; one that two turn down, or of the same kind.
  const miss = (id: string, gate: string, ...more: string[]): Miss => {
    const verdict: Verdict = {
      state: 'failed',
      why: () => ({ need: '', have: '', reason: '', figures: {}, todos: [] }),
    } as never;
    const verdicts = [gate, ...more].map((name) => ({ task: 'faq', gate: name, verdict }));
    return { looked: { plan: named(id, context, { monthlyUsd: 1e9 }), verdicts } as never, task: 'faq', gate };
  };
  const other = 'open-model-api/deepinfra/openai/gpt-oss-20b';
  expect(told({ misses: [miss(other, 'boundary', 'license'), miss(nano, 'context'), miss(other, 'capability')] })).toBe(
    `${none}: only the capability rule excludes the others`,
  );
  expect(told({ misses: [miss(other, 'boundary', 'license'), miss(nano, 'context')] })).toBe(none);
});

const workers = 'serverless-gpu/modal/qwen3-4b@bf16/functions-l4-24gb';
const letters = (volume: string, growth: string): Promise<Context> =>
  faq({ workload: { volume, growth }, tasks: [{ name: 'letters', type: 'summarization' }] });

test('cold starts: how rare they are, and in which month they are not', async () => {
  const told = async (volume: string, growth: string) => {
    const context = await letters(volume, growth);
    return reasons(context, named(workers, context), {})('cold-starts');
  };
  const waits = /^one in \d requests of letters waits for a cold start of up to \d+ s$/;
  expect(await told('100', '0%')).toMatch(waits);
  expect(await told('100', '5% per month')).toBe(`${await told('100', '0%')} in the quietest month`);
  expect(await told('500k', '0%')).toMatch(/^fewer than one in 1,000 requests of letters waits /);
});

test('devices that work for long: how many minutes a day, where somebody would notice', async () => {
  const told = async (perUser: number, assumptions: object = {}) => {
    const context = await faq({
      workload: { volume: `${perUser * 1000} requests/day` },
      tasks: [{ name: 'letters', type: 'faq-chat', tokens: { input: 500, output: 100 } }],
      devices: { count: 1000, classes: { 'apple-m2-pro-32gb': '100%' } },
      assumptions,
    });
    const plan = named('edge/devices/qwen3-4b@gguf-q4_k_m', context);
    const [{ option, taskParts }] = plan.deployments as [Plan['deployments'][number]];
    const [fit] = classFits(option, taskParts[0] as TaskPart, context);
    const { prefillS = 0, tokensPerSecond = 1 } = fit?.seen ?? {};
    const minutes = (perUser * (prefillS + 100 / tokensPerSecond)) / 60;
    return { minutes, text: reasons(context, plan, {})('device-load') };
  };
  const long = await told(400);
  expect(long.minutes).toBeGreaterThan(5);
  expect(long.text).toBe(`each device works ${Math.round(long.minutes)} minutes a day at full load`);
  expect((await told(1)).text ?? null).toBeNull();
  expect((await told(400, { deviceBusyMinutes: Math.ceil(long.minutes) })).text ?? null).toBeNull();
});

test('peaks handed over: how many machines serve how much of it', async () => {
  const context = await faq();
  const told = (units: number) => {
    const plan = named(mini, context);
    const [deployment] = plan.deployments as [Plan['deployments'][number]];
    const second = { role: 'overflow' as const, option: deployment.option, share: () => 0.25, lines: [] };
    const both = { ...plan, deployments: [{ ...deployment, second, units: () => units }] };
    return reasons(context, both, {})('overflow');
  };
  const rest = '75 % of the requests; one more would cost more than the API it spares';
  expect(told(1)).toBe(`1 machine of openai serves ${rest}`);
  expect(told(3)).toBe(`3 machines of openai serve ${rest}`);
});
