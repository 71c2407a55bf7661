import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { type PriceName, tokenPrices } from '../../src/cost/token-prices.js';
import { priceOf } from '../../src/cost/token-trace.js';
import type { Decision } from '../../src/decide/decision.js';
import { type ExplainedFigure, type Explanation, explain } from '../../src/decide/explain.js';
import { figuresOf } from '../../src/decide/figures.js';
import type { Plan } from '../../src/decide/plan.js';
import { type How, sourcesOf, type Traced } from '../../src/formula/traced.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { explainJson, explainTable } from '../../src/report/explain.js';
import { applyPriceBook } from '../../src/tables/price-book/apply-price-book.js';
import type { OwnPrices } from '../../src/tables/price-book/price-book.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, committed, committedCase, kindsExpected, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { long, sampled } from '../support/sample.js';
import { caseOf, namedPlan, tool, type Written } from '../support/scenario.js';

const { tables, prose } = await shipped();

type Shown = { context: Context; shown: { plan: Plan; figures: Record<string, number | null> }[] };

/** Every listed option that has a price, and the plan, with what `assess` says their figures are. */
async function shownIn(name: string, ...set: string[]): Promise<Shown> {
  const read = await readCommitted(name, set);
  const context = { workload: resolve(read, tables, asOf), tables };
  const { recommendation, options }: Decision = assess(read, tables, { asOf, point: true, prose, tool });
  const parts = (costParts: Decision['recommendation']['costParts']) =>
    Object.fromEntries(costParts.map(({ part, monthly }) => [part, monthly]));
  const { plan, costParts, assignments } = recommendation;
  const money = ['monthlyCost', 'firstMonthCost', 'peakMonthCost', 'upfrontCost', 'costPerRequest'] as const;
  const others = ['costPerMillionTokens', 'fteNeeded', 'cashExtra'] as const;
  const figures = Object.fromEntries([...money, ...others].map((id) => [id, recommendation[id] ?? Number.NaN]));
  const listed = options.flatMap(({ id, fte, ...option }) => {
    if (option.monthlyCost === null) return [];
    const { monthlyCost, upfrontCost, capability, ttftP95Ms, tokensPerSecond, replicas, utilization } = option;
    // In a plan of several, the report shows the machines of the plan's part.
    const inPlan = assignments.some((each) => each.option === id) && assignments.some((each) => each.option !== id);
    const own = { monthlyCost, upfrontCost, fteNeeded: fte, capability, ttftP95Ms, tokensPerSecond };
    const machines = inPlan ? {} : { replicas, utilization };
    return [{ plan: namedPlan(id, context), figures: { ...own, ...machines, ...parts(option.costParts) } }];
  });
  const advised =
    plan === null ? [] : [{ plan: namedPlan(plan, context), figures: { ...figures, ...parts(costParts) } }];
  return { context, shown: [...advised, ...listed] };
}

/** Within 1e-9; differences of like numbers, such as misses of a busy cache, leave rounding errors around 0. */
const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(1e-9, 1e-9 * Math.max(Math.abs(a), Math.abs(b)));

/** Nodes whose parts do not make them. */
function wrong(traced: Traced, path = ''): string[] {
  const here = `${path} > ${traced.label}`;
  const made = recomputed(traced);
  return [
    ...(near(made, traced.value) ? [] : [`${here}: ${traced.value}, its leaves make ${made}`]),
    ...traced.parts.flatMap((part) => wrong(part, here)),
  ];
}

function faults({ context, shown }: Shown): string[] {
  return shown.flatMap(({ plan, figures }) => {
    const told = figuresOf(plan, context);
    const unlike = Object.entries(figures).flatMap(([id, value]) => {
      if (value === null) return [];
      const traced = told.get(id)?.() ?? null;
      if (traced === null) return [`${plan.id} ${id}: not told`];
      return near(traced.value, value) ? [] : [`${plan.id} ${id}: ${traced.value} instead of ${value}`];
    });
    return [
      ...unlike,
      ...[...told].flatMap(([id, make]) => {
        const traced = make();
        if (traced === null) return [];
        return [
          ...wrong(traced, `${plan.id} ${id}`),
          ...(traced.label === id && /[A-Z.]/.test(id) ? [`${plan.id} ${id}: no name`] : []),
        ];
      }),
    ];
  });
}

