import { describe, expect, test } from 'vitest';
import type { Choice } from '../../src/decide/choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomFrom, soldOnly } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { cheapestOf, type NaivePlan, naiveBest } from '../support/naive-plans.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const batch = 50;
/** Seeds from which batches begin: in a usual run those in which three deployments are the cheapest once each. */
const starts = long ? Array.from({ length: 12 }, (_, i) => i * batch) : [300, 400, 500];

type Random = () => number;
const between = (random: Random, low: number, high: number): number => low * (high / low) ** random();
const whole = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

/** A few APIs, models and machines with prices and capabilities of their own. */
function catalog(tables: Tables, random: Random): Tables {
  const [api] = tables.api;
  const [rental] = tables.rental;
  const [capability] = tables.capability;
  if (api === undefined || rental === undefined || capability === undefined) throw new Error('no rows to start from');
  const open = tables.models.filter(
    ({ paramsTotalB, layers, commercialUse }) => paramsTotalB < 35 && layers !== null && commercialUse === 'yes',
  );
  const models = [...new Set([pick(random, open), pick(random, open)])].slice(0, whole(random, 1, 2));
  const rated = (family: string, index: number) =>
    [
      family,
      {
        ...capability,
        family,
        index,
        indexLow: index - 5,
        indexHigh: index + 5,
        mode: 'standard' as const,
        indexStandard: index,
        indexThinking: null,
        released: null,
        contextTokens: 100_000,
        useLow: false,
      },
    ] as const;
  // What can do more costs more, so that plans are worth mixing.
  const indexes = Array.from({ length: whole(random, 0, 5) }, () => whole(random, 30, 80));
  const dearer = (i: number) => 10 ** (((indexes[i] as number) - 55) / 20);
  // One price for what is read and one for what is written, today and later.
  const others = Object.keys(api).filter((name) =>
    /(?:cached|Write|batch|tier|next|flex|priority).*Usd|^until$/.test(name),
  );
  const plain = { regionalUpliftPct: null, freeTokensPerMonth: null, tierAboveInputTokens: null, aliases: [] };
  const always = { maxOutput: null, effectiveFrom: null, retires: null, contextWindow: 100_000 };
  const apis = indexes.map((_, i) => ({
    ...api,
    ...Object.fromEntries(others.map((name) => [name, null])),
    ...plain,
    ...always,
    provider: pick(random, ['openai', 'together', 'mistral']),
    endpointKind: pick(random, ['first-party', 'open-model-host'] as const),
    modelId: `api-${i}`,
    family: `family-${i}`,
    openWeights: true,
    inputUsdPerMTok: dearer(i) * between(random, 0.2, 1),
    outputUsdPerMTok: dearer(i) * between(random, 0.6, 4),
  }));
  const machines = ['l4-24gb', 'a10g-24gb', 'a100-sxm-80gb', 'h100-sxm-80gb', 'l40s-48gb'];
  const cards = [...tables.acceleratorOf.keys()].filter((name) => machines.includes(name));
  const rentals = Array.from({ length: whole(random, 1, 2) }, (_, i) => {
    const accelerator = pick(random, cards);
    const usd = between(random, 0.2, 5);
    const maybe = (low: number, high: number) => (random() < 0.5 ? null : usd * between(random, low, high));
    return {
      ...rental,
      provider: 'aws',
      instanceType: `machine-${i}`,
      accelerator,
      gpuCount: 1,
      onDemandUsdPerHour: usd,
      spotUsdPerHour: null,
      reserved1yUsdPerHour: maybe(0.55, 0.9),
      reserved3yUsdPerHour: maybe(0.3, 0.7),
      tenancy: 'cloud' as const,
      soldIn: [],
    };
  });
  const schemes = tables.quantization.filter(
    ({ appliesTo, scheme }) => appliesTo !== 'weights' || scheme === 'bf16' || (scheme === 'fp8' && random() < 0.7),
  );
  return tablesWith(tables, {
    api: apis,
    rental: rentals,
    hosting: [],
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    capabilityOf: new Map([
      ...apis.map(({ family }, i) => rated(family, indexes[i] as number)),
      ...models.map(({ family }) => rated(family, whole(random, 30, 80))),
    ]),
    accelerators: soldOnly(tables.accelerators, []),
    quantization: schemes,
  });
}

