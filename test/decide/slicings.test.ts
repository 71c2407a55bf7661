import { beforeAll, describe, expect, test } from 'vitest';
import { limited } from '../../src/decide/advice.js';
import { caseAt } from '../../src/decide/choice.js';
import { slicesWeighed, taskPartIn, variantsOf, waysToCut } from '../../src/decide/cuts.js';
import { choose } from '../../src/decide/several-choice.js';
import { devices } from '../../src/rules/place.js';
import type { Tables } from '../../src/tables/tables.js';
import { someOf } from '../support/brute-force.js';
import { committedCase } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { caseOf, decide, likelyIn, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  ({ tables } = await shipped());
});

const row = (model: string) =>
  tables.api.find(({ modelId, provider }) => modelId === model && provider === 'openai') as Tables['api'][number];

/** Two APIs of known price, and no machine: what a plan costs can be worked out by hand. */
const twoApis = (): Tables =>
  tablesWith(tables, {
    api: ['gpt-4o', 'gpt-4o-mini'].map(row),
    rental: [],
    hosting: [],
    models: [],
    accelerators: [],
  });

describe('a cascade by hand', () => {
  const requestsPerDay = 40_000;
  const tokens = { input: 1000, output: 400 };
  const written = (easy: Record<string, unknown>, deadline?: string) => ({
    workload: { volume: `${requestsPerDay} requests/day` },
    tasks: [
      {
        name: 'chat',
        type: 'faq-chat',
        tokens: { ...tokens, cacheablePrefix: 0 },
        capability: { atLeast: 'gpt-4o' },
        easy,
        ...(deadline !== undefined && { deadline }),
      },
    ],
  });

  /** USD a month of so many requests a day on a model, by its price alone. */
  const billed = (model: string, perDay: number, batch = false): number => {
    const prices = row(model);
    const input = batch ? (prices.batchInputUsdPerMTok ?? Number.NaN) : prices.inputUsdPerMTok;
    const output = batch ? (prices.batchOutputUsdPerMTok ?? Number.NaN) : prices.outputUsdPerMTok;
    const assumed = likelyIn(tables);
    const usd = tokens.input * input + tokens.output * output;
    return ((perDay * assumed('hoursPerMonth')) / 24) * (usd / 1e6) * (1 + assumed('retryRate'));
  };

  test.each([0.02, 0.2, 0.9])('both are paid for what is escalated: %d easy', async (share) => {
    const context = await caseOf(written({ share, capability: { minIndex: 30 } }), twoApis());
    const cascade = billed('gpt-4o-mini', requestsPerDay) + billed('gpt-4o', requestsPerDay * (1 - share));
    const cheapest = Math.min(billed('gpt-4o', requestsPerDay), cascade);
    expect(choose(context).cheapest?.monthlyUsd).toBeCloseTo(cheapest, 6);
  });

  test.each([
    { deadline: '23 hours', batch: [false, false] },
    { deadline: '24 hours', batch: [false, true] },
    { deadline: '47 hours', batch: [false, true] },
    { deadline: '48 hours', batch: [true, true] },
  ])('a batch takes a day, and $deadline hold as many: $batch', async ({ deadline, batch }) => {
    const share = 0.9;
    const context = await caseOf(written({ share, capability: { minIndex: 30 } }, deadline), twoApis());
    const [first, escalated] = batch;
    const cascade =
      billed('gpt-4o-mini', requestsPerDay, first) + billed('gpt-4o', requestsPerDay * (1 - share), escalated);
    expect(choose(context).cheapest?.monthlyUsd).toBeCloseTo(cascade, 6);
  });

  test.each([0.2, 0.9])('a rule that tells before spares the second answer: %d easy', async (share) => {
    const context = await caseOf(written({ share, capability: { minIndex: 30 }, told: 'before' }), twoApis());
    const routed = billed('gpt-4o-mini', requestsPerDay * share) + billed('gpt-4o', requestsPerDay * (1 - share));
    expect(choose(context).cheapest?.monthlyUsd).toBeCloseTo(routed, 6);
  });

  test('shares of a cascade add up to more than all requests', async () => {
    const context = await caseOf(written({ share: 0.9, capability: { minIndex: 30 } }), twoApis());
    const [, cascade] = waysToCut(
      context.workload.taskParts[0] as (typeof context.workload.taskParts)[number],
      context,
    );
    expect(cascade?.map(({ id, share }) => [id, Number(share.toFixed(9))])).toEqual([
      ['chat.first', 1],
      ['chat.escalated', 0.1],
    ]);
  });

  test('a target for the whole answer holds over both answers, which nobody knows yet: no cascade', async () => {
    const slow = written({ share: 0.9 });
    const [task] = slow.tasks;
    const context = await caseOf({ ...slow, tasks: [{ ...task, latency: { totalP95: '20s' } }] }, twoApis());
    expect(
      waysToCut(context.workload.taskParts[0] as (typeof context.workload.taskParts)[number], context),
    ).toHaveLength(1);
  });
});