/** One of these takes as long as those of ten others: they are for the long run. */
const large = ['enterprise-suite', 'assistant-on-phones', 'keyboard-development', 'hr-system'];
const some = sampled(
  committed.filter((name) => long || !large.includes(name)),
  5,
  { group: kindsExpected, name: String },
);

test.each(some)('the leaves of every figure of %s make what assess shows', async (name) => {
  const all = await shownIn(name);
  expect(all.shown.length).toBeGreaterThan(0);
  expect(faults(all)).toEqual([]);
});

test.each([
  ...(long ? [['enterprise-suite', 'workload.growth=4% per month']] : []),
  ['support-chatbot', 'workload.turns=4', 'workload.growth=-3% per month', 'assumptions.priceDeclinePerYear=30%'],
  ['regulated-hybrid', 'workload.volume=3M requests/day', 'workload.horizon=30 months'],
])('and where months differ: %s with %s', async (name = '', ...set) => {
  expect(faults(await shownIn(name, ...set))).toEqual([]);
});

/** A workload of one task whose bill fits on a hand. */
async function handWritten(more: object = {}) {
  const written: Written = {
    workload: { volume: '24k requests/day', profile: 'flat', horizon: '12 months' },
    tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200, cacheablePrefix: 0 } }],
    ...more,
  };
  return caseOf(written, tables, asOf);
}

/** A tree as nested lists: how, value, parts. */
type Shape = number | [How, number, ...Shape[]];
const shapeOf = ({ how, value, parts }: Traced): Shape =>
  parts.length === 0 ? Number(value.toPrecision(9)) : [how, Number(value.toPrecision(9)), ...parts.map(shapeOf)];

test('the output tokens of gpt-4o: 24,000 a day x 730 h / 24 h x 200 tokens x $10 / 1M', async () => {
  const context = await handWritten();
  const plan = namedPlan('cloud-api/openai/gpt-4o', context);
  const told = figuresOf(plan, context).get('tokens.output')?.() as Traced;
  expect(shapeOf(told)).toEqual([
    'product',
    1460,
    ['product', 730_000, 24_000, ['quotient', 30.4166667, 730, 24]],
    200,
    10,
    1e-6,
  ]);
  const [requests, tokens, price] = told.parts as [Traced, Traced, Traced];
  expect(requests.parts[0]).toMatchObject({ path: 'workload.volume', sources: [] });
  expect(tokens.path).toBe('tasks.only.tokens.output');
  const row = context.tables.api.find(({ provider, modelId }) => provider === 'openai' && modelId === 'gpt-4o');
  expect(price).toMatchObject({ unit: 'USD/1M tokens', sources: [{ table: 'api', row: row?.row }] });
  const retries = figuresOf(plan, context).get('tokens.retries')?.() as Traced;
  expect(shapeOf(retries)).toEqual([
    'product',
    32.85,
    0.01,
    ['sum', 3285, shapeOf(figuresOf(plan, context).get('tokens.input')?.() as Traced), shapeOf(told)],
  ]);
  expect(retries.parts[0]).toMatchObject({ assumption: 'retryRate' });
});

const settings: Record<string, unknown>[] = [
  {},
  { growth: '5% per month', horizon: '30 months' },
  { horizon: '30 months', decline: '25%' },
];
/** Rates of the user's own: that end, that hold on beside prices of the list that move, for long prompts and for short. */
const own: OwnPrices = {
  rates: [
    { provider: 'openai', model: 'gpt-5.4', input: 1.25, tierInput: 5, tierOutput: 22.5, until: '2027-01-31' },
    { provider: 'anthropic', model: 'claude-sonnet-5', input: 1.8, output: 9 },
  ],
};