/** One to four tasks under some rules. */
function scenario(random: Random): Written {
  const tasks = Array.from({ length: pick(random, [1, 2, 3, 3, 4]) }, (_, i) => ({
    name: `task-${i}`,
    type: 'faq-chat',
    tokens: { input: whole(random, 100, 4000), output: whole(random, 10, 900), cacheablePrefix: 0 },
    capability: { minIndex: whole(random, 25, 70) },
    thinking: 'forbidden',
    data: { sensitivity: 'public', ...(random() < 0.25 && { boundary: 'own-account' }) },
    ...(i > 0 && random() < 0.15 && { volume: `${whole(random, 100, 50_000)} requests/day` }),
  }));
  const sharing = tasks.filter((task) => !('volume' in task));
  const shared = sharing.map((task) => ({ ...task, share: `${Math.floor(100 / sharing.length)}%` }));
  for (const [i, task] of shared.entries())
    if (i === 0) task.share = `${100 - Math.floor(100 / sharing.length) * (sharing.length - 1)}%`;
  const growing = random() < 0.3;
  const horizon = pick(random, [6, 12, 18, 36]);
  return {
    workload: {
      volume: `${Math.round(between(random, 200, 2_000_000))} requests/day`,
      profile: pick(random, ['business-hours', 'flat', 'consumer-chat']),
      horizon: `${horizon} months`,
      ...(growing && { growth: pick(random, ['3% per month', '-2% per month']) }),
    },
    tasks: tasks.map((task) => shared.find(({ name }) => name === task.name) ?? task),
    preferences: { exclude: ['overflow', 'failover'], maxDeployments: pick(random, [1, 2, 3, 3, 3]) },
    // Whose prompts wait for whose on one fleet is a matter of its own, `mayShare`.
    assumptions: {
      ftePerModel: 0,
      softLatencyTimes: 1e6,
      ...(!growing && random() < 0.3 && { priceDeclinePerYear: 0.2 }),
    },
    // Where people cost little, more deployments pay.
    ...(random() < 0.6 && {
      team: {
        devops: 2,
        free: `${whole(random, 0, 16) / 10} FTE`,
        mayHire: random() < 0.7,
        ...(random() < 0.7 && { yearlyCost: whole(random, 100, 5000) }),
      },
    }),
    ...(random() < 0.4 && {
      budget: {
        monthly: Math.round(between(random, 100, 60_000)),
        ...(random() < 0.3 && { upfront: whole(random, 0, 60_000) }),
      },
    }),
  };
}

const same = (plan: Plan | null | undefined, naive: NaivePlan | null | undefined, what: string): void => {
  if (naive == null) expect(plan ?? null, what).toBeNull();
  else
    expect((plan?.monthlyUsd ?? Number.NaN) / naive.usd, `${what}: ${plan?.id} against ${naive.options}`).toBeCloseTo(
      1,
      9,
    );
};

/** Kinds that serve the task parts one after another. */
const kindsOf = ({ deployments }: Plan, { workload }: Context): string =>
  workload.taskParts
    .map(({ id }) => deployments.find(({ taskParts }) => taskParts.some((taskPart) => taskPart.id === id))?.option.kind)
    .join();

describe('no plan of a random small catalog is cheaper than those found', () => {
  const shapes = new Map<string, number>();
  const note = (shape: string): void => {
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
  };

  /** Of all deployment types, of other kinds than the advised plan, and of every kind alone. */
  function compare(context: Context, { cheapest, advised, runnerUp, kinds }: Choice, where: string): void {
    const { byKinds, alone } = naiveBest(context);
    const naive = cheapestOf(byKinds.values());
    same(cheapest, naive, where);
    const now = advised && kindsOf(advised, context);
    const others = [...byKinds].flatMap(([key, plan]) => (key === now ? [] : [plan]));
    same(runnerUp, cheapestOf(others), `${where}, of other kinds than ${now}`);
    if (runnerUp !== null) note('runner-up');
    for (const { kind, plan, feasible } of kinds) {
      const allowed = byKinds.get(context.workload.taskParts.map(() => kind).join());
      expect(feasible, `${where}, ${kind}`).toBe(allowed !== undefined);
      same(plan, allowed ?? alone.get(kind), `${where}, ${kind} alone`);
      if (plan !== null) note(feasible ? 'alone' : 'alone, but for rules');
    }
    note(naive === null ? 'nothing' : `${naive.options.length}`);
    for (const { option } of cheapest?.deployments ?? []) note(option.kind);
  }

  test.each(starts.map((from) => ({ from })))('catalogs and scenarios from $from on', async ({ from }) => {
    const tables = await shippedTables();
    for (let seed = from; seed < from + batch; seed++) {
      const random = randomFrom(seed + 1);
      const context = await caseOf(scenario(random), catalog(tables, random));
      compare(context, choose(context), `seed ${seed}`);
    }
  });

  test('plans of one, two and three deployments, on APIs and machines, and none at all were among them', () => {
    for (const shape of ['1', '2', 'nothing', 'cloud-api', 'open-model-api', 'self-hosted-cloud', 'runner-up', 'alone'])
      expect(shapes.get(shape) ?? 0, shape).toBeGreaterThan(10);
    expect(shapes.get('alone, but for rules') ?? 0).toBeGreaterThan(10);
    expect(shapes.get('3') ?? 0, 'three deployments').toBeGreaterThan(2);
  });
});