describe('a cut task is as good as two tasks that were written apart', () => {
  const volume = { workload: { volume: '400k requests/day' } };
  const apart = (first: Record<string, unknown>, rest: Record<string, unknown>) => ({
    ...volume,
    tasks: [
      { name: 'a', ...first },
      { name: 'b', ...rest },
    ],
  });
  const usd = async (written: Written): Promise<number> =>
    choose(await caseOf(written, await someTables())).cheapest?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  /** A part of the catalog is quicker, and as good for this: one with APIs that score 90. */
  const someTables = async () => someOf(tables, 0.2, 2);

  test.each([0.3, 0.8])('easy requests told before, %d of them', async (share) => {
    const task = { type: 'rag-answering', capability: { minIndex: 90 } };
    const whole = await usd({ ...volume, tasks: [{ name: 'a', ...task }] });
    const cut = await usd({
      ...volume,
      tasks: [{ name: 'a', ...task, easy: { share, capability: { minIndex: 42 }, told: 'before' } }],
    });
    const two = await usd(apart({ ...task, capability: { minIndex: 42 }, share }, { ...task, share: 1 - share }));
    expect(cut).toBeCloseTo(Math.min(whole, two), 6);
    expect(whole).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(two).toBeLessThan(whole);
  });

  test.each([0.1, 0.6])('sensitive requests, %d of them', async (share) => {
    const task = { type: 'rag-answering', capability: { minIndex: 60 } };
    const strict = { sensitivity: 'pii', boundary: 'own-account' };
    const [whole, cut, two] = [
      await usd({ ...volume, tasks: [{ name: 'a', ...task, data: strict }] }),
      await usd({
        ...volume,
        tasks: [{ name: 'a', ...task, data: strict, sensitive: { share, rest: { sensitivity: 'public' } } }],
      }),
      await usd(
        apart({ ...task, share, data: strict }, { ...task, share: 1 - share, data: { sensitivity: 'public' } }),
      ),
    ];
    expect(cut).toBeCloseTo(Math.min(whole, two), 6);
    expect(cut).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe('what may be cut', () => {
  const task = (more: Record<string, unknown>) => ({
    workload: { volume: '10k requests/day' },
    tasks: [{ name: 'chat', type: 'faq-chat', ...more }],
  });

  test('nothing is cut that the user has not told apart', async () => {
    const context = await caseOf(task({}));
    expect(variantsOf(context)).toEqual([context]);
  });

  test('sensitive requests keep the rules of the task, the rest has its own', async () => {
    const context = await caseOf({
      ...task({ sensitive: { share: '25%', rest: { sensitivity: 'public' } } }),
      data: { sensitivity: 'pii', boundary: 'own-account', residency: ['eu'] },
    });
    const [, [sensitive, rest] = []] = waysToCut(
      context.workload.taskParts[0] as (typeof context.workload.taskParts)[number],
      context,
    );
    expect(sensitive).toMatchObject({ id: 'chat.sensitive', requestsPerDay: 2500, needs: { boundary: 'own-account' } });
    expect(rest).toMatchObject({ id: 'chat.rest', requestsPerDay: 7500, needs: { boundary: 'anywhere' } });
    // Where data may be processed holds for all of them.
    expect(rest?.needs.residency).toEqual(['eea']);
  });

  test('where data may be processed and what is agreed holds for all of a task, also where the task alone says so', async () => {
    const rules = { residency: ['eu'], agreements: ['dpa'], declared: ['dpia'] };
    const sensitivity = 'regulated';
    const restOf = async (own: object, data: object) => {
      const redaction = { type: 'personal-data-redaction', leaves: { sensitivity: 'internal' } };
      const sensitive = { share: '25%', rest: { sensitivity: 'public' }, redaction };
      const context = await caseOf({ ...task({ sensitive, ...own }), data });
      const { sensitive: parts } = context.workload.taskParts[0]?.divisible ?? {};
      return [parts?.rest, parts?.redaction?.leaves].map(
        (needs) => needs && [needs.sensitivity, needs.residency, needs.agreements, needs.declared],
      );
    };
    const agreed = [['eea'], { signed: new Set(['dpa']), canSign: new Set() }, new Set(['dpia'])];
    const both = [
      ['public', ...agreed],
      ['internal', ...agreed],
    ];
    expect(await restOf({}, { sensitivity, ...rules })).toEqual(both);
    expect(await restOf({ data: rules }, { sensitivity })).toEqual(both);
    // What the task says replaces what is said for all.
    expect(await restOf({ data: rules }, { residency: ['us'], declared: ['risk-accepted'] })).toEqual(both);
    // Where it would be changed: at the task, but for what the rest says itself.
    const writtenOf = async (rest: object, data?: object) => {
      const context = await caseOf({
        ...task({ sensitive: { share: '25%', rest }, ...(data && { data }) }),
        data: rules,
      });
      return [...(context.workload.taskParts[0]?.divisible?.sensitive?.rest.written.data ?? [])].sort();
    };
    expect(await writtenOf({ sensitivity: 'public' })).toEqual([]);
    expect(await writtenOf({ sensitivity: 'public' }, rules)).toEqual(['agreements', 'declared', 'residency']);
    expect(await writtenOf({ residency: ['us'] }, rules)).toEqual(['agreements', 'declared']);
  });

  test('redaction rewrites what is not shared, within the rules of the task, and leaves other data', async () => {
    const context = await caseOf({
      ...task({
        tokens: { input: 1000, output: 100, cacheablePrefix: 400 },
        sensitive: {
          share: '25%',
          redaction: { type: 'personal-data-redaction', leaves: { sensitivity: 'internal' } },
        },
      }),
      data: { sensitivity: 'regulated', boundary: 'own-premises' },
    });
    const [, , redacted] = waysToCut(
      context.workload.taskParts[0] as (typeof context.workload.taskParts)[number],
      context,
    );
    expect(
      redacted?.map(({ id, requestsPerDay, tokens, needs }) => [
        id,
        requestsPerDay,
        tokens.input,
        tokens.output,
        needs.boundary,
      ]),
    ).toEqual([
      ['chat.redaction', 2500, 600, 600, 'own-premises'],
      ['chat.redacted', 2500, 1000, 100, 'under-contract'],
      ['chat.rest', 7500, 1000, 100, 'under-contract'],
    ]);
  });

  test('devices that can run a model are a group of their own; what must stay on a device falls back nowhere', async () => {
    const fleet = {
      devices: { count: 1000, classes: { 'snapdragon-8-gen-3-12gb': '40%', 'apple-a17-pro-8gb': '30%' } },
    };
    const context = await caseOf({ ...task({}), ...fleet });
    const [taskPart] = context.workload.taskParts;
    if (taskPart === undefined) throw new Error('no slice');
    const cuts = waysToCut(taskPart, context).slice(1);
    expect(
      cuts.map((parts) => parts.map(({ part, deviceGroup, share }) => [part, deviceGroup, Number(share.toFixed(9))])),
    ).toEqual([
      [
        ['device', '12gb-up', 0.4],
        ['fallback', undefined, 0.6],
      ],
      [
        ['device', '8gb-up', 0.7],
        ['fallback', undefined, 0.3],
      ],
    ]);
    const stays = await caseOf({ ...task({}), ...fleet, data: { boundary: 'device' } });
    expect(waysToCut(stays.workload.taskParts[0] as typeof taskPart, stays)).toHaveLength(1);
    const part = cuts[1]?.[0];
    const plan = choose(context).kinds.find(({ kind }) => kind === 'edge')?.plan;
    const whole = plan?.deployments[0]?.option;
    if (part !== undefined && whole !== undefined)
      expect(devices.check(whole, part, context, null).state).toBe('failed');
  });

  test('developers work under their own data rules, wait for nothing, and never on the devices of users', async () => {
    const context = await caseOf({
      ...task({ latency: { ttftP95: '500ms' }, availability: '99.9%' }),
      data: { sensitivity: 'regulated', boundary: 'own-premises', regimes: ['hipaa'] },
      development: { share: '10%', data: { sensitivity: 'public' } },
    });
    const [, dev] = context.workload.taskParts;
    expect(dev).toMatchObject({
      id: 'chat.dev',
      requestsPerDay: 1000,
      needs: { boundary: 'anywhere', regimes: [], ttftP95Ms: null, availability: null },
    });
    expect(context.workload.taskParts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  test('ways multiply over tasks up to a limit, and then tasks are cut one at a time', async () => {
    const easy = { share: '50%', capability: { minIndex: 20 } };
    const names = ['a', 'b', 'c', 'd'];
    const idsUnder = async (assumptions: Record<string, number>) => {
      const context = await caseOf({
        workload: { volume: '10k requests/day' },
        tasks: names.map((name) => ({ name, type: 'faq-chat', share: '25%', easy })),
        assumptions,
      });
      expect(slicesWeighed(context)).toBe(
        variantsOf(context).reduce((sum, { workload }) => sum + workload.taskParts.length, 0),
      );
      return variantsOf(context).map(({ workload }) => workload.taskParts.map(({ id }) => id).join());
    };
    // 4 + 8 task parts, 4 x 7, 6 x 6, 4 x 5
    expect(new Set(await idsUnder({ slicingVariants: 16, slicesWeighed: 96 })).size).toBe(16);
    expect(await idsUnder({ slicingVariants: 16, slicesWeighed: 95 })).toHaveLength(6);
    const few = await idsUnder({ slicingVariants: 6, slicesWeighed: 96 });
    expect(await idsUnder({ slicesWeighed: 17 })).toEqual(few.slice(0, 3));
    expect(await idsUnder({ slicesWeighed: 16 })).toEqual(few.slice(0, 2));
    expect(await idsUnder({ slicesWeighed: 8 })).toEqual(few.slice(0, 1));
    expect(few[0]).toBe('a,b,c,d');
    expect(few[1]).toBe('a.first,a.escalated,b.first,b.escalated,c.first,c.escalated,d.first,d.escalated');
    expect(few.slice(2)).toEqual([
      'a.first,a.escalated,b,c,d',
      'a,b.first,b.escalated,c,d',
      'a,b,c.first,c.escalated,d',
      'a,b,c,d.first,d.escalated',
    ]);
  });

  test('a part is found again under another demand, with that demand’s volume', async () => {
    const context = await caseOf(task({ easy: { share: '80%', capability: { minIndex: 20 } } }));
    const [, cascade = []] = waysToCut(
      context.workload.taskParts[0] as (typeof context.workload.taskParts)[number],
      context,
    );
    const twice = taskPartIn(caseAt(context, 20_000));
    expect(cascade.map((part) => twice(part).requestsPerDay)).toEqual([20_000, expect.closeTo(4000, 9)]);
  });
});

test('what tells the parts of a task apart has to be built, and is a to-do', async () => {
  const written = {
    workload: { volume: '50k requests/day' },
    tasks: [
      { name: 'chat', type: 'faq-chat', capability: { atLeast: 'gpt-4o' }, easy: { share: '90%', told: 'before' } },
    ],
  };
  const { recommendation } = await decide(written, { tables: twoApis() });
  expect(recommendation.shape).toBe('tiered-routing');
  expect(recommendation.conditions).toContain('build the rule that tells easy requests of chat: it is not priced');
});

test('limits beyond the rules hold for every part that a task may be cut into', async () => {
  const context = await caseOf({
    workload: { volume: '10k requests/day' },
    tasks: [
      {
        name: 'chat',
        type: 'faq-chat',
        easy: { share: '50%', capability: { minIndex: 20 } },
        sensitive: { share: '20%', redaction: { type: 'personal-data-redaction' } },
        tuned: {},
      },
    ],
    data: { sensitivity: 'pii', boundary: 'own-account' },
    devices: { count: 1000, classes: { 'apple-a17-pro-8gb': '70%' } },
  });
  const strict = limited(context, { capabilityScore: 90 });
  const parts = waysToCut(strict.workload.taskParts[0] as (typeof context.workload.taskParts)[number], strict).flat();
  expect(new Set(parts.map(({ part }) => part)).size).toBeGreaterThan(8);
  for (const { id, needs } of parts) expect(needs.capability.scoreAtLeast, id).toBe(90);
});

describe('documents and tuning', () => {
  test('embedding and store by hand, on every plan alike; what is found lengthens prompts', async () => {
    const base = {
      workload: { volume: '10k requests/day' },
      tasks: [{ name: 'q', type: 'rag-answering', tokens: { input: 500, output: 200 } }],
    };
    const with_ = await caseOf({ ...base, needs: { rag: { documents: '600M tokens', retrieved: 3000 } } });
    expect(with_.workload.taskParts[0]?.tokens.input).toBe(3500);
    const assumed = likelyIn(tables);
    const lines = choose(with_).cheapest?.shared ?? [];
    const line = (part: string) => lines.find((one) => one.part === part);
    expect(line('other.embedding')?.upfront).toBeCloseTo(600 * assumed('semanticCacheEmbeddingUsdPerMTok'), 9);
    const gb = ((600e6 / assumed('retrievalChunkTokens')) * assumed('retrievalChunkKb')) / 1e6;
    expect(line('storage.retrieval')?.curve.fixed).toBeCloseTo(gb * assumed('storageBlockSsd'), 9);
  });

  test('tuning is paid once, and asks for weights of one’s own', async () => {
    const context = await committedCase('legal-rag');
    const { cheapest } = choose(context);
    const tuning = cheapest?.shared.find(({ part }) => part === 'other.tuning');
    expect([tuning?.upfront, tuning?.curve.fixed]).toEqual([20_000, expect.closeTo(20_000 / 12, 9)]);
    expect(cheapest?.deployments.every(({ option }) => option.api === null)).toBe(true);
  });
});