test.each(settings.flatMap((setting) => [{}, own].map((prices) => ({ setting, prices }))))(
  'every price of the list, and of rates of the user, over the horizon is told as it is billed: %o',
  async ({ setting: { decline, ...rest }, prices: own }) => {
    const where = (path: readonly (string | number)[]) => `own.yaml:${path.join('.')}`;
    const owned = applyPriceBook(tables, prose, { name: 'own', label: 'own', prices: own, where }, asOf);
    expect(owned.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { tables: known, workload } = await caseOf(
      {
        workload: { volume: '1k requests/day', ...rest },
        tasks: [{ type: 'faq-chat' }],
        ...(decline !== undefined && { assumptions: { priceDeclinePerYear: decline } }),
      },
      owned.tables,
      asOf,
    );
    const context = { workload, tables: known };
    let told = 0;
    for (const row of known.api) {
      // A free introduction has no ratio to the price after it.
      if (row.until !== null && (row.inputUsdPerMTok === 0 || row.outputUsdPerMTok === 0)) continue;
      for (const prompt of [1000, ...(row.tierAboveInputTokens === null ? [] : [row.tierAboveInputTokens + 1])]) {
        const { batch, weights: _, ...billed } = tokenPrices(row, prompt, workload);
        const prices = { ...billed, batchInput: batch?.input ?? null, batchOutput: batch?.output ?? null };
        for (const [name, usd] of Object.entries(prices)) {
          if (usd === null) continue;
          const traced = priceOf(row, name as PriceName, prompt, context);
          told++;
          if (!near(traced.value, usd) || wrong(traced).length > 0)
            expect.fail(`${row.provider}/${row.modelId} ${name} at ${prompt}: ${traced.value} instead of ${usd}`);
        }
      }
    }
    expect(told).toBeGreaterThan(1000);
    expect(known.api.some(({ until }) => until !== null)).toBe(true);
    expect(known.api.some(({ tierAboveInputTokens }) => tierAboveInputTokens !== null)).toBe(true);
  },
);

test.each([
  ['support-chatbot', 'serverless-gpu/modal/qwen3.5-2b@int4-nf4/functions-t4-16gb'],
  // Few requests: all but some wait for a worker to start.
  ['support-chatbot', 'serverless-gpu/modal/qwen3.5-2b@int4-nf4/functions-t4-16gb', 'workload.volume=20 requests/day'],
  ['nightly-calls', 'serverless-gpu/modal/qwen3.5-2b@int4-nf4/functions-t4-16gb', 'workload.growth=4% per month'],
  ['device-case-files', 'edge/devices/qwen3.5-0.8b@gguf-q2_k'],
])(
  'what is seen of workers and devices, and what workers cost, is told down to rows: %s %s %s',
  async (name, id, ...set) => {
    const context = await committedCase(name, set);
    const plan = namedPlan(id, context);
    const figures = figuresOf(plan, context);
    const all = [...figures].flatMap(([figure, make]) => {
      const told = make();
      return told === null ? [] : [{ figure, told }];
    });
    expect(all.flatMap(({ figure, told }) => wrong(told, figure))).toEqual([]);
    expect(figures.get('monthlyCost')?.()?.value).toBeCloseTo(plan.monthlyUsd, 6);
    const { kind } = (plan.deployments[0] as Plan['deployments'][number]).option;
    for (const figure of ['ttftP95Ms', 'tokensPerSecond'] as const) {
      const told = figures.get(figure)?.() as Traced;
      expect(told.label).not.toBe(figure);
      const { table } = sourcesOf(told).find((origin) => origin.table === 'models') ?? {};
      expect(table).toBe('models');
      const values = plan.deployments.flatMap(({ option, taskParts }) =>
        taskParts.map(
          (taskPart) => (placementOf(kind).service(option, taskPart, context) as TaskService)[figure] ?? Number.NaN,
        ),
      );
      const worst = figure === 'ttftP95Ms' ? Math.max(...values) : Math.min(...values);
      expect(near(told.value, worst)).toBe(true);
    }
    if (kind !== 'serverless-gpu') return;
    for (const part of ['compute.serverless', 'compute.cold-starts', 'storage.weights', 'network.egress']) {
      const told = figures.get(part)?.() as Traced;
      expect(told.parts.length, part).toBeGreaterThan(0);
      expect(rootless(told).filter((label) => !arithmetic.includes(label))).toEqual([]);
    }
  },
);

/** Leaves of a worker's bill that stand for themselves. */
const arithmetic = [
  'GPUs of a worker',
  'half',
  'hours in a day',
  'gigabytes in a byte',
  'one request',
  'seconds in a day',
];

/** Leaves that come from nowhere: no row, assumption, place in the scenario or formula. */
const rootless = (traced: Traced): string[] => [
  ...(traced.parts.length === 0 &&
  traced.how === 'given' &&
  traced.sources.length === 0 &&
  traced.assumption === null &&
  traced.path === null
    ? [traced.label]
    : []),
  ...traced.parts.flatMap(rootless),
];

test('what stands for itself is arithmetic: a unit, a count, a size', async () => {
  const { context, shown } = await shownIn('regulated-hybrid');
  const figures = shown.flatMap(({ plan }) => [...figuresOf(plan, context).values()].flatMap((make) => make() ?? []));
  const labels = new Set(figures.flatMap(rootless));
  const units = [
    'a million',
    'gigabytes in a byte',
    'hours in a day',
    'kilowatts in a watt',
    'milliseconds in a second',
    'months in a year',
    'prices are per 1M tokens',
    'seconds in a day',
    'seconds in an hour',
    'weeks in a year',
  ];
  const counts = [
    'accelerators of a machine',
    'all output',
    'busy hours of a request',
    'hours of the profile that need so many',
    'none',
    'people needed',
    'people needed beside what every option needs',
    'places',
    'servers, mean number',
    'sites',
    'units these hours need, spares included',
  ];
  expect([...labels].sort()).toEqual([...units, ...counts].sort());
});
async function explained(name: string, plan: string | null = null, figure: string | null = null): Promise<Explanation> {
  const found = explain(await readCommitted(name), tables, { asOf, plan, figure, prose, tool });
  if ('code' in found) throw new Error(`${found.message}; ${found.suggestion}`);
  return found;
}

test.each([
  ['thirty-million-tokens', null, null],
  ['support-chatbot', 'self-hosted-cloud', 'compute.instances'],
])('%s %s %s is told as its golden files say', async (name, plan, figure) => {
  const told = await explained(name, plan, figure);
  const text = explainTable(told, { color: false, width: 80, depth: null });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  await expect(text).toMatchFileSnapshot(`../golden/explain/${name}.txt`);
  expect(JSON.parse(explainJson(told)).tree.value).toBe(told.tree.value);
});

test('what redaction writes comes from what it reads, not from what the answer has', async () => {
  const written = new Map<string, Set<number>>();
  const walk = ({ label, value, scenario, parts }: ExplainedFigure): void => {
    if (scenario !== null && /^(?:answer|output tokens)/.test(label))
      written.set(scenario.path, (written.get(scenario.path) ?? new Set()).add(value));
    for (const part of parts) walk(part);
  };
  walk((await explained('redacted-claims')).tree);
  // 4,000 tokens, of which 800 are a prefix that holds nothing personal; answers have 300.
  expect(written).toEqual(
    new Map([
      ['tasks.claims.tokens.input', new Set([3200])],
      ['tasks.claims.tokens.output', new Set([300])],
    ]),
  );
});
